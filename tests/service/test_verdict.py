"""Yes, no or mixed: which clause decides, and what the reader makes of it."""

from __future__ import annotations

import numpy as np
import pytest

from index.hit import Hit
from index.reader import COLUMNS, MIXED, NO, YES, Excerpt, OnnxReader
from ingest.document import Passage, Span
from service.answer import Stance, Verdict
from service.candidate import Candidate, Features, Says
from service.evidence import probabilities
from service.question import read
from service.terms import stems
from service.verdict import asks_for_duty, decide, deciding_clause, lean

# None of them is looked at.
NOTHING = Features(meaning=0, vector=0, passage=0, type=1, strangers=0, place=0.5, reader=0, mixed=0)
UNSURE = (0.3, 0.3, 0.3, 0.1)


class Fixed:
    """A reader that says the same of everything."""

    id = "fixed"

    def __init__(self, column: int) -> None:
        self.column = column

    def read(self, question, excerpts):
        row = np.full(COLUMNS, -3, np.float32)
        row[self.column] = 3
        return [np.tile(row, (len(excerpt.spans), 1)) for excerpt in excerpts]


@pytest.fixture(scope="module")
def reader() -> OnnxReader:
    return OnnxReader()


def candidate(text: str, says: Says = UNSURE) -> Candidate:
    passage = Passage(start=0, end=len(text), pinpoint="", section="")
    hit = Hit(rank=1, score=1.0, passage_id=1, document_id="d", title="Treaty of Strelsau", passage=passage, text=text)
    span = Span(start=0, end=len(text))
    return Candidate(hit=hit, span=span, text=text, features=NOTHING, says=says, score=0.9, wanted=())


def read_by(reader: OnnxReader, question: str, quote: str) -> Candidate:
    """The evidence as the ranking hands it over, the reader's view of the whole quotation in it."""
    excerpt = Excerpt(heading="Treaty of Strelsau", text=quote, spans=(Span(start=0, end=len(quote)),))
    ((logits,),) = reader.read(read(question).positive, [excerpt])
    return candidate(quote, probabilities(logits[YES:]))


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "quote", "verdict"),
    [
        ("Can Strelsau throw a member out?", "The treaty has no provision for throwing a member out.", Verdict.NO),
        ("Does the agreement bind Graustark to fight?", "The agreement does not bind anybody to fight.", Verdict.NO),
        ("Does the command fire rockets?", "The command gives warning, but it does not fire rockets.", Verdict.NO),
        ("May a ship enter the port?", "Foreign ships are forbidden to enter the port.", Verdict.NO),
        ("Was the pact signed in 1952?", "The pact was signed at Strelsau in 1951.", Verdict.NO),
        ("Is the memorandum binding?", "The memorandum is non-binding.", Verdict.NO),
        ("Is it forbidden to enter the port?", "Foreign ships are forbidden to enter the port.", Verdict.YES),
        ("Was the pact signed in 1951?", "The pact was signed on 1 September 1951.", Verdict.YES),
        ("Did Laos refuse the protection?", "Laos refused the protection of the pact.", Verdict.YES),
        (
            "Does the treaty have a defence clause?",
            "Article II is the defence clause; no party has ever invoked it.",
            Verdict.YES,
        ),
        (
            "Did Graustark leave the pact?",
            "It never gave notice; Graustark is a party today.",
            Verdict.NO,
        ),
        ("Will the brigade stay permanently?", "The brigade stays permanently and does not rotate.", Verdict.YES),
    ],
)
def test_a_denial_denies_and_a_no_about_something_else_does_not(reader, question, quote, verdict):
    assert decide(read(question), [read_by(reader, question, quote)], reader)[0] is verdict


@pytest.mark.parametrize(
    ("wanted", "quote", "clause"),
    [
        (
            "defence clause",
            "This is the defence clause; no party has invoked it.",
            "This is the defence clause",
        ),
        ("fire rocket", "The command gives warning, but it does not fire rockets.", "it does not fire rockets."),
        ("anything", "One clause only.", "One clause only."),
        (
            "leave",
            "It did not denounce the pact and is still a party to it.",
            "It did not denounce the pact and is still a party to it.",
        ),
    ],
)
def test_the_clause_that_decides_shares_most_with_the_question_and_none_does_where_none_shares_any(
    wanted, quote, clause
):
    assert deciding_clause(quote, stems(wanted)) == clause


def test_whether_somebody_is_bound_is_another_question_than_whether_a_clause_exists():
    assert asks_for_duty(read("Is every Party obliged to assist the other?"))
    assert not asks_for_duty(read("Who assists the other Party?"))
    assert not asks_for_duty(read("Does the treaty have a clause that obliges every Party to assist?"))


@pytest.mark.parametrize(
    ("says", "verdict"),
    [
        ((0.9, 0.05, 0.04, 0.01), Verdict.YES),
        ((0.05, 0.9, 0.04, 0.01), Verdict.NO),
        ((0.05, 0.04, 0.9, 0.01), Verdict.MIXED),
        ((0.001, 0.019, 0.98, 0.0), Verdict.MIXED),
    ],
)
def test_what_the_reader_is_sure_of_decides(says, verdict):
    assert lean(read("Did Romania join in?"), says) is verdict


@pytest.mark.parametrize(("column", "verdict"), [(YES, Verdict.YES), (NO, Verdict.NO), (MIXED, Verdict.MIXED)])
def test_of_several_clauses_the_one_that_decides_is_read(column, verdict):
    several = candidate("Ruritania joined; Graustark stayed out.", says=(0.0, 0.0, 0.0, 1.0))
    assert decide(read("Did Ruritania join?"), [several], Fixed(column))[0] is verdict


def test_evidence_that_differs_is_mixed_and_what_denies_opposes():
    affirms = candidate("Ruritania is bound to fight.", (0.9, 0.05, 0.04, 0.01))
    refutes = candidate("Ruritania is not bound to fight.", (0.05, 0.9, 0.04, 0.01))
    verdict, stances = decide(read("Is Ruritania bound to fight?"), [affirms, refutes], Fixed(YES))
    assert verdict is Verdict.MIXED
    assert stances == [Stance.SUPPORTS, Stance.OPPOSES]


def test_other_questions_have_no_verdict():
    assert decide(read("Who is bound to fight?"), [candidate("Ruritania is not bound to fight.")], Fixed(NO)) == (
        None,
        [Stance.SUPPORTS],
    )


@pytest.mark.parametrize(
    ("question", "in_force", "verdict"),
    [
        ("Is the Warsaw Pact still in force?", "ended", Verdict.NO),
        ("Does the Warsaw Pact still exist?", "ended", Verdict.NO),
        ("Is the mission over?", "ended", Verdict.YES),
        ("Is the Moroccan treaty still good law?", "in force", Verdict.YES),
    ],
)
def test_whether_a_treaty_is_in_force_is_told_by_its_facts(question, in_force, verdict):
    said, _ = decide(read(question), [candidate("Something quite different.")], Fixed(MIXED), in_force)
    assert said is verdict


def test_what_was_built_on_a_treaty_in_force_may_have_ended():
    no = candidate("SEATO was dissolved on 30 June 1977.", (0.1, 0.8, 0.05, 0.05))
    assert decide(read("Does SEATO still exist?"), [no], Fixed(YES), "in force")[0] is Verdict.NO
