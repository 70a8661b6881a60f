"""Pages nobody would write: nothing is invented, nothing doubled, and nothing but our own errors is raised."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import Empty, IngestError
from ingest.readers.html import read

FIRST = "<p>The Parties shall consult each other whenever one of them is threatened.</p>"
LAST = "<p>Nothing in the pact changes what the Parties owe to the United Nations.</p>"
WORDS = st.text("abcdefghijklmnop ", min_size=1, max_size=40).filter(str.strip)
INLINE = st.sampled_from(["{}", "<b>{}</b>", "<span>{}</span>", "<a href='/x'>{}</a> and more words after it"])
BLOCK = st.sampled_from(
    [
        "<p>{}</p>",
        "<h2>{}</h2>",
        "<ul><li>{}</li></ul>",
        "<div>{}<br><br>{}</div>",
        "<blockquote>{}</blockquote>",
        "<table><tr><td>{}</td><td>{}</td></tr></table>",
    ]
)
TAGS = st.sampled_from(
    ["div", "section", "article", "main", "aside", "nav", "td", "li", "ul", "figure", "span", "h1", "a"]
)
NAMES = st.sampled_from(["", "nav", "related", "main-content", "article", "comments", "sidebar", "caption", "cookie"])
quickly = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quickly
@given(st.lists(st.tuples(BLOCK, INLINE, WORDS), min_size=1, max_size=12))
def test_the_text_is_canonical_and_headings_are_its_lines(parts: list[tuple[str, str, str]]) -> None:
    html = "".join(block.replace("{}", inline.format(words)) for block, inline, words in parts)
    found = read(f"<main>{FIRST}{html}{LAST}</main>".encode(), name="page.html")
    text = found.text
    assert text == unicodedata.normalize("NFC", text).strip()
    assert not re.search(r"[^\S\n ]|  | \n|\n |\n{3}", text)
    lines = text.split("\n")
    for heading in found.headings:
        assert heading.of(text) in lines
        assert heading.start == 0 or text[heading.start - 1] == "\n"


def source(node: object) -> str:
    if isinstance(node, str):
        return node
    tag, name, inner = node  # type: ignore[misc]  # what the strategy draws
    return f'<{tag} class="{name}">{"".join(map(source, inner))}</{tag}>'


SENTENCES = WORDS.map(lambda words: f"{words} and all of the other words of a paragraph.")
TREES = st.recursive(
    WORDS | SENTENCES, lambda inner: st.tuples(TAGS, NAMES, st.lists(inner, max_size=3)), max_leaves=15
)


@quickly
@given(TREES)
def test_no_letter_is_invented_or_doubled(tree: object) -> None:
    html = source(tree)
    with suppress(Empty):
        found = Counter(re.findall(r"[a-z]", read(html.encode(), name="page.html").text))
        assert found <= Counter(re.findall(r"[a-z]", re.sub(r"<[^>]+>", "", html)))


@quickly
@given(st.binary(max_size=300))
def test_any_bytes_give_a_text_or_one_of_our_errors(data: bytes) -> None:
    with suppress(IngestError):
        assert read(b"<html><p>The Parties shall consult each other.</p>" + data, name="page.html").text
