"""What a person sees."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from index.add import FileResult, Report
from index.doctor import Finding
from index.library import Library
from index.records import StoredDocument
from ingest.document import Span, Trust
from service import console
from service.answer import Answer, Citation, Reason, Refusal, Stance, Verdict
from service.ask import Asker
from service.verify import Check, Status
from service.writers.extractive import write


@pytest.fixture
def cited(asker: Asker) -> Citation:
    text = asker.state().document("red-alarm").text
    start = text.index("The compact")
    return asker.state().citer.cite(1, "red-alarm", Span(start=start, end=len(text.rstrip())))


def answered(*citations: Citation, verdict: Verdict | None = None) -> Answer:
    text, statements = write(verdict, citations)
    return Answer(
        question="Who?", verdict=verdict, text=text, statements=statements, citations=citations, refusal=None,
        certificate="c", documents=4,
    )  # fmt: skip


@pytest.fixture(params=["40", "200"])
def width(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("COLUMNS", request.param)
    return int(request.param)


def joined(text: str) -> str:
    return " ".join(text.split())


def test_words_of_documents_are_never_markup(cited, width, capsys):
    console.show_answer(answered(cited, verdict=Verdict.YES))
    out = capsys.readouterr().out
    assert "[1] [red]Alarm[/red] Compact" in joined(out)
    assert "“The compact of the lighthouse keepers [bold]binds[/bold] every keeper to ring the bell in fog.”" in joined(
        out
    )
    assert all(len(line) <= width for line in out.splitlines())


def test_words_of_documents_cannot_steer_the_terminal(cited, asker, capsys):
    wild = replace(
        cited, quote="a\x1b[2J\x9b5m\r\nb\u202ec", title="t\x07\x1b]0;x", pinpoint="p\x1b", source="s\x1b.md"
    )
    console.show_answer(answered(wild))
    console.show_hits([replace(asker.search("Zenda")[0], title="\x1b[31m", text="x\x1b[1m")])
    console.notice("a\x1b[2J\nb")
    captured = capsys.readouterr()
    assert not {"\x1b", "\x9b", "\x07", "\r", "\u202e"} & set(captured.out + captured.err)
    assert captured.err == "foedus: a�[2J b\n"


def test_the_place_is_told_in_full(cited, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    full = replace(
        cited, pinpoint="Article IV(2)", page=7, stance=Stance.OPPOSES, trust=Trust.GENERATED, in_force="ended",
        ended="1991",
        source="/elsewhere/red.md",
    )  # fmt: skip
    console.show_answer(answered(full))
    place = f"· Article IV(2) · page 7 · /elsewhere/red.md · characters {full.start}–{full.end}"
    assert f"{place} · against · ended 1991 · says that a machine wrote it" in capsys.readouterr().out


def test_a_file_inside_the_working_folder_is_shown_from_there(cited, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.chdir(tmp_path)
    console.show_answer(answered(replace(cited, source=str(tmp_path / "folder" / "a.md"))))
    console.show_answer(answered(replace(cited, source=str(tmp_path.parent / "b.md"))))
    console.show_answer(answered(replace(cited, source="../c.md")))
    out = capsys.readouterr().out
    assert f" · {Path('folder', 'a.md')} · " in out
    assert f" · {tmp_path.parent / 'b.md'} · " in out
    assert " · ../c.md · " in out


@pytest.mark.parametrize("reason", Reason)
def test_a_refusal_says_why_and_shows_what_is_not_an_answer(cited, reason, capsys):
    refusal = Refusal(reason=reason, message="Nothing [b]here[/b].", nearest=(cited,))
    console.show_answer(replace(answered(), refusal=refusal, understood_as="Who rings?"))
    out = joined(capsys.readouterr().out)
    assert out.startswith(
        f"Understood as: Who rings? {str(reason).replace('_', ' ').capitalize()}. Nothing [b]here[/b]."
    )
    assert "Nearest passages, not an answer: [1]" in out


def test_documents_keep_their_ids_whole(library_path, width, capsys):
    with Library.open(library_path) as library:
        console.show_documents(library.documents())
        console.show_document(library.document("red-alarm"))
        console.show_document(library.document("mountain-page"))
    out = capsys.readouterr().out
    lines = out.splitlines()
    for name in ("strelsau", "szohod", "red-alarm", "mountain-page"):
        assert any(line.startswith(name) for line in lines)
    assert "title [red]Alarm[/red] Compact" in joined(out)
    assert "trust generated" in joined(out)


def records(library_path: Path) -> list[StoredDocument]:
    with Library.open(library_path) as library:
        return library.documents()


def test_a_program_that_reads_the_list_gets_every_cell_whole(library_path, width, capsys):
    long = replace(records(library_path)[0], title="On " * 100, trust=Trust.GENERATED)
    console.show_documents([*records(library_path), long])
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1 + 4 + 1
    assert f"{'On ' * 100} generated" in out
    assert all(record.title in out for record in records(library_path))
    assert "1952–" in out


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_on_a_terminal_only_titles_are_cut_short(library_path, columns, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    found = records(library_path)
    console.show_documents([replace(record, title=f"{record.title} {'and so on ' * 20}") for record in found])
    head, *lines = capsys.readouterr().out.splitlines()
    assert {"trust", "in force"} <= set(re.split(r"\s{2,}", re.sub(r"\x1b\[\d*m", "", head).strip()))
    for line, record in zip(lines, found, strict=True):
        assert len(line) <= columns
        assert line.startswith(record.document_id)
        assert f"…  {record.trust}" in line


def test_a_report_names_each_file_once(capsys):
    rows = (
        FileResult(source="a[b].md", status="added", document_id="a"),
        FileResult(source="b.md", status="failed", reason="b.md: there is no such file"),
        FileResult(source="c.md", status="skipped", reason="no reader"),
        FileResult(source="d.md", status="unchanged"),
    )
    console.show_report(Report(files=rows))
    assert capsys.readouterr().out.splitlines() == [
        "    added  a[b].md",
        "   failed  b.md: there is no such file",
        "  skipped  c.md: no reader",
        "1 added, 0 updated, 1 unchanged, 1 skipped, 1 failed",
    ]


def test_checks_and_findings(capsys):
    console.show_checks([Check(number=1, document_id="a", status=Status.CHANGED, found_at=(2, 5), problem="moved")])
    console.show_checks([])
    console.show_checks([Check(number=1, document_id="a", status=Status.VERIFIED)], refused=True)
    console.show_checks([], refused=True)
    console.show_findings([Finding(what="[x] is broken", remedy="Mend it.")])
    console.show_findings([])
    assert capsys.readouterr().out.splitlines() == [
        "[1] a changed: moved; the words stand now at 2–5",
        "The answer holds no citations.",
        "This is a refusal: it states nothing. Of its nearest passages:",
        "[1] a stands where it says",
        "This is a refusal: it states nothing.",
        "[x] is broken. Mend it.",
        "Everything is consistent.",
    ]


def test_nothing_found_and_nothing_there(capsys):
    console.show_hits([])
    console.show_documents([])
    assert "Nothing found." in (out := capsys.readouterr().out)
    assert "foedus ingest PATH" in out


def test_no_bar_but_on_a_terminal(capsys):
    from index.add import Event

    with console.Progress() as progress:
        progress(Event(files=2, done=1, passages=3))
    assert capsys.readouterr() == ("", "")
