"""What can go wrong between a question and its answer. A refusal is not among them: it is an answer.

AnswerError (a FoedusError)
├── NotFound    the folder of the default library holds other files and no library
├── BadRequest  a question or an answer that cannot be worked on
├── TooBusy     as many questions wait for their turn as may
└── Unproved    a citation does not stand on its document; the answer was held back
"""

from __future__ import annotations

from ingest.errors import FoedusError


class AnswerError(FoedusError):
    """Root of the errors of this package."""


class NotFound(AnswerError):
    """The folder of the default library holds other files and no library."""


class BadRequest(AnswerError):
    """The request itself cannot be worked on."""


class TooBusy(AnswerError):
    """As many questions wait for their turn as may."""


class Unproved(AnswerError):
    """A citation does not stand on its document."""
