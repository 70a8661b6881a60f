"""What stands on a web page around its text: found by shape, place and a few phrases of the trade, cut by whole lines.

A line too many in the library is a nuisance, a sentence too few is a lie of omission; so each rule wants two signs
before it cuts. A cue phrase alone is not enough: "See also" must be followed by a title and not by a provision, a
list of links must run to the end of the page, a table of contents must name lines that follow, and a machine's notice
must speak of the very page it stands on. Nothing is ever cut inside a line.

The rules see lines, not a file format: plain text and the text of web pages both pass through `clean_lines` before any
offset exists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_PAGE: Final = (
    r"(?:content|article|page|text|post|piece|blog(?: post)?|story|document|material|summary|guide|write-?up)"
)
_MACHINE: Final = (
    r"(?:AI|A\.I\.|artificial intelligence|generative AI|ChatGPT|GPT-\d\w*|(?:an? )?(?:large )?language models?|LLMs?"
    r"|machine learning)"
)
_MAKING: Final = (
    r"(?:build|built|creat\w+|craft\w*|generat\w+|writ\w+|wrote|produc\w+|ma(?:de|ke|king)|draft\w*|prepar\w+|compos\w+"
    r"|develop\w*|assembl\w+|author\w*|compil\w+|bring|brought)"
)
_HELP: Final = (
    r"(?:(?:the|an?|some|our|use|help|aid|assistance|support|of|from|modern|advanced|state-of-the-art|automated|and"
    r"|in part by) ){0,6}"
)
_NOTICES: Final = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b{_MACHINE}(?: \w+)? (?:was|were|has been|have been|is) (?:used|employed|utili[sz]ed|involved|applied)"
        rf" (?:to|in|for|when|while) (?:help )?{_MAKING} (?:of )?(?:this|the above|our) {_PAGE}\b",
        rf"\b(?:this|the above|the following|our) {_PAGE} (?:was|is|has been|contains|includes) (?:\w+ ){{0,4}}?"
        rf"{_MAKING}(?: \w+){{0,3}}? (?:by|with|using|through|via) {_HELP}{_MACHINE}\b",
        rf"\b(?:this|the above|our) {_PAGE} (?:was|is|has been) (?:\w+ly )?(?:AI|machine)[- ]"
        r"(?:generated|written|assisted|created|made)\b",
        rf"\b{_MACHINE}(?: \w+)? (?:has |have )?(?:helped|assisted|contributed|generated|created|wrote|authored"
        rf"|produced)(?: (?!this|the|our)\w+){{0,3}} (?:this|the above|our) {_PAGE}\b",
        rf"^\W*(?:generated|written|created|produced|made) (?:by|with|using) (?:an? )?{_MACHINE}\b.{{0,40}}$",
        rf"^\W*(?:AI|machine)[- ]generated(?: {_PAGE})?\b.{{0,30}}$",
    )
)
_NOTICE_LENGTH: Final = 300  # characters; longer lines are paragraphs of the text
_NOTICE_EDGE: Final = 8  # printed lines from the top or the bottom in which a page speaks of itself
_WARNING_SIGN: Final = re.compile(
    r"^\W*(?:[⚠ℹ❗📝🔍📌🤖🛈]|(?:please )?note\b|notice\b|disclaimer\b|disclosure\b|heads[- ]up\b)", re.I
)

_SEE_ALSO: Final = re.compile(
    r"^\W{0,3}(?:see also|read also|also read|read more|read next|related(?: (?:article|post|reading|story))?"
    r"|you may also like|recommended(?: reading)?)(?P<gap>\s{2,}|\s*[:–—»>]\s*|\s)(?P<title>\S.*)$",
    re.I,
)
_PROVISION: Final = re.compile(
    r"\b(?:articles?|arts?\.|sections?|chapters?|paragraphs?|paras?\.|annex(?:es)?|parts?|titles?|clauses?|protocols?"
    r"|rules?|resolutions?|tables?|figures?|pages?|pp?\.|notes?|documents?|no\.|vol\.|appendix|schedules?)"
    r"(?:\s*\(?\d|\s+(?:[IVXLC]+|[A-Z])\b)|§|\b(?:ibid|supra|infra)\b|\b(?:treaty|convention|charter|covenant|statute)\b",
    re.I,
)
_SMALL: Final = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
)

_FARM: Final = re.compile(
    r"^\W*(?:(?:top|latest|recent|popular|related|similar|more|recommended|trending|featured|other|further)"
    r" (?:articles?|posts?|stories|reads?|reading|news|pages)|you (?:may|might) also (?:like|be interested in|enjoy)"
    r"|read next|more from .{1,40}|articles? similaires?)\W*$",
    re.I,
)
_BOX: Final = re.compile(r"^\W*(?:(?:article|author|post) (?:information|info|bio|details)|about the author)\W*$", re.I)
_BOX_FIELD: Final = re.compile(
    r"^(?:author|(?:last )?updated|last modified|views|rating|reviews|name|birthday|born|address|phone|e-?mail|job"
    r"|hobb(?:y|ies)|introduction|published|posted|written by|comments|shares?|tags?|reading time)\s*:",
    re.I,
)
_BOX_FIELDS: Final = 3  # fields that make a box; one or two may be a form in the text

_CONTENTS: Final = re.compile(
    r"^\W*(?:table of contents|contents|in this (?:article|post|page)|on this page)\W*$", re.I
)
_LEADER: Final = re.compile(r"(?:\s*[.·…_]{2,}\s*|\s{2,}|\t)\d{1,4}\s*$")
_BULLET: Final = re.compile(r"^(?:[-–—•*·]|\d{1,2}(?:\.\d{1,2})*[.)]?)\s+")
_FURNITURE: Final = re.compile(
    r"^\W*(?:skip to (?:main )?(?:content|navigation)|advertisements?|share (?:this|on)(?: \w+)?"
    r"|leave a (?:comment|reply)|(?:subscribe|sign up) (?:to|for) (?:our|the) newsletter|back to top"
    r"|print this page)\W*$",
    re.I,
)
_ENTRY_LENGTH: Final = 400  # characters of a table of contents that was saved as one line
_TITLE_WORDS: Final = 3  # a shorter line that is printed twice may be a name among signatures
_TITLE_LENGTH: Final = 140  # characters of the longest title that a list of links holds


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """Which lines are text, as indices in order, and whether the page says that a machine wrote it."""

    kept: tuple[int, ...]
    generated: bool

    def notices(self, total: int) -> tuple[str, ...]:
        """What to tell the person who ingests `total` lines, one line each."""
        cut = total - len(self.kept)
        told = [f"{cut} lines around the text were cut (links, notices, boxes)"] if cut else []
        return (*told, "the text says that a machine wrote it") if self.generated else tuple(told)


def clean_lines(lines: list[str]) -> Cleaned:
    """Find the lines of a page that are not its text; blank lines are always kept."""
    printed = [index for index, line in enumerate(lines) if line.strip()]
    notices = _notices(lines, printed)
    dirt = notices | _see_also(lines, printed) | _contents(lines, printed) | _boxes(lines, printed)
    dirt |= {index for index in printed if _FURNITURE.match(lines[index])}
    dirt |= _tail(lines, [index for index in printed if index not in dirt])
    dirt |= _repeated_title(lines, printed, dirt)
    kept = tuple(index for index in range(len(lines)) if index not in dirt)
    return Cleaned(kept=kept, generated=bool(notices))


def _notices(lines: list[str], printed: list[int]) -> set[int]:
    """Lines in which the page says that a machine made it, at its edges or behind a warning sign."""
    edges = {*printed[:_NOTICE_EDGE], *printed[-_NOTICE_EDGE:]}
    return {index for index in printed if _is_notice(lines[index], at_edge=index in edges)}


def _is_notice(line: str, *, at_edge: bool) -> bool:
    if len(line) > _NOTICE_LENGTH or not (at_edge or _WARNING_SIGN.match(line)):
        return False
    return any(pattern.search(line) for pattern in _NOTICES)


def _see_also(lines: list[str], printed: list[int]) -> set[int]:
    return {index for index in printed if (match := _SEE_ALSO.match(lines[index].strip())) and _leads_away(match)}


def _leads_away(match: re.Match[str]) -> bool:
    """True where a cue is followed by the title of another page; a reference to a provision is text."""
    title = match["title"].strip()
    if _PROVISION.search(title) or len(title) > _TITLE_LENGTH or re.search(r"[.;,]$", title):
        return False
    words = re.findall(r"[^\W\d_][\w'’-]*", title)
    capital = [word for word in words if word.lower() not in _SMALL]
    wide = len(match["gap"]) >= 2 and match["gap"].isspace()
    return len(words) >= (3 if wide else 4) and sum(word[0].isupper() for word in capital) >= 0.75 * len(capital) > 0


def _contents(lines: list[str], printed: list[int]) -> set[int]:
    """A heading of a table of contents and the entries under it, each made of lines that follow."""
    dirt: set[int] = set()
    for place, index in enumerate(printed):
        if _CONTENTS.match(lines[index]):
            dirt |= _entries(lines, printed[place:])
    return dirt


def _entries(lines: list[str], printed: list[int]) -> set[int]:
    """The indices of the heading and its entries, empty where nothing under it is an entry."""
    last = {_plain(lines[index]): index for index in printed if len(lines[index]) <= _TITLE_LENGTH}
    taken = [printed[0]]
    for index in printed[1:]:
        if len(lines[index]) > _ENTRY_LENGTH:
            break
        entry = _plain(_LEADER.sub("", lines[index]))
        if not entry or not _made_of(entry, index, last):
            break
        taken.append(index)
    return set(taken) if len(taken) > 1 else set()


def _plain(line: str) -> str:
    return " ".join(_BULLET.sub("", line.strip()).lower().split())


def _made_of(entry: str, index: int, last: dict[str, int]) -> bool:
    """True where `entry` is a line that stands after `index`, or several of them one after the other."""
    words = entry.split()
    reached = {0}
    for end in range(1, len(words) + 1):
        if any(last.get(" ".join(words[start:end]), -1) > index for start in reached):
            reached.add(end)
    return len(words) in reached


def _boxes(lines: list[str], printed: list[int]) -> set[int]:
    """Boxes on the author or the article: a heading and at least three known fields, one a line."""
    dirt: set[int] = set()
    run: list[int] = []
    for index in [*printed, None]:
        if index is not None and (_BOX_FIELD.match(lines[index].strip()) or _BOX.match(lines[index])):
            run.append(index)
            continue
        headed = bool(run) and bool(_BOX.match(lines[run[0]]))
        if headed and sum(not _BOX.match(lines[member]) for member in run) >= _BOX_FIELDS:
            dirt |= set(run)
        run = []
    return dirt


def _tail(lines: list[str], printed: list[int]) -> set[int]:
    """A list of links that runs to the end: from its cue on nothing but titles, none of them a provision."""
    start = len(printed)
    for place in range(len(printed) - 1, -1, -1):
        line = lines[printed[place]]
        if _FARM.match(line):
            start = place
        elif not _is_title(line):
            break
    return set(printed[start:])


def _is_title(line: str) -> bool:
    line = line.strip()
    return len(line) <= _TITLE_LENGTH and not re.search(r"[.;,:]$", line) and not _PROVISION.match(line)


def _repeated_title(lines: list[str], printed: list[int], dirt: set[int]) -> set[int]:
    """The page's first line again, as its second or as its last before the dirt at the end."""
    kept = [index for index in printed if index not in dirt]
    if len(kept) < 2 or not _is_title(lines[kept[0]]) or len(lines[kept[0]].split()) < _TITLE_WORDS:
        return set()
    ends_in_dirt = kept[-1] != printed[-1]
    places = [kept[1], *([kept[-1]] if ends_in_dirt else [])]
    return {index for index in places if lines[index].strip() == lines[kept[0]].strip()}
