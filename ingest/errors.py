"""Every error that foedus raises on purpose, and those of ingestion.

    FoedusError
    ├── UsageError          the caller asked for something that cannot be asked
    ├── SettingsError       foedus.toml or FOEDUS_* cannot be used
    ├── IngestError         a file could not be read; the reason is a word that reports can count
    │   ├── Unsupported     its kind has no reader
    │   ├── NotWhatItSays   its bytes are of another kind than its name
    │   ├── Encrypted       it needs a password
    │   ├── Scanned         pages without text: pictures only
    │   ├── Empty           nothing to read in it
    │   ├── Damaged         truncated or broken
    │   ├── Undecodable     no encoding fits its bytes
    │   ├── OverLimit       a limit of `ingest.settings` is passed
    │   └── TookTooLong     ended after `ingest.settings.SECONDS_PER_FILE`
    ├── LibraryError        index/errors.py
    └── AnswerError         service/errors.py

A message is one line: what, where, what to do.
"""

from __future__ import annotations


class FoedusError(Exception):
    """Root of all our errors. Where several things are wrong at once, `problems` holds a line for each; the message is
    then a line that sums up, followed by them."""

    problems: tuple[str, ...] = ()


class UsageError(FoedusError):
    """The caller asked for something that cannot be asked."""


class SettingsError(FoedusError):
    """A setting cannot be used."""


class IngestError(FoedusError):
    """A file could not be read."""

    reason = "unreadable"


class Unsupported(IngestError):
    reason = "unsupported"


class NotWhatItSays(IngestError):
    reason = "not what it says"


class Encrypted(IngestError):
    reason = "encrypted"


class Scanned(IngestError):
    reason = "scanned"


class Empty(IngestError):
    reason = "empty"


class Damaged(IngestError):
    reason = "damaged"


class Undecodable(IngestError):
    reason = "undecodable"


class OverLimit(IngestError):
    reason = "over limit"


class TookTooLong(IngestError):
    reason = "took too long"
