"""The bytes of pages: which encoding they are in, and that none is dropped without a word."""

from __future__ import annotations

import pytest

from ingest.errors import Undecodable
from ingest.readers.html import read
from ingest.readers.html_source import decode_page

WORDS = "Der Vertrag über Freundschaft – „Bündnis“ – gilt für alle Häfen der Küste"


def page(declaration: str, words: str = WORDS) -> str:
    return f"<html><head>{declaration}</head><body><p>{words}</p></body></html>"


@pytest.mark.parametrize(
    ("declaration", "encoding", "named"),
    [
        ("", "utf-8", "utf-8"),
        ('<meta charset="utf-8">', "utf-8", "utf-8"),
        ('<meta charset="iso-8859-1">', "utf-8", "utf-8"),
        ('<meta charset="iso-8859-1">', "cp1252", "cp1252"),
        ('<meta charset="windows-1252">', "cp1252", "windows-1252"),
        ('<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=windows-1252">', "cp1252", "windows-1252"),
        ("", "utf-16", "utf-16"),
        ("", "utf-16-le", "utf-16-le"),
        ("", "utf-16-be", "utf-16-be"),
        ("", "utf-8-sig", "utf-8"),
    ],
)
def test_the_encoding_is_found_and_named(declaration: str, encoding: str, named: str) -> None:
    found = read(page(declaration).encode(encoding), name="page.html")
    assert (found.text, found.encoding) == (WORDS, named)


@pytest.mark.parametrize(
    ("label", "encoding", "words"),
    [
        ("gb2312", "gb18030", "缔约各方应当以和平方式解决争端，镕"),
        ("shift_jis", "cp932", "締約国は、国際紛争を平和的手段によって解決する①"),
        ("euc-kr", "cp949", "당사국은 국제 분쟁을 평화적 수단으로 해결한다 똠"),
        ("iso-2022-jp", "iso-2022-jp", "締約国は紛争を平和的に解決する"),
        ("iso-8859-9", "cp1254", "Taraflar uyuşmazlıkları “barışçı” yollarla çözer"),
        ("koi8-r", "koi8-r", "Стороны разрешают споры мирными средствами"),
    ],
)
def test_a_declared_name_means_what_browsers_make_of_it(label: str, encoding: str, words: str) -> None:
    data = page(f'<meta charset="{label}">', words).encode(encoding)
    assert read(data, name="page.html").text == words


def test_a_declaration_that_lies_is_not_believed() -> None:
    assert read(page('<meta charset="gb2312">').encode(), name="page.html").text == WORDS


def test_single_broken_bytes_are_shown_and_told() -> None:
    data = page("", f"{WORDS}. " * 40).encode().replace(b"alle H", b"alle \xff H", 1)
    found = read(data, name="page.html")
    assert found.encoding == "utf-8"
    assert found.text.count("\ufffd") == 1
    assert found.text.count("Bündnis") == 40
    assert found.notices == ("1 places are broken UTF-8 and stand as \ufffd",)


def test_a_true_replacement_character_is_not_broken() -> None:
    decoded = decode_page(page("", "lost: \ufffd").encode(), name="page.html")
    assert (decoded.encoding, decoded.notices) == ("utf-8", ())


def test_bytes_that_fit_nothing_are_refused() -> None:
    noise = bytes(range(0x80, 0xA0)) * 20 + bytes(range(1, 9)) * 20
    with pytest.raises(Undecodable, match=r"^page\.html: "):
        read(b"<p>" + noise, name="page.html")
