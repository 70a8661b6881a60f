"""One example of each response, for `/docs` and `/openapi.json`. Shortened, and made up in its numbers.

They are put into the OpenAPI document after the framework has made it, because it would leave out every null.
"""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]

_ID: Final = "anzus-treaty"
_VERSION: Final = "3f9c0a6d51b8e2747d0c9be15a60e8f2c4d7913bb8a5f06e2c1d94780ab3e65f"
_CERTIFICATE: Final = "5be0a3f1c2d48796"
_QUOTE: Final = (
    "Each Party recognizes that an armed attack in the Pacific Area on any of the Parties would be dangerous."
)
_TEXT: Final = "Yes. " + _QUOTE + " [1]"

ANSWER: Final[Json] = {
    "question": "Does ANZUS have a mutual defense clause?",
    "outcome": "answer",
    "verdict": "yes",
    "text": _TEXT,
    "statements": [{"text": _QUOTE, "start": 5, "end": 5 + len(_QUOTE), "citations": [1]}],
    "citations": [
        {
            "number": 1,
            "document_id": _ID,
            "document_sha256": _VERSION,
            "title": "ANZUS Treaty",
            "source": "treaties/anzus-treaty.pdf",
            "pinpoint": "Article IV",
            "page": 2,
            "start": 2310,
            "end": 2310 + len(_QUOTE),
            "quote": _QUOTE,
            "answer_span": None,
            "stance": "supports",
            "trust": "primary",
            "in_force": "in force",
            "ended": None,
        }
    ],
    "understood_as": None,
    "confidence": None,
    "refusal": None,
    "writer": "extractive",
    "library": {"certificate": _CERTIFICATE, "documents": 14},
    "timings_ms": {"search": 3.1, "rerank": 40.2, "total": 51.0},
}

HITS: Final[Json] = {
    "query": "mutual defense",
    "hits": [
        {
            "rank": 1,
            "score": 0.913,
            "document_id": _ID,
            "title": "ANZUS Treaty",
            "pinpoint": "Article IV",
            "page": 2,
            "start": 2310,
            "end": 2310 + len(_QUOTE),
            "text": _QUOTE,
        }
    ],
}

CHECKS: Final[Json] = {
    "verified": False,
    "citations": [
        {
            "number": 1,
            "document_id": _ID,
            "status": "changed",
            "found_at": {"start": 2342, "end": 2342 + len(_QUOTE)},
            "problem": "the document has another version now",
        }
    ],
}

DOCUMENT: Final[Json] = {
    "document_id": _ID,
    "title": "ANZUS Treaty",
    "document_sha256": _VERSION,
    "trust": "primary",
    "language": "en",
    "format": "pdf",
    "encoding": None,
    "aliases": ["ANZUS"],
    "parties": ["Australia", "New Zealand", "United States"],
    "signed": "1951-09-01",
    "in_force": "1952-04-29",
    "ended": None,
    "rests_on": [],
    "sources": ["treaties/anzus-treaty.pdf"],
    "pages": 4,
    "passages": 19,
    "characters": 6120,
    "notices": [],
    "ingested_at": "2025-03-01T09:30:00+00:00",
}

DOCUMENTS: Final[Json] = {"documents": [DOCUMENT]}

TEXT: Final[Json] = {
    "document_id": _ID,
    "document_sha256": _VERSION,
    "title": "ANZUS Treaty",
    "text": "Article IV\n\n" + _QUOTE,
    "pages": [{"start": 0, "end": 12 + len(_QUOTE), "number": 1}],
    "sections": [
        {
            "start": 0,
            "end": 12 + len(_QUOTE),
            "label": "Article IV",
            "heading": "Article IV",
            "level": 0,
            "language": "en",
        }
    ],
}

UP: Final[Json] = {"status": "up"}

READY: Final[Json] = {
    "status": "ready",
    "library": {"certificate": _CERTIFICATE, "documents": 14, "passages": 212},
    "encoder": "all-MiniLM-L6-v2",
}

OF_SCHEMA: Final[dict[str, Json]] = {
    "AnswerBody": ANSWER,
    "HitsBody": HITS,
    "ChecksBody": CHECKS,
    "DocumentBody": DOCUMENT,
    "DocumentsBody": DOCUMENTS,
    "TextBody": TEXT,
    "HealthBody": UP,
    "ReadyBody": READY,
}
