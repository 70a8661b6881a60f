"""The lines of a canonical text that hold something, as places in it.

Structure is read from lines: headings, list items and the ends of sentences all depend on where a line begins and on
whether a blank one stands before it.
"""

from __future__ import annotations

from dataclasses import dataclass

from .document import Section, Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Row(Span):
    """A line without the white space at its edges; `gap` where a blank line, or nothing at all, stands before it."""

    gap: bool


def rows(text: str, start: int = 0, end: int | None = None) -> list[Row]:
    """Every line of `text[start:end]` that is not blank, in order."""
    found: list[Row] = []
    place, gap = start, True
    for raw in text[start:end].splitlines(keepends=True):
        body = raw.strip()
        if body:
            left = place + len(raw) - len(raw.lstrip())
            found.append(Row(start=left, end=left + len(body), gap=gap))
        gap = not body
        place += len(raw)
    return found


def flat(text: str) -> str:
    """`text` on one line, every run of white space one space."""
    return " ".join(text.split())


def after_heading(text: str, section: Section) -> int:
    """Where the heading of `section` ends in `text`: headings are kept with their white space made plain."""
    place = section.start
    for letter in section.heading:
        if not letter.isspace():
            while text[place].isspace():
                place += 1
            place += 1
    return place
