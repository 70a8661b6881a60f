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


class _Broken(EvalError):
    """What was read is broken; `problems` holds one line each."""

    what: str

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        count = f"{len(self.problems)} problem{'s' if len(self.problems) > 1 else ''}"
        super().__init__("\n".join([f"nothing ran: {count} in the {self.what}; mend them first", *self.problems]))


class BadCases(_Broken):
    """The gold itself is broken."""

    what = "cases"


class BadAnswers(_Broken):
    """A file of a system's answers is broken."""

    what = "answers"


class BadResults(EvalError):
    """A file of results cannot be read, or not beside the other."""


class BadExpected(_Broken):
    """A list of published numbers is broken."""

    what = "published numbers"


class BadDataset(EvalError):
    """A collection cannot be read."""


class MissingExtra(EvalError):
    """A library that measuring needs is not installed."""

    def __init__(self, library: str) -> None:
        super().__init__(
            f"{library} is not installed, and rankings are measured by it; "
            "install the extra: pip install 'foedus[evaluation]', in a clone pip install -e '.[evaluation]'"
        )
