"""What a source becomes once it is read: one string, and places in it.

Every place is two offsets into `Document.text`, counted in Unicode code points, end exclusive. Passages, pages,
sections, hits, evidence, citations and the highlight on the page all carry the same two numbers, so anything can be
checked by one slice. Standard library only: every other module may import this one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum


class Trust(StrEnum):
    """How far a source is to be believed; members stand from most to least trusted."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    UNKNOWN = "unknown"
    GENERATED = "generated"

    @property
    def rank(self) -> int:
        """0 for the most trusted."""
        return list(Trust).index(self)

    def at_least(self, minimum: Trust) -> bool:
        return self.rank <= minimum.rank


@dataclass(frozen=True, kw_only=True)
class Span:
    """A place in a text: `text[start:end]`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, kw_only=True)
class Page(Span):
    """A printed page; `number` counts from 1."""

    number: int


@dataclass(frozen=True, kw_only=True)
class Heading(Span):
    """A line that the file's own format marks as a heading (`#`, `<h2>`, a DOCX style); level 1 is the highest."""

    level: int


@dataclass(frozen=True, kw_only=True)
class Section(Span):
    """A part of the document and all that stands in it, its heading line included; sections nest and never cross.

    `label` is the whole pinpoint in the reader's words ("Article IV(2)", "Foundations › Scope"), `heading` the line
    that opens it as printed, `level` its depth in the tree (0 is outermost), `language` an ISO 639-1 code or None where
    the section is too short to tell. `atomic` sections (articles, clauses, `§`) are never mixed in one passage.
    """

    label: str
    heading: str
    level: int
    language: str | None = None
    atomic: bool = False


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a file says of itself, from front matter or the format's own metadata. Dates are ISO 8601."""

    title: str | None = None
    aliases: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    signed: str | None = None
    in_force: str | None = None
    ended: str | None = None
    trust: Trust | None = None
    sources: tuple[str, ...] = ()
    notes: dict[str, str] = field(default_factory=dict)  # any other front-matter string, by its key


@dataclass(frozen=True, kw_only=True)
class Extract:
    """What a reader makes of bytes, before the structure of the text is looked for."""

    text: str
    format: str  # "pdf", "html", "markdown", "docx", "text"
    pages: tuple[Page, ...] = ()
    headings: tuple[Heading, ...] = ()
    facts: Facts = Facts()
    encoding: str | None = None  # the one used to decode, where the format leaves it open
    generated: bool = False  # the text says that a machine wrote it
    notices: tuple[str, ...] = ()  # for the person who ingests, one line each


@dataclass(frozen=True, kw_only=True)
class Document:
    """A source with one canonical text. `sha256` of that text, as UTF-8, is the document's version."""

    text: str
    format: str
    title: str
    trust: Trust
    language: str | None = None  # of most of the text
    pages: tuple[Page, ...] = ()
    sections: tuple[Section, ...] = ()
    facts: Facts = Facts()
    encoding: str | None = None
    notices: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Passage(Span):
    """A window onto a document: the unit that is embedded and searched.

    `section` is the breadcrumb that is put in front of it for searching ("Chapter VII › Article 42"), `pinpoint` the
    deepest label that holds all of it, `page` the page on which it starts.
    """

    pinpoint: str
    section: str
    page: int | None = None
    language: str | None = None
