"""The documents that ship: whole, described, linked with one another, and the PDFs made from their sources."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from ingest.sources import walk

CORPUS = Path(__file__).parent.parent / "corpus"
SUFFIXES = (".md", ".pdf", ".html")
DOCUMENTS = sorted(path for path in CORPUS.iterdir() if path.suffix in SUFFIXES and path.name != "README.md")
MARKDOWN = [path for path in DOCUMENTS if path.suffix == ".md"]
LISTS = ("aliases", "parties", "sources")
DATES = ("signed", "in_force", "ended")
KEYS = {"title", "trust", "summary", *LISTS, *DATES}
ROW = re.compile(r"^\| `([^`]+)` \| .+ \| .+ \|$", re.MULTILINE)
LINK = re.compile(r"\]\(([^()\s]+)\)")


def front_matter(path: Path) -> dict[str, Any]:
    opening, front, _ = path.read_text(encoding="utf-8").split("---\n", 2)
    assert opening == ""
    front_matter: dict[str, Any] = yaml.safe_load(front)
    return front_matter


def body(path: Path) -> str:
    return path.read_text(encoding="utf-8").split("---\n", 2)[2]


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: path.stem)
def test_front_matter_is_valid(path: Path) -> None:
    front = front_matter(path)
    assert front.keys() <= KEYS
    assert front["trust"] in {"primary", "secondary"}
    for key in ("title", "summary"):
        assert front[key].strip() == front[key] != ""
    assert "\n" not in front["summary"].strip()
    for key in LISTS:
        assert all(isinstance(item, str) and item.strip() for item in front.get(key, []))
    assert front["aliases"]
    assert front["sources"]


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: path.stem)
def test_dates_are_dates_and_in_order(path: Path) -> None:
    front = front_matter(path)
    dates = [date.fromisoformat(str(front[key])) for key in DATES if key in front]
    assert dates == sorted(dates)


def test_no_name_of_a_document_means_another_one() -> None:
    owner: dict[str, str] = {}
    for path in MARKDOWN:
        front = front_matter(path)
        for name in {alias.casefold() for alias in [front["title"], *front["aliases"]]}:
            assert owner.setdefault(name, path.name) == path.name, name


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: path.stem)
def test_a_document_begins_with_one_title_and_has_sections(path: Path) -> None:
    lines = body(path).strip().splitlines()
    assert lines[0].startswith("# ")
    assert sum(line.startswith("## ") for line in lines) >= 4


def test_the_readme_lists_exactly_what_is_there() -> None:
    listed = ROW.findall((CORPUS / "README.md").read_text(encoding="utf-8"))
    assert listed == [path.name for path in DOCUMENTS]


@pytest.mark.parametrize("path", [*MARKDOWN, CORPUS / "README.md"], ids=lambda path: path.stem)
def test_links_between_documents_resolve(path: Path) -> None:
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        assert urlsplit(target).scheme or (path.parent / target).is_file(), target


def test_document_ids_are_unique_over_formats() -> None:
    assert len({path.stem for path in DOCUMENTS}) == len(DOCUMENTS)


def test_every_pdf_has_a_source() -> None:
    sources = {path.stem for path in (CORPUS / "sources").glob("*.md")}
    assert sources == {path.stem for path in DOCUMENTS if path.suffix == ".pdf"}


def test_pdfs_are_what_their_sources_make(tmp_path: Path) -> None:
    pytest.importorskip("reportlab", reason="reportlab makes the PDF documents: pip install -e '.[test]'")
    from corpus.make_pdf import make_all

    for made in make_all(tmp_path):
        assert made.read_bytes() == (CORPUS / made.name).read_bytes(), f"run python -m corpus.make_pdf: {made.name}"


def test_pdfs_look_printed() -> None:
    """Several pages, each with running head and number; a word divided at a line end; title and aliases as metadata."""
    from pypdf import PdfReader

    for path in (path for path in DOCUMENTS if path.suffix == ".pdf"):
        reader = PdfReader(path)
        pages = [page.extract_text().splitlines() for page in reader.pages]
        assert len(pages) >= 3
        assert len({lines[0] for lines in pages}) == 1
        assert [lines[1] for lines in pages] == [str(number) for number in range(1, len(pages) + 1)]
        assert any(re.search(r"[a-z]-$", line) for lines in pages for line in lines)
        assert reader.metadata is not None
        assert reader.metadata.title
        assert (reader.metadata.get("/Keywords") or "").startswith("aliases: ")


def test_ingestion_meets_the_documents_and_nothing_else() -> None:
    assert sorted(source.path for source in walk([CORPUS])) == DOCUMENTS
