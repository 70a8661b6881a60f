"""A run as one HTML file that a person can read, sort, filter, print and send on.

It asks no other host for anything, and its policy would not let it: styles and scripts run only if they are those whose
digests the page names. All that comes from cases and documents is text (see `markup`). Without scripts everything is
there but sorting and filtering. The same results give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any, Final

from ingest.errors import UsageError

from ..results import TIMINGS, Json, Run, beside, read, store_text
from .cases import KINDS, failure, failures, kinds, other
from .markup import Child, Markup, element, embedded, together
from .plots import plots
from .tables import measures_table, types_table

LEGEND: Final = (
    ("gold", "gold"),
    ("cited", "quoted for the answer"),
    ("opposed", "quoted against it"),
    ("nearest", "shown with a refusal"),
)


def write(results: Path, *, against: Path | None = None, to: Path | None = None) -> Path:
    """Store the page of the run in `results` at `to`, else beside it, and say where.

    Raises:
        BadResults: a file holds no results that can be read.
        UsageError: the page would take the place of results.
    """
    page = to or beside(results, ".html")
    if page.resolve() in {one.resolve() for run in (results, against) if run for one in (run, beside(run, TIMINGS))}:
        raise UsageError(f"--to {page}: holds results, and the page would replace them; name another file")
    earlier = (read(against), against.stem) if against else None
    store_text(page, render(read(results), results.stem, against=earlier))
    return page


def render(run: Run, name: str, *, against: tuple[Run, str] | None = None) -> str:
    """The whole page; `name` says which run it is, and `against` is an earlier one with its name."""
    style, script = _code("style.css"), _code("script.js")
    title = f"{name} · evaluation"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="generator", content="foedus eval"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        embedded("style", style),
    )
    body = element(
        "body", element("main", _head(run, name), _numbers(run, against), _cases(run)), embedded("script", script)
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _code(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(code: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}"


def _head(run: Run, name: str) -> Markup:
    answerable = sum(outcome.answerable for outcome in run.outcomes)
    settings = run.settings
    known = {
        "cases": f"{len(run.outcomes)}: {answerable} answerable, {len(run.outcomes) - answerable} not",
        "library": run.certificate,
        "threshold": settings.get("threshold"),
        "encoder": str(settings.get("encoder", "")).split("(")[0],
        "processor": run.processor,
    }
    return element(
        "header",
        element("p", "foedus · evaluation", class_="overline"),
        element("h1", name),
        element("p", _in_short(run), class_="lead"),
        _facts({key: value for key, value in known.items() if value not in (None, "")}),
        element(
            "details",
            element("summary", "All settings and versions"),
            _facts(dict(_flat(settings)) | {f"{key} (version)": value for key, value in run.versions.items()}),
        ),
    )


def _in_short(run: Run) -> str:
    failed = failures(run.outcomes)
    if not failed:
        return f"All {len(run.outcomes)} cases came out as expected."
    counts = Counter(kind for outcome in failed for kind in kinds(outcome))
    each = ", ".join(f"{words} {counts[kind]}" for kind, words in KINDS.items() if counts[kind])
    twice = " (some in two ways)" if counts.total() > len(failed) else ""
    return f"{len(failed)} of {len(run.outcomes)} cases failed: {each}{twice}."


def _facts(facts: Json) -> Markup:
    rows = (element("div", element("dt", key), element("dd", str(value))) for key, value in facts.items())
    return element("dl", rows, class_="facts")


def _flat(settings: Json, above: str = "") -> Iterator[tuple[str, Any]]:
    """Settings within settings as `outer.inner`."""
    for key, value in settings.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield above + key, value


def _numbers(run: Run, against: tuple[Run, str] | None) -> Markup:
    measured, by_type = run.measures(), run.by_type()
    before = against[0].measures() if against else None
    return together(
        _section(
            "measures",
            "Measures",
            element(
                "p",
                "Each value is a mean over the cases it belongs to. Its interval (95 %, bootstrap over families of "
                "cases) tells how much it would move with other questions of the same kind, and nothing of other kinds "
                "of questions or documents.",
            ),
            _earlier(run, against),
            measures_table(measured, before),
            element("h3", "By type of question"),
            types_table(run, by_type),
        ),
        _section("plots", "Plots", element("div", plots(run, by_type, measured), class_="plots")),
    )


def _earlier(run: Run, against: tuple[Run, str] | None) -> Markup | None:
    if against is None:
        return None
    earlier, name = against
    ids, earlier_ids = ({outcome.id for outcome in one.outcomes} for one in (run, earlier))
    return element(
        "p",
        f"Before: {name}. {len(ids & earlier_ids)} of {len(ids)} cases are in both runs; each value is that of its own "
        "run. Whether a change is more than chance, ",
        element("code", "foedus eval compare"),
        " tells.",
    )


def _cases(run: Run) -> Markup:
    used = run.settings.get("threshold")
    threshold = float(used) if isinstance(used, int | float) else None
    failed = failures(run.outcomes)
    others = [outcome for outcome in run.outcomes if not kinds(outcome)]
    rest = element(
        "details",
        element("summary", f"The {len(others)} other cases"),
        (other(outcome, threshold) for outcome in others),
        id="others",
    )
    return _section(
        "failures",
        "Failures",
        None if failed else element("p", "No case failed."),
        _legend(),
        _filter(run),
        element("div", (failure(outcome, threshold) for outcome in failed), id="failed"),
        rest if others else None,
    )


def _legend() -> Markup:
    marks = (together(element("mark", words, class_=kind), " ") for kind, words in LEGEND)
    return element("p", "Marked in the sources: ", marks, class_="legend")


def _filter(run: Run) -> Markup:
    """Hidden until the script, which works it, is there."""
    types = {name: name for name in sorted({outcome.type for outcome in run.outcomes})}
    words = element("input", type="search", id="words", placeholder="words in a case", aria_label="words in a case")
    return element(
        "form",
        _boxes("kind", "failure", KINDS),
        _boxes("type", "type", types),
        element("div", words, element("button", "Show all cases", type="button", id="all")),
        element("p", role="status", id="count"),
        id="filter",
        hidden=True,
    )


def _boxes(name: str, legend: str, choices: dict[str, str]) -> Markup:
    boxes = (
        element("label", element("input", type="checkbox", name=name, value=value, checked=True), words)
        for value, words in choices.items()
    )
    return element("fieldset", element("legend", legend), boxes)


def _section(name: str, title: str, *children: Child) -> Markup:
    return element(
        "section", element("h2", title, id=f"{name}-title"), *children, id=name, aria_labelledby=f"{name}-title"
    )
