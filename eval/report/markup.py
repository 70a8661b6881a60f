"""HTML and SVG put together from elements, in which every plain string is text.

Nothing but `element` and `embedded` makes markup, and both escape what they are given, so a question or a document can
never become part of the page's code. Joining markup with `+` or in an f-string gives a plain string, which is escaped
again: a mistake is seen, and harmless. (A template would need each of its places to be right.)
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Final

Value = str | float | bool | None
VOID: Final = frozenset({"br", "circle", "input", "line", "meta", "path", "rect"})  # have no children; some are SVG's


class Markup(str):
    """Text that is already HTML."""

    __slots__ = ()


Child = str | Iterable[str] | None


def element(tag: str, /, *children: Child, **attributes: Value) -> Markup:
    """An element; a child may be markup, text or several of both, and None is left out.

    In the names of attributes `_` stands for `-`, and one at the end is dropped (`class_`). Numbers are written with
    two digits at most; True is an attribute without a value, and one that is None or False is left out.
    """
    start = tag + "".join(_attribute(key, value) for key, value in attributes.items())
    if tag in VOID:
        return Markup(f"<{start}/>")
    return Markup(f"<{start}>{together(*children)}</{tag}>")


def together(*children: Child) -> Markup:
    """The children one after the other, without an element around them."""
    return Markup("".join(map(_child, children)))


def embedded(tag: str, code: str) -> Markup:
    """A style or a script, whose code is not escaped in HTML: it must not hold what would end it."""
    if "</" in code:
        raise ValueError(f'a <{tag}> must not hold "</"')
    return Markup(f"<{tag}>{code}</{tag}>")


def number(value: float) -> str:
    """With two digits at most, and without trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _child(child: Child) -> str:
    if child is None or isinstance(child, Markup):
        return child or ""
    if isinstance(child, str):
        return html.escape(child, quote=False)
    return "".join(map(_child, child))


def _attribute(key: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    key = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {key}"
    return f' {key}="{html.escape(value if isinstance(value, str) else number(value))}"'
