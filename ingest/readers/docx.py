"""DOCX: headings by their style, lists with the numbers Word prints, tables row by row, notes at the end.

python-docx opens the package; the paragraphs are walked here, since its own walk leaves out what stands in content
controls, tracked insertions and text boxes. What was deleted with tracking and what is hidden is left out: it is not
what the document says.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from lxml.etree import LxmlError

from .. import settings
from ..document import Extract, Facts
from ..errors import Damaged, Encrypted, OverLimit, Unsupported
from ..kinds import OLE
from ..lines import Line, lay, normalise
from ..titles import sensible
from .docx_numbering import Numbering, W
from .docx_styles import Styles

# A broken package makes python-docx, lxml and zipfile raise these; RuntimeError holds RecursionError, LookupError a
# part that is missing, ValueError a file of another Office program.
_FAILURES: Final = (
    OpcError, LxmlError, zipfile.BadZipFile, zlib.error, struct.error, ArithmeticError, AssertionError, AttributeError,
    EOFError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_STRICT: Final = b"http://purl.oclc.org/ooxml/"
_GONE: Final = {f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText", f"{W}pPr", f"{W}rPr", f"{_MC}Fallback"}
_BLOCK_HOLDERS: Final = {f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}moveTo"}
_PRINTED: Final = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_NOTES: Final = (
    (f"{W}footnoteReference", RELATIONSHIP_TYPE.FOOTNOTES, f"{W}footnote"),
    (f"{W}endnoteReference", RELATIONSHIP_TYPE.ENDNOTES, f"{W}endnote"),
)


def read(data: bytes, *, name: str) -> Extract:
    """Read the body of a Word document, its notes after it.

    Raises:
        Encrypted: it needs a password.
        OverLimit: it unpacks to more than the limit.
        Damaged: it cannot be read.
    """
    if data.startswith(OLE):
        raise Encrypted(f"{name}: needs a password; save a copy without one")
    try:
        _check_package(data, name)
        document = docx.Document(io.BytesIO(data))
        text, headings = lay(_Walk.of(document).lines())
        facts = Facts(title=sensible(_title(document), name=name))
    except _FAILURES as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise Damaged(f"{name}: truncated or broken ({reason}); get the file again") from error
    return Extract(text=text, format="docx", headings=headings, facts=facts)


def _check_package(data: bytes, name: str) -> None:
    """Refuse what says that it unpacks to too much (zipfile never unpacks more) or what python-docx cannot open."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        size = sum(entry.file_size for entry in entries)
        if size > settings.UNPACKED_BYTES:
            raise OverLimit(f"{name}: unpacks to {size:,} bytes, the limit is {settings.UNPACKED_BYTES:,}; split it")
        if any(entry.flag_bits & 1 for entry in entries):
            raise Encrypted(f"{name}: needs a password; save a copy without one")
        if _STRICT in archive.read("_rels/.rels"):
            raise Unsupported(f"{name}: Strict Open XML; save it again as an ordinary Word document (.docx)")


def _title(document: Any) -> str | None:
    """The title in the properties; python-docx makes some up where the file has none."""
    has_any = any(rel.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES for rel in document.part.package.rels.values())
    return str(document.core_properties.title) if has_any else None


def _related(document: Any, kind: str) -> Any:
    """The root element of a part of the package, None where there is no such part."""
    part = next((rel.target_part for rel in document.part.rels.values() if rel.reltype == kind), None)
    return None if part is None else parse_xml(part.blob)


@dataclass(kw_only=True)
class _Walk:
    """A walk through the body, in document order."""

    body: Any
    styles: Styles
    numbering: Numbering
    notes: dict[tuple[str, str], Any]  # by the tag of the reference and the note's id
    called: list[tuple[str, str]] = field(default_factory=list)  # notes in the order of their numbers
    boxes: list[Any] = field(default_factory=list)  # text boxes met in a paragraph, told after it

    @classmethod
    def of(cls, document: Any) -> _Walk:
        return cls(
            body=document.element.body,
            styles=Styles.of(_related(document, RELATIONSHIP_TYPE.STYLES)),
            numbering=Numbering.of(_related(document, RELATIONSHIP_TYPE.NUMBERING)),
            notes=dict(_notes(document)),
        )

    def lines(self) -> Iterator[Line]:
        yield from self._blocks(self.body)
        for number, key in enumerate(self.called, start=1):  # notes that notes call are added on the way
            text = " ".join(line.text for line in self._blocks(self.notes[key]))
            yield Line(text=f"[{number}] {text}", gap=number == 1)

    def _blocks(self, parent: Any) -> Iterator[Line]:
        for child in parent:
            if child.tag == f"{W}p":
                yield self._paragraph(child)
                while self.boxes:
                    yield from self._blocks(self.boxes.pop(0))
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag in _BLOCK_HOLDERS:
                yield from self._blocks(child)

    def _paragraph(self, paragraph: Any) -> Line:
        style = self.styles.of_paragraph(paragraph)
        text = self._text(paragraph)
        item = self.styles.list_of(paragraph, self.numbering) if normalise(text) else None
        label = self.numbering.label(*item) if item else ""
        return Line(
            text=f"{label} {text}", level=self.styles.level(paragraph, style), gap=item is None or bool(style.level)
        )

    def _table(self, table: Any) -> Iterator[Line]:
        rows = [row for row in table.iter(f"{W}tr") if next(row.iterancestors(f"{W}tbl")) is table]
        for index, row in enumerate(rows):
            if row.find(f"{W}trPr/{W}del") is None:
                cells = [self._cell(cell) for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr")) is row]
                yield Line(text=" | ".join(cells) if any(cells) else "", gap=index == 0)

    def _cell(self, cell: Any) -> str:
        return " ".join(text for line in self._blocks(cell) if (text := " ".join(line.text.split())))

    def _text(self, element: Any) -> str:
        """The words in an element, those in text boxes aside."""
        return "".join(self._piece(child) for child in element if child.tag not in _GONE)

    def _piece(self, element: Any) -> str:
        if element.tag in {f"{W}t", f"{_M}t"}:
            return element.text or ""
        if element.tag in _PRINTED:
            return _PRINTED[element.tag]
        if element.tag == f"{W}txbxContent":
            self.boxes.append(element)
            return ""
        if element.tag == f"{W}sym":
            return _symbol(element)
        if any(element.tag == reference for reference, _, _ in _NOTES):
            return self._call(element)
        return "" if element.tag == f"{W}r" and _is_hidden(element) else self._text(element)

    def _call(self, reference: Any) -> str:
        """The number of a note, in brackets so that it is not taken for a part of the word before it."""
        key = (reference.tag, reference.get(f"{W}id", ""))
        if key not in self.notes:
            return ""
        if key not in self.called:
            self.called.append(key)
        return f"[{self.called.index(key) + 1}]"


def _notes(document: Any) -> Iterator[tuple[tuple[str, str], Any]]:
    for reference, kind, tag in _NOTES:
        root = _related(document, kind)
        for note in () if root is None else root.iter(tag):
            yield (reference, note.get(f"{W}id", "")), note


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(f"{W}val", "1") not in {"0", "false", "off"}


def _symbol(element: Any) -> str:
    """A character of a symbol font, where its code is a character at all."""
    code = int(element.get(f"{W}char", "0"), 16)
    return "" if code < 0x20 or 0xD800 <= code < 0xF900 else chr(code)
