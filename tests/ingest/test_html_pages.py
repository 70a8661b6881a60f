"""Kinds of pages that treaties are found on, each with its own way of standing around the text."""

from __future__ import annotations

from ingest.readers.html import read

COOKIES = '<div class="cookie-notice">This site uses cookies to improve what you see. <a href="#">Fine</a></div>'


def text_of(html: str) -> str:
    return read(html.encode(), name="page.html").text


def test_a_section_for_each_article_the_last_ones_very_short() -> None:
    html = f"""{COOKIES}<main><article><h1>Pact</h1>
    <section><h2>Article 1</h2>
    <p>The Parties agree to consult whenever any of them is threatened by attack.</p></section>
    <section><h2>Article 2</h2><p>They help each other.</p></section>
    <section><h2>Article 3</h2><ul><li>ships</li><li>aircraft</li></ul></section></article></main>"""
    assert text_of(html).split("\n\n") == [
        "Pact",
        "Article 1",
        "The Parties agree to consult whenever any of them is threatened by attack.",
        "Article 2",
        "They help each other.",
        "Article 3",
        "ships\naircraft",
    ]


def test_a_page_of_plain_divisions() -> None:
    words = """NORAD is a command of Canada and the United States. It warns of attacks from the air, space and the sea,
    and controls the air over both countries. It was set up by an agreement of 12 May 1958; since 2006 the agreement has
    no end date. Its headquarters are at Peterson base in Colorado, and its commander answers to both governments."""
    html = f"""<body><div id=header><ul><li><a href=/>Home</a><li><a href=/a>About</a></ul></div>{COOKIES}
    <div id=wrap class=with-sidebar><div class=post><h1>NORAD</h1><p>{words}</p></div>
    <div class=related-links><h3>Related</h3><ul><li><a href=/x>NATO explained in ten steps</a></li></ul></div></div>
    <div id=footer><p>Contact us by mail, or visit our offices in Brussels on weekdays.</p></div></body>"""
    assert text_of(html) == f"NORAD\n\n{' '.join(words.split())}"


def test_an_encyclopaedia() -> None:
    html = """<body><div id=head><ul><li><a href=/t>Talk</a></ul></div><div id=content role=main>
    <h1 id=first>ANZUS</h1><div id=text><table class=infobox><tr><th>Signed</th><td>1 September 1951</td></tr>
    <tr><th>Location</th><td>San Francisco</td></tr></table>
    <p><b>ANZUS</b> is a <a href=/s>security</a> treaty of 1951 between <a href=/a>Australia</a>,
    <a href=/n>New Zealand</a> and the <a href=/u>United States</a>.<sup><a href="#c1">[1]</a></sup></p>
    <div id=toc><h2>Contents</h2><ul><li><a href="#h"><span>1</span> Early history</a></li>
    <li><a href="#t"><span>2</span> Text of it</a></li></ul></div>
    <h2>Early history<span class=mw-editsection>[<a href=/e>edit</a>]</span></h2>
    <p>It was concluded in San Francisco after the war in the Pacific had ended.</p>
    <h2>Text of it</h2><blockquote><p>Each Party would act to meet the common danger.</p></blockquote>
    <h2>See also</h2><ul><li><a href=/nato>North Atlantic Treaty Organization</a></li></ul>
    </div></div><div id=footer>Last edited in May</div></body>"""
    assert text_of(html).split("\n\n") == [
        "ANZUS",
        "Signed | 1 September 1951\nLocation | San Francisco",
        "ANZUS is a security treaty of 1951 between Australia, New Zealand and the United States.",
        "Early history",
        "It was concluded in San Francisco after the war in the Pacific had ended.",
        "Text of it",
        "Each Party would act to meet the common danger.",
    ]


def test_a_page_from_the_nineties() -> None:
    html = """<html><title>Pact of 1951</title><body bgcolor=white><center><h2>THE PACT</h2><font size=1>
    <a href=index.html>Index</a> | <a href=next.html>Next</a></font></center><hr><p align=center><b>ARTICLE I</b>
    <p>The Parties undertake to settle disputes by peaceful means in such a manner that peace is not endangered.
    <p align=center><b>ARTICLE II</b><p>(a) The Parties will consult.<br>(b) The Parties will act.
    <p>DONE at Manila.<hr><a href=index.html>Back to the index</a></body></html>"""
    assert text_of(html).split("\n\n") == [
        "THE PACT",
        "ARTICLE I",
        "The Parties undertake to settle disputes by peaceful means in such a manner that peace is not endangered.",
        "ARTICLE II",
        "(a) The Parties will consult.\n(b) The Parties will act.",
        "DONE at Manila.",
    ]


def test_definitions() -> None:
    html = f"""{COOKIES}<main><h1>Terms</h1><dl><dt>Party</dt><dd>A state that has ratified this Treaty and deposited
    its instrument.</dd><dt>Area</dt><dd>The Pacific.</dd></dl></main>"""
    assert text_of(html).split("\n\n") == [
        "Terms",
        "Party",
        "A state that has ratified this Treaty and deposited its instrument.",
        "Area",
        "The Pacific.",
    ]


def test_a_teaser_in_the_margin_is_not_the_text() -> None:
    body = "".join(
        f"<p>In year {year} the council met in the capital and agreed on little of note.</p>" for year in "1234"
    )
    html = f"""<div class="page comments-open"><div class=text><h2>The council</h2>{body}</div></div>
    <div class=margin><article><a href=/x>Ten facts about councils</a></article></div>"""
    assert text_of(html).count("the council met") == 4


def test_captions_are_not_text() -> None:
    html = """<main><p>The Parties met in the old town hall of Strelsau in the spring.</p>
    <figure><img src=x><figcaption>The town hall, photographed by night from the river bank below.</figcaption></figure>
    <p>They signed the pact there on the third day of their meeting.</p></main>"""
    assert "photographed" not in text_of(html)


def test_a_page_that_is_one_long_link_is_its_text() -> None:
    words = "".join(
        f"<p><a href=/{n}>Sentence number {n} of the tale, each of them a link to a scan.</a></p>" for n in range(9)
    )
    assert (
        text_of(f"<main><h1>Tale</h1><p>A tale of nine sentences, retold here.</p>{words}</main>").count("scan.") == 9
    )


def test_a_long_page_is_read_whole() -> None:
    part = "<h2>Article {0}</h2><p>The Parties of article {0} shall consult each other.</p><ol><li>item {0}</li></ol>"
    text = text_of("<main>" + "".join(part.format(number) for number in range(1500)) + "</main>")
    assert [text.count(words) for words in ("The Parties of article", "1. item", "Article ")] == [1500, 1500, 1500]
