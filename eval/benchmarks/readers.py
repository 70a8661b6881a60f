"""Public retrieval collections in the forms they come in.

Nothing is guessed from a name: `read_all` looks at which files a folder holds, and falls back on BEIR's form.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from ..errors import BadDataset
from . import files
from .beir import read_beir
from .collection import Collection, Entry, collection
from .questions import TRECQA, XQUAD, read_trecqa, read_xquad

__all__ = ["Collection", "Entry", "read", "read_all", "read_beir"]

_SMART_MARK: Final = re.compile(r"\.([A-Z])\s*(\d*)\s*")
_TREC_DOCUMENT: Final = re.compile(r"<DOC>\s*<DOCNO>\s*(\S+?)\s*</DOCNO>(.*?)</DOC>", re.DOTALL)
_TREC_TOPIC: Final = re.compile(r"<top>\s*<num>\s*(\S+?)\s*</num>\s*<title>(.*?)</title>", re.DOTALL)


def read(folder: Path, *, split: str = "test") -> Collection:
    """The collection in `folder`, the first where there are several.

    Raises:
        BadDataset: no known form fits, or a file of it is broken.
    """
    return read_all(folder, split=split)[0]


def read_all(folder: Path, *, split: str = "test") -> tuple[Collection, ...]:
    """All that the files of `folder` can be read as: German questions beside English ones, say.

    Raises:
        BadDataset: no known form fits, or a file of it is broken.
    """
    for marker, reader in READERS.items():
        if (folder / marker).is_file():
            found = reader(folder)
            return (found,) if isinstance(found, Collection) else found
    if (folder / SPANS).is_file():
        raise BadDataset(f"{folder} holds places in texts, no judgments: use python -m eval.benchmarks.spans {folder}")
    return (read_beir(folder, split=split),)


def read_cranfield(folder: Path) -> Collection:
    """SMART files. Judgments count queries by their place in the file, not by the number printed there.

    The grades 1 to 4 are all relevant (1 is the best, so they are no gains); -1 marks references of no interest.
    """
    queries = enumerate(_smart(folder / "cran.qry"), 1)
    judged = (line.split() for line in files.lines(folder / "cranqrel"))
    return collection(
        folder,
        _smart_entries(folder / "cran.all.1400"),
        {str(place): _field(fields, "W") for place, (_, fields) in queries},
        ((query, document, int(int(grade) > 0)) for query, document, grade in judged),
    )


def read_cisi(folder: Path) -> Collection:
    """SMART files; a query is its title, where it has one, and its words."""
    queries = {
        number: f"{_field(fields, 'T')} {_field(fields, 'W')}".strip() for number, fields in _smart(folder / "CISI.QRY")
    }
    judged = (line.split()[:2] for line in files.lines(folder / "CISI.REL"))
    return collection(folder, _smart_entries(folder / "CISI.ALL"), queries, ((q, d, 1) for q, d in judged))


def read_cacm(folder: Path) -> Collection:
    """SMART files; judgments write numbers with leading zeros."""
    queries = {number: _field(fields, "W") for number, fields in _smart(folder / "query.text")}
    judged = (line.split()[:2] for line in files.lines(folder / "qrels.text"))
    return collection(
        folder, _smart_entries(folder / "cacm.all"), queries, ((str(int(q)), str(int(d)), 1) for q, d in judged)
    )


def read_vaswani(folder: Path) -> Collection:
    """TREC files, without titles."""
    documents = [
        Entry(id=number, title="", text=_one_space(text))
        for number, text in _TREC_DOCUMENT.findall(files.text(folder / "corpus" / "doc-text.trec"))
    ]
    topics = _TREC_TOPIC.findall(files.text(folder / "query-text.trec"))
    judged = (line.split() for line in files.lines(folder / "qrels"))
    return collection(
        folder,
        documents,
        {number: _one_space(text).lower() for number, text in topics},  # printed in capitals throughout
        ((query, document, int(gain)) for query, _, document, gain in judged),
    )


SPANS: Final = "questions_df.csv"  # of a collection that another module measures
READERS: Final[Mapping[str | Path, Callable[[Path], Collection | tuple[Collection, ...]]]] = {
    "cran.all.1400": read_cranfield,
    "CISI.ALL": read_cisi,
    "cacm.all": read_cacm,
    "query-text.trec": read_vaswani,
    TRECQA: read_trecqa,
    XQUAD.format("en"): read_xquad,
}


def _smart_entries(path: Path) -> Iterator[Entry]:
    for number, fields in _smart(path):
        yield Entry(id=number, title=_one_space(_field(fields, "T")), text=_field(fields, "W"))


def _smart(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Records of a SMART file: their number and their fields, by letter; a field that occurs twice is joined."""
    number, fields, letter = "", defaultdict[str, list[str]](list), ""
    for line in files.lines(path):
        mark = _SMART_MARK.fullmatch(line)
        if mark and mark[1] == "I":
            if number:
                yield number, {key: "\n".join(lines) for key, lines in fields.items()}
            number, fields, letter = str(int(mark[2])), defaultdict(list), ""
        elif mark and not mark[2]:
            letter = mark[1]
        else:
            fields[letter].append(line)
    if not number:
        raise BadDataset(f"{path}: holds no record that starts with .I")
    yield number, {key: "\n".join(lines) for key, lines in fields.items()}


def _field(fields: Mapping[str, str], letter: str) -> str:
    return fields.get(letter, "").strip()


def _one_space(text: str) -> str:
    return " ".join(text.split())
