"""Numbers of ordered lists, as browsers print them."""

from __future__ import annotations

import lxml.html
import pytest

from ingest.readers.html import read
from ingest.readers.html_lists import counted, printed_numbers


@pytest.mark.parametrize(
    ("attributes", "items", "printed"),
    [
        ("", "<li>x<li>x<li>x", ["1.", "2.", "3."]),
        ('type="a"', "<li>x<li>x", ["a.", "b."]),
        ('type="A" start="26"', "<li>x<li>x", ["Z.", "AA."]),
        ('type="i" start="8"', "<li>x<li>x<li>x", ["viii.", "ix.", "x."]),
        ('type="I" start="1949"', "<li>x", ["MCMXLIX."]),
        ('start="0"', "<li>x<li>x", ["0.", "1."]),
        ('type="a" start="0"', "<li>x", ["0."]),
        ("reversed", "<li>x<li>x<li>x", ["3.", "2.", "1."]),
        ("", '<li>x<li value="7">x<li>x', ["1.", "7.", "8."]),
        ('start="many"', "<li>x", ["1."]),
        ('style="list-style-type: lower-alpha"', "<li>x<li>x", ["a.", "b."]),
        ('style="list-style: none"', "<li>x", [""]),
        ("", '<li type="A">x<li>x', ["A.", "2."]),
    ],
)
def test_numbers(attributes: str, items: str, printed: list[str]) -> None:
    numbering = lxml.html.fromstring(f"<ol {attributes}>{items}</ol>")
    assert list(printed_numbers(numbering).values()) == printed


@pytest.mark.parametrize(("number", "kind", "written"), [(702, "a", "zz"), (703, "A", "AAA"), (4000, "i", "4000")])
def test_large_numbers(number: int, kind: str, written: str) -> None:
    assert counted(number, kind) == written


@pytest.mark.parametrize("own", ["(a) ships", "a) ships", "1. ships", "iv. ships", "§ 3 ships"])
def test_a_number_of_the_authors_own_is_not_doubled(own: str) -> None:
    text = read(f"<p>The Parties may use:</p><ol><li>{own}</li></ol>".encode(), name="page.html").text
    assert text == f"The Parties may use:\n\n{own}"


def test_the_number_stands_before_the_first_paragraph_of_an_item() -> None:
    items = "<li><p>to consult;</p><p>and to help.</p></li><li><ol><li>x</li></ol></li>"
    html = f"<p>The Parties agree:</p><ol type=a>{items}</ol>"
    assert read(html.encode(), name="page.html").text.split("\n")[2:] == ["a. to consult;", "and to help.", "1. x"]
