from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

from ingest.document import Document, Extract, Facts, Heading, Trust
from ingest.pinpoints import pinpoint
from ingest.read import read
from ingest.structure import build, main_language, readable

ENGLISH = (
    "The Parties agree that an attack on one of them shall be met by all, and that each will assist the others. " * 4
)
DUTCH = (
    "De partijen zijn overeengekomen dat een aanval op een van hen door allen zal worden beantwoord met geweld. " * 4
)


def built(text: str, *, name: str = "some_file-1951.txt", **fields: object) -> Document:
    return build(Extract(text=text, format="text", **fields), name=name)  # type: ignore[arg-type]  # fields of Extract


def with_headings(*lines: str, body: str = ENGLISH) -> dict[str, object]:
    text = ""
    headings: list[Heading] = []
    for line in lines:
        headings.append(Heading(start=len(text), end=len(text) + len(line), level=len(headings) + 1))
        text += line + "\n\n"
    return {"text": text + body, "headings": tuple(headings)}


def test_the_title_is_what_the_file_states_without_its_footnote_marks() -> None:
    assert built(ENGLISH, facts=Facts(title="Draft Security Treaty[1]")).title == "Draft Security Treaty"


@pytest.mark.parametrize("bad", ["", " ", "untitled", "Microsoft Word - a.doc", "scan0001.pdf", "12-34", "x" * 300])
def test_a_bad_title_gives_way_to_the_first_heading(bad: str) -> None:
    assert built(**with_headings("A Treaty of Peace"), facts=Facts(title=bad)).title == "A Treaty of Peace"  # type: ignore[arg-type]


def test_a_heading_in_another_language_is_no_title() -> None:
    fields = with_headings("Noord-Atlantisch Verdrag", "NORTH ATLANTIC TREATY")
    assert built(**fields).title == "NORTH ATLANTIC TREATY"  # type: ignore[arg-type]
    fields = with_headings("Noord-Atlantisch Verdrag", "NORTH ATLANTIC TREATY", body=DUTCH)
    assert built(**fields).title == "Noord-Atlantisch Verdrag"  # type: ignore[arg-type]


def test_a_number_is_no_title() -> None:
    assert built(**with_headings("Article 1")).title == "Some file 1951"  # type: ignore[arg-type]


def test_a_short_first_line_is_a_title_and_a_sentence_is_not() -> None:
    assert built(f"Alliances and Partners\n\n{ENGLISH}").title == "Alliances and Partners"
    assert built(f"This is a sentence.\n\n{ENGLISH}").title == "Some file 1951"
    assert built(ENGLISH).title == "Some file 1951"


def test_a_file_name_is_made_readable() -> None:
    assert readable("folder/anzus_treaty-1951.md") == "Anzus treaty 1951"
    assert readable("___") == "___"


def test_trust_is_stated_or_generated_or_unknown() -> None:
    assert built(ENGLISH, facts=Facts(trust=Trust.PRIMARY), generated=True).trust is Trust.PRIMARY
    assert built(ENGLISH, generated=True).trust is Trust.GENERATED
    assert built(ENGLISH).trust is Trust.UNKNOWN


def test_the_language_printed_first_counts_if_a_quarter_of_the_text_is_in_it() -> None:
    assert main_language(ENGLISH * 5 + DUTCH * 6) == "en"
    assert main_language(DUTCH * 6 + ENGLISH * 5) == "nl"
    assert main_language(ENGLISH * 3 + DUTCH * 40) == "nl"
    assert main_language("") is None


ARTICLES = {  # English and Dutch articles of the treaty itself, as printed
    "anzus_1951": (11, 0),
    "anzus_canberra_draft_1951-02-17": (11, 0),
    "nato_accession_albania_2008": (3, 3),
    "nato_accession_germany_1954": (3, 3),
    "nato_accession_greece_turkey_1951": (3, 4),
    "nato_accession_poland_1997": (3, 3),
    "nato_accession_romania_2003": (3, 0),
    "nato_accession_spain_1981": (3, 3),
    "nato_security_of_information_1997": (9, 9),
    "nato_sofa_1951": (20, 20),
    "nato_technical_information_1970": (9, 9),
    "nl_us_mutual_defense_assistance_1950_nl": (0, 6),
    "north_atlantic_treaty_1949": (14, 14),
    "npt_1968": (11, 11),
    "teu_consolidated_nl": (0, 55),
    "tlatelolco_1967": (31, 31),
    "un_charter_1945_nlregistry": (111, 111),
}


@cache
def treaty(folder: Path, name: str) -> Document:
    path = folder / "treaties" / f"{name}.md"
    return read(path.read_bytes(), name=path.name)


@pytest.mark.shared
@pytest.mark.parametrize("name", ARTICLES)
def test_all_articles_of_real_treaties_are_found(shared: Path, name: str) -> None:
    own = [section.label for section in treaty(shared, name).sections if section.atomic and "›" not in section.label]
    assert len(own) == len(set(own))
    assert (sum(label.startswith("Article ") for label in own), sum(label.startswith("Artikel ") for label in own)) == (
        ARTICLES[name]
    )


@pytest.mark.shared
def test_titles_and_languages_of_real_treaties(shared: Path) -> None:
    found = {name: (treaty(shared, name).title, treaty(shared, name).language) for name in ARTICLES}
    assert found["north_atlantic_treaty_1949"] == ("NORTH ATLANTIC TREATY", "en")
    assert found["un_charter_1945_nlregistry"] == ("Charter of the United Nations", "en")
    assert found["npt_1968"] == ("Treaty on the Non-Proliferation of Nuclear Weapons", "en")
    assert found["teu_consolidated_nl"] == ("Verdrag betreffende de Europese Unie", "nl")
    title = "Draft Security Treaty Between Australia, New Zealand and the United States"
    assert found["anzus_1951"] == (title, "en")


@pytest.mark.shared
def test_the_languages_of_the_two_halves_are_told_apart(shared: Path) -> None:
    for section in treaty(shared, "north_atlantic_treaty_1949").sections:
        if section.atomic:
            assert section.language == ("en" if section.label.startswith("Article") else "nl")


PLAIN = str.maketrans("“”„‘’", '"""\'\'')


def bare(words: str) -> str:
    """Without white space, markup and link targets, quotation marks all alike."""
    words = re.sub(r"<[^>]+>|\]\([^)]*\)", "", words)
    return re.sub(r"[\s*_\[\]]+", "", words).translate(PLAIN)


@cache
def letters(text: str) -> tuple[str, list[int]]:
    """The letters of `text` without white space and markup, and where each stands."""
    places = [place for place, letter in enumerate(text) if not letter.isspace() and letter not in "*_[]"]
    return "".join(text[place] for place in places).translate(PLAIN), places


def place_of(text: str, quote: str) -> tuple[int, int] | None:
    spoken, places = letters(text)
    start = spoken.find(bare(quote))
    return None if start < 0 else (places[start], places[start + len(bare(quote)) - 1] + 1)


@pytest.mark.shared
def test_gold_quotations_stand_in_the_article_that_people_name(shared: Path) -> None:
    rows = [json.loads(line) for line in (shared / "questions" / "dev_treaties.jsonl").read_text().splitlines()]
    named = [(row, quote) for row in rows if row.get("pinpoint") for quote in row["gold"]]
    wrong = [(row["id"], quote[:40]) for row, quote in named if not stands_in(shared, row, quote)]
    assert len(named) == 60
    assert wrong == []


def stands_in(folder: Path, row: dict[str, list[str] | str], quote: str) -> bool:
    """Whether a document of the row holds the quotation below its pinpoint."""
    for name in row["doc"]:
        document = treaty(folder, name)
        place = place_of(document.text, quote)
        if place and re.match(rf"{row['pinpoint']}\b", pinpoint(document.sections, *place)):
            return True
    return False
