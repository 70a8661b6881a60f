"""The command line: every command parses, calls one function and prints.

Exit codes: 0 done (a refusal is an answer), 1 failed with one line on stderr, 2 wrong usage, 3 some files could not be
added, 4 a check was made and found something. Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import io
import re
import shlex
import sys
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand

from ingest.errors import FoedusError, UsageError

from .settings import K_MOST

app = typer.Typer(
    help="Ask questions of your documents; every answer is proved by the passages it quotes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
documents_app = typer.Typer(help="List, show and remove documents.", no_args_is_help=True)
app.add_typer(documents_app, name="documents")

LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "--library", metavar="DIR", help="The library folder; else $FOEDUS_LIBRARY, else your user data folder."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON value on stdout.")]
DocumentOption = Annotated[
    list[str] | None, typer.Option("--document", metavar="ID", help="Use only this document (repeatable).")
]
TrustOption = Annotated[
    str | None,
    typer.Option(
        "--trust",
        metavar="LEVEL",
        help="Use only sources at least this trusted: primary, secondary, unknown, generated.",
    ),
]

_NO_OPTION: Final = re.compile(r"-(?!-?[A-Za-z][\w-]*(?:=|$)).")  # it begins with a dash and is no name of an option
_ANOTHER: Final = "if another library gave the answer, name it with --library"

FAILED, USAGE, PARTLY, FOUND, INTERRUPTED = 1, 2, 3, 4, 130


def main() -> None:
    """Entry point of `foedus`."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        print(f"foedus {version('foedus')}")  # noqa: T201  # the one thing that must not wait for anything else
        return
    _print_any_character()
    _add_plugins(sys.argv[1:])
    try:
        app()
    except FoedusError as error:
        from .console import notice

        summary = str(error).partition("\n")[0] if error.problems else str(error)
        for line in (summary, *error.problems):
            notice(line)
        raise SystemExit(USAGE if isinstance(error, UsageError) else FAILED) from None
    except SystemExit as leaving:  # typer turns Ctrl-C into this code and says nothing
        if leaving.code == INTERRUPTED:
            typer.echo("foedus: stopped; what was finished is kept", err=True)
        raise


def _print_any_character() -> None:
    """Output to a file or a program is UTF-8; a terminal shows what it can, and a stand-in for the rest."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _add_plugins(arguments: list[str]) -> None:
    """Commands that other packages bring; loaded only when asked for or when help lists them."""
    asked = next((argument for argument in arguments if not argument.startswith("-")), None)
    for plugin in entry_points(group="foedus.commands"):
        if asked in (None, plugin.name):
            app.add_typer(plugin.load(), name=plugin.name)


@app.callback(invoke_without_command=True)
def _root(
    show_version: Annotated[bool, typer.Option("--version", "-V", help="Print the version and leave.")] = False,
) -> None:
    if show_version:
        typer.echo(f"foedus {version('foedus')}")
        raise typer.Exit


class _Asking(TyperCommand):
    """Of a question that begins with a dash the parser would only say that there is no such option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        valued = {name for option in self.params if not getattr(option, "is_flag", False) for name in option.opts}
        for before, argument in zip(["", *args], args, strict=False):
            if argument == "--":
                break
            if _NO_OPTION.match(argument) and before not in valued:
                given = f"foedus {self.name} [OPTIONS] -- {shlex.quote(argument)}"
                raise UsageError(f"{argument} is no option; what begins with - stands last, after --: {given}")
        return super().parse_args(ctx, args)


@app.command(cls=_Asking)
def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="The question, in quotation marks.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
    k: Annotated[int, typer.Option("--k", min=1, max=K_MOST, help="Passages to look for evidence in.")] = 10,
    document: DocumentOption = None,
    trust: TrustOption = None,
) -> None:
    """Answer a question from the documents, or say that they do not answer it."""
    from . import console
    from .answer import Question
    from .ask import open_asker
    from .wire import answer_json, dumps

    settings = _settings(library)
    console.build_default(settings)
    with open_asker(settings, notice=console.notice) as asker:
        answer = asker.ask(Question(text=question, k=k, documents=tuple(document or ()), trust=_trust(trust)))
    if as_json:
        typer.echo(dumps(answer_json(answer)))
    else:
        console.show_answer(answer)


@app.command(cls=_Asking)
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What to look for, in quotation marks.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
    k: Annotated[int, typer.Option("--k", min=1, max=K_MOST, help="Passages to return.")] = 10,
    mode: Annotated[
        str, typer.Option("--mode", help="By words (lexical), by meaning (dense), or both (hybrid).")
    ] = "hybrid",
    document: DocumentOption = None,
    trust: TrustOption = None,
) -> None:
    """Find passages, best first.

    The number beside a passage orders the hits of one search and says nothing by itself. With --mode hybrid the worst
    of what was compared has 0 and the best at most 1, or 1.3 where the query names its document, whether or not any of
    them fits.
    """
    from . import console
    from .ask import open_asker
    from .wire import dumps, hits_json

    if not any(map(str.isalnum, query)):
        raise UsageError(f"QUERY {query!r}: there are no words in it; name what to look for")
    with open_asker(_settings(library), notice=console.notice) as asker:
        hits = asker.search(query, k=k, mode=_mode(mode), documents=tuple(document or ()), trust=_trust(trust))
    if as_json:
        typer.echo(dumps(hits_json(query, hits)))
    else:
        console.show_hits(hits)


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders; folders are walked.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add documents to the library, or update them where they have changed."""
    from . import console
    from .ingestion import add_paths

    settings = _settings(library)
    with console.Progress() as progress:
        report = add_paths(settings, paths, progress=progress, notice=console.notice)
    if as_json:
        from .wire import dumps, report_json

        typer.echo(dumps(report_json(report)))
    else:
        console.show_report(report)
    if report.count("failed"):
        raise typer.Exit(PARTLY)


@documents_app.command("list")
def documents_list(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List the documents of the library."""
    from . import console
    from .wire import document_json, dumps

    with _open(library) as opened:
        records = opened.documents()
    if as_json:
        typer.echo(dumps({"documents": [document_json(record) for record in records]}))
    else:
        console.show_documents(records)


@documents_app.command("show")
def documents_show(
    document_id: Annotated[str, typer.Argument(metavar="ID", help="As `documents list` shows it.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
    text: Annotated[bool, typer.Option("--text", help="Print the canonical text instead.")] = False,
) -> None:
    """Show what is known of a document."""
    from . import console
    from .wire import document_json, dumps

    with _open(library) as opened:
        record = opened.document(document_id)
        words = opened.text(document_id) if text else ""
    if as_json:
        typer.echo(dumps({**document_json(record), **({"text": words} if text else {})}))
    elif text:
        typer.echo(words)
    else:
        console.show_document(record)


@documents_app.command("remove")
def documents_remove(
    document_id: Annotated[str, typer.Argument(metavar="ID", help="As `documents list` shows it.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove a document from the library; the file it came from stays where it is."""
    from .wire import dumps

    with _open(library) as opened:
        opened.remove(document_id)
    typer.echo(dumps({"removed": document_id}) if as_json else f"removed {document_id}")


@app.command()
def verify(
    answer: Annotated[
        Path, typer.Argument(metavar="ANSWER.json", help="An answer as `ask --json` prints it; - reads stdin.")
    ],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check each citation of a stored answer against the library."""
    from index.errors import LibraryError
    from index.library import Library

    from . import console
    from .ingestion import LibraryTexts
    from .verify import check_answer
    from .wire import checks_json, dumps, read_json

    stored, settings = read_json(answer), _settings(library)
    if library is None and not settings.library_present:
        raise LibraryError(f"there is no library in {settings.library}; {_ANOTHER}")
    with Library.open(settings.library) as opened:
        checks = check_answer(stored, LibraryTexts(opened))
    if as_json:
        typer.echo(dumps(checks_json(checks)))
    else:
        console.show_checks(checks, refused=stored.get("refusal") is not None)
    if library is None and any(check.status == "missing" for check in checks):
        console.notice(f"checked against {settings.library}; {_ANOTHER}")
    if any(check.status != "verified" for check in checks):
        raise typer.Exit(FOUND)


@app.command()
def doctor(
    library: LibraryOption = None,
    as_json: JsonOption = False,
    repair: Annotated[bool, typer.Option("--repair", help="Build again what is derived from the documents.")] = False,
) -> None:
    """Examine the library: is everything consistent, and what to do if not."""
    from . import console
    from .ingestion import examine_library
    from .wire import dumps, findings_json

    findings = examine_library(_settings(library), repair=repair, notice=console.notice)
    if as_json:
        typer.echo(dumps(findings_json(findings)))
    else:
        console.show_findings(findings)
    if findings:
        raise typer.Exit(FOUND)


@app.command()
def serve(
    library: LibraryOption = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen on; loopback only.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
) -> None:
    """Serve the HTTP API."""
    from . import console
    from .web_app import serve as run

    settings = _settings(library)
    console.build_default(settings)
    run(settings, host=host, port=port, notice=console.notice)


def _settings(library: Path | None) -> Any:
    from . import console
    from .settings import load

    settings = load(library)
    for warning in settings.warnings:
        console.notice(warning)
    return settings


def _open(library: Path | None) -> Any:
    from index.library import Library

    return Library.open(_settings(library).library)


def _trust(level: str | None) -> Any:
    from ingest.document import Trust

    if level is None:
        return None
    try:
        return Trust(level)
    except ValueError:
        raise UsageError(f"--trust {level}: choose one of {', '.join(Trust)}") from None


def _mode(name: str) -> Any:
    from typing import get_args

    from index.search import Mode

    if name not in get_args(Mode):
        raise UsageError(f"--mode {name}: choose one of {', '.join(get_args(Mode))}")
    return name
