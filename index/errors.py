"""Every error of the library and of the encoders.

    FoedusError                  ingest/errors.py
    ├── LibraryError             a library cannot be used as asked
    │   ├── LibraryMissing       no library in that folder
    │   ├── NotALibrary          the folder or its database belongs to something else
    │   ├── LibraryTooNew        written by a later version of foedus
    │   ├── LibraryBusy          another process is adding to it
    │   ├── LibraryDamaged       its files cannot be read
    │   ├── UnknownDocument      no document of that id
    │   └── IndexMismatch        built with something else than what it is searched with; both values are named
    └── EncoderError             texts cannot be turned into vectors
        ├── EncoderMissing       its files, or a package that it needs, are not there
        └── EncoderDamaged       its files are there and not what they should be

A message is one line: what, where, what to do.
"""

from __future__ import annotations

import shlex
from pathlib import Path

from ingest.errors import FoedusError


class LibraryError(FoedusError):
    """A library cannot be used as asked."""


class LibraryMissing(LibraryError):
    """No library in that folder."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"there is no library in {path}: make one with `foedus ingest PATH --library {shlex.quote(str(path))}`"
        )


class NotALibrary(LibraryError):
    """The folder or its database belongs to something else."""


class LibraryTooNew(LibraryError):
    """Written by a later version of foedus."""


class LibraryBusy(LibraryError):
    """Another process is adding to it."""


class LibraryDamaged(LibraryError):
    """Its files cannot be read."""


class UnknownDocument(LibraryError):
    """No document of that id."""


class IndexMismatch(LibraryError):
    """Built with something else than what it is searched with."""


class EncoderError(FoedusError):
    """Texts cannot be turned into vectors."""


class EncoderMissing(EncoderError):
    """Its files, or a package that it needs, are not there."""


class EncoderDamaged(EncoderError):
    """Its files are there and not what they should be."""
