"""Records as the JSON of the public interface; every door prints these and nothing else."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .answer import Answer, Citation
from .errors import BadRequest

if TYPE_CHECKING:
    from index.add import Report
    from index.doctor import Finding
    from index.hit import Hit
    from index.records import StoredDocument

    from .verify import Check

Json = dict[str, Any]


def answer_json(answer: Answer) -> Json:
    return {
        "question": answer.question,
        "outcome": answer.outcome,
        "verdict": answer.verdict,
        "text": answer.text,
        "statements": [
            {"text": s.text, "start": s.start, "end": s.end, "citations": list(s.citations)} for s in answer.statements
        ],
        "citations": [citation_json(citation) for citation in answer.citations],
        "understood_as": answer.understood_as,
        "confidence": answer.confidence,
        "refusal": answer.refusal
        and {
            "reason": answer.refusal.reason,
            "message": answer.refusal.message,
            "nearest": [citation_json(citation) for citation in answer.refusal.nearest],
        },
        "writer": answer.writer,
        "library": {"certificate": answer.certificate, "documents": answer.documents},
        "timings_ms": answer.timings_ms,
    }


def citation_json(citation: Citation) -> Json:
    names = ("number", "document_id", "document_sha256", "title", "source", "pinpoint", "page", "start", "end", "quote")
    span = citation.answer_span
    return {
        **{name: getattr(citation, name) for name in names},
        "answer_span": span and {"start": span[0], "end": span[1]},
        "stance": citation.stance,
        "trust": citation.trust,
        "in_force": citation.in_force,
        "ended": citation.ended,
    }


def hits_json(query: str, hits: list[Hit]) -> Json:
    return {"query": query, "hits": [_hit_json(hit) for hit in hits]}


def _hit_json(hit: Hit) -> Json:
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "document_id": hit.document_id,
        "title": hit.title,
        "pinpoint": hit.passage.pinpoint,
        "page": hit.passage.page,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.text,
    }


def checks_json(checks: list[Check]) -> Json:
    return {
        "verified": all(check.status == "verified" for check in checks),
        "citations": [
            {
                "number": check.number,
                "document_id": check.document_id,
                "status": check.status,
                "found_at": check.found_at and {"start": check.found_at[0], "end": check.found_at[1]},
                "problem": check.problem or None,
            }
            for check in checks
        ],
    }


def report_json(report: Report) -> Json:
    names = ("source", "status", "document_id", "passages", "pages", "reason")
    return {
        **{status: report.count(status) for status in ("added", "updated", "unchanged", "skipped", "failed")},
        "files": [{name: getattr(row, name) for name in names} for row in report.files],
    }


def document_json(record: StoredDocument) -> Json:
    facts = record.facts
    return {
        "document_id": record.document_id,
        "title": record.title,
        "document_sha256": record.sha256,
        "trust": record.trust,
        "language": record.language,
        "format": record.format,
        "encoding": record.encoding,
        "aliases": list(facts.aliases),
        "parties": list(facts.parties),
        "signed": facts.signed,
        "in_force": facts.in_force,
        "ended": facts.ended,
        "rests_on": list(facts.sources),
        "sources": list(record.sources),
        "pages": record.pages or None,
        "passages": record.passages,
        "characters": record.characters,
        "notices": list(record.notices),
        "ingested_at": record.ingested_at,
    }


def findings_json(findings: list[Finding]) -> Json:
    return {
        "consistent": not findings,
        "findings": [{"what": finding.what, "remedy": finding.remedy} for finding in findings],
    }


def read_json(path: Path) -> Json:
    """A JSON object from a file, or from stdin where the path is `-`.

    Raises:
        BadRequest: no such file, or it holds something else.
    """
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
        value = json.loads(text)
    except OSError as error:
        raise BadRequest(
            f"{path}: {error.strerror}; name a file that `foedus ask QUESTION --json` has written"
        ) from error
    except (ValueError, RecursionError) as error:  # RecursionError: brackets nested by the thousand
        raise BadRequest(f"{path} is not JSON ({error}); give what `foedus ask QUESTION --json` prints") from error
    if not isinstance(value, dict):
        raise BadRequest(f"{path} holds a JSON {type(value).__name__}; give what `foedus ask QUESTION --json` prints")
    return value


def dumps(value: Json) -> str:
    """One JSON value, readable, in UTF-8 as it is."""
    return json.dumps(value, ensure_ascii=False, indent=2)
