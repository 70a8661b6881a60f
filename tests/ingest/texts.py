"""Random texts of the kind that break text programs, and small counters that stand in for an encoder's tokeniser."""

from __future__ import annotations

import re

from hypothesis import strategies as st

PIECES = [
    *[
        "The Parties agree that",
        "an armed attack",
        "shall be.",
        "A Short Heading\n\n",
        "agreed.They",
        "A",
        "a",
        ";",
        ":",
    ],
    *[" ", "  ", "\n", "\n\n", "\n \n", "\t", "\u2028", "\r\n", "\x0c", "\ufeff"],
    *["(a)", "(b) ", "(i) ", "1. ", "2. ", "\n- ", "U.S.", "No.", "…", "...", "—"],
    *["Article 1", "ARTICLE II.", "Article 51 of the Charter", "\nArticle 2\n", "\n\nArticle 3. Title\n\n"],
    *["CHAPTER VII\n", "§ 12. ", "Annex I\n", "Preamble\n"],
    *["𝒜", "e\u0301", "\u0301", "ﬁ", "締約国は協議する。", "。", "(" * 40, "x" * 300],
    "De partijen bij dit verdrag zijn overeengekomen dat een aanval op een van hen een aanval op alle is",
    "Les parties sont convenues que chacune d'elles assistera les autres par les moyens dont elle dispose",
]


def dirty_texts(*, longest: int = 60) -> st.SearchStrategy[str]:
    """Headings, list marks, wide and combining characters, floods of brackets, and anything else."""
    piece = st.one_of(st.sampled_from(PIECES), st.text(max_size=8))
    return st.lists(piece, max_size=longest).map("".join)


def by_words(text: str) -> int:
    """Words and marks, as most encoders count them, and two for the ends."""
    return len(re.findall(r"\w{1,6}|[^\w\s]", text)) + 2


def by_letters(text: str) -> int:
    """Code points."""
    return len(text)


def by_bytes(text: str) -> int:
    """Bytes: up to four for a character."""
    return len(text.encode("utf-8", "surrogatepass"))
