"""What can go wrong between a question and its answer. A refusal is not among them: it is an answer.

AnswerError (a FoedusError)
├── NotFound    a document, a file or a library that was named is not there
├── BadRequest  a question or an answer that cannot be worked on
└── Unproved    a citation does not stand on its document; the answer was held back
"""

from __future__ import annotations

from ingest.errors import FoedusError


class AnswerError(FoedusError):
    """Root of the errors of this package."""


class NotFound(AnswerError):
    """Something that was named is not there."""


class BadRequest(AnswerError):
    """The request itself cannot be worked on."""


class Unproved(AnswerError):
    """A citation does not stand on its document."""
