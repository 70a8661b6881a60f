from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ingest import settings
from ingest.document import Heading, Section
from ingest.errors import OverLimit
from ingest.pinpoints import Tree, breadcrumb, pinpoint, sections

from .texts import dirty_texts

BODY = "The Parties agree that an attack on one of them shall be met by all the others together."


def labels(text: str, headings: tuple[Heading, ...] = ()) -> list[str]:
    return [section.label for section in sections(text, headings)]


def marked(*parts: tuple[int, str]) -> tuple[str, tuple[Heading, ...]]:
    """A text and its headings: `(2, "Scope")` is a heading of level 2, `(0, …)` running text."""
    text, headings = "", []
    for level, words in parts:
        if level:
            headings.append(Heading(start=len(text), end=len(text) + len(words), level=level))
        text += words + "\n\n"
    return text.strip(), tuple(headings)


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("Article 5", "Article 5"),
        ("ARTICLE IV.", "Article IV"),
        ("Art. 5", "Article 5"),
        ("Article II:  Defense and Security", "Article II"),
        ("Article 5 – Collective Defence", "Article 5"),
        ("§ 3302. Definitions", "§ 3302"),
        ("Clause 13", "Clause 13"),
        ("Section 4. Short Title", "Section 4"),
        ("Sec. 4. Short Title", "Section 4"),
        ("CHAPTER VIII", "Chapter VIII"),
        ("Part II", "Part II"),
        ("Annex I", "Annex I"),
        ("ANNEX A: Maps", "Annex A"),
        ("Protocol", "Protocol"),
        ("PREAMBLE", "Preamble"),
        ("Artikel 9 bis", "Artikel 9 bis"),
        ("Enig artikel", "Enig artikel"),
        ("HOOFDSTUK II", "Hoofdstuk II"),
        ("Artículo 3º", "Artículo 3º"),
        ("Article premier", "Article premier"),
        ("Chapter One: Aims", "Chapter One"),
    ],
)
def test_a_numbered_line_is_named_as_a_reader_names_it(line: str, label: str) -> None:
    assert labels(f"{line}\n\n{BODY}") == [label]
    assert labels(*marked((3, line), (0, BODY))) == [label]


def test_a_title_on_the_next_line_belongs_to_the_heading() -> None:
    text = f"CHAPTER VII\n\nACTION WITH RESPECT TO THREATS\n\nArticle 42\nMeasures by force\n\n{BODY}"
    chapter, article = sections(text)
    assert (chapter.heading, article.heading) == (
        "CHAPTER VII ACTION WITH RESPECT TO THREATS",
        "Article 42 Measures by force",
    )
    place = text.index("attack")
    assert breadcrumb((chapter, article), place, place + 6) == (
        "Chapter VII: ACTION WITH RESPECT TO THREATS › Article 42: Measures by force"
    )


def test_the_text_may_go_on_behind_the_number() -> None:
    text = f"ARTICLE I {BODY}\n\nARTICLE II {BODY}\n\nARTICLE III. {BODY}\n\nArt. 4. (1) {BODY}"
    found = sections(text)
    assert [section.label for section in found] == [
        "Article I",
        "Article II",
        "Article III",
        "Article 4",
        "Article 4(1)",
    ]
    assert found[0].heading == "ARTICLE I"


REFERENCES = [
    "This is done in accordance with\nArticle 51 of the Charter, which permits it.",
    "This is done in accordance with\nArticle 51\nof the Charter, which permits it.",
    "They act under Article 5. They report under Article 51 of the Charter.",
    "Article 51 of the Charter permits it, and they acted upon it without delay.",
    "Article 5 states that an attack on one is an attack on all of the parties.",
    "Article 51, paragraph 2, shall not be applied to them before that time.",
    "It says so in Chapter\nVII of the Charter and in Part II of the statute.",
    "Section 4 of the act was repealed, and Annex I to the treaty was not.",
    "See\nArticle 51. It permits the use of force in their own defence.",
    "§ 3302 of title 22 says otherwise, as do §§ 3303 and 3304 of the same.",
    "as mentioned in paragraph\n(a) above, and in paragraph\n(b) below it",
]


@pytest.mark.parametrize("text", REFERENCES)
def test_a_reference_is_never_a_section(text: str) -> None:
    assert labels(text) == []
    assert labels(f"Article 1\n\n{BODY}\n\n{text}\n\nArticle 2\n\n{BODY}") == ["Article 1", "Article 2"]


@given(
    st.sampled_from(["Article", "Art.", "Chapter", "Section", "Annex", "§", "Clause"]),
    st.sampled_from(["51", "IV", "7", "VII", "2"]),
    st.sampled_from(["of the Charter", ", paragraph 3,", "and the next", "provides that", "(1) of it"]),
    st.sampled_from([" ", "\n"]),
    st.sampled_from([" ", "\n"]),
)
def test_a_wrapped_reference_is_never_a_section(word: str, number: str, rest: str, before: str, between: str) -> None:
    text = f"The Parties act at all times in accordance with{before}{word}{between}{number} {rest} as they have agreed."
    assert labels(text) == []


PARAGRAPHS = """Article 7

1. Subject to this article:

(a) the first shall act;

(b) the second shall report:

(i) at once;

(ii) in writing.

2. (a) Both shall meet.

(b) Both shall vote.

3. The end."""


def test_paragraphs_nest_by_kind_and_sequence() -> None:
    assert labels(PARAGRAPHS) == [
        "Article 7", "Article 7(1)", "Article 7(1)(a)", "Article 7(1)(b)", "Article 7(1)(b)(i)", "Article 7(1)(b)(ii)",
        "Article 7(2)", "Article 7(2)(a)", "Article 7(2)(b)", "Article 7(3)",
    ]  # fmt: skip


def test_i_after_h_is_a_letter_and_before_ii_a_number() -> None:
    letters = "\n".join(f"({letter}) {letter * 5};" for letter in "abcdefghij")
    assert labels(f"Article 1\n{letters}")[-2:] == ["Article 1(i)", "Article 1(j)"]
    roman = "\n".join(f"({letter}) {letter * 5};" for letter in "abcdefgh") + "\n(i) one;\n(ii) two;"
    assert labels(f"Article 1\n{roman}")[-2:] == ["Article 1(h)(i)", "Article 1(h)(ii)"]


def test_marks_of_every_spelling() -> None:
    assert labels("Article 6\na). One.\nb). Two.") == ["Article 6", "Article 6(a)", "Article 6(b)"]
    assert labels("Article 6\n1.One.\n2.Two.") == ["Article 6", "Article 6(1)", "Article 6(2)"]
    assert labels("Article 6\n6.1 One.\n6.2 Two.") == ["Article 6", "Article 6.1", "Article 6.2"]
    assert labels("Artikel 1\ni. Een.\na. Twee.\nb. Drie.\nii. Vier.")[1:] == [
        "Artikel 1(i)", "Artikel 1(i)(a)", "Artikel 1(i)(b)", "Artikel 1(ii)"
    ]  # fmt: skip


def test_marks_out_of_sequence_are_no_paragraphs() -> None:
    assert labels(f"Article 1\n{BODY}\n7. This is not the seventh.\n(q) Nor is this one.\nU.S. forces left.") == [
        "Article 1"
    ]


def test_the_first_paragraph_may_lack_its_number() -> None:
    assert labels(f"Article 1\n{BODY}\n2. {BODY}\n3. {BODY}") == ["Article 1", "Article 1(2)", "Article 1(3)"]


def test_headings_without_a_number_are_paths() -> None:
    text, headings = marked(
        (1, "The Pact"), (0, BODY), (2, "Foundations"), (0, BODY), (3, "Scope"), (0, BODY), (2, "End")
    )
    assert labels(text, headings) == ["Foundations", "Foundations › Scope", "End"]


def test_an_article_in_a_chapter_has_its_plain_name() -> None:
    text, headings = marked(
        (1, "Charter"), (2, "Chapter I"), (3, "Article 1"), (0, BODY), (2, "Chapter II"), (3, "Article 2"), (0, BODY)
    )
    assert labels(text, headings) == ["Chapter I", "Article 1", "Chapter II", "Article 2"]


def test_numbers_that_start_again_in_each_chapter_are_told_apart() -> None:
    text, headings = marked(
        (2, "Chapter I"), (3, "Article 1"), (0, BODY), (2, "Chapter II"), (3, "Article 1"), (0, BODY)
    )
    assert labels(text, headings) == ["Chapter I", "Chapter I › Article 1", "Chapter II", "Chapter II › Article 1"]


def test_an_annex_with_articles_of_its_own_is_named_with_them() -> None:
    text = f"Article 1\n\n{BODY}\n\nArticle 2\n\n{BODY}\n\nAnnex I\n\nArticle 1\n\n{BODY}\n\nArticle 2\n\n(a) {BODY}"
    assert labels(text) == [
        "Article 1", "Article 2", "Annex I", "Annex I › Article 1", "Annex I › Article 2", "Annex I › Article 2(a)",
    ]  # fmt: skip


STATUTE = "Statute of the International Court of Justice"


@pytest.mark.parametrize("as_headings", [True, False])
def test_a_statute_behind_a_charter_is_told_apart(as_headings: bool) -> None:
    parts = [(4, "Charter of the United Nations"), (0, BODY), (3, "Article 1"), (0, BODY), (3, "Article 2"), (0, BODY),
             (4, STATUTE), (3, "Article 1"), (0, BODY), (3, "Article 2"), (0, BODY)]  # fmt: skip
    text, headings = marked(*parts)
    found = labels(text, headings if as_headings else ())
    assert found[-3:] == [STATUTE, f"{STATUTE} › Article 1", f"{STATUTE} › Article 2"]
    assert {"Article 1", "Article 2"} <= set(found)


def test_levels_that_do_not_hold_are_not_followed() -> None:
    text, headings = marked(
        (2, "Handvest"), (4, "Charter of the United Nations"), (3, "CHAPTER IV"), (4, "The General Assembly"),
        (4, "Composition"), (3, "Article 9"), (0, BODY), (4, "Powers"), (3, "Article 10"), (0, BODY),
    )  # fmt: skip
    found = sections(text, headings)
    assert [(section.label, section.level) for section in found[2:]] == [
        ("Chapter IV", 1), ("Chapter IV › Composition", 2), ("Article 9", 3), ("Chapter IV › Powers", 2),
        ("Article 10", 3),
    ]  # fmt: skip
    place = text.rindex("attack")
    assert breadcrumb(found, place, place + 1).endswith("Chapter IV: The General Assembly › Powers › Article 10")


def test_preamble_closing_words_and_notes_are_no_article() -> None:
    text = (
        f"The Parties to this Treaty, desiring peace, have agreed as follows:\n\nArticle 1\n\n{BODY}[1]\n\n"
        "IN WITNESS WHEREOF the undersigned have signed.\n\nDONE at Washington.\n\n1 The draft said otherwise."
    )
    assert labels(text) == ["Preamble", "Article 1", "Closing clause", "Notes"]


def test_a_section_of_a_constitution_stands_below_its_article() -> None:
    text = "\n\n".join(
        f"{article}\n\nSection 1\n\n{BODY}\n\nSection 2\n\n{BODY}" for article in ("Article I", "Article II")
    )
    assert labels(text) == [
        "Article I", "Article I › Section 1", "Article I › Section 2",
        "Article II", "Article II › Section 1", "Article II › Section 2",
    ]  # fmt: skip


def test_a_table_of_contents_is_no_structure() -> None:
    contents = "Article 1 Aims ...... 3\nArticle 2 Means ...... 4"
    body = f"Article 1 Aims\n\n{BODY}\n\nArticle 2 Means\n\n{BODY}"
    assert labels(f"{contents}\n\n{body}") == ["Article 1", "Article 2"]
    assert labels(f"Article 1\nArticle 2\n\n{body}") == ["Article 1", "Article 2"]


LONG = "Military alliances are formal agreements between nations for mutual defense against threats from outside. " * 2


def test_headings_without_marks_in_plain_text() -> None:
    items = "Key challenges include:\n\n  1. Political divergence among members\n  2. Unequal burdens"
    title, sub = "A Title of the Whole Page", "Deterrence and crisis management"
    text = "\n\n".join([title, LONG, "Major Alliances", LONG, sub, LONG, items, LONG, "The Outlook", LONG])
    assert labels(text) == ["Major Alliances", "Major Alliances › Deterrence and crisis management", "The Outlook"]


def test_headings_without_blank_lines_in_plain_text() -> None:
    assert labels(f"{LONG}\nMembership Coverage\n{LONG}\nFormality Level\n{LONG}") == [
        "Membership Coverage",
        "Formality Level",
    ]


@pytest.mark.parametrize(
    "line",
    ["By Jane Smith", "12 July 1951", "Washington, 12 July 1951", "Key measures include:", "They agreed at once.",
     "- An item", "DONE at Washington", "see below", "***", "2024", "and so on", "(Signed) Percy Spender"],
)  # fmt: skip
def test_short_lines_that_are_no_headings(line: str) -> None:
    assert labels(f"{LONG}\n\n{line}\n\n{LONG}\n\nA Real Heading\n\n{LONG}") == ["A Real Heading"]


def test_wrapped_prose_has_no_headings() -> None:
    wrapped = "\n".join(LONG[start : start + 60] for start in range(0, len(LONG), 60))
    assert labels(f"{wrapped}\n{wrapped}\n\n{wrapped}") == []


def is_tree(text: str, found: tuple[Section, ...]) -> bool:
    """Whether sections are in reading order, nest, never cross, and each begins with its heading."""
    for one, other in pairwise(found):
        if (one.start, -one.end) > (other.start, -other.end) or one.start == other.start:
            return False
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            if other.start < one.end < other.end or (other.start < one.end and other.level <= one.level):
                return False
    plain = [re.sub(r"\s+", " ", section.of(text)) for section in found]
    return all(words.startswith(section.heading) and words.strip() for words, section in zip(plain, found, strict=True))


@given(dirty_texts(), st.data())
@hypothesis_settings(max_examples=200, deadline=None)
def test_sections_are_a_tree_for_any_text(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(place, min(len(text), place + 30)))
    headings = (Heading(start=place, end=end, level=data.draw(st.integers(1, 6))),)
    for found in (sections(text), sections(text, headings)):
        assert is_tree(text, found)
        assert all(section.label for section in found)


@given(dirty_texts(), st.data())
@hypothesis_settings(max_examples=100, deadline=None)
def test_the_pinpoint_is_the_deepest_section_that_holds_all(text: str, data: st.DataObject) -> None:
    found = sections(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    inside = [section for section in found if section.start <= start and end <= section.end]
    assert Tree(found).holding(start, end) == inside
    assert pinpoint(found, start, end) == (inside[-1].label if inside else "")
    assert len(breadcrumb(found, start, end).replace("›", "").split()) <= 20


def test_the_limit_of_sections_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n\n".join(f"Article {number}\n\n{BODY}" for number in range(1, 5))
    monkeypatch.setattr(settings, "SECTIONS", 4)
    assert len(sections(text)) == 4
    monkeypatch.setattr(settings, "SECTIONS", 3)
    with pytest.raises(OverLimit, match=r"4 headings .* limit is 3"):
        sections(text)


@pytest.mark.parametrize(
    "piece", ["Article 1\n", "(a) x\n", "\n\nA Heading\n\n", "(", "Article ", "1. ", "CHAPTER I\n\n", "§ 1\n"]
)
def test_endless_repetition_ends(piece: str) -> None:
    text = piece * (40_000 // len(piece))
    assert is_tree(text, sections(text)[:300])
