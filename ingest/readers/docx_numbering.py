"""The numbers and letters that Word prints in front of list items and does not store.

They are what a provision is called: "Article 3" or "(b)" in a Word file is often nothing but a paragraph of a list.
So the definitions are read and counted as Word does: one counter for each list and level, a level starts anew when a
higher one counts, bullets become a dash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_HIGHEST_ROMAN: Final = 4999


@dataclass(frozen=True, kw_only=True)
class _Level:
    """How one level of a list counts: `text` holds %1 to %9 where the numbers go."""

    format: str
    text: str
    start: int
    legal: bool  # all numbers in Arabic digits
    style: str | None  # the paragraph style that stands for this level


@dataclass(kw_only=True)
class Numbering:
    """All lists of a document and how far they have counted."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)  # of each list definition
    lists: dict[str, str] = field(default_factory=dict)  # the definition of each list
    restarts: dict[tuple[str, int], int] = field(default_factory=dict)  # where a list begins its own count
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Any) -> Numbering:
        """Read the root element of `numbering.xml`, or None where the document has no lists."""
        numbering = cls()
        if root is not None:
            for abstract in root.iter(f"{W}abstractNum"):
                numbering._define(abstract)
            links = {_value(abstract, "styleLink"): abstract.get(f"{W}abstractNumId") for abstract in _abstracts(root)}
            for abstract in _abstracts(root):
                target = links.get(_value(abstract, "numStyleLink") or "")
                if target:
                    numbering.levels[abstract.get(f"{W}abstractNumId")] = numbering.levels[target]
            for num in root.iter(f"{W}num"):
                numbering._list(num)
        return numbering

    def _define(self, abstract: Any) -> None:
        levels = {int(level.get(f"{W}ilvl", "0")): _level(level) for level in abstract.iterchildren(f"{W}lvl")}
        self.levels[abstract.get(f"{W}abstractNumId")] = levels

    def _list(self, num: Any) -> None:
        identity, definition = num.get(f"{W}numId"), _value(num, "abstractNumId")
        if definition in self.levels:
            self.lists[identity] = definition
        for override in num.iterchildren(f"{W}lvlOverride"):
            start = _value(override, "startOverride")
            if start is not None:
                self.restarts[identity, int(override.get(f"{W}ilvl", "0"))] = int(start)

    def level_of_style(self, identity: str, style: str) -> int:
        """The level of a list that a paragraph style stands for, the outermost where none says so."""
        levels = self.levels.get(self.lists.get(identity, ""), {})
        return next((number for number, level in levels.items() if level.style == style), 0)

    def label(self, identity: str, number: int) -> str:
        """Count one item of list `identity` at level `number` (0 is outermost) and return what is printed before it."""
        definition = self.lists.get(identity, "")
        levels = self.levels.get(definition, {})
        level = levels.get(number)
        if level is None:
            return ""
        if level.format == "bullet":
            return "-"
        counts = self.counts.setdefault(definition, {})
        restart = self.restarts.pop((identity, number), None)
        counts[number] = counts.get(number, level.start - 1) + 1 if restart is None else restart
        for deeper in [deeper for deeper in counts if deeper > number]:
            del counts[deeper]
        return re.sub(r"%([1-9])", lambda match: _printed(levels, counts, int(match[1]) - 1, level), level.text)


def _abstracts(root: Any) -> list[Any]:
    return list(root.iter(f"{W}abstractNum"))


def _value(element: Any, tag: str) -> str | None:
    child = element.find(f"{W}{tag}")
    return None if child is None else child.get(f"{W}val")


def _level(element: Any) -> _Level:
    legal = element.find(f"{W}isLgl")
    return _Level(
        format=_value(element, "numFmt") or "decimal",
        text=_value(element, "lvlText") or "",
        start=int(_value(element, "start") or "1"),
        legal=legal is not None and legal.get(f"{W}val", "1") not in {"0", "false"},
        style=_value(element, "pStyle"),
    )


def _printed(levels: dict[int, _Level], counts: dict[int, int], number: int, shown: _Level) -> str:
    level = levels.get(number, shown)
    return numeral(counts.get(number, level.start), "decimal" if shown.legal else level.format)


def numeral(count: int, format_: str) -> str:
    """Print a count in one of Word's number formats; those of other scripts come in Arabic digits.

    >>> [numeral(4, form) for form in ("decimal", "lowerLetter", "upperRoman", "decimalZero")]
    ['4', 'd', 'IV', '04']
    """
    if format_ in {"lowerLetter", "upperLetter"} and count > 0:
        letters = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)  # after z comes aa, then bb
        return letters.upper() if format_ == "upperLetter" else letters
    if format_ in {"lowerRoman", "upperRoman"} and 0 < count <= _HIGHEST_ROMAN:
        return _roman(count).upper() if format_ == "upperRoman" else _roman(count)
    if format_ == "none":
        return ""
    return f"{count:02}" if format_ == "decimalZero" else str(count)


def _roman(count: int) -> str:
    digits = ""
    for value, letters in _ROMAN:
        digits += letters * (count // value)
        count %= value
    return digits
