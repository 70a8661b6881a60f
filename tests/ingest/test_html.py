"""Web pages: all words of the text, none of what stands around it, and places that are true."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from ingest.document import Extract, Trust
from ingest.errors import Damaged, Empty, IngestError
from ingest.readers.html import read

MENU = """<header class="site"><a class="logo" href="/">Harbour Gazette</a>
<nav><ul><li><a href="/">Frontpage</a></li><li><a href="/atlas">Atlas</a></li><li><a href="/join">Membership</a></li>
</ul></nav>
</header>
<div id="cookie-banner" class="consent"><p>Cookies help us to serve biscuits to visitors of this website, so please
agree to every one of them before you continue.</p><button>Agree</button></div>"""

FOOT = """<aside class="related"><h2>Recommended reading</h2><ul>
<li><a href="/x">Lighthouses and their forgotten keepers</a></li><li><a href="/y">Why harbours freeze</a></li>
</ul></aside>
<div class="share-bar"><a href="#">Tweet</a> <a href="#">Pinboard</a></div>
<section class="comments"><h3>Visitors wrote</h3><p>Splendid piece, thanks to whoever typed all of this on a rainy
Sunday afternoon.</p></section>
<footer><p>Imprint and postal address of the Gazette, Quayside 7. Unauthorised copying is frowned upon.</p></footer>"""

TREATY = """<h1>Treaty of Friendship between Ruritania and Graustark</h1>
<p>The Contracting Parties, resolved to live in peace with each other, have agreed as follows:</p>
<h2>Article 1</h2>
<p>1. The Parties shall settle any dispute by peaceful means.</p>
<p>2. Neither Party shall threaten the other with force.</p>
<h2>Article 2</h2>
<p>Each Party undertakes:</p>
<ol type="a"><li>to consult the other without delay;</li><li>to keep its garrisons small, that is
<ol type="i"><li>below four regiments on land, and</li><li>below two cruisers at sea;</li></ol></li>
<li>to open its harbours.</li></ol>
<h2>Article 3</h2>
<p>Garrisons are limited as follows.</p>
<table><tr><th>Party</th><th>Regiments</th></tr><tr><td>Ruritania</td><td>4</td></tr>
<tr><td>Graustark</td><td>3</td></tr></table>
<p>(a) Regiments are counted in spring.</p>
<p>(b) Cruisers are counted in autumn.</p>
<h2>Article 4</h2>
<p>This Treaty enters into force upon signature.</p>
<p>Done at Strelsau.</p>"""

EXPECTED = """Treaty of Friendship between Ruritania and Graustark

The Contracting Parties, resolved to live in peace with each other, have agreed as follows:

Article 1

1. The Parties shall settle any dispute by peaceful means.

2. Neither Party shall threaten the other with force.

Article 2

Each Party undertakes:

a. to consult the other without delay;
b. to keep its garrisons small, that is
i. below four regiments on land, and
ii. below two cruisers at sea;
c. to open its harbours.

Article 3

Garrisons are limited as follows.

Party | Regiments
Ruritania | 4
Graustark | 3

(a) Regiments are counted in spring.

(b) Cruisers are counted in autumn.

Article 4

This Treaty enters into force upon signature.

Done at Strelsau."""


def page(body: str, head: str = "<title>Ruritania and Graustark | Harbour Gazette</title>") -> bytes:
    return f"<!doctype html><html lang=en><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


def article(text: str) -> bytes:
    return page(f"{MENU}<main><article>{text}</article></main>{FOOT}")


def read_page(data: bytes) -> Extract:
    return read(data, name="page.html")


@pytest.mark.parametrize(
    "around",
    [
        "<main><article>{}</article></main>",
        "<main>{}</main>",
        "<div class='content'><div class='text'>{}</div></div>",
        "<table><tr><td class='left'></td><td>{}</td></tr></table>",
        "{}",
    ],
)
def test_every_word_of_the_treaty_and_none_of_the_page_around_it(around: str) -> None:
    assert read_page(page(MENU + around.format(TREATY) + FOOT)).text == EXPECTED


def test_a_page_with_nothing_around_the_text() -> None:
    assert read_page(page(TREATY)).text == EXPECTED


def test_short_texts_come_out_whole() -> None:
    words = "The pact of Strelsau was signed by two small kingdoms in a year nobody remembers. It binds each to help."
    short = f"<h1>Pact of Strelsau</h1><p>{words}</p><p>It never entered into force.</p>"
    assert read_page(article(short)).text == f"Pact of Strelsau\n\n{words}\n\nIt never entered into force."


def test_one_sentence_is_a_text() -> None:
    assert read_page(article("<p>The pact ended.</p>")).text == "The pact ended."


def test_headings_are_places_with_levels() -> None:
    found = read_page(article(TREATY.replace("h2>", "h3>")))
    lines = [(heading.of(found.text), heading.level) for heading in found.headings]
    assert lines[0] == ("Treaty of Friendship between Ruritania and Graustark", 1)
    assert lines[1:] == [(f"Article {number}", 3) for number in (1, 2, 3, 4)]
    assert all(line in found.text.split("\n") for line, _ in lines)


def test_a_heading_by_role_and_a_heading_over_two_lines() -> None:
    text = '<div role="heading" aria-level="4">Scope</div><p>It covers the sea.</p>'
    found = read_page(article(f"{text}<h2>Annex<br>Flags</h2><p>Flags are blue.</p>"))
    assert [(heading.of(found.text), heading.level) for heading in found.headings] == [("Scope", 4), ("Annex Flags", 2)]


@pytest.mark.parametrize(
    "hidden",
    [
        '<p style="display: none">SECRET</p>',
        '<p style="color:red;VISIBILITY:hidden">SECRET</p>',
        "<p hidden>SECRET</p>",
        '<p aria-hidden="true">SECRET</p>',
        '<span class="sr-only">SECRET</span>',
        "<template><p>SECRET</p></template>",
        "<!-- SECRET -->",
        "<script>document.write('SECRET')</script>",
        "<style>.SECRET { color: red }</style>",
        "<noscript>SECRET</noscript>",
        "<dialog><p>SECRET</p></dialog>",
        "<select><option>SECRET</option></select><button>SECRET</button><textarea>SECRET</textarea>",
        "<svg><text>SECRET</text></svg>",
    ],
)
def test_what_is_not_shown_is_not_read(hidden: str) -> None:
    visible = "<p>The Parties shall meet every year.</p>{}<p>They shall meet in Strelsau.</p>"
    found = read_page(article(visible.format(hidden) + f"<p>Minutes {hidden} are kept.</p>"))
    assert "SECRET" not in found.text
    assert "meet every year.\n\nThey shall meet in Strelsau.\n\nMinutes" in found.text
    assert found.text.endswith("are kept.")


def test_see_also_and_share_lines_go_but_references_to_provisions_stay() -> None:
    text = """<p>The council meets twice a year in the capital of the party that presides over it.</p>
    <p>See also: <a href="/council">The Council and its Many Chairs</a></p>
    <p>See also Article 7 of this Treaty.</p><p>Share this page</p>
    <p><a href="/more">Ten facts about councils that you never knew</a></p>"""
    found = read_page(article(text)).text
    assert "See also Article 7 of this Treaty." in found
    assert "Chairs" not in found
    assert "Share this" not in found
    assert "Ten facts" not in found


def test_links_inside_sentences_and_headings_stay() -> None:
    text = (
        '<h2><a href="#a1">Article 1</a></h2><p>The <a href="/p">Parties</a>, as <a href="/d">defined</a>, agree.</p>'
    )
    assert read_page(article(text)).text == "Article 1\n\nThe Parties, as defined, agree."


def test_a_list_whose_items_link_stays_where_most_items_are_text() -> None:
    items = "<li>Canada leads in Latvia.</li><li>Germany leads in Lithuania.</li>"
    linked = "<li><a href='/p'>Poland hosts the fourth</a></li>"
    text = read_page(article(f"<p>The battlegroups are led by framework nations:</p><ul>{items}{linked}</ul>")).text
    assert text.split("\n")[2:] == ["Canada leads in Latvia.", "Germany leads in Lithuania.", "Poland hosts the fourth"]


def test_an_article_cut_in_parts_that_look_alike_is_read_whole() -> None:
    def part(word: str, count: int) -> str:
        paragraphs = "".join(
            f"<p>The {word} number {n} guards the coast and the towns behind it.</p>" for n in range(count)
        )
        return f'<div class="grid"><div class="body">{paragraphs}</div><div class="ad">Buy lanterns</div></div>'

    parts = part("castle", 9) + part("tower", 8) + part("wall", 8)
    text = read_page(page(f'{MENU}<div class="chunks"><h1>Forts</h1>{parts}</div>{FOOT}')).text
    assert [text.count(word) for word in ("castle", "tower", "wall", "lanterns")] == [9, 8, 8, 0]


def test_the_headline_comes_first_without_kicker_and_date() -> None:
    kicker = "<p class=kicker>Analysis</p><p>3 May 1951</p>"
    text = "<p>It ended after nine years of silence between both capitals.</p>"
    found = read_page(article(f"{kicker}<h1>The pact ends</h1>{text}")).text
    assert found == "The pact ends\n\nIt ended after nine years of silence between both capitals."


def test_a_logo_is_no_headline() -> None:
    head = '<title>Pact of Strelsau</title><meta property="og:site_name" content="Harbour Gazette">'
    text = "<h2>Pact of Strelsau</h2><p>It was signed by two kingdoms in the year of the comet.</p>"
    found = read_page(page(f"<h1>Harbour Gazette</h1><main>{text}</main>", head))
    assert found.text == "Pact of Strelsau\n\nIt was signed by two kingdoms in the year of the comet."
    assert found.facts.title == "Pact of Strelsau"


def test_title_without_headline_is_that_of_the_page_without_the_site() -> None:
    head = '<title>Pact | Harbour Gazette</title><meta property="og:site_name" content="Harbour Gazette">'
    found = read_page(page("<p>The pact was signed by two small kingdoms long ago.</p>", head))
    assert found.facts.title == "Pact"
    assert "Gazette" not in found.text


def test_facts_in_the_head() -> None:
    head = """<meta name="foedus:title" content="Strelsau Pact">
    <meta name="foedus:parties" content="Ruritania; Graustark ;">
    <meta name="foedus:aliases" content="Pact of  Strelsau"><meta name="foedus:signed" content="1951-05-03">
    <meta name="foedus:in_force" content="1952-01"><meta name="foedus:ended" content="1960">
    <meta name="foedus:trust" content="primary"><meta name="foedus:sources" content="Gazette 7; Gazette 8">
    <meta name="foedus:summary" content="A pact."><meta name="description" content="unread">"""
    facts = read_page(page(TREATY, head)).facts
    assert (facts.title, facts.parties, facts.aliases) == (
        "Strelsau Pact",
        ("Ruritania", "Graustark"),
        ("Pact of Strelsau",),
    )
    assert (facts.signed, facts.in_force, facts.ended) == ("1951-05-03", "1952-01", "1960")
    assert (facts.trust, facts.sources, facts.notes) == (
        Trust.PRIMARY,
        ("Gazette 7", "Gazette 8"),
        {"summary": "A pact."},
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [("trust", "best"), ("signed", "3 May 1951"), ("in_force", "1951-13"), ("ended", "1951-02-30"), ("ended", "51")],
)
def test_a_fact_with_a_wrong_value_is_an_error(key: str, value: str) -> None:
    with pytest.raises(IngestError, match=rf"^page\.html: meta foedus:{key} is '{value}'; it takes "):
        read_page(page(TREATY, f'<meta name="foedus:{key}" content="{value}">'))


@pytest.mark.parametrize("place", ["<p>{}</p>" + TREATY, TREATY + "<p>{}</p>"])
def test_a_notice_that_a_machine_wrote_it_is_kept_as_a_fact_and_not_as_text(place: str) -> None:
    found = read_page(article(place.format("This article was written with the help of artificial intelligence.")))
    assert found.generated
    assert found.text == EXPECTED


def test_a_notice_in_the_footer_counts() -> None:
    found = read_page(page(TREATY + "<footer><p>This page was generated by AI.</p></footer>"))
    assert found.generated
    assert found.text == EXPECTED


def test_a_treaty_is_not_generated() -> None:
    assert not read_page(article(TREATY)).generated


def test_broken_markup_loses_no_word() -> None:
    broken = (
        "<h2>Article 1<p>The Parties <b>shall <i>consult</b> each other</i> without delay <p>and act &amp; <li>help"
    )
    words = re.findall(r"\w+", read_page(article(f"{broken} <td>now</div> & go <")).text)
    assert " ".join(words) == "Article 1 The Parties shall consult each other without delay and act help now go"


def test_lines_of_a_poem_and_paragraphs_made_of_breaks() -> None:
    text = "<div>First line of the oath,<br>second line.<br> <br>A new paragraph of the oath follows here.</div>"
    assert read_page(article(text)).text == (
        "First line of the oath,\nsecond line.\n\nA new paragraph of the oath follows here."
    )


def test_quotation_marks_soft_hyphens_and_footnote_marks() -> None:
    mark = '<sup><a href="#n1">[1]</a></sup>'
    text = f"They agreed to <q>mu\u00adtual aid</q>.{mark} It covers 10<sup>th</sup> century borders\u200b too."
    assert (
        read_page(article(f"<p>{text}</p>")).text == "They agreed to “mutual aid”. It covers 10th century borders too."
    )


def test_composed_letters_single_spaces_and_line_feeds() -> None:
    text = "<p>Caf\u0065\u0301  treaty\t\tof\r\n the\u00a0Hague</p>\r\n\r\n\r\n<p>binds\rall</p>"
    assert read_page(article(text)).text == "Caf\u00e9 treaty of the Hague\n\nbinds all"


def test_scripts_that_write_without_spaces() -> None:
    first, second = (
        "缔约各方应当以和平方式解决它们之间的一切国际争端，并不得使用武力相威胁。",
        "本条约自签字之日起生效。",
    )
    assert read_page(article(f"<p>{first}</p><p>{second}</p>")).text == f"{first}\n\n{second}"


@pytest.mark.parametrize(
    "nothing",
    [
        b"   \n ",
        b"<!-- only a comment -->",
        b"<html><head><title>T</title></head><body></body></html>",
        page("<div id=app></div><script>render()</script>"),
        page(MENU),
        page(MENU + FOOT),
    ],
)
def test_a_page_without_text_is_empty(nothing: bytes) -> None:
    with pytest.raises(Empty, match=r"^page\.html: .+; .+"):
        read_page(nothing)


def test_nesting_as_deep_as_browsers_draw_is_read() -> None:
    assert "deep text" in read_page(page("<div>" * 500 + "<p>deep text of the treaty</p>" + "</div>" * 500)).text


def test_absurd_nesting_is_damage_and_no_crash() -> None:
    with pytest.raises(Damaged, match="nested too deeply"):
        read_page(page("<div>" * 200_000 + "<p>deep text of the treaty</p>"))


def test_nothing_is_said_on_the_console_and_no_socket_is_opened() -> None:
    code = (
        "import socket, sys\n"
        "def refuse(*args, **kwargs): raise SystemExit('opened a socket')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from ingest.readers.html import read\n"
        "print(read(sys.stdin.buffer.read(), name='page.html').text)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], input=article(TREATY), capture_output=True, check=True)
    assert done.stderr == b""
    assert done.stdout.decode().strip() == EXPECTED
