"""A library, an encoder, and a way to write and add small files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.add import Report, add
from index.library import Library

from .encoders import HashingEncoder

TREATY = """---
title: {title}
aliases: [{alias}]
parties: [Ruritania, Graustark]
signed: 1951-09-01
trust: primary
---

# {title}

## Article I

The Parties undertake to settle any {word} disputes in which they may be involved by peaceful means.

## Article II

An armed attack on any of the Parties would be dangerous to its own peace and safety, and each declares that it would
act to meet the common {word} danger in accordance with its constitutional processes.
"""


@pytest.fixture
def encoder() -> HashingEncoder:
    return HashingEncoder()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as opened:
        yield opened


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def treaty(title: str, word: str, alias: str = "") -> str:
    return TREATY.format(title=title, word=word, alias=alias or title.upper())


@pytest.fixture
def put(library: Library, encoder: HashingEncoder, files: Path) -> Callable[..., Report]:
    """Write files (name=text) and add the folder."""

    def put(**texts: str) -> Report:
        for name, text in texts.items():
            (files / f"{name}.md").write_text(text, encoding="utf-8")
        return add(library, [files], encoder=encoder, workers=1)

    return put
