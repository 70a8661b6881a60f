"""An `Extract` becomes a `Document`: its sections, its language, its title and how far it is to be believed."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePath
from typing import Final

from .document import Document, Extract, Heading, Trust
from .language import hint, language
from .numbering import parse
from .pinpoints import sections
from .rows import flat, rows

TITLE_LETTERS: Final = 200  # a longer line is a paragraph
FIRST_LANGUAGE_SHARE: Final = 0.25  # of the text: the language printed first is the document's if it has as much
STRETCH: Final = 1_000  # characters whose language is told at once

_FOOTNOTE_MARK: Final = re.compile(r"(?:\s*(?:\[\d{1,3}\]|[¹²³⁴⁵⁶⁷⁸⁹⁰*†‡]))+$")
_BAD_TITLE: Final = re.compile(
    r"(?i)(?:untitled|no title|document\d*|title|home|index|readme|microsoft word.*"
    r"|.*\.(?:docx?|pdf|html?|txt|md|rtf|indd)|[\W\d_]*)$"
)


def build(extract: Extract, *, name: str) -> Document:
    """The document that `extract` holds; `name` is the file's, for a title where the text gives none.

    Raises:
        OverLimit: more sections than `settings.SECTIONS`.
    """
    spoken = main_language(extract.text)
    return Document(
        text=extract.text,
        format=extract.format,
        title=title(extract, name, spoken),
        trust=extract.facts.trust or (Trust.GENERATED if extract.generated else Trust.UNKNOWN),
        language=spoken,
        pages=extract.pages,
        sections=sections(extract.text, extract.headings),
        facts=extract.facts,
        encoding=extract.encoding,
        notices=extract.notices,
    )


def main_language(text: str) -> str | None:
    """The language printed first if a quarter of the text is in it, else that of most of the text.

    A treaty is often printed in two languages of equal length; the first one is the one the file is about.
    """
    shares: Counter[str] = Counter()
    for start in range(0, len(text), STRETCH):
        found = language(text[start : start + STRETCH])
        if found:
            shares[found] += 1
    if not shares:
        return language(text)
    first = next(iter(shares))
    return first if shares[first] >= FIRST_LANGUAGE_SHARE * shares.total() else shares.most_common(1)[0][0]


def title(extract: Extract, name: str, spoken: str | None) -> str:
    """What the file says its title is, else its first heading in its own language, its first line, or its own name."""
    stated = _clean(extract.facts.title or "")
    if _is_good(stated):
        return stated
    return _from_headings(extract, spoken) or _first_line(extract.text) or readable(name)


def readable(name: str) -> str:
    """A file name as words: "anzus_treaty-1951.md" becomes "Anzus treaty 1951"."""
    words = re.sub(r"[\s_\-.]+", " ", PurePath(name).stem).strip() or name
    return words[:1].upper() + words[1:]


def _clean(line: str) -> str:
    """One line without the footnote marks at its end."""
    return _FOOTNOTE_MARK.sub("", flat(line))


def _is_good(line: str) -> bool:
    return 1 < len(line) <= TITLE_LETTERS and not _BAD_TITLE.match(line)


def _from_headings(extract: Extract, spoken: str | None) -> str | None:
    """The first heading that is no number and not in another language; one that says its language comes before one that
    does not."""
    wanted = [_clean(heading.of(extract.text)) for heading in _before_articles(extract)]
    wanted = [line for line in wanted if _is_good(line) and hint(line) in {None, spoken}]
    return wanted[0] if wanted else None


def _before_articles(extract: Extract) -> list[Heading]:
    """The headings above the first numbered one."""
    numbered = [parse(flat(heading.of(extract.text))) is not None for heading in extract.headings]
    return list(extract.headings[: numbered.index(True)] if True in numbered else extract.headings)


def _first_line(text: str) -> str | None:
    """The first line if it is short, no sentence and no numbered heading."""
    first = next(iter(rows(text[: TITLE_LETTERS * 5])), None)
    line = _clean(first.of(text)) if first else ""
    return line if _is_good(line) and line[-1] not in ".;:,!" and parse(line) is None else None
