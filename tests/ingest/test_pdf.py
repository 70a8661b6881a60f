"""PDF files, made here with reportlab and pypdf, and 950 odd ones from other people."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject, NumberObject
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest import settings
from ingest.document import Extract
from ingest.errors import Damaged, Empty, Encrypted, IngestError, OverLimit, Scanned
from ingest.lines import normalise
from ingest.read import extract

TOP = 760.0
LEADING = 14.0
PARAGRAPH = (
    "The Parties will consult together whenever the territorial integrity, political independence or security of any "
    "of them is threatened, and each of them will act to meet the common danger in accordance with its constitutional "
    "processes. Any such attack shall be reported to the Security Council."
)
OTHER = PARAGRAPH.replace("Parties", "Members").replace("attack", "assault")
Draw = Callable[[Canvas, int], object]


def printed(pages: int, draw: Draw) -> bytes:
    """A file of `pages` pages; `draw` is called for each, counted from 1."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for number in range(1, pages + 1):
        canvas.setFont("Helvetica", 10)
        draw(canvas, number)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def column(canvas: Canvas, lines: Sequence[str], *, x: float = 60, top: float = TOP) -> float:
    """Draw lines under each other and return the height of the next."""
    for line in lines:
        canvas.drawString(x, top, line)
        top -= LEADING
    return top


def of(text: str, width: int = 80) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False)


def read(data: bytes, name: str = "pact.pdf") -> Extract:
    found = extract(data, name=name)
    check(found)
    return found


def check(found: Extract) -> None:
    """What holds for every PDF: the text is normal, and the pages together are all of it, in order."""
    assert normalise(found.text) == found.text
    assert [page.number for page in found.pages] == list(range(1, len(found.pages) + 1))
    edges = [0, *(page.end for page in found.pages)]
    assert [page.start for page in found.pages] == edges[:-1]
    assert edges[-1] == len(found.text)


def test_lines_become_paragraphs_and_headings_stay_lines() -> None:
    def draw(canvas: Canvas, _: int) -> None:
        top = column(canvas, ["ARTICLE IV"])
        top = column(canvas, of(PARAGRAPH), top=top - 8)
        top = column(canvas, ["Article 5"], top=top - 8)
        column(canvas, of(OTHER), top=top - 8)

    assert read(printed(1, draw)).text == f"ARTICLE IV\n\n{PARAGRAPH}\n\nArticle 5\n\n{OTHER}"


def test_a_paragraph_that_opens_with_an_indent_is_one() -> None:
    def draw(canvas: Canvas, _: int) -> None:
        top = TOP
        for text in (PARAGRAPH, OTHER, PARAGRAPH):
            first, *rest = of(text)
            column(canvas, [first], x=75, top=top)
            top = column(canvas, rest, top=top - LEADING)

    assert read(printed(1, draw)).text == f"{PARAGRAPH}\n\n{OTHER}\n\n{PARAGRAPH}"


def test_list_items_keep_their_lines() -> None:
    lines = [*of("The Council shall:"), *of(f"(a) {PARAGRAPH}"), *of(f"(b) {OTHER}"), *of(f"(c) {PARAGRAPH}")]
    text = read(printed(1, lambda canvas, _: column(canvas, lines))).text
    assert text == f"The Council shall:\n(a) {PARAGRAPH}\n(b) {OTHER}\n(c) {PARAGRAPH}"


def test_larger_letters_are_a_line_of_their_own() -> None:
    def draw(canvas: Canvas, _: int) -> None:
        canvas.setFont("Helvetica", 16)
        canvas.drawString(60, TOP, "The title of this paper about alliances and partnerships between states and others")
        canvas.setFont("Helvetica", 10)
        column(canvas, of(PARAGRAPH), top=TOP - 18)

    assert read(printed(1, draw)).text.split("\n\n") == [
        "The title of this paper about alliances and partnerships between states and others",
        PARAGRAPH,
    ]


@pytest.mark.parametrize("pages", [3, 4, 9])
def test_running_heads_and_page_numbers_go_and_body_stays(pages: int) -> None:
    def draw(canvas: Canvas, number: int) -> None:
        canvas.drawString(60, 810, f"NATO Handbook, part {(number + 1) // 2}")
        canvas.drawString(280, 30, f"- {number} -")
        canvas.drawString(60, 30, "Restricted")
        column(canvas, [*of(PARAGRAPH), f"Body of page {number} ends with words."])

    found = read(printed(pages, draw))
    assert "Handbook" not in found.text
    assert "Restricted" not in found.text
    assert found.text.count("Body of page") == pages
    assert not any(line.strip("- ").isdigit() for line in found.text.split("\n"))
    assert [f"page {page.number} ends" in page.of(found.text) for page in found.pages] == [True] * pages


def test_articles_that_open_each_page_are_no_running_heads() -> None:
    def draw(canvas: Canvas, number: int) -> None:
        column(canvas, [f"Article {number}", *of(PARAGRAPH)])

    text = read(printed(5, draw)).text
    assert [line for line in text.split("\n") if line.startswith("Article")] == [f"Article {n}" for n in range(1, 6)]


def test_two_pages_lose_their_numbers_and_nothing_else() -> None:
    def draw(canvas: Canvas, number: int) -> None:
        canvas.drawString(60, 810, "Draft of the Pact")
        canvas.drawString(280, 30, f"Page {number} of 2")
        column(canvas, of(PARAGRAPH if number == 1 else OTHER))

    text = read(printed(2, draw)).text
    assert text.count("Draft of the Pact") == 2
    assert "Page" not in text


def test_a_number_that_is_not_the_page_stays() -> None:
    def draw(canvas: Canvas, number: int) -> None:
        column(canvas, [*of(PARAGRAPH), str(1951 - 7 * number)])

    assert read(printed(4, draw)).text.split() == [
        word for number in range(1, 5) for word in [*PARAGRAPH.split(), str(1951 - 7 * number)]
    ]


def test_pages_that_hold_nothing_but_the_same_words_keep_them() -> None:
    text = read(printed(4, lambda canvas, _: canvas.drawString(60, 700, "Hello world"))).text
    assert text.split() == ["Hello", "world"] * 4


def test_a_sentence_runs_on_over_the_page() -> None:
    lines = of(PARAGRAPH)

    def draw(canvas: Canvas, number: int) -> None:
        canvas.drawString(280, 30, str(number))
        column(canvas, lines[:2] if number == 1 else lines[2:])

    found = read(printed(2, draw))
    assert found.text == PARAGRAPH
    assert found.pages[1].of(found.text) == " ".join(lines[2:])


def test_words_broken_at_the_end_of_a_line_are_joined_on_evidence() -> None:
    lines = [
        "The members of the quorbledank shall keep up their close and lasting coopera-",
        "tion in all matters that touch upon the defence of the area, and the self-",
        "defence of any of them is that of all, so that the peace of the quorble-",
        "dank shall rest upon each zyrgo-",
        "blat.",
    ]
    assert read(printed(1, lambda canvas, _: column(canvas, lines))).text == (
        "The members of the quorbledank shall keep up their close and lasting cooperation in all matters that touch "
        "upon the defence of the area, and the self-defence of any of them is that of all, so that the peace of the "
        "quorbledank shall rest upon each zyrgo-blat."
    )


def test_two_columns_drawn_row_by_row_are_read_one_after_the_other() -> None:
    left, right = of(f"{PARAGRAPH} {PARAGRAPH}", 42), of(f"{OTHER} {OTHER}", 42)

    def draw(canvas: Canvas, _: int) -> None:
        canvas.setFont("Helvetica", 16)
        canvas.drawString(60, 800, "A Paper in Two Columns")
        canvas.setFont("Helvetica", 10)
        for row, (before, after) in enumerate(zip(left, right, strict=True)):
            canvas.drawString(60, TOP - LEADING * row, before)
            canvas.drawString(310, TOP - LEADING * row, after)

    words = f"A Paper in Two Columns {PARAGRAPH} {PARAGRAPH} {OTHER} {OTHER}".split()
    assert read(printed(1, draw)).text.split() == words


def test_a_table_is_read_row_by_row() -> None:
    rows = [(f"State number {row}", f"{1940 + row}") for row in range(12)]

    def draw(canvas: Canvas, _: int) -> None:
        for row, (state, year) in enumerate(rows):
            canvas.drawString(60, TOP - LEADING * row, state)
            canvas.drawString(310, TOP - LEADING * row, year)

    assert read(printed(1, draw)).text.split() == " ".join(f"{state} {year}" for state, year in rows).split()


def test_the_title_in_the_properties_is_a_fact_unless_a_program_wrote_it() -> None:
    titles = {}
    for title in ("Security Pact of 1951", "Microsoft Word - pact.doc", "pact", "untitled", "x.indd"):
        buffer = io.BytesIO()
        canvas = Canvas(buffer, pagesize=A4)
        canvas.setTitle(title)
        canvas.drawString(60, TOP, "The Parties agree.")
        canvas.save()
        titles[title] = read(buffer.getvalue()).facts.title
    assert [title for title, found in titles.items() if found] == ["Security Pact of 1951"]


def locked(password: str) -> bytes:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(printed(1, lambda canvas, _: canvas.drawString(60, TOP, "Secret words.")))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_a_file_that_wants_a_password_is_encrypted_and_one_with_an_empty_password_is_read() -> None:
    with pytest.raises(Encrypted, match=r"locked\.pdf: needs a password"):
        extract(locked("open sesame"), name="locked.pdf")
    assert read(locked("")).text == "Secret words."


def picture(canvas: Canvas, _: int) -> None:
    pixel = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    pixel += (
        b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
    )
    canvas.drawImage(ImageReader(io.BytesIO(pixel)), 60, 60, 400, 600)


def test_pages_of_pictures_are_scanned() -> None:
    with pytest.raises(Scanned, match=r"scan\.pdf: no text on 3 pages, pictures only"):
        extract(printed(3, picture), name="scan.pdf")


def test_a_page_without_text_among_others_is_told_and_has_an_empty_place() -> None:
    found = read(
        printed(3, lambda canvas, n: picture(canvas, n) if n == 2 else canvas.drawString(60, TOP, f"Text {n}x."))
    )
    assert [page.of(found.text).strip() for page in found.pages] == ["Text 1x.", "", "Text 3x."]
    assert found.notices == ("no text on 1 of 3 pages, the first is page 2",)


def test_a_truncated_file_is_damaged_and_0_bytes_are_empty() -> None:
    whole = printed(3, lambda canvas, _: column(canvas, of(PARAGRAPH)))
    with pytest.raises(Damaged, match=r"half\.pdf: truncated or broken \(\w+"):
        extract(whole[: len(whole) // 3], name="half.pdf")
    with pytest.raises(Empty, match="0 bytes"):
        extract(b"", name="none.pdf")


def test_pages_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    data = printed(3, lambda canvas, _: column(canvas, of(PARAGRAPH)))
    monkeypatch.setattr(settings, "PAGES", 3)
    assert len(read(data).pages) == 3
    monkeypatch.setattr(settings, "PAGES", 2)
    with pytest.raises(OverLimit, match="3 pages, the limit is 2"):
        extract(data, name="pact.pdf")


def test_characters_are_limited_while_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    data = printed(3, lambda canvas, n: canvas.drawString(60, TOP, f"Text {n}"))
    monkeypatch.setattr(settings, "CHARACTERS", 22)
    assert len(read(data).text) == 22
    monkeypatch.setattr(settings, "CHARACTERS", 17)
    with pytest.raises(OverLimit, match="more than 17 characters, the limit, by page 3 of 3"):
        extract(data, name="pact.pdf")


def test_what_the_library_remarks_is_told_in_a_notice_and_not_printed(capfd: pytest.CaptureFixture[str]) -> None:
    whole = printed(1, lambda canvas, _: canvas.drawString(60, TOP, "The Parties agree."))
    handlers = list(logging.getLogger("pypdf").handlers)
    found = read(whole.replace(b"startxref\n", b"startxref\n9"))
    assert found.text == "The Parties agree."
    assert "remarked" in found.notices[0]
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("pypdf").handlers == handlers


SWEEP = """
import json, signal, sys
from pathlib import Path
from ingest.errors import IngestError
from ingest.read import extract
for path in map(Path, sys.stdin.read().splitlines()):
    signal.alarm(60)
    try:
        extract(path.read_bytes(), name=path.name)
        print("read")
    except IngestError as error:
        print(error.reason)
"""


@pytest.mark.shared
def test_odd_files_are_read_or_refused_with_a_reason_and_nothing_is_printed(shared: Path) -> None:
    paths = sorted(path for path in (shared / "documents" / "pdf").rglob("*.pdf") if path.is_file())[::16]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SWEEP],
        input="\n".join(map(str, paths)),
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert (done.returncode, done.stderr) == (0, "")
    outcomes = done.stdout.split("\n")[:-1]
    assert len(outcomes) == len(paths) > 50
    assert set(outcomes) <= {"read", "scanned", "encrypted", "damaged", "empty"}
    assert outcomes.count("read") > 0.5 * len(paths)


@pytest.mark.shared
def test_columns_of_a_real_paper_come_in_order(shared: Path) -> None:
    path = shared / "documents" / "pdf" / "pdfminer" / "samples" / "nonfree" / "naacl06-shinyama.pdf"
    found = extract(path.read_bytes(), name=path.name)
    check(found)
    wanted = [
        "Preemptive Information Extraction",
        "specify articles and adjust its patterns",
        "An IE task can be defined as finding a relation",
        "The key idea is to cluster a set of articles",
    ]
    places = [found.text.find(words) for words in wanted]
    assert -1 not in places
    assert places == sorted(places)


def test_a_broken_page_costs_that_page_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    data = printed(3, lambda canvas, n: canvas.drawString(60, TOP, f"Page {n} says this."))
    whole = PdfReader(io.BytesIO(data))
    writer = PdfWriter()
    writer.append(whole)
    writer.pages[1][NameObject("/Contents")] = ArrayObject([NumberObject(7)])
    buffer = io.BytesIO()
    writer.write(buffer)
    found = read(buffer.getvalue())
    assert "Page 1 says" in found.text
    assert "Page 3 says" in found.text
    assert any("page 2" in notice for notice in found.notices)


def test_an_error_is_one_line() -> None:
    with pytest.raises(IngestError) as caught:
        extract(b"%PDF-1.4\n" + b"garbage\n" * 20, name="bad.pdf")
    assert "\n" not in str(caught.value)
