"""A small real library, built once with the bundled encoder, and the command line called in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.add import add
from index.encoder import Encoder, load_encoder
from index.library import Library
from service.ask import Asker, open_asker
from service.settings import Settings

STRELSAU = """---
title: Treaty of Strelsau
aliases: [Strelsau Pact, TOS]
parties: [Ruritania, Graustark]
signed: 1951-09-01
in_force: 1952-04-29
trust: primary
---

# Treaty of Strelsau

## Article I

The Parties undertake to settle any dispute over the river Zenda by peaceful means.

## Article II

An armed attack on one Party is an attack on both, and each Party shall assist the other with armed force.

## Article III

This Treaty was signed at Strelsau on 1 September 1951. It entered into force on 29 April 1952.

## Article IV

A Party may withdraw one year after it has given notice to the Government of Graustark.
"""
SZOHOD = """---
title: Trade Agreement of Szohôd
parties: [Borduria, Syldavia]
signed: 1961-03-02
ended: 1989-11-09
---

# Trade Agreement of Szohôd

## Article 1

Syldavia shall lower its duties on mineral water from Borduria to four per cent.

## Article 2

The Joint Committee meets twice a year in Klow.
"""
RED = """---
title: "[red]Alarm[/red] Compact"
trust: secondary
---

# [red]Alarm[/red] Compact

The compact of the lighthouse keepers [bold]binds[/bold] every keeper to ring the bell in fog.
"""
PAGE = """The Cooperation between Ruritania and Graustark

This article was written by an artificial intelligence.

Ruritania and Graustark train their mountain troops together every winter in the Hentzau valley. The exercise lasts
three weeks and ends with a march to the summit.
"""
FILES = {"strelsau.md": STRELSAU, "szohod.md": SZOHOD, "red-alarm.md": RED, "mountain-page.txt": PAGE}


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return load_encoder()


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the files of the library."""
    folder = tmp_path_factory.mktemp("sources")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def library_path(tmp_path_factory: pytest.TempPathFactory, sources: Path, encoder: Encoder) -> Path:
    """Not to be changed by a test."""
    path = tmp_path_factory.mktemp("built") / "library"
    with Library.open(path, create=True) as library:
        report = add(library, [sources], encoder=encoder, workers=1)
    assert report.count("added") == len(FILES)
    return path


@pytest.fixture(scope="session")
def asker(library_path: Path) -> Iterator[Asker]:
    with open_asker(Settings(library=library_path, library_named=True), notice=lambda _: None) as opened:
        yield opened


@dataclass(frozen=True, kw_only=True)
class Ran:
    code: int
    out: str
    err: str


Foedus = Callable[..., Ran]


@pytest.fixture
def foedus(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Foedus:
    """`foedus ARGUMENTS` in this process, started in an empty folder."""
    from service.cli import main

    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["foedus", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        captured = capsys.readouterr()
        return Ran(code=code, out=captured.out, err=captured.err)

    return run
