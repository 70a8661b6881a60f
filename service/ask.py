"""A question becomes an answer or a refusal: read it, search, weigh evidence, decide, write, prove.

Every door calls `Asker.ask`. The same question to the same library gives the same answer to the byte, timings apart, as
long as no treaty comes into force or ends meanwhile: citations say what is in force today.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from types import TracebackType
from typing import Final, Self

from index.encoder import Encoder, load_encoder
from index.errors import LibraryBusy, LibraryError
from index.frequency import rarity
from index.hit import Filters, Hit
from index.library import Library
from index.reader import OnnxReader, Reader
from index.search import Mode, Searcher
from ingest.document import Trust

from . import evidence, refusal, scoring, subject, verdict
from .answer import Answer, Question, Refusal
from .errors import BadRequest, Unproved
from .ingestion import Notice
from .judgement import Judgement
from .question import read
from .quotation import choose
from .settings import K_MOST, QUESTION_CHARACTERS, Settings
from .state import Clock, State
from .terms import INDEXED
from .verify import prove
from .writers import extractive

RETRIES: Final = 5  # times that the library may change while a question is answered


class Asker:
    """Asks one library. May be shared by threads; close it when done."""

    measured: int = evidence.MEASURED  # sentences of a question that are compared with it word by word

    def __init__(self, library: Library, encoder: Encoder, *, threshold: float | None = None, notice: Notice) -> None:
        self.library = library
        self.encoder = encoder
        self.searcher = Searcher(library, encoder, notice=notice)
        self.threshold = scoring.weights().threshold if threshold is None else threshold
        self._state: State | None = None

    @cached_property
    def reader(self) -> Reader:
        """Loaded with the first question; searching does without."""
        return OnnxReader()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self.library.close()

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        mode: Mode = "hybrid",
        documents: tuple[str, ...] = (),
        trust: Trust | None = None,
    ) -> list[Hit]:
        """Passages for a query, best first.

        Raises:
            BadRequest: the query is longer than `QUESTION_CHARACTERS`, or `k` is not in 1…`K_MOST`.
        """
        _hold_to_limits(query, k)
        return self.searcher.search(query, k=k, mode=mode, filters=Filters(documents=documents, trust=trust))

    def ask(self, question: Question) -> Answer:
        """Answer, or refuse and say why.

        Raises:
            BadRequest: as `search`.
            Unproved: a citation does not stand; the answer was held back.
            LibraryBusy: the library kept changing.
        """
        return self.ask_and_judge(question)[0]

    def ask_and_judge(self, question: Question) -> tuple[Answer, Judgement]:
        """As `ask`, with what the answer rests on."""
        clock = Clock()
        for _ in range(RETRIES):
            state = self.state()
            try:
                answer, judgement = self._in(state, question, clock)
            except (KeyError, LibraryError, Unproved):
                if not self._moved(state):
                    raise
            else:
                if not self._moved(state):
                    return replace(answer, timings_ms=clock.laps()), judgement
        raise LibraryBusy(
            f"{self.library.path} changed {RETRIES} times while it was asked; ask again when that is done"
        )

    def _in(self, state: State, question: Question, clock: Clock) -> tuple[Answer, Judgement]:
        judgement = self.judge(question, clock)
        refused = refusal.find(judgement, state, self.threshold)
        answer = _answer(question, state, refused) if refused else _answered(question, judgement, state, self.reader)
        return prove(answer, state.texts), judgement

    def _moved(self, state: State) -> bool:
        """Whether another process has changed the library since: what was found may belong to two states of it."""
        return self.library.certificate().id != state.certificate

    def judge(self, question: Question, clock: Clock | None = None) -> Judgement:
        """Search, and weigh what was found; nothing is decided yet."""
        clock, state = clock or Clock(), self.state()
        reading = read(question.text)
        about = subject.find(reading, state.names.mentions(reading.text), state.names.prefer(reading.text))
        with clock.lap("search"):
            hits = self.search(question.text, k=question.k, documents=question.documents, trust=question.trust)
        with clock.lap("rerank"):
            ranked = evidence.rank(
                reading,
                about,
                hits,
                state.document,
                self.encoder,
                self.reader,
                lambda words: rarity(self.library, words, INDEXED),
                self.measured,
            )
        return Judgement(reading=reading, about=about, hits=tuple(hits), ranked=tuple(ranked))

    def state(self) -> State:
        """What is kept of the library between questions; made anew when the library has changed."""
        certificate = self.library.certificate().id
        if self._state is None or self._state.certificate != certificate:
            self._state = State(self.library, certificate)
        return self._state


def open_asker(settings: Settings, *, notice: Notice) -> Asker:
    """An asker for the library of the settings.

    Raises:
        LibraryError, EncoderError: the library or the encoder cannot be used; see there.
    """
    library = Library.open(settings.library)
    try:
        return Asker(library, load_encoder(settings.encoder), threshold=settings.threshold, notice=notice)
    except BaseException:
        library.close()
        raise


def _answered(question: Question, judgement: Judgement, state: State, reader: Reader) -> Answer:
    quotations = choose(judgement.reading, judgement.about, judgement.ranked, state.document)
    cited = state.citer.in_force(quotations[0].candidate.document_id)
    said, stances = verdict.decide(judgement.reading, [one.candidate for one in quotations], reader, cited)
    citations = tuple(
        state.citer.cite(number, quotation.candidate.document_id, quotation.span, stance)
        for number, (quotation, stance) in enumerate(zip(quotations, stances, strict=True), 1)
    )
    text, statements = extractive.write(said, citations)
    return replace(_answer(question, state), verdict=said, text=text, statements=statements, citations=citations)


def _answer(question: Question, state: State, refused: Refusal | None = None) -> Answer:
    return Answer(
        question=question.text,
        verdict=None,
        text=refused.message if refused else "",
        statements=(),
        citations=(),
        refusal=refused,
        certificate=state.certificate,
        documents=len(state.stored),
        writer=extractive.NAME,
    )


def _hold_to_limits(question: str, k: int) -> None:
    if len(question) > QUESTION_CHARACTERS:
        raise BadRequest(
            f"the question has {len(question)} characters, the limit is {QUESTION_CHARACTERS}; ask in a sentence or two"
        )
    if not 1 <= k <= K_MOST:
        raise BadRequest(f"k is {k}; it must be from 1 to {K_MOST}")
