"""Encodings of plain text, and which of its lines belong together."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import Undecodable
from ingest.hyphens import Known, join
from ingest.lines import Line, lay, normalise
from ingest.readers.text import decode, read

LEGAL = "The “Parties” – under § 12 of the Act of 1951 – shall not exceed £5 per head; see the État’s reply…"
PROSE = (
    "The Parties will consult together whenever, in the opinion of any of them, the territorial integrity, political "
    "independence or security of any of the Parties is threatened, and they agree that an armed attack against one of "
    "them shall be considered an attack against them all."
)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (LEGAL.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + LEGAL.encode(), "utf-8"),
        (LEGAL.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + LEGAL.encode("utf-16-be"), "utf-16"),
        (LEGAL.encode("utf-32"), "utf-32"),
        (LEGAL.encode("cp1252"), "cp1252"),
        (("charset=windows-1251\n" + "Договор о дружбе").encode("cp1251"), "windows-1251"),
        ("encoding: iso-8859-1\n Zusätze für Österreich".encode("latin-1"), "cp1252"),
        ("encoding: iso-8859-2\nZażółć gęślą jaźń".encode("iso-8859-2"), "iso-8859-2"),
    ],
)
def test_bytes_are_read_in_their_encoding_and_it_is_named(data: bytes, encoding: str) -> None:
    decoded = decode(data, name="act.txt")
    assert decoded.encoding == encoding
    assert LEGAL in decoded.text or "ö" in decoded.text.lower() or "дружбе" in decoded.text or "jaźń" in decoded.text


def test_an_undeclared_foreign_alphabet_is_guessed_and_the_guess_is_told() -> None:
    text = "Высокие Договаривающиеся Стороны будут консультироваться друг с другом по всем важным вопросам. " * 3
    decoded = decode(text.encode("cp1251"), name="pact.txt")
    assert decoded.text == text
    assert "guessed" in decoded.notices[0]


@pytest.mark.parametrize("data", [b"\xff" * 500, b"\xff\xfeab\x00", b"\x01\x81\x02\x8d" * 40])
def test_bytes_that_fit_nothing_are_an_error_and_never_dropped(data: bytes) -> None:
    with pytest.raises(Undecodable, match=r"odd\.txt: "):
        read(data, name="odd.txt")


@settings(deadline=None)
@given(st.text())
def test_utf8_comes_back_whole(text: str) -> None:
    assert decode(text.encode(errors="replace"), name="x").text == text.encode(errors="replace").decode().removeprefix(
        "\ufeff"
    )


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_normalising_twice_changes_nothing_and_keeps_letters_and_digits(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert not {"\t", "\r", "\xad", "\x00"} & set(once)
    assert "  " not in once
    assert "\n\n\n" not in once
    plain = [character for character in text if character.isascii() and character.isalnum()]
    assert [character for character in once if character in plain] == plain or not text.isascii()


def test_ligatures_are_letters_and_soft_hyphens_go() -> None:
    assert (
        normalise("of\ufb01ce of the staff\xad\x07, di\ufb00erent\u200b\ud800")
        == "office of the staff, different\ufffd"
    )


@settings(deadline=None)
@given(st.lists(st.builds(Line, text=st.text(), level=st.none() | st.integers(1, 6), gap=st.booleans())))
def test_headings_are_slices_of_the_text_and_the_text_is_normal(lines: list[Line]) -> None:
    text, headings = lay(lines)
    assert normalise(text) == text
    expected = [stripped for line in lines if line.level is not None and (stripped := normalise(line.text))]
    assert [normalise(heading.of(text)) for heading in headings] == [
        normalise("\n".join(part for part in heading.split("\n") if part)) for heading in expected
    ]


def test_a_line_of_its_own_stays_one() -> None:
    source = "Military Alliances\n\nNATO was founded in 1949.\nMembers\n  1. Belgium and others;\n  2. Canada.\n"
    assert read(source.encode(), name="x.txt").text == (
        "Military Alliances\n\nNATO was founded in 1949.\nMembers\n1. Belgium and others;\n2. Canada."
    )


@pytest.mark.parametrize("width", [60, 72, 79])
def test_wrapped_text_is_unwrapped_into_paragraphs(width: int) -> None:
    paragraphs = [PROSE, PROSE.replace("consult", "confer"), "ARTICLE IV", PROSE.replace("Parties", "Members")]
    source = "\n\n".join(textwrap.fill(paragraph, width, break_on_hyphens=False) for paragraph in paragraphs)
    assert read(source.encode(), name="x.txt").text == "\n\n".join(paragraphs)


def test_list_items_and_articles_begin_a_line_in_wrapped_text() -> None:
    body = textwrap.fill(PROSE, 70)
    source = f"{body}\n(a) {textwrap.fill(PROSE, 66)}\n(b) {textwrap.fill(PROSE, 66)}\nArticle 5\n{body}"
    assert read(source.encode(), name="x.txt").text == f"{PROSE}\n(a) {PROSE}\n(b) {PROSE}\nArticle 5\n{PROSE}"


def test_a_reference_to_an_article_does_not_begin_a_line() -> None:
    text = f"{PROSE} Such measures are taken under Article 51 of the Charter, {PROSE[12:]}"
    for width in range(55, 80):
        source = "\n\n".join([textwrap.fill(PROSE, width), textwrap.fill(text, width)])
        assert read(source.encode(), name="x.txt").text == f"{PROSE}\n\n{text}", width


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("for close coopera-", "tion in defence", "for close cooperation in defence"),
        ("the right of self-", "defence", "the right of self-defence"),
        ("a zyrgo-", "blat of the", "a zyrgo-blat of the"),
        ("a quorble-", "dank of the", "a quorbledank of the"),
        ("of infor\xad", "mation", "of information"),
        ("Anglo-", "American", "Anglo-American"),
        ("in 1939-", "1945", "in 1939-1945"),
        ("shall consult", "together", "shall consult together"),
        ("a pause –", "then", "a pause – then"),
    ],
)
def test_words_broken_at_the_end_of_a_line_are_joined_only_on_evidence(left: str, right: str, joined: str) -> None:
    assert join([left, right], Known.of(f"{left}\n{right}\nThe quorbledank and the right of self-defence.")) == joined


def test_a_hyphen_within_a_line_outweighs_the_list_of_words() -> None:
    known = Known.of("The co-operation of all.")
    assert join(["their co-", "operation"], known) == "their co-operation"
    assert join(["their co-", "operation"], Known.of("")) == "their cooperation"
