"""The numbers that a browser prints in front of the items of an ordered list.

They are not in the bytes, yet "Article 3 (b)" refers to them: `<ol type="a">` prints "a.", and `start`, `value` and
`reversed` count. Items of unordered lists get none: a bullet says nothing.
"""

from __future__ import annotations

import re
from typing import Any, Final

_STYLES: Final = {
    "decimal": "1",
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "lower-roman": "i",
    "upper-roman": "I",
    "none": "",
}
_STYLE: Final = re.compile(r"list-style(?:-type)?\s*:[^;]*?\b(" + "|".join(_STYLES) + r")\b", re.IGNORECASE)
_ROMAN: Final = tuple(zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
    ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"), strict=True))  # fmt: skip


def printed_numbers(numbering: Any) -> dict[Any, str]:
    """The number of each item of an `<ol>`: `"b."` for the second of `<ol type="a">`; empty where none is shown."""
    items = numbering.findall("li")
    step = -1 if numbering.get("reversed") is not None else 1
    number = _integer(numbering.get("start"), len(items) if step < 0 else 1)
    numbers = {}
    for item in items:
        number = _integer(item.get("value"), number)
        kind = _kind(item) or _kind(numbering) or "1"
        numbers[item] = "" if kind == "none" else f"{counted(number, kind)}."
        number += step
    return numbers


def counted(number: int, kind: str) -> str:
    """`number` written in the way of `kind`: 1, a, A, i or I; what has no such form is written in digits."""
    if kind in "aA" and number > 0:
        letters = _letters(number)
    elif kind in "iI" and 0 < number < 4000:
        letters = _roman(number)
    else:
        return str(number)
    return letters.upper() if kind.isupper() else letters


def _kind(element: Any) -> str:
    style = _STYLE.search(element.get("style", ""))
    if style:
        return _STYLES[style[1].lower()] or "none"
    kind = str(element.get("type", ""))
    return kind if kind in {"1", "a", "A", "i", "I"} else ""


def _integer(value: str | None, otherwise: int) -> int:
    return int(value) if value is not None and re.fullmatch(r"-?\d{1,6}", value.strip()) else otherwise


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text
