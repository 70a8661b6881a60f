"""What can go wrong in an evaluation.

EvalError (a FoedusError)
├── BadCases      the cases are broken; every problem is named with its file and line, and nothing ran
├── BadAnswers    the answers of a system cannot be judged; every problem is named, and nothing ran
├── BadResults    a file of results cannot be read
├── BadExpected   a list of published numbers is broken
├── BadDataset    a collection of documents, queries and judgments cannot be read
└── MissingExtra  a library of the optional extra `evaluation` is not installed
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.errors import FoedusError


class EvalError(FoedusError):
    """Root of the errors of this package."""


class BadCases(EvalError):
    """The gold itself is broken; `problems` holds one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        count = f"{len(self.problems)} problem{'s' if len(self.problems) > 1 else ''}"
        super().__init__("\n".join([f"nothing ran: {count} in the cases; mend them first", *self.problems]))


class BadAnswers(EvalError):
    """A file of a system's answers is broken; every problem is named."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(["nothing was judged: mend the answers first", *self.problems]))


class BadResults(EvalError):
    """A file of results cannot be read, or not beside the other."""


class BadExpected(EvalError):
    """A list of published numbers is broken; every problem is named."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(["nothing ran: the published numbers are broken", *self.problems]))


class BadDataset(EvalError):
    """A collection cannot be read."""


class MissingExtra(EvalError):
    """A library that measuring needs is not installed."""

    def __init__(self, library: str) -> None:
        super().__init__(
            f"{library} is not installed, and rankings are measured by it; "
            "install the extra: pip install 'foedus[evaluation]', in a clone pip install -e '.[evaluation]'"
        )
