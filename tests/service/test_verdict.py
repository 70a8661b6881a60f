"""Yes, no or mixed: which clause decides, what denies it, what qualifies it."""

from __future__ import annotations

import pytest

from index.hit import Hit
from ingest.document import Passage, Span
from service.answer import Stance, Verdict
from service.evidence import Candidate, Features
from service.question import read
from service.verdict import decide, denies, lean

NOTHING = Features(
    meaning=0, vector=0, passage=0, type=1, strangers=0, place=0.5, reader=0
)  # the verdict looks at none of them


def candidate(text: str, says: tuple[float, float, float] = (0.4, 0.4, 0.2)) -> Candidate:
    passage = Passage(start=0, end=len(text), pinpoint="", section="")
    hit = Hit(rank=1, score=1.0, passage_id=1, document_id="d", title="D", passage=passage, text=text)
    span = Span(start=0, end=len(text))
    return Candidate(hit=hit, span=span, text=text, features=NOTHING, says=says, score=0.9, wanted=())


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Can Strelsau throw a member out?", "The treaty has no provision for throwing a member out."),
        ("Does the agreement bind Graustark to fight?", "The agreement does not bind anybody to fight."),
        ("Must Ruritania send troops?", "The article obliges it to consult; it does not oblige it to send troops."),
        ("Does the command fire rockets?", "The command gives warning, but it does not fire rockets."),
        ("May a ship enter the port?", "Foreign ships are forbidden to enter the port."),
        ("Was the pact signed in 1952?", "The pact was signed at Strelsau in 1951."),
        ("Is the memorandum binding?", "The memorandum is non-binding."),
    ],
)
def test_a_denial_in_the_clause_that_the_question_is_about_denies(question, quote):
    assert denies(read(question), quote)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Does the treaty have a defence clause?", "Article II is the defence clause; no party has ever invoked it."),
        ("Will the brigade stay permanently?", "The brigade stays permanently and does not rotate."),
        ("Is an attack on one an attack on both?", "An attack on one Party is an attack on both."),
        ("Is it forbidden to enter the port?", "Foreign ships are forbidden to enter the port."),
        ("Was the pact signed in 1951?", "The pact was signed on 1 September 1951."),
        ("Did Laos refuse the protection?", "Laos refused the protection of the pact."),
    ],
)
def test_a_no_in_a_sentence_about_something_else_is_no_denial(question, quote):
    assert not denies(read(question), quote)


def test_a_duty_at_somebodys_discretion_is_mixed():
    quote = "Each Party will assist the other by such action as it deems necessary."
    assert lean(read("Is every Party obliged to assist the other?"), candidate(quote)) is Verdict.MIXED


def test_that_a_clause_exists_is_not_qualified_by_what_it_leaves_open():
    quote = "The treaty has a defence clause: each Party acts in accordance with its constitutional processes."
    assert lean(read("Does the treaty have a defence clause?"), candidate(quote)) is Verdict.YES


@pytest.mark.parametrize(("says", "verdict"), [((0.9, 0.05, 0.05), Verdict.YES), ((0.05, 0.9, 0.05), Verdict.NO)])
def test_the_reader_decides_where_the_rules_see_nothing(says, verdict):
    assert lean(read("Did Romania join in?"), candidate("Romania stayed out of the invasion.", says)) is verdict


def test_evidence_that_differs_is_mixed_and_what_denies_opposes():
    affirms, refutes = candidate("Ruritania is bound to fight."), candidate("Ruritania is not bound to fight.")
    verdict, stances = decide(read("Is Ruritania bound to fight?"), [affirms, refutes])
    assert verdict is Verdict.MIXED
    assert stances == [Stance.SUPPORTS, Stance.OPPOSES]


def test_other_questions_have_no_verdict():
    assert decide(read("Who is bound to fight?"), [candidate("Ruritania is not bound to fight.")]) == (
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
    said, _ = decide(read(question), [candidate("Something quite different.")], in_force)
    assert said is verdict


def test_what_was_built_on_a_treaty_in_force_may_have_ended():
    no = candidate("SEATO was dissolved on 30 June 1977.", (0.1, 0.8, 0.1))
    assert decide(read("Does SEATO still exist?"), [no], "in force")[0] is Verdict.NO
