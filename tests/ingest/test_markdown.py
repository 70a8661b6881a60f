"""Markdown: marks go, words stay; headings and facts."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import Facts, Trust
from ingest.errors import IngestError
from ingest.lines import normalise
from ingest.readers.markdown import read
from ingest.readers.markdown_inline import words_of


def text_of(source: str) -> str:
    return read(source.encode(), name="x.md").text


def headings_of(source: str) -> list[tuple[int, str]]:
    found = read(source.encode(), name="x.md")
    return [(heading.level, heading.of(found.text)) for heading in found.headings]


def facts_of(front_matter: str) -> Facts:
    return read(f"---\n{front_matter}\n---\nText.".encode(), name="pact.md").facts


@pytest.mark.parametrize(
    ("source", "level", "heading"),
    [
        ("# Treaty", 1, "Treaty"),
        ("###Article 5", 3, "Article 5"),
        ("### Article  I  ", 3, "Article I"),
        ("## Scope ##", 2, "Scope"),
        ("##Noord-Atlantisch Verdrag", 2, "Noord-Atlantisch Verdrag"),
        ("#Article 5 of it", 1, "Article 5 of it"),
        ("**Article II:  Defense and Security**", 3, "Article II: Defense and Security"),
        ("__Scope__", 3, "Scope"),
        ("# A [link](x.md) *here*", 1, "A link here"),
        ("Scope\n===", 1, "Scope"),
        ("Scope\n---", 2, "Scope"),
    ],
)
def test_headings_have_their_level_and_place(source: str, level: int, heading: str) -> None:
    assert headings_of(f"{source}\n\nThe Parties agree.\n") == [(level, heading)]


@pytest.mark.parametrize(
    "source",
    [
        "#hashtag",
        "#1 in the list",
        "**The Parties** shall consult **together**",
        "**" + "The Parties shall consult together. " * 6 + "**",
        "    text",
        "```\n# not a heading\n```",
        "---\n\nText\n",
    ],
)
def test_what_is_no_heading_is_none(source: str) -> None:
    assert headings_of(f"{source}\n\nThe Parties agree.\n") == []


def test_bold_headings_stand_one_level_below_the_last_with_marks() -> None:
    assert headings_of("# Treaty\n\n**Article I**\n\nText.\n\n## Part\n\n**Article II**\n") == [
        (1, "Treaty"),
        (2, "Article I"),
        (2, "Part"),
        (3, "Article II"),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("the **Parties** to *this* ***Treaty***", "the Parties to this Treaty"),
        ("paragraph 2* (b)* of Article III", "paragraph 2 (b) of Article III"),
        ("each of *(a)* and *(b),* or 3 * 4 * 5", "each of (a) and (b), or 3 * 4 * 5"),
        ("an _ex gratia_ payment in snake_case_name", "an ex gratia payment in snake_case_name"),
        ("Signed: __________", "Signed: __________"),
        ("_[A1838, 532/11]_", "[A1838, 532/11]"),
        (
            'the [North Atlantic Treaty](../../a_(b)/README.md "x") and [1] and [the] draft',
            "the North Atlantic Treaty and [1] and [the] draft",
        ),
        ("![a map](map.png) of the [![x](y.png) area](z)", " of the  area"),
        ("the 9<sup>th</sup> day<br/>of July", "the 9th day\nof July"),
        ("1 < 2 and <b>a</b> > c", "1 < 2 and a > c"),
        ("2\\. I *do* \\*not\\*", "2. I do *not*"),
        ("R&amp;D &sect; 5 &#8211; &lt;b&gt;", "R&D § 5 – <b>"),
        ("`a * b_c` and ``x`y``", "a * b_c and x`y"),
        ("~~old~~ new[^2]", "old new[2]"),
        ("<https://example.org/a_b>", "https://example.org/a_b"),
        ("Smith* and others", "Smith* and others"),
        ("left **open", "left open"),
        ("a [text][ref] and [odd][none]", "a text and [odd][none]"),
    ],
)
def test_marks_in_a_line_go_and_words_stay(line: str, words: str) -> None:
    assert words_of(line, frozenset({"ref"})) == words


def test_list_letters_and_numbers_stay() -> None:
    source = "1. One\n2. Two\n\n(a) first;\n(b) second.\n\n* dash\n+ plus\n\na.The testing\n"
    assert text_of(source) == "1. One\n2. Two\n\n(a) first;\n(b) second.\n\n- dash\n- plus\n\na.The testing"


def test_tables_are_lines() -> None:
    source = "Before\n\n| Party | Year |\n|:--|--:|\n| Japan \\| US | **1951** |\n\nAfter"
    assert text_of(source) == "Before\n\nParty | Year\nJapan | US | 1951\n\nAfter"


def test_comments_scripts_rules_and_definitions_are_no_text() -> None:
    source = 'One<!-- not\nthis -->\n\n***\n\n<script>\nx()\n</script>\nTwo [a]\n\n[a]: http://example.org "t"\n'
    assert text_of(source) == "One\n\nTwo [a]"


def test_code_stays_as_it_stands() -> None:
    assert text_of("```py\na = **b**  # <!-- c -->\n```\nend") == "a = **b** # <!-- c -->\nend"


def test_quotes_and_footnotes_are_text() -> None:
    assert text_of("> Quoted *words*\n\n[^1]: The note.\n") == "Quoted words\n\n[1] The note."


def test_a_link_broken_over_two_lines_is_one() -> None:
    assert text_of("See the [North\nAtlantic Treaty](a.md) now.") == "See the North Atlantic Treaty now."


def test_facts_come_from_front_matter() -> None:
    facts = facts_of(
        "title: ANZUS, the treaty\naliases: [ANZUS, Pacific Pact]\nparties:\n- Australia\n- New Zealand\n"
        "signed: 1951-09-01\nin_force: 1952\n"
        "ended: '1986-08'\ntrust: primary\nsources: a book\ndoc_date: '1951-07-12'\nvolume: 21\n"
        "tags: [a, b]\nrefs:\n- {a: 1}"
    )
    assert facts == Facts(
        title="ANZUS, the treaty",
        aliases=("ANZUS", "Pacific Pact"),
        parties=("Australia", "New Zealand"),
        signed="1951-09-01",
        in_force="1952",
        ended="1986-08",
        trust=Trust.PRIMARY,
        sources=("a book",),
        notes={"doc_date": "1951-07-12", "volume": "21", "tags": "a; b", "date": "1951-07-12"},
    )


@pytest.mark.parametrize(
    ("front_matter", "message"),
    [
        ("title: [a\nb: c", r"pact\.md: the front matter is not YAML at line \d"),
        ("title: a\n\tb: c", r"not YAML at line 3"),
        ("title: {a: b}", r"`title: .*one line of text"),
        ("aliases: {a: b}", r"`aliases: .*a list of texts"),
        ("signed: 12 July 1951", r"`signed: '12 July 1951'` at line 2; it takes a date such as"),
        ("signed: '1951-02-30'", r"`signed: .*takes a date"),
        ("title: a\nsigned: 1951-02-30", r"pact\.md: front matter `signed: '1951-02-30'` at line 3; it takes a date"),
        ("in_force: 1951-13-45 10:00:00", r"`in_force: '1951-13-45 10:00:00'` at line 2; it takes a date"),
        ('"ended": soon\ntitle: a', r"`ended: 'soon'`; it takes a date"),
        ("ended: 1990\nended: soon", r"`ended: 'soon'` at line 3; it takes a date"),
        ("a: " + "1" * 5000, r"front matter cannot be read"),
        ("signed: true", r"`signed: True`"),
        ("trust: certain", r"`trust: 'certain'` at line 2; it takes one of primary, secondary, unknown, generated"),
        ("trust: [primary]", r"`trust: "),
        ("a: " + "[" * 2000, r"front matter"),
    ],
)
def test_wrong_front_matter_is_one_clear_error(front_matter: str, message: str) -> None:
    with pytest.raises(IngestError, match=message) as caught:
        facts_of(front_matter)
    assert "\n" not in str(caught.value)


def test_an_impossible_date_under_a_key_of_their_own_is_a_note() -> None:
    assert facts_of("seen: 1951-02-30").notes == {"seen": "1951-02-30"}


@pytest.mark.parametrize(
    "source", ["---\nJust a line\n---\nMore", "---\n- a\n- b\n---\nMore", "---\nNo end: here\nMore"]
)
def test_dashes_around_text_are_rules_and_not_front_matter(source: str) -> None:
    found = read(source.encode(), name="x.md")
    assert found.facts == Facts()
    assert re.findall(r"\w+", found.text) == re.findall(r"\w+", source)


@settings(deadline=None)
@given(st.text(alphabet="ab1 *_#`[](){}<>!|-=~\\&;:\n\"'.+^", max_size=80))
def test_any_marks_at_all_keep_letters_in_order_or_hide_them_in_markup(source: str) -> None:
    found = read(source.encode(), name="x.md")
    assert normalise(found.text) == found.text
    assert all(heading.of(found.text).strip() for heading in found.headings)
    letters = iter(character for character in source if character.isalnum())
    assert all(character in letters for character in found.text if character.isalnum())


@settings(deadline=None)
@given(st.lists(st.text(alphabet="abc ,", min_size=1, max_size=20).filter(str.strip), unique=True))
def test_plain_words_come_back_whole(lines: list[str]) -> None:
    assert text_of("\n\n".join(lines)).split() == " ".join(lines).split()


@pytest.mark.shared
def test_official_treaties_lose_their_marks_and_no_word(shared: Path) -> None:
    paths = sorted((shared / "treaties").glob("*_*.md"))
    assert len(paths) == 17
    for path in paths:
        found = read(path.read_bytes(), name=path.name)
        source = re.sub(r"\A---\n.*?\n---\n", "", path.read_text(), flags=re.S)
        bare = re.sub(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|</?sup>", "", source)
        assert re.findall(r"[^\W_]+", found.text) == re.findall(r"[^\W_]+", normalise(html.unescape(bare))), path.name
        assert not re.search(r"\*\*|\]\(|</?sup>|^#|\\[.*]|(?<!\w)_(?!_)", found.text, re.M), path.name
