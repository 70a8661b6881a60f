"""Statements that are the sources' own sentences.

The default writer: no language model, so nothing is said that does not stand in a document. A statement is a quotation
with its white space made plain, followed by the numbers of its citations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..answer import Citation, Stance, Statement, Verdict

NAME: Final = "extractive"
_OPENING: Final = {Verdict.YES: "Yes.", Verdict.NO: "No.", Verdict.MIXED: "Mixed."}


def write(verdict: Verdict | None, citations: Sequence[Citation]) -> tuple[str, tuple[Statement, ...]]:
    """The text of an answer and its statements, with their offsets into that text."""
    parts = [_OPENING[verdict]] if verdict else []
    statements: list[Statement] = []
    at = len(parts[0]) + 1 if parts else 0
    for citation in citations:
        if citation.stance is Stance.OPPOSES:
            parts.append("Against:")
            at += len(parts[-1]) + 1
        words = " ".join(citation.quote.split())
        statements.append(Statement(text=words, start=at, end=at + len(words), citations=(citation.number,)))
        parts.append(f"{words} [{citation.number}]")
        at += len(parts[-1]) + 1
    return " ".join(parts), tuple(statements)
