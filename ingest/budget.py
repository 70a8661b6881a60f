"""Fit stretches of a text into a budget of tokens.

Stretches are joined while they fit and cut where they do not: at the strongest border inside (a numbered paragraph
before a blank line), then between sentences, then between words, then between characters. A sum of counts steers the
joining; what leaves this module has been counted as it stands, so the budget holds for a counter of any kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from .document import Span
from .sentences import sentences

Count = Callable[[str], int]
LETTERS_A_TOKEN: Final = 6  # first guess when a sentence has to be cut; the count decides
BLANK_LINE: Final = 1_000  # the weakest border: no section begins there


@dataclass(frozen=True, kw_only=True)
class Piece(Span):
    """A stretch that stays together if it fits.

    `border` is the rank of what begins with it, lower is stronger; `language` None where it is too short to tell;
    `tokens` its own count without what the encoder adds to any text.
    """

    border: int
    language: str | None
    tokens: int


def fit(text: str, pieces: list[Piece], room: int, count: Count) -> Iterator[Span]:
    """Spans of at most `room` tokens that hold all of `pieces`, in order; none holds two languages.

    Raises:
        ValueError: a single character has more than `room` tokens.
    """
    net = room - count("")  # the counts of pieces leave out what the encoder adds
    for group in _groups(pieces, net):
        if _together(group, net) and count(text[group[0].start : group[-1].end]) <= room:
            yield Span(start=group[0].start, end=group[-1].end)
        elif len(group) == 1:
            yield from _by_sentences(text, group[0], room, count)
        else:
            half = len(group) // 2
            yield from fit(text, group[:half], room, count)
            yield from fit(text, group[half:], room, count)


def joinable(one: str | None, other: str | None) -> bool:
    """Whether two stretches may share a passage as far as their languages go."""
    return one is None or other is None or one == other


def _groups(pieces: list[Piece], room: int) -> Iterator[list[Piece]]:
    """Neighbours that share a passage: whole parts first; one that does not fit is opened and its parts are joined."""
    if len(pieces) == 1 or _together(pieces, room):
        yield pieces
        return
    open_group: list[Piece] = []
    for part in _parts(pieces):
        if _together([*open_group, *part], room):
            open_group += part
            continue
        if open_group:
            yield open_group
        open_group = part if _together(part, room) else []
        if not open_group:
            yield from _groups(part, room)
    if open_group:
        yield open_group


def _parts(pieces: list[Piece]) -> list[list[Piece]]:
    """`pieces` cut before the strongest border inside, and at every other of that rank."""
    strongest = min(piece.border for piece in pieces[1:])
    parts = [[pieces[0]]]
    for piece in pieces[1:]:
        if piece.border == strongest:
            parts.append([piece])
        else:
            parts[-1].append(piece)
    return parts


def _together(pieces: list[Piece], room: int) -> bool:
    spoken = {piece.language for piece in pieces if piece.language}
    return len(spoken) < 2 and sum(piece.tokens for piece in pieces) <= room


def _by_sentences(text: str, piece: Span, room: int, count: Count) -> Iterator[Span]:
    """Sentences joined while they fit; a sentence that does not is cut."""
    start, used, last = piece.start, 0, piece.start
    for sentence in sentences(text, piece.start, piece.end):
        tokens = count(sentence.of(text))
        if last > start and (used + tokens > room or count(text[start : sentence.end]) > room):
            yield Span(start=start, end=last)
            start, used = sentence.start, 0
        if tokens > room:
            yield from _by_words(text, sentence, room, count)
            start, used, tokens = sentence.end, 0, 0
        elif used == 0:
            start = sentence.start
        used, last = used + tokens, sentence.end
    if last > start:
        yield Span(start=start, end=last)


def _by_words(text: str, sentence: Span, room: int, count: Count) -> Iterator[Span]:
    """A sentence cut after a word where it has words, else anywhere."""
    start = sentence.start
    while start < sentence.end:
        end = _reach(text, start, sentence.end, room, count)
        yield Span(start=start, end=start + len(text[start:end].rstrip()))
        start = end + len(text[end : sentence.end]) - len(text[end : sentence.end].lstrip())


def _reach(text: str, start: int, end: int, room: int, count: Count) -> int:
    """How far a stretch from `start` may go: a first guess, made shorter until it fits."""
    reach = min(end, start + room * LETTERS_A_TOKEN)
    while True:
        tokens = count(text[start:reach])
        if tokens <= room:
            return reach
        if reach == start + 1:
            raise ValueError(f"character {start} alone has {tokens} tokens, the budget is {room}: give a larger budget")
        shorter = start + max(1, min(reach - start - 1, (reach - start) * room * 95 // (tokens * 100)))
        space = max(
            text.rfind(" ", start + (shorter - start) // 2, shorter),
            text.rfind("\n", start + (shorter - start) // 2, shorter),
        )
        reach = space if space > start else shorter
