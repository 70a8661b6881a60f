"""Word documents, made here with python-docx and by hand where it has no call for it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from ingest import settings
from ingest.errors import Damaged, Empty, Encrypted, IngestError, NotWhatItSays, OverLimit, Unsupported
from ingest.kinds import ENCRYPTED_PACKAGE, OLE
from ingest.lines import normalise
from ingest.read import extract
from ingest.readers.docx_numbering import numeral


def saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def read_text(document: Any) -> str:
    return extract(saved(document), name="pact.docx").text


def repacked(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The archive with each entry as `change` returns it, or without it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for entry in old.namelist():
            content = change(entry, old.read(entry))
            if content is not None:
                new.writestr(entry, content)
    return buffer.getvalue()


def a_list(document: Any, *levels: tuple[str, str]) -> str:
    """Define a list of levels (number format, text) and return its id."""
    root = document.part.numbering_part.element
    number = str(len(list(root.iter(qn("w:abstractNum")))) + 100)
    inside = "".join(
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for index, (form, text) in enumerate(levels)
    )
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{inside}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'))
    return number


def item(document: Any, text: str, number: str, level: int = 0) -> None:
    properties = document.add_paragraph(text)._p.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')
    )


def test_headings_come_with_their_level_and_place() -> None:
    document = docx.Document()
    document.add_heading("Security Pact", 0)
    document.add_heading("Article I", 1)
    document.add_paragraph("The Parties will consult.")
    document.add_heading("Scope", 3)
    found = extract(saved(document), name="pact.docx")
    assert [(heading.level, heading.of(found.text)) for heading in found.headings] == [
        (1, "Security Pact"),
        (1, "Article I"),
        (3, "Scope"),
    ]
    assert found.text == "Security Pact\n\nArticle I\n\nThe Parties will consult.\n\nScope"


def test_lists_have_the_numbers_that_word_prints() -> None:
    document = docx.Document()
    number = a_list(document, ("upperRoman", "Article %1."), ("lowerLetter", "(%2)"), ("decimal", "%1.%2.%3"))
    for text, level in [("One", 0), ("a", 1), ("b", 1), ("deep", 2), ("Two", 0), ("again", 1)]:
        item(document, text, number, level)
    assert read_text(document).split("\n") == [
        "Article I. One",
        "(a) a",
        "(b) b",
        "I.b.1 deep",
        "Article II. Two",
        "(a) again",
    ]


def test_bullets_are_dashes_and_lists_of_styles_count() -> None:
    document = docx.Document()
    for text in ("first", "second"):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("point", style="List Bullet")
    assert read_text(document) == "1. first\n2. second\n- point"


def test_a_list_may_begin_its_count_anew() -> None:
    document = docx.Document()
    number = a_list(document, ("decimal", "%1)"))
    root = document.part.numbering_part.element
    again = parse_xml(
        f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="{number}"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    root.append(again)
    for text, identity in [("a", number), ("b", number), ("c", "77"), ("d", "77")]:
        item(document, text, identity)
    assert read_text(document) == "1) a\n2) b\n5) c\n6) d"


@pytest.mark.parametrize(
    ("count", "form", "printed"),
    [
        (27, "lowerLetter", "aa"),
        (26, "upperLetter", "Z"),
        (1994, "upperRoman", "MCMXCIV"),
        (5000, "lowerRoman", "5000"),
        (0, "lowerLetter", "0"),
        (3, "decimalZero", "03"),
        (3, "none", ""),
    ],
)
def test_numerals(count: int, form: str, printed: str) -> None:
    assert numeral(count, form) == printed


def test_tables_stand_where_they_stand_row_by_row() -> None:
    document = docx.Document()
    document.add_paragraph("Before")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("Party", "Year", "Japan", "1951"), strict=True
    ):
        cell.text = text
    table.cell(1, 0).add_paragraph("(islands)")
    document.add_paragraph("After")
    assert read_text(document) == "Before\n\nParty | Year\nJapan (islands) | 1951\n\nAfter"


def test_what_python_docx_walks_past_is_read_and_what_was_deleted_is_not() -> None:
    document = docx.Document()
    body = document.element.body
    names = nsdecls("w")
    body.insert(
        0,
        parse_xml(f"<w:sdt {names}><w:sdtContent><w:p><w:r><w:t>In a control</w:t></w:r></w:p></w:sdtContent></w:sdt>"),
    )
    body.insert(
        1,
        parse_xml(
            f'<w:p {names}><w:r><w:t xml:space="preserve">kept </w:t></w:r>'
            '<w:del w:id="1"><w:r><w:delText>gone</w:delText>'
            "</w:r></w:del><w:ins w:id='2'><w:r><w:t>new</w:t></w:r></w:ins>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t>"
            "</w:r><w:r><w:noBreakHyphen/><w:tab/><w:t>end</w:t><w:br/><w:t>line</w:t></w:r></w:p>"
        ),
    )
    assert read_text(document) == "In a control\n\nkept new- end\nline"


def test_the_title_in_the_properties_is_a_fact_unless_the_program_wrote_it() -> None:
    document = docx.Document()
    document.add_paragraph("Text")
    assert extract(saved(document), name="pact.docx").facts.title is None
    document.core_properties.title = "Security Pact"
    assert extract(saved(document), name="pact.docx").facts.title == "Security Pact"


def test_an_empty_document_is_empty() -> None:
    with pytest.raises(Empty, match="no words"):
        extract(saved(docx.Document()), name="blank.docx")


def test_a_locked_document_is_encrypted() -> None:
    with pytest.raises(Encrypted, match=r"locked\.docx: needs a password"):
        extract(OLE + b"\x00" * 600 + ENCRYPTED_PACKAGE, name="locked.docx")


def test_an_old_office_file_under_the_new_name_is_not_what_it_says() -> None:
    with pytest.raises(NotWhatItSays, match=r"old\.docx: the name says a Word document, the bytes are an old Office"):
        extract(OLE + b"\x00" * 600, name="old.docx")


def test_truncated_and_broken_documents_are_damaged() -> None:
    document = docx.Document()
    document.add_paragraph("Text")
    whole = saved(document)
    broken = [
        whole[: len(whole) // 2],
        repacked(whole, lambda name, data: data[:200] if name == "word/document.xml" else data),
        repacked(whole, lambda name, data: None if name == "_rels/.rels" else data),
        repacked(whole, lambda name, data: None if name == "[Content_Types].xml" else data),
    ]
    for data in broken:
        with pytest.raises(Damaged, match=r"half\.docx: truncated or broken \("):
            extract(data, name="half.docx")


def test_strict_open_xml_says_what_to_do() -> None:
    document = docx.Document()
    document.add_paragraph("Text")
    strict = repacked(saved(document), lambda name, data: data + b"<!-- http://purl.oclc.org/ooxml/ -->")
    with pytest.raises(Unsupported, match="Strict Open XML; save it again"):
        extract(strict, name="strict.docx")


def test_a_document_that_unpacks_to_more_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    document = docx.Document()
    document.add_paragraph("a" * 100_000)
    data = saved(document)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    monkeypatch.setattr(settings, "UNPACKED_BYTES", size)
    assert len(extract(data, name="big.docx").text) == 100_000
    monkeypatch.setattr(settings, "UNPACKED_BYTES", size - 1)
    with pytest.raises(OverLimit, match=f"unpacks to {size:,} bytes, the limit is {size - 1:,}"):
        extract(data, name="big.docx")


@pytest.mark.shared
def test_real_documents_are_read_or_refused_with_a_reason(shared: Path) -> None:
    paths = sorted((shared / "documents" / "office").rglob("*.docx"))
    assert len(paths) > 60
    reasons = set()
    for path in paths:
        try:
            found = extract(path.read_bytes(), name=path.name)
        except IngestError as error:
            reasons.add(error.reason)
        else:
            assert normalise(found.text) == found.text
    assert reasons <= {"empty", "unsupported"}


@pytest.mark.shared
def test_notes_are_called_by_number_and_stand_at_the_end(shared: Path) -> None:
    path = next((shared / "documents" / "office").rglob("footnotes.docx"))
    text = extract(path.read_bytes(), name="footnotes.docx").text
    assert text == "Ouch[1].[2]\n\n[1] A tachyon walks into a bar.\n[2] Fin."
