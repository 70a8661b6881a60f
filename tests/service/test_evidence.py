"""Evidence: spans of the passages found, measured and ordered; and what of them is quoted."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from index.add import add
from index.encoder import load_encoder
from index.library import Library
from ingest.document import Document, Span, Trust
from ingest.pinpoints import sections
from service import evidence, scoring
from service.answer import Question
from service.ask import Asker, open_asker
from service.evidence import MEASURED, fits
from service.question import Kind
from service.quotation import ITEMS_MOST, _whole
from service.settings import Settings

pytestmark = pytest.mark.model

QUESTIONS = [
    "Is an attack on one Party an attack on both?",
    "When was the Treaty of Strelsau signed?",
    "how often does the committee meet",
    "What is the price of gold?",
]
LIST = """Article 5

Each Party shall have the right:

(a) to a prompt trial;

(b) to an interpreter; and

(c) to be told of the charge.

Article 6

No reservation is allowed.
"""


@pytest.mark.parametrize("question", QUESTIONS)
def test_spans_stand_in_their_passages_best_first(asker: Asker, question):
    judgement = asker.judge(Question(text=question))
    assert 0 < len(judgement.ranked) <= MEASURED
    first, *others = [scoring.logit(found.score) for found in judgement.ranked]
    assert others == sorted(others, reverse=True)
    assert first >= others[0] - evidence.ALIKE
    for found in judgement.ranked:
        text = asker.library.text(found.document_id)
        assert found.hit.passage.start <= found.span.start < found.span.end <= found.hit.passage.end
        assert found.text == found.span.of(text)
        assert 0 <= found.score <= 1
        assert sum(found.says) == pytest.approx(1)


def test_the_same_question_is_measured_the_same_to_the_bit(asker: Asker):
    one, other = (asker.judge(Question(text=QUESTIONS[0])).ranked for _ in range(2))
    assert [asdict(found.features) for found in one] == [asdict(found.features) for found in other]


def test_what_a_question_names_and_a_span_lacks_counts_against_it(asker: Asker):
    about = asker.judge(Question(text="When did Lutha join the Treaty of Strelsau?"))
    assert all(found.features.strangers == 1 for found in about.ranked)
    assert scoring.answer_score(about.ranked) < scoring.answer_score(
        asker.judge(Question(text="When was the Treaty of Strelsau signed?")).ranked
    )


def test_no_more_passages_are_read_than_a_person_would_wait_for(asker: Asker, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(evidence, "READ", 1)
    judgement = asker.judge(Question(text=QUESTIONS[0]))
    assert len(judgement.hits) > 1
    assert {found.hit for found in judgement.ranked} == {judgement.hits[0]}


def test_of_evidence_that_is_as_good_the_fuller_goes_first(asker: Asker):
    ranked = list(asker.judge(Question(text=QUESTIONS[0])).ranked)
    short = replace(ranked[0], text="Short.", score=0.9)
    full = replace(ranked[0], text="A sentence that says more.", score=0.8999)
    worse = replace(ranked[0], text="A much longer sentence that is not as good.", score=0.8)
    assert evidence.fuller_first([short, full, worse]) == [full, short, worse]
    assert evidence.fuller_first([]) == []


def test_a_sentence_that_says_nothing_by_itself_is_no_evidence(tmp_path: Path):
    (tmp_path / "pact.md").write_text(
        "# Pact\n\nThe pact was to last for ever. That never happened. It ended in 1991.\n"
    )
    with Library.open(tmp_path / "library", create=True) as library:
        add(library, [tmp_path / "pact.md"], encoder=load_encoder())
    with open_asker(Settings(library=tmp_path / "library"), notice=pytest.fail) as asker:
        texts = {found.text for found in asker.judge(Question(text="Did the pact last for ever?")).ranked}
    assert "The pact was to last for ever." in texts
    assert "That never happened." not in texts


def test_no_evidence_scores_nothing():
    assert scoring.answer_score([]) == 0


@pytest.mark.parametrize(
    ("kind", "text", "held"),
    [
        (Kind.WHEN, "It was signed on 1 September 1951.", 1),
        (Kind.WHEN, "It was signed on the 3rd of May 1951.", 1),
        (Kind.WHEN, "It was signed on the 1st day of September 1951.", 1),
        (Kind.WHEN, "It was signed on September 2nd 1951.", 1),
        (Kind.WHEN, "It was signed in 1951.", 0.5),
        (Kind.WHEN, "It was signed by the ministers.", 0),
        (Kind.AMOUNT, "one year after notice", 1),
        (Kind.AMOUNT, "after due notice", 0),
        (Kind.WHERE, "signed at Strelsau", 1),
        (Kind.DEFINITION, "The Strelsau Force (STREF) was a force of two nations.", 1),
        (Kind.DEFINITION, 'The term "vessel" shall mean a ship of the Parties.', 1),
        (Kind.DEFINITION, "The word vessel denotes a ship.", 1),
        (Kind.DEFINITION, "The Strelsau Pact is also known as the Pact of Kings.", 1),
        (Kind.DEFINITION, "The force is called the Blue Watch.", 1),
        (Kind.DEFINITION, "The treaty was signed in Strelsau.", 0),
        (Kind.DEFINITION, "The treaty was finally signed in Strelsau and is a success.", 0),
        (Kind.DEFINITION, "The conference was held in Klow.", 0),
        (Kind.DEFINITION, "In 1951 ministers, who had met twice, were sent home.", 0),
        (Kind.OTHER, "anything", 1),
    ],
)
def test_an_answer_has_the_shape_that_is_asked_for(kind, text, held):
    assert fits(kind, text) == held


@pytest.fixture
def listed() -> Document:
    return Document(text=LIST, format="text", title="List", trust=Trust.UNKNOWN, sections=sections(LIST))


def place(words: str) -> Span:
    start = LIST.index(words)
    return Span(start=start, end=start + len(words))


def test_an_item_is_quoted_with_the_words_that_introduce_it(listed):
    (span,) = _whole(listed, place("(b) to an interpreter; and"), all_items=False)
    assert span.of(LIST).startswith("Each Party shall have the right:")
    assert span.of(LIST).endswith("(b) to an interpreter; and")


@pytest.mark.parametrize("words", ["(b) to an interpreter; and", "Each Party shall have the right:"])
def test_a_question_for_a_list_gets_all_of_it(listed, words):
    (span,) = _whole(listed, place(words), all_items=True)
    assert "(a)" in span.of(LIST)
    assert span.of(LIST).endswith("(c) to be told of the charge.")


def test_a_sentence_that_is_no_item_stays_alone(listed):
    sentence = place("No reservation is allowed.")
    assert _whole(listed, sentence, all_items=True) == [sentence]


def test_a_long_list_is_cut_at_the_limit():
    text = "The Parties shall have these rights:\n\n" + "\n\n".join(
        f"({n}) the right number {n} of many;" for n in range(1, 40)
    )
    document = Document(text=text, format="text", title="Long", trust=Trust.UNKNOWN, sections=sections(text))
    lead = Span(start=0, end=text.index("\n"))
    assert len(_whole(document, lead, all_items=True)) == 1 + ITEMS_MOST
