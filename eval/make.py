"""Propose cases about the documents of a library, for a person to edit.

A question that a program made of a sentence repeats that sentence's words, so finding it again proves little, and
nobody has checked that it makes sense. So everything proposed carries a mark with which it is refused
(`eval/case.py`), until a person has deleted it. What the proposals save is the tedious part: sentences that stand on
their own, spread over every document, with quotations to the letter.

The same library gives the same proposals.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from index.library import Library
from ingest.document import Document, Section, Span
from ingest.sentences import is_item, sentences
from service.terms import stems

from .case import PROPOSED
from .errors import EvalError
from .results import Json

SEED: Final = 11  # any number, as long as it stays
PER_DOCUMENT: Final = 4
FEWEST_WORDS, MOST_WORDS = 8, 60  # of a sentence: shorter ones lean on their neighbours, longer ones are lists
LONGEST_SUBJECT: Final = 8  # words before "shall": with more, the sentence is too winding for a template

_MONTH: Final = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE: Final = rf"(?:\d{{1,2}} (?:{_MONTH}) \d{{4}}|(?:{_MONTH}) \d{{1,2}}, \d{{4}}|(?:1[5-9]|20)\d\d)"
_COUNT: Final = (  # "two parties" is seldom worth a question
    r"(?<![\d.,-])(?<!Article )(?<!Chapter )(?:\d{1,3}(?:,\d{3})*(?:\.\d+)?|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|fifteen|twenty|thirty)"
)
_LEGAL: Final = "Treaty|Treaties|Agreement|Convention|Charter|Protocol|Pact|Act|Code|Regulation"
_TAKES_THE: Final = re.compile(
    rf"(?!The\b).*\b(?:(?:{_LEGAL})(?: of| on| for| between|$)|(?:Force|Command|Program|Programme|Organization|Union)$)"
)
_LEANS: Final = re.compile(  # on the sentence before it
    r"(?:It|Its|They|Their|Them|He|His|She|Her|Him|This|That|These|Those|Such|Both|Neither|But|And|Or|So|Yet|Thus|"
    r"However|Therefore|Moreover|Nevertheless|Instead|Otherwise|Also|Then|There|Here|Another|Others?|Some|Even|"
    rf"The (?:latter|former|same|other|first|second|third|last))\b(?! (?:{_LEGAL})\b)"
)
_OPEN: Final = re.compile(  # its words point out of it
    r"\b(?:above|below|aforesaid|hereinafter|the following|as follows|said|such|then|therefore|i[nf] th(?:at|is) \w+)\b"
    r"|[:|•]",
    re.IGNORECASE,
)
_CONDITION: Final = re.compile(
    r"\b(?:unless|except|only|provided|subject to|without prejudice|if|when|where|until|nor|neither|normally)\b",
    re.IGNORECASE,
)
_SUBJECT: Final = (  # how a sentence begins that begins with what it is about
    r"(?!(?:Under|In|If|After|Once|By|At|For|Since|As|With|Where|When|To|On|From|Before|According|Nothing|None|Nobody|"
    r"Neither)\b)[A-Z]"
)
_DUTY: Final = re.compile(
    rf"(?P<who>{_SUBJECT}[^,;()]*?) (?P<modal>shall not|may not|must not|shall|may|must) (?P<what>[a-z][^,;().]*)"
)
_DEFINED: Final = re.compile(
    rf"(?P<what>(?!Article|Chapter)(?:{_SUBJECT}|[“\"])[^,;:.]{{1,50}}?) "
    r"(?:is(?= (?:an?|the)\b)|means?(?= (?:an?|the|any|that)\b)|refers to\b)"
)
_THING: Final = re.compile(r"An? |[“\"]|.+[A-Z]")  # a kind of thing, a word in quotation marks, or a name
_WHEN: Final = re.compile(
    rf"(?P<what>{_SUBJECT}[^,;]*?) (?P<did>was|were) (?P<done>\w+(?:ed|wn|lt|ld|en|de)\b[^,;]*?),? "
    rf"(?:on|in) (?P<at>{_DATE})"
)
_FORCE: Final = re.compile(rf"(?P<what>{_SUBJECT}[^,;]*?) (?:came|entered) into force on (?P<at>{_DATE})")
_WHO: Final = re.compile(
    r"(?P<who>(?!Article|Chapter)[A-Z]\w+(?: (?:and |of |the )?[A-Z]\w+)+) "
    r"(?P<did>signed|founded|proposed|led|joined|ratified|commanded|denounced|negotiated|hosted|created|opened)\b"
    r"(?P<what>[^,;.]*)"
)
_HOW_MANY: Final = re.compile(rf"\b(?P<count>{_COUNT}) (?P<what>(?:[a-z]+ )?[a-z]{{3,}}s)\b", re.IGNORECASE)
_WORD: Final = (
    r"(?!(?:without|between|under|other|every|which|whose|their|there|where|these|those|while|after|before|until|about|"
    r"being|could|would|should|treaty|agreement|article|party|parties)\b)[a-z]{5,}(?<!ly)"
)
_TOPIC: Final = re.compile(
    rf"\b(?:the|an?|of|on|for|its|their) ({_WORD}(?: {_WORD}){{1,2}}|(?={_WORD})[a-z]{{7,}})(?![\w-])"
)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A question; `text` may hold `{title}`, `answers` are patterns."""

    type: str
    text: str
    verdict: str | None = None
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Found(Span):
    """A sentence that stands on its own, and where it is."""

    document_id: str
    words: str
    section: Section | None

    @property
    def in_article(self) -> bool:
        return self.section is not None and self.section.atomic

    @property
    def where(self) -> str:
        """As a question names it."""
        return f"{self.section.label} of {{title}}" if self.section and self.in_article else "{title}"


def propose(library: Library, *, per_document: int = PER_DOCUMENT) -> list[Json]:
    """Up to `per_document` cases of each document, and one more that it cannot answer where there are other documents.

    Raises:
        EvalError: there is nothing in the library to ask about.
    """
    documents = {stored.document_id: library.read(stored.document_id) for stored in library.documents()}
    spread = {name: _spread(standing(name, document), per_document) for name, document in documents.items()}
    made: list[Json] = []
    for name, document in documents.items():
        made += [*_answerable(document, spread[name]), *_unanswerable(name, document, spread)]
    if not made:
        raise EvalError(
            f"{library.path}: no document has an English sentence of {FEWEST_WORDS} to {MOST_WORDS} words that stands "
            "on its own; add documents with `foedus ingest PATH`"
        )
    return made


def lines(proposals: Sequence[Json]) -> str:
    """As a file of cases holds them."""
    return "".join(json.dumps(proposal, ensure_ascii=False) + "\n" for proposal in proposals)


def write(proposals: Sequence[Json], path: Path) -> None:
    """
    Raises:
        EvalError: `path` is there already, or cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(lines(proposals))
    except OSError as error:
        there = (
            "is there already and may hold a person's work"
            if path.exists()
            else f"cannot be written ({error.strerror})"
        )
        raise EvalError(f"{path} {there}: name another file with --to") from error


def standing(document_id: str, document: Document) -> list[Found]:
    """The sentences of a document that can be asked about, in reading order. Questions are English, so what is known to
    be in another language is left out."""
    found = []
    for span in sentences(document.text):
        inside = [part for part in document.sections if part.start <= span.start and span.end <= part.end]
        section = inside[-1] if inside else None
        language = (section.language if section else None) or document.language or "en"
        heading = section is not None and span.start < section.start + len(section.heading)
        words = span.of(document.text)
        if language == "en" and not heading and stands(words):
            found.append(Found(start=span.start, end=span.end, document_id=document_id, words=words, section=section))
    return found


def stands(sentence: str) -> bool:
    """Whether a sentence is whole, of a handy length, and understood without its neighbours."""
    words = sentence.split()
    return (
        FEWEST_WORDS <= len(words) <= MOST_WORDS
        and sentence[0].isupper()
        and sentence[-1] == "."
        and "\n\n" not in sentence
        and sentence.count("(") == sentence.count(")")
        and not is_item(sentence)
        and not _LEANS.match(sentence)
        and not _OPEN.search(sentence)
        and sum(word.isalpha() and word.islower() for word in words) * 2 >= len(words)  # prose, no row of a table
    )


def drafts(found: Found) -> Iterator[tuple[int, Draft]]:
    """What can be asked about a sentence, the most telling form first, with its place among the forms."""
    sentence = " ".join(found.words.split())
    for number, form in enumerate(FORMS):
        if draft := form(sentence, found.where):
            yield number, draft


def _definition(sentence: str, where: str) -> Draft | None:
    match = _DEFINED.match(sentence)
    if match is None or not _THING.match(match["what"]) or len(match["what"].split()) > LONGEST_SUBJECT:
        return None
    what = _inside(match["what"]).strip('“”"')
    meant = match[0].endswith(("mean", "means"))
    return Draft(type="definition", text=f"What is meant by {what} in {where}?" if meant else f"What is {what}?")


def _duty(sentence: str, where: str) -> Draft | None:
    """ "The Parties shall not …" is asked without its "not", and the answer is no."""
    match = _DUTY.match(sentence)
    if match is None or len(match["who"].split()) > LONGEST_SUBJECT or _CONDITION.search(sentence):
        return None
    modal, _, denied = match["modal"].partition(" ")
    nobody = match["who"].startswith("No ")
    who = f"any {match['who'][3:]}" if nobody else _inside(match["who"])
    no = bool(denied or nobody)
    asks = "May" if no or modal == "may" else "Must"
    text = f"{asks} {who} {match['what'].strip()}, according to {where}?"
    return Draft(type="polar", text=text, verdict="no" if no else "yes")


def _when(sentence: str, where: str) -> Draft | None:
    if match := _FORCE.match(sentence):
        return _factoid(f"When did {_inside(match['what'])} come into force?", match["at"])
    match = _WHEN.match(sentence)
    return match and _factoid(f"When {match['did']} {_inside(match['what'])} {match['done']}?", match["at"])


def _who(sentence: str, where: str) -> Draft | None:
    match = _WHO.match(sentence)
    return match and _factoid(f"Who {match['did']}{match['what']}?", match["who"])


def _how_many(sentence: str, where: str) -> Draft | None:
    match = _HOW_MANY.search(sentence)
    return match and _factoid(f"How many {match['what']} does {where} speak of?", match["count"])


def _says(sentence: str, where: str) -> Draft | None:
    subject = topic(sentence)
    return Draft(type="factoid", text=f"What does {where} say about {subject}?") if subject else None


FORMS: Final[tuple[Callable[[str, str], Draft | None], ...]] = (_definition, _duty, _when, _who, _how_many, _says)


def _factoid(text: str, answer: str) -> Draft:
    return Draft(type="factoid", text=text, answers=(re.escape(answer).replace(r"\ ", r"\s+"),))


def topic(sentence: str) -> str:
    """The longest few small words after "the", "of" and the like: "armed attack"; nothing where there are none."""
    return max(_TOPIC.findall(sentence), key=len, default="")


def _inside(words: str) -> str:
    """A subject as it stands inside a question; "this Treaty" means nothing there."""
    words = re.sub(rf"^(?:This|The present) (?={_LEGAL})", "the ", words)
    small = r"^(?:The|An?|Each|Every|Any|All|Either|Member|[A-Z][a-z]+[^s]s(?= [a-z]|$))\b"
    return re.sub(small, lambda first: first[0].lower(), words)


def _spread(found: Sequence[Found], count: int) -> list[Found]:
    """One of each of `count` stretches of the document: of an article rather than from elsewhere, of those that can be
    asked about in the most telling form one by lot."""
    stretches = [found[len(found) * at // count : len(found) * (at + 1) // count] for at in range(count)]
    return [min(stretch, key=_rank) for stretch in stretches if stretch]


def _rank(found: Found) -> tuple[bool, int, str]:
    form = next((number for number, _ in drafts(found)), len(FORMS))
    lot = hashlib.sha256(f"{SEED} {found.document_id} {found.start}".encode()).hexdigest()
    return not found.in_article, max(form, FORMS.index(_who)), lot  # definitions, duties, dates and names count alike


def _answerable(document: Document, found: Sequence[Found]) -> Iterator[Json]:
    """Types by turns, as far as the sentences allow; no question twice."""
    types: list[str] = []
    texts: set[str] = set()
    for number, one in enumerate(found, 1):
        asked = [draft for _, draft in drafts(one) if draft.text not in texts]
        if asked:
            draft = min(asked, key=lambda draft: types.count(draft.type))
            types.append(draft.type)
            texts.add(draft.text)
            gold = [[{"document": one.document_id, "quote": one.words}]]
            pinpoint = one.section.label if one.section else None
            yield _proposal(f"{one.document_id}-{number}", document, draft, gold=gold, pinpoint=pinpoint)


def _unanswerable(name: str, document: Document, spread: Mapping[str, Sequence[Found]]) -> Iterator[Json]:
    """What the next document speaks of, asked about this one, which lacks the words for it."""
    names, known = list(spread), stems(document.text)
    after = names[names.index(name) + 1 :] + names[: names.index(name)]
    subjects = (topic(" ".join(found.words.split())) for other in after for found in spread[other])
    subject = next((subject for subject in subjects if subject and not stems(subject) & known), None)
    if subject:
        draft = Draft(type="unanswerable", text=f"What does {{title}} say about {subject}?")
        yield _proposal(f"{name}-unanswerable", document, draft)


def _proposal(name: str, document: Document, draft: Draft, **more: object) -> Json:
    made = {
        "id": name,
        "family": name,
        "split": "test",  # nothing is fitted on it
        "type": draft.type,
        "question": draft.text.replace("{title}", _spoken(document.title)),
        "outcome": "answer" if more else "refusal",
        "verdict": draft.verdict,
        "answers": list(draft.answers),
        **more,
        PROPOSED: True,
    }
    return {key: value for key, value in made.items() if value not in (None, [])}


def _spoken(title: str) -> str:
    """A title as a question says it: without what stands in brackets, with "the" where it takes one."""
    plain = re.sub(r"\s*\([^()]*\)", "", " ".join(title.split())).strip() or title
    return f"the {plain}" if _TAKES_THE.match(plain) else plain
