"""A tiny real asker over two small documents: it searches by shared words and quotes the best sentence."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace

from eval.run import Subject
from index.hit import Hit
from ingest.document import Passage, Trust
from service.answer import Answer, Citation, Question, Reason, Refusal, Stance, Statement, Verdict

TEXTS = {
    "anzus": (
        "Each Party would act to meet the common danger in accordance with its constitutional processes. "
        "The Parties hereby establish a Council. "
        "This Treaty shall remain in force indefinitely."
    ),
    "norad": "Canada and the United States set up the command in 1958. Its headquarters are in Colorado Springs.",
}
CERTIFICATE = hashlib.sha256(repr(TEXTS).encode()).hexdigest()
THRESHOLD = 0.3


def words(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z0-9]+", text.lower()) if len(word) > 3}


def search(query: str) -> list[Hit]:
    """Every sentence is a passage; scored by the share of the question's words in it."""
    asked = words(query)
    found = [
        (len(asked & words(match.group())) / max(len(asked), 1), document, match)
        for document, text in sorted(TEXTS.items())
        for match in re.finditer(r"[^. ][^.]*\.", text)
    ]
    found.sort(key=lambda item: (-item[0], item[1], item[2].start()))
    return [
        hit(rank, score, document, match.start(), match.end()) for rank, (score, document, match) in enumerate(found, 1)
    ]


def hit(rank: int, score: float, document: str, start: int, end: int) -> Hit:
    return Hit(
        rank=rank,
        score=score,
        passage_id=rank,
        document_id=document,
        title=document.upper(),
        passage=Passage(start=start, end=end, pinpoint="", section=""),
        text=TEXTS[document][start:end],
    )


def cite(document: str, start: int, end: int, *, number: int = 1, stance: Stance = Stance.SUPPORTS) -> Citation:
    return Citation(
        number=number,
        document_id=document,
        document_sha256=hashlib.sha256(TEXTS[document].encode()).hexdigest(),
        title=document.upper(),
        source=f"{document}.md",
        pinpoint="",
        page=None,
        start=start,
        end=end,
        quote=TEXTS[document][start:end],
        stance=stance,
        trust=Trust.PRIMARY,
        in_force="unknown",
        ended=None,
    )


def cite_words(document: str, quote: str, *, stance: Stance = Stance.SUPPORTS) -> Citation:
    start = TEXTS[document].index(quote)
    return cite(document, start, start + len(quote), stance=stance)


def answer(question: str, *citations: Citation, verdict: Verdict | None = None) -> Answer:
    """An answer that quotes `citations`; without any it is a refusal."""
    citations = tuple(replace(one, number=number) for number, one in enumerate(citations, 1))
    refusal = None if citations else Refusal(reason=Reason.NOT_STATED, message="The documents do not say.")
    return Answer(
        question=question,
        verdict=verdict,
        text=" ".join(citation.quote for citation in citations),
        statements=tuple(
            Statement(text=citation.quote, start=0, end=len(citation.quote), citations=(citation.number,))
            for citation in citations
        ),
        citations=citations,
        refusal=refusal,
        certificate=CERTIFICATE,
        documents=len(TEXTS),
        timings_ms={"total": 0.0},
    )


def ask(question: Question) -> Answer:
    best = search(question.text)[0]
    if best.score < THRESHOLD:
        return answer(question.text)
    verdict = Verdict.YES if question.text.startswith("Does") else None
    return answer(question.text, cite(best.document_id, best.passage.start, best.passage.end), verdict=verdict)


def subject(*, ask: Callable[[Question], Answer] = ask) -> Subject:
    return Subject(
        ask=lambda question: (ask(question), search(question.text)[0].score),
        search=search,
        text_of=TEXTS.get,
        certificate=lambda: CERTIFICATE,
    )
