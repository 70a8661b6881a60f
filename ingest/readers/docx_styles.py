"""What the styles of a Word document say of a paragraph: whether it is a heading, and to which list it belongs.

Styles inherit, and their ids are translated ("berschrift1") while their names are not ("heading 1"); so names count,
and what a style leaves open is asked of the one it is based on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from .docx_numbering import Numbering, W

_HEADING: Final = re.compile(r"heading ([1-9])$", re.I)
_TITLES: Final = {"title": 1, "subtitle": 2}
_LOWEST: Final = 6  # level of headings
_BODY_TEXT: Final = 9  # Word's outline level for what is no heading
_NO_LIST: Final = "0"


@dataclass(frozen=True, kw_only=True)
class Style:
    """A paragraph style with what it inherits; `level` counts from 1, None for body text."""

    level: int | None = None
    list_id: str | None = None
    list_level: int | None = None
    list_style: str = ""  # the id of the style that names the list


@dataclass(kw_only=True)
class Styles:
    """The paragraph styles of a document, by id; those without an id are plain."""

    elements: dict[str, Any] = field(default_factory=dict)
    default: str = ""

    @classmethod
    def of(cls, root: Any) -> Styles:
        """Read the root element of `styles.xml`, or None where the document has no styles."""
        found = [] if root is None else [style for style in root.iter(f"{W}style") if style.get(f"{W}styleId")]
        default = [style for style in found if style.get(f"{W}default") == "1" and style.get(f"{W}type") == "paragraph"]
        return cls(
            elements={style.get(f"{W}styleId"): style for style in found},
            default=default[0].get(f"{W}styleId") if default else "",
        )

    def of_paragraph(self, paragraph: Any) -> Style:
        """The style of a paragraph."""
        style = Style()
        for identity in self._chain(_value(paragraph, "pPr/pStyle") or self.default):
            style = _inherited(style, self.elements[identity], identity)
        return style

    def level(self, paragraph: Any, style: Style) -> int | None:
        """The level of a heading, which the paragraph itself may set; None for body text."""
        own = _value(paragraph, "pPr/outlineLvl")
        return style.level if own is None else _outline(own)

    def list_of(self, paragraph: Any, numbering: Numbering) -> tuple[str, int] | None:
        """The list a paragraph belongs to and its level in it, counted from 0."""
        style = self.of_paragraph(paragraph)
        own, level = _value(paragraph, "pPr/numPr/numId"), _value(paragraph, "pPr/numPr/ilvl")
        identity = own or style.list_id
        if identity in {None, _NO_LIST}:
            return None
        assert identity is not None
        if level is not None:
            return identity, int(level)
        if own is not None or style.list_level is not None:
            return identity, style.list_level or 0
        return identity, numbering.level_of_style(identity, style.list_style)

    def _chain(self, identity: str) -> list[str]:
        """A style and those it is based on, nearest first; a circle ends where it closes."""
        chain: list[str] = []
        while identity in self.elements and identity not in chain:
            chain.append(identity)
            identity = _value(self.elements[identity], "basedOn") or ""
        return chain


def _inherited(style: Style, element: Any, identity: str) -> Style:
    """Fill what `style` leaves open from an element further up."""
    list_id = _value(element, "pPr/numPr/numId")
    names_list = style.list_id is None and list_id is not None
    list_level = _value(element, "pPr/numPr/ilvl")
    return Style(
        level=style.level if style.level is not None else _level(element),
        list_id=list_id if names_list else style.list_id,
        list_level=int(list_level) if names_list and list_level else style.list_level,
        list_style=identity if names_list else style.list_style,
    )


def _level(style: Any) -> int | None:
    name = _value(style, "name") or ""
    match = _HEADING.match(name)
    if match:
        return min(int(match[1]), _LOWEST)
    outline = _value(style, "pPr/outlineLvl")
    return _TITLES.get(name.lower()) or (None if outline is None else _outline(outline))


def _outline(value: str) -> int | None:
    return None if int(value) >= _BODY_TEXT else min(int(value) + 1, _LOWEST)


def _value(element: Any, path: str) -> str | None:
    child = element.find("/".join(f"{W}{tag}" for tag in path.split("/")))
    return None if child is None else child.get(f"{W}val")
