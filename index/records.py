"""What goes into the database and what comes out of it, as our own types."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass, fields
from typing import Any

from ingest.document import Document, Facts, Page, Passage, Section, Trust


@dataclass(frozen=True, kw_only=True)
class StoredDocument:
    """A document as the library lists it; `pages` and `passages` are counts, `sources` paths as given."""

    document_id: str
    title: str
    sha256: str  # of the canonical text: the document's version
    trust: Trust
    language: str | None
    format: str
    encoding: str | None
    characters: int
    facts: Facts
    notices: tuple[str, ...]
    sources: tuple[str, ...]
    pages: int
    passages: int
    ingested_at: str  # ISO 8601, UTC


@dataclass(frozen=True, kw_only=True)
class StoredPassage:
    """A passage with the id it has as long as its document is unchanged."""

    passage_id: int
    passage: Passage


@dataclass(frozen=True, kw_only=True)
class Alias:
    """A name of a document. `origin`: title, alias, file, party, or definition; `count`: how often it is defined.

    `meaning` is the other half of a definition: the long form of "CSTO", and the other way round.
    """

    alias: str
    origin: str
    count: int = 1
    meaning: str | None = None


def facts_to_json(facts: Facts) -> str:
    return json.dumps(asdict(facts), ensure_ascii=False, sort_keys=True)


def facts_from_json(text: str) -> Facts:
    values: dict[str, Any] = json.loads(text)
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    values["trust"] = Trust(values["trust"]) if values.get("trust") else None
    known = {field.name for field in fields(Facts)}
    return Facts(**{name: value for name, value in values.items() if name in known})


def stored_document(row: sqlite3.Row, sources: tuple[str, ...]) -> StoredDocument:
    return StoredDocument(
        document_id=row["document_id"],
        title=row["title"],
        sha256=row["sha256"],
        trust=Trust(row["trust"]),
        language=row["language"],
        format=row["format"],
        encoding=row["encoding"],
        characters=row["characters"],
        facts=facts_from_json(row["facts"]),
        notices=tuple(json.loads(row["notices"])),
        sources=sources,
        pages=row["page_count"],
        passages=row["passage_count"],
        ingested_at=row["ingested_at"],
    )


def whole_document(
    stored: StoredDocument, text: str, pages: tuple[Page, ...], sections: tuple[Section, ...]
) -> Document:
    return Document(
        text=text,
        format=stored.format,
        title=stored.title,
        trust=stored.trust,
        language=stored.language,
        pages=pages,
        sections=sections,
        facts=stored.facts,
        encoding=stored.encoding,
        notices=stored.notices,
    )


def page(row: sqlite3.Row) -> Page:
    return Page(start=row["start"], end=row["end"], number=row["number"])


def section(row: sqlite3.Row) -> Section:
    return Section(
        start=row["start"],
        end=row["end"],
        label=row["label"],
        heading=row["heading"],
        level=row["level"],
        language=row["language"],
        atomic=bool(row["atomic"]),
    )


def passage(row: sqlite3.Row) -> Passage:
    return Passage(
        start=row["start"],
        end=row["end"],
        pinpoint=row["pinpoint"],
        section=row["section"],
        page=row["page"],
        language=row["language"],
    )
