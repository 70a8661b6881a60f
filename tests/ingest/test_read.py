"""From bytes to an extract: kinds, limits, reasons."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import settings as sized
from hypothesis import strategies as st

from ingest import settings
from ingest.errors import Empty, IngestError, NotWhatItSays, OverLimit, Unsupported
from ingest.kinds import Kind, recognise
from ingest.read import extract, read

PAGE = b"<!DOCTYPE html>\n<html><head><title>T</title></head><body><p>The Parties agree.</p></body></html>"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256))


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"%PDF-1.7\n", "a.pdf", Kind.PDF),
        (b"%PDF-1.7\n", "a", Kind.PDF),
        (b"\x00junk\n" * 20 + b"%PDF-1.4", "a.bin", Kind.PDF),
        (b"1 0 obj <<>> endobj trailer <<>>", "a.pdf", Kind.PDF),
        (archive("word/document.xml"), "a.docx", Kind.DOCX),
        (archive("word/document.xml"), "a.zip", Kind.DOCX),
        (PAGE, "a.html", Kind.HTML),
        (PAGE, "a.txt", Kind.HTML),
        (PAGE, "a", Kind.HTML),
        (PAGE, "a.md", Kind.HTML),
        (b"\xef\xbb\xbf  <!-- x -->\n<HTML lang=en>", "a.txt", Kind.HTML),
        (b'<?xml version="1.0"?>\n<html xmlns="x">', "a.txt", Kind.HTML),
        (PAGE.decode().encode("utf-16"), "a.txt", Kind.HTML),
        (b"<p>no page around it", "a.htm", Kind.HTML),
        (b"# Title", "a.md", Kind.MARKDOWN),
        (b"# Title", "a.MARKDOWN", Kind.MARKDOWN),
        (b"# Title", "a.txt", Kind.TEXT),
        (b"---\ntitle: x\n---\nText", "a.txt", Kind.MARKDOWN),
        (b"---\nText\n---\n", "a.txt", Kind.TEXT),
        (b"The <html> tag", "a.txt", Kind.TEXT),
        ("Text".encode("utf-16"), "a.txt", Kind.TEXT),
        (b"MZ is how it begins", "a.txt", Kind.TEXT),
    ],
)
def test_the_bytes_decide_what_a_file_is(data: bytes, name: str, kind: Kind) -> None:
    assert recognise(data, name=name) is kind


@pytest.mark.parametrize(
    ("data", "name", "what"),
    [
        (JPEG, "a.jpg", "a JPEG picture"),
        (JPEG, "a.txt", "a JPEG picture"),
        (b"\x89PNG\r\n\x1a\n\x00", "a.png", "a PNG picture"),
        (archive("a.txt"), "a.zip", "a zip archive"),
        (archive("xl/workbook.xml"), "a.xlsx", "an Excel workbook"),
        (archive("ppt/presentation.xml"), "a.pptx", "a PowerPoint presentation"),
        (archive("a.txt")[:30], "a.zip", "a broken zip archive"),
        (gzip.compress(b"x"), "a.txt.gz", "a gzip archive"),
        (b"\x7fELF\x02\x01", "tool", "a program"),
        (b"MZ\x90\x00", "a.exe", "a program"),
        (b"{\\rtf1 text}", "a.rtf", "an RTF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "an old Office document"),
        (b"\x00\x00\x00\x18ftypmp42", "a.mp4", "a film or sound file"),
        (b"<?xml version='1.0'?><feed/>", "a.xml", "XML data"),
        (b"text with \x00 in it", "a.txt", "binary data"),
        (b"\x00" * 1000, "a", "binary data"),
    ],
)
def test_kinds_without_a_reader_are_named(data: bytes, name: str, what: str) -> None:
    with pytest.raises(Unsupported, match=f"{name}: {what}; foedus reads PDF"):
        extract(data, name=name)


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (JPEG, "a.pdf", "the name says a PDF, the bytes are a JPEG picture"),
        (PAGE, "a.pdf", "the name says a PDF, the bytes are a web page"),
        (b"just text", "a.pdf", "the name says a PDF, the bytes are text"),
        (b"%PDF-1.7\n", "a.docx", "the name says a Word document, the bytes are a PDF"),
        (archive("xl/workbook.xml"), "a.docx", "the name says a Word document, the bytes are an Excel workbook"),
        (archive("word/document.xml"), "a.PDF", "the name says a PDF, the bytes are a Word document"),
        (b"\x00\x01\x02" * 9, "a.pdf", "the name says a PDF, the bytes are binary data"),
    ],
)
def test_a_name_that_claims_another_kind_is_an_error_that_says_both(data: bytes, name: str, message: str) -> None:
    with pytest.raises(NotWhatItSays, match=message):
        extract(data, name=name)


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.docx", "a.html", "a.md"])
def test_no_bytes_are_empty_whatever_the_name(name: str) -> None:
    with pytest.raises(Empty, match="0 bytes"):
        extract(b"", name=name)


@pytest.mark.parametrize("data", [b"  \n\t \n", b"*** --- !!! ???", b"\xef\xbb\xbf", "…—“”".encode()])
def test_a_file_without_words_is_empty(data: bytes) -> None:
    with pytest.raises(Empty, match="no words in it"):
        extract(data, name="a.txt")


def test_bytes_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FILE_BYTES", 10)
    assert extract(b"ten bytes!", name="a.txt").text == "ten bytes!"
    with pytest.raises(OverLimit, match="11 bytes, the limit is 10"):
        extract(b"ten bytes!!", name="a.txt")


def test_characters_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CHARACTERS", 5)
    assert extract("Väter".encode(), name="a.txt").text == "Väter"
    with pytest.raises(OverLimit, match="6 characters, the limit is 5"):
        extract("Väters".encode(), name="a.txt")


@sized(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a.docx", "a"]))
def test_any_bytes_are_read_or_refused_with_a_reason(data: bytes, name: str) -> None:
    try:
        told = extract(data, name=name).text
    except IngestError as error:
        told = f"{error.reason}: {error}"
        complete = told.count("\n") == 0 and name in told
    else:
        complete = any(character.isalnum() for character in told)
    assert complete, told


def test_a_document_is_an_extract_with_a_structure() -> None:
    document = read(b"# Security Pact\n\n## Article I\n\nThe Parties will consult together.\n", name="pact.md")
    found = extract(b"# Security Pact\n\n## Article I\n\nThe Parties will consult together.\n", name="pact.md")
    assert document.text == found.text
    assert document.title == "Security Pact"
    assert any(section.label.startswith("Article I") for section in document.sections)
