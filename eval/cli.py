"""`foedus eval`: how far the answers of a library can be trusted, and how well its search ranks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

import typer

SPLITS: Final = ("tune", "test", "all")
FOUND: Final = 4  # exit code: the check was made and found something

app = typer.Typer(help="Measure answers and search on questions whose answers are known.", no_args_is_help=True)

CasesOption = Annotated[
    Path | None, typer.Option("--cases", metavar="FILE|FOLDER", help="Cases as JSON lines; else the bundled ones.")
]
LibraryOption = Annotated[
    Path | None, typer.Option("--library", metavar="DIR", help="The library to ask; else yours, see foedus ask.")
]
SplitOption = Annotated[str, typer.Option("--split", help="Which cases: tune, test or all.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON value on stdout.")]


@app.command()
def run(
    cases: CasesOption = None,
    library: LibraryOption = None,
    split: SplitOption = "all",
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Where the results go; else build/eval/….json.")
    ] = None,
    curve: Annotated[bool, typer.Option("--curve", help="Show what each refusal threshold would do.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask every case and count what is right; the results are stored, with intervals.

    A run that was interrupted goes on where it stopped."""
    from dataclasses import replace

    from service.wire import dumps

    from . import console, results
    from .case import BUNDLED, case_files, read_cases
    from .run import JOURNAL, case_settings
    from .run import run as run_cases
    from .subject import opened

    _known(split)
    path = cases or BUNDLED
    chosen = read_cases(path, split=split)
    _spare(case_files(path), to)
    with opened(library) as asked, console.progress("asking", len(chosen)) as tell:
        settings = case_settings(case_files(path), split) | asked.settings
        stored = to or results.default_path(settings, asked.subject.certificate())
        journal = results.beside(stored, JOURNAL)
        done = run_cases(chosen, asked.subject, settings=settings, journal=journal, tell=tell)
        done = replace(done, memory_mb=asked.memory_mb)
    results.write(done, stored)
    journal.unlink(missing_ok=True)
    if as_json:
        typer.echo(dumps(results.summary_json(done)))
    else:
        console.show_run(done, curve=curve)
    console.notice(f"stored in {stored}")


@app.command()
def make(
    library: LibraryOption = None,
    per_document: Annotated[
        int, typer.Option("--per-document", metavar="N", min=1, help="Sentences of each document that are asked about.")
    ] = 4,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="Where the proposals go, a file that is not there yet; else stdout."),
    ] = None,
) -> None:
    """Propose cases about the documents of a library, for a person to edit.

    Sentences that stand on their own, spread over every document, each with a question made from it; and one question
    a document that it does not answer. Each line is marked as proposed, and `foedus eval run` refuses it until the mark
    is deleted: read question and gold, put the question as people would, then delete the field "proposed". The same
    library gives the same lines; a file that is there is never overwritten."""
    from collections import Counter

    from index.library import Library
    from service.console import build_default, notice
    from service.settings import load

    from . import console
    from . import make as making

    settings = load(library)
    for warning in settings.warnings:
        notice(warning)
    build_default(settings)
    with Library.open(settings.library) as opened:
        made = making.propose(opened, per_document=per_document)
        documents = len(opened.documents())
    if to:
        making.write(made, to)
    else:
        typer.echo(making.lines(made), nl=False)
    types = ", ".join(f"{count} {name}" for name, count in Counter(case["type"] for case in made).most_common())
    console.notice(f"{len(made)} proposed cases about {documents} documents: {types}")
    console.notice(
        'next: check each question and its gold, word the question as people would ask, delete its field "proposed", '
        f"then foedus eval run --cases {to or 'FILE'}{f' --library {library}' if library else ''}"
    )


@app.command()
def ablation(
    cases: CasesOption = None,
    library: LibraryOption = None,
    split: SplitOption = "all",
    grid: Annotated[
        str | None,
        typer.Option(
            "--grid",
            metavar="PART,…",
            help="What is varied: search (by words, vectors, both; without the reader), reader (the same with it), "
            "k (passages read), length (of passages), encoder. Else all but encoder.",
        ),
    ] = None,
    encoder: Annotated[
        list[str] | None,
        typer.Option("--encoder", metavar="NAME", help="Another encoder, by folder or name; may be repeated."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Where the table goes as JSON; else build/eval/….json.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what each part of the program is worth: the same cases with one part taken out or set otherwise.

    One row a variant, each asked all cases; every change of first_span is to the product, case by case, with a 95 %
    interval. Other lengths and encoders embed all documents again, in a copy that is deleted afterwards."""
    from service.wire import dumps

    from . import ablation as ablating
    from . import console, results
    from .case import BUNDLED, case_files, read_cases
    from .run import case_settings
    from .subject import opened

    _known(split)
    parts = grid.split(",") if grid else [part for part in ablating.GRID if part != "encoder" or encoder]
    chosen = ablating.variants(parts, encoder or ())
    path = cases or BUNDLED
    asked_cases = read_cases(path, split=split)
    _spare(case_files(path), to)
    with opened(library) as asked:
        settings = case_settings(case_files(path), split) | asked.settings | {"grid": parts}
        of = results.Run(outcomes=(), settings=settings, certificate=asked.subject.certificate())
        with console.progress("asking", ablating.steps(asked_cases, asked.asker, chosen)) as tell:
            rows = ablating.ablate(asked_cases, asked.asker, chosen, tell=tell)
    default = results.default_path(settings, of.certificate)
    stored = to or default.with_name(f"ablation-{default.name}")
    value, times = ablating.ablation_json(rows, len(asked_cases), of), ablating.times_json(rows)
    results.store(stored, value)
    results.store(results.beside(stored, results.TIMINGS), times)
    if as_json:
        typer.echo(dumps({**value, "p50_ms": times}))
    else:
        console.show(ablating.table(rows, len(asked_cases)))
    console.notice(f"stored in {stored}")


@app.command()
def report(
    results: Annotated[Path, typer.Argument(metavar="RESULTS.json", help="What `foedus eval run` stored.")],
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="OTHER.json", help="Earlier results; their measures stand beside these."),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="Where the page goes; else beside the results, as .html."),
    ] = None,
) -> None:
    """Make a page of a run: measures, plots and every failure in its source.

    The page is one HTML file that needs neither network nor library; it can be read, sorted, filtered, printed and
    sent on."""
    from . import console
    from .report.page import write

    console.notice(f"stored in {write(results, against=against, to=to)}")


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="BEFORE.json", help="What an earlier `foedus eval run` stored.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER.json", help="What a later one stored.")],
    tolerance: Annotated[
        list[str] | None,
        typer.Option(
            "--tolerance",
            metavar="[MEASURE=]NUMBER",
            help="How far a measure may fall; may be repeated. Naming measures holds those alone. Else 0.02 for "
            "first_span, citation_recall, verdict_accuracy, answered and refused.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two runs case by case; exit code 4 when a measure fell by more than its tolerance.

    Only cases that both runs asked, with the same gold, are compared. Differences come with 95 % intervals, and the
    cases that turned with both answers.
    """
    from service.wire import dumps

    from . import compare as comparing
    from . import console
    from .results import read

    held = comparing.tolerances(tolerance or ())
    found = comparing.compare(read(before), read(after))
    found.require(held if any("=" in text for text in tolerance or ()) else ())
    if as_json:
        typer.echo(dumps(comparing.comparison_json(found, held)))
    else:
        console.show_comparison(found, held)
    if fallen := found.fallen(held):
        console.notice(f"fell by more than allowed: {', '.join(one.measure for one in fallen)}")
        raise typer.Exit(FOUND)


@app.command()
def check(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Which entries; else all.")] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="The public collections; else ../shared beside the checkout."),
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="Only list the entries.")] = False,
    update: Annotated[bool, typer.Option("--update", help="Write the numbers found into the entries.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Run the commands behind the published numbers and compare; exit code 4 when one does not come out.

    OK: the same number. OKish: within its tolerance, as on another type of processor. FAIL: beyond it, or the command
    broke. SKIPPED: the data is not there.
    """
    from dataclasses import asdict

    from ingest.errors import UsageError
    from service.wire import dumps

    from . import console, expected
    from .provenance import processor
    from .subject import corpus_library

    entries = expected.chosen(expected.read_expected(), names or ())
    if listing:
        if as_json:
            fields = ("name", "command", "needs")
            typer.echo(dumps({"entries": [{name: getattr(entry, name) for name in fields} for entry in entries]}))
        else:
            console.show_entries(entries)
        return
    if data is not None and not data.is_dir():
        raise UsageError(f"--data {data}: is no folder, so every entry that needs data would be skipped")
    wanted = any(entry.needs == expected.LIBRARY for entry in entries)
    with corpus_library(wanted=wanted) as library, console.progress("checking", len(entries)) as tell:
        checked: list[expected.Checked] = []
        for entry in entries:
            checked += expected.check(entry, data=data or expected.DATA, library=library)
            tell()
    if as_json:
        typer.echo(dumps({"checked": [asdict(one) for one in checked]}))
    else:
        console.show_checked(checked)
    if update:
        expected.renew(entries, checked, processor())
    if any(one.status == "FAIL" and not (update and one.found is not None) for one in checked):
        raise typer.Exit(FOUND)


@app.command()
def faithfulness(
    answers: Annotated[
        Path,
        typer.Argument(metavar="ANSWERS.jsonl", help="Lines of question, answer and contexts (a list)."),
    ],
    by: Annotated[
        str, typer.Option("--judge", help="checked: exact checks and word overlap; overlap: the bare baseline.")
    ] = "checked",
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Store what was judged here, as JSON.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Judge the answers of any system: which of their statements do their contexts support?

    What is not supported is marked in the answer, with the numbers, dates and names that stand in no context. There is
    no trained verifier yet: both judges compare words, and neither understands a sentence.
    """
    from service.wire import dumps

    from . import console
    from . import faithfulness as judging
    from .judge import judge
    from .results import store

    judged_by, rows = judge(by), judging.read_answers(answers)
    _spare([answers], to)
    with console.progress("judging", len(rows)) as tell:
        judged = list(judging.judge_answers(rows, judged_by, tell))
    found = judging.faithfulness_json(judged, judged_by, answers)
    if to:
        store(to, found)
    if as_json:
        typer.echo(dumps({name: value for name, value in found.items() if name != "judged"}))
    else:
        console.show_judged(judged, judged_by)


@app.command()
def retrieval(
    folder: Annotated[
        Path, typer.Argument(metavar="BEIR_FOLDER", help="Holds corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv.")
    ],
    split: Annotated[str, typer.Option("--split", help="Which judgments: the name of a file in qrels.")] = "test",
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="DIR", help="Keep the library made from the collection here.")
    ] = None,
    reader: Annotated[
        bool, typer.Option("--reader", help="Also put the first 20 passages in the reader's order.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Rank a public collection and compare with its judgments."""
    from index.reader import OnnxReader
    from service.wire import dumps

    from .benchmarks.beir import read_beir
    from .benchmarks.retrieval import measure, result_json, show

    result = measure(read_beir(folder, split=split), keep=keep, reader=OnnxReader() if reader else None)
    if as_json:
        typer.echo(dumps(result_json(result)))
    else:
        show(result)


def _known(split: str) -> None:
    from ingest.errors import UsageError

    if split not in SPLITS:
        raise UsageError(f"--split {split}: choose one of {', '.join(SPLITS)}")


def _spare(read: Iterable[Path], to: Path | None) -> None:
    """Say before any work is done that `to` would take something's place."""
    from ingest.errors import UsageError

    from .results import hold_to_ours

    if to is None:
        return
    if to.resolve() in {one.resolve() for one in read}:
        raise UsageError(f"--to {to}: is what was read, and would be replaced; name another file")
    hold_to_ours(to)
