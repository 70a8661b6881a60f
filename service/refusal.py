"""When a question is refused, why, and what is shown instead.

A refusal is an answer: it says what the library does not have, and shows the nearest passages as what they are.
"""

from __future__ import annotations

from typing import Final

from .answer import Citation, Reason, Refusal
from .cite import shorten
from .judgement import Judgement
from .question import COURTESIES
from .state import State
from .subject import Subject, lacks
from .terms import is_nation

NEAREST: Final = 3  # passages shown
POINTED: Final = 0.4  # how strongly a question must point at a document to be about it


def find(judgement: Judgement, state: State, threshold: float) -> Refusal | None:
    """The reason to refuse, or None where the evidence is good enough."""
    if not state.stored:
        return Refusal(
            reason=Reason.EMPTY_LIBRARY, message="The library holds no documents; `foedus ingest PATH` adds some."
        )
    if _asks_nothing(judgement, state):
        return Refusal(
            reason=Reason.UNCLEAR_QUESTION,
            message="There is nothing here to look for. Ask in a sentence and say what it is about.",
        )
    missing = _missing_place(judgement.about, state)
    if missing:
        return Refusal(reason=Reason.NOT_STATED, message=missing, nearest=_nearest(judgement, state))
    if judgement.score >= threshold:
        return None
    return _silent(judgement, state)


def _asks_nothing(judgement: Judgement, state: State) -> bool:
    """Whether there is neither a subject nor a question about one: "Hello", "Why not?", "asdf".

    A question in words of its own may be answered in others, so its words need not be the documents'; bare words
    must. Who names something, if only what no document is about, has said what he means.
    """
    reading, about = judgement.reading, judgement.about
    if about.mentions or any(name - COURTESIES for name in about.others):
        return False
    return not (reading.sought if reading.asks else state.knows(reading.sought))


def _silent(judgement: Judgement, state: State) -> Refusal:
    titles = [document.title for document in state.named(dict(judgement.about.named), POINTED)]
    strangers = [name for name in judgement.about.other_names if not is_nation(name) and not state.is_party(name)]
    if not titles and strangers:
        names = ", ".join(f"“{name}”" for name in strangers)
        return Refusal(
            reason=Reason.OUT_OF_SCOPE,
            message=f"No document of the library is about {names}.",
            nearest=_nearest(judgement, state),
        )
    where = f"“{titles[0]}”" if len(titles) == 1 else "the documents"
    message = f"No sentence that states this was found in {where}."
    return Refusal(reason=Reason.NOT_STATED, message=message, nearest=_nearest(judgement, state))


def _missing_place(about: Subject, state: State) -> str | None:
    """ "ANZUS Treaty has no Article XII; its last is Article XI." """
    named = state.named(dict(about.named), POINTED)
    if about.place is None or len(named) != 1:
        return None
    last = lacks(named[0], about.place)
    return f"{named[0].title} has no {about.place_as_asked}; {last}." if last else None


def _nearest(judgement: Judgement, state: State) -> tuple[Citation, ...]:
    found = judgement.ranked[:NEAREST]
    spans = [shorten(state.document(one.document_id).text, one.span, ()) for one in found]
    return tuple(
        state.citer.cite(number, one.document_id, span)
        for number, (one, span) in enumerate(zip(found, spans, strict=True), 1)
    )
