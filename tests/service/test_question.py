"""Kinds, names and places of questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.question import read

KINDS = """
polar       Does ANZUS have a mutual defense clause?
polar       does anzus have a mutual defense clause
polar       If a Party is attacked, does the other have to help?
polar       nato sofa: are dependents covered?
polar       ANZUS is a military alliance, right?
polar       The treaty has ended, hasn't it?
polar       Isn't the Warsaw Pact dissolved?
polar       Under Article IV, must the parties consult?
polar       And does it bind Japan?
polar       Are one or more parties bound?
polar       Is there a treaty or a pact that binds both?
polar       Does the treaty say when it ends?
other       Is it an alliance or a partnership?
other       Is ISAF a UN mission or a NATO mission?
when        When was ANZUS signed?
when        In what year was the Warsaw Pact dissolved?
when        warsaw pact signed what year
when        Since when is NORAD binational?
when        If a Party gives notice, when does the treaty end?
where       Where was the treaty signed?
where       In which city was ANZUS signed?
who         Who commands NORAD?
who         With which government are ratifications deposited?
who         Which country left the CSTO?
amount      How many parties does ANZUS have?
amount      For how long is the treaty in force?
amount      What share of the budget does the US pay?
list        Which states are members of the CSTO?
list        Name the parties to ANZUS.
list        Who are the parties to ANZUS?
list        Which three countries signed?
definition  What is NORAD?
definition  What does ISAF stand for?
definition  What is meant by the treaty area?
comparison  How do ANZUS and NATO differ?
comparison  What is the difference between an alliance and a partnership?
other       Why did New Zealand leave?
other       What must a party do before it withdraws?
"""


@pytest.mark.parametrize("line", KINDS.strip().splitlines())
def test_the_kind_shows_in_the_words(line):
    kind, question = line.split(maxsplit=1)
    assert read(question).kind == kind


@pytest.mark.parametrize(
    ("question", "asks", "sought"),
    [
        ("Good morning", False, set()),
        ("please help me", False, set()),
        ("Who must help?", True, {"help"}),
        ("who are you?", True, set()),
        ("Is it?", True, set()),
        ("anzus withdrawal", False, {"anzu", "withdraw"}),
        ("Hello, when was it signed?", True, {"hello", "sign"}),
        ("?!", False, set()),
    ],
)
def test_whether_anything_is_asked_and_what_is_sought(question, asks, sought):
    reading = read(question)
    assert (reading.asks, reading.sought) == (asks, sought)


NAMES = {
    "Does the African Union have a mutual defense clause?": "African Union",
    "Does the Treaty of Tlatelolco ban transit?": "Treaty of Tlatelolco",
    "Treaty of Tlatelolco: when?": "Treaty of Tlatelolco",
    "Do Canada and the US run NORAD?": "Canada|US|NORAD",
    "Did Australia, New Zealand and the United States sign?": "Australia|New Zealand|United States",
    "Are NATO and CSTO alike?": "NATO|CSTO",
    "Was NORAD founded after World War II?": "NORAD|World War II",
    "Does Article IV of ANZUS bind Japan?": "ANZUS|Japan",
    "Did the Warsaw Pact end in July 1991?": "Warsaw Pact",
    "Was the pact signed on a Friday in August?": "",
    "Is the Treaty of Peace and Friendship in force?": "Treaty of Peace and Friendship",
    "Does the Trade and Cooperation Agreement cover fish?": "Trade and Cooperation Agreement",
    "What does the Organisation for the Prohibition of Chemical Weapons do?": (
        "Organisation for the Prohibition of Chemical Weapons"
    ),
    "NATO's Article 5: does it bind Turkey?": "NATO|Turkey",
    "Members of NATO?": "NATO",
    "Withdrawal from the CSTO: how?": "CSTO",
    "Who decides? Under Article VI, may Japan object?": "Japan",
    "Does the Treaty allow all Parties to leave?": "",
    "Is the U.S. bound?": "U.S.",
    "does nato bind turkey?": "",
    "DOES NATO BIND TURKEY?": "",
}


@pytest.mark.parametrize("question", NAMES)
def test_proper_names(question):
    assert "|".join(read(question).names) == NAMES[question]


@given(st.text("aAIN VX.,'’?of–5\n", max_size=40))
def test_any_text_is_read_and_names_are_words_of_it(text):
    reading = read(text)
    words = set(reading.text.replace("'", " ").replace("’", " ").split())
    for name in reading.names:
        assert name.strip()
        assert all(any(part.strip("–.") in word for word in words) for part in name.split())


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("what does art.5 say?", "Article 5"),
        ("Article 42(7) TEU", "Article 42(7)"),
        ("article iv (2)", "Article IV(2)"),
        ("Chapter VIII", "Chapter VIII"),
        ("Part II and section 3", "Part II"),
        ("is a part civil?", None),
        ("what is a clause c?", None),
        ("is it art?", None),
    ],
)
def test_the_place_that_is_asked_about(question, place):
    assert read(question).pinpoint == place


@pytest.mark.parametrize(
    ("question", "positive"),
    [
        ("Isn't it bound?", "Is it bound?"),
        ("won’t they help", "Will they help"),
        ("Can't a member leave?", "Can a member leave?"),
        ("Does it never end?", "Does it never end?"),
        ("Is it so that it isn't bound?", "Is it so that it isn't bound?"),
    ],
)
def test_a_question_whether_something_is_not_so_asks_whether_it_is(question, positive):
    assert read(question).positive == positive
