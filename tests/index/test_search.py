from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from index import fuse, generations
from index.add import Report, add
from index.errors import IndexMismatch, LibraryDamaged, UnknownDocument
from index.hit import Filters
from index.library import Library
from index.search import HITS_MOST, Mode, Searcher
from index.snapshot import Row
from ingest.document import Trust
from ingest.errors import UsageError

from .conftest import treaty
from .encoders import HashingEncoder

Put = Callable[..., Report]
ROOT = Path(__file__).parents[2]
MODES: tuple[Mode, ...] = ("hybrid", "lexical", "dense")

DUTCH = (
    "\n\n# Nederlandse tekst\n\nDe Partijen verbinden zich om elk geschil over de grens waarin zij betrokken zijn "
    "langs vreedzame weg op te lossen, en een gewapende aanval op een van de Partijen is een gevaar voor de vrede.\n"
)


@pytest.fixture
def searcher(library: Library, put: Put, encoder: HashingEncoder) -> Searcher:
    put(
        strelsau=treaty("Pact of Strelsau", "border"),
        zenda=treaty("Zenda Treaty", "river"),
        rumour=treaty("Notes on Strelsau", "hearsay").replace("primary", "generated"),
    )
    return Searcher(library, encoder)


@pytest.mark.parametrize("mode", MODES)
def test_the_passage_with_the_words_comes_first(searcher: Searcher, library: Library, mode: Mode) -> None:
    first = searcher.search("Must they settle river disputes by peaceful means?", mode=mode)[0]
    assert first.document_id == "zenda"
    assert "river disputes" in first.text
    assert first.text == first.passage.of(library.text("zenda"))
    assert first.rank == 1


@pytest.mark.parametrize("mode", MODES)
def test_an_empty_library_has_no_hits(library: Library, encoder: HashingEncoder, mode: Mode) -> None:
    assert Searcher(library, encoder).search("anything", mode=mode) == []


@pytest.mark.parametrize("question", ["", "   ", "?!", "\x00", "𝒜" * 50])
@pytest.mark.parametrize("mode", MODES)
def test_questions_without_words_are_no_error(searcher: Searcher, question: str, mode: Mode) -> None:
    assert isinstance(searcher.search(question, mode=mode), list)


def test_k_has_limits(searcher: Searcher) -> None:
    assert len(searcher.search("treaty", k=HITS_MOST)) > 3
    assert len(searcher.search("treaty", k=1)) == 1
    for k in (0, HITS_MOST + 1):
        with pytest.raises(UsageError, match=f"k is {k}; it must be from 1 to {HITS_MOST}"):
            searcher.search("treaty", k=k)


@pytest.mark.parametrize("mode", MODES)
def test_filters_leave_only_what_fits(searcher: Searcher, mode: Mode) -> None:
    def documents(filters: Filters) -> set[str]:
        return {hit.document_id for hit in searcher.search("armed attack", k=50, mode=mode, filters=filters)}

    assert documents(Filters()) == {"strelsau", "zenda", "rumour"}
    assert documents(Filters(documents=("zenda",))) == {"zenda"}
    assert documents(Filters(trust=Trust.PRIMARY)) == {"strelsau", "zenda"}
    assert documents(Filters(documents=("rumour",), trust=Trust.PRIMARY)) == set()
    assert documents(Filters(as_of="1950")) == set()
    assert documents(Filters(as_of="1951")) == {"strelsau", "zenda", "rumour"}
    with pytest.raises(UnknownDocument, match="'nowhere'"):
        documents(Filters(documents=("nowhere",)))


@pytest.mark.parametrize(
    ("signed", "ended", "day", "fits"),
    [
        (None, None, "1951", True),
        ("1951-09-01", None, "1951-08-31", False),
        ("1951-09-01", None, "1951-09-01", True),
        ("1951", "1960", "1960-12-31", True),
        ("1951", "1960-05-01", "1960-05-02", False),
        (None, "1960-05-01", "1959", True),
    ],
)
def test_a_document_stands_from_its_signing_to_its_end(
    signed: str | None, ended: str | None, day: str, fits: bool
) -> None:
    row = Row(
        number=1,
        document_id="d",
        title="t",
        trust=Trust.PRIMARY,
        signed=signed,
        ended=ended,
        first=0,
        last=1,
    )
    assert row.fits(Filters(as_of=day)) is fits


def test_a_name_in_the_question_steers_to_its_document(searcher: Searcher) -> None:
    assert searcher.search("armed attack in the Zenda Treaty")[0].document_id == "zenda"
    assert searcher.search("armed attack", prefer={"strelsau": 1.0})[0].document_id == "strelsau"
    assert searcher.search("armed attack", prefer={"unknown": 1.0})


@pytest.mark.parametrize("mode", MODES)
def test_another_language_comes_last_and_first_where_it_is_asked_in(
    library: Library, put: Put, encoder: HashingEncoder, mode: Mode
) -> None:
    put(both=treaty("Pact of Strelsau", "border") + DUTCH)
    searcher = Searcher(library, encoder)
    asked = "an armed attack: een gewapende aanval op een van de Partijen"
    english = [hit.passage.language for hit in searcher.search(asked, language="en", mode=mode)]
    assert "nl" in english
    assert english.index("nl") == len(english) - english.count("nl")
    assert searcher.search(asked, language="nl", mode=mode)[0].passage.language == "nl"


def test_the_same_question_has_the_same_hits(searcher: Searcher, library: Library, encoder: HashingEncoder) -> None:
    asked = "Must the Parties settle disputes?"
    assert searcher.search(asked) == searcher.search(asked) == Searcher(library, encoder).search(asked)


def test_a_search_sees_what_another_connection_has_added(
    searcher: Searcher, library: Library, encoder: HashingEncoder, tmp_path: Path
) -> None:
    new = tmp_path / "new.md"
    new.write_text(treaty("Hentzau Accord", "lighthouse"), encoding="utf-8")
    assert "new" not in {hit.document_id for hit in searcher.search("lighthouse")}
    with Library.open(library.path) as other:
        add(other, [new], encoder=encoder, workers=1)
    assert searcher.search("lighthouse")[0].document_id == "new"
    with Library.open(library.path) as other:
        other.remove("new")
    assert "new" not in {hit.document_id for hit in searcher.search("lighthouse", k=50)}


def test_another_encoder_means_building_anew_and_saying_so(searcher: Searcher, library: Library) -> None:
    notices: list[str] = []
    other = HashingEncoder("other", 32)
    hits = Searcher(library, other, notice=notices.append).search("river disputes")
    assert hits[0].document_id == "zenda"
    assert "hashing(64)" in notices[0]
    assert "other(32)" in notices[0]
    with pytest.raises(IndexMismatch, match=r"other\(32\).*hashing\(64\)"):
        searcher.search("river disputes")


@pytest.mark.parametrize("name", [generations.DENSE, generations.PASSAGES])
@pytest.mark.parametrize("harm", ["removed", "emptied", "overwritten"])
def test_broken_search_files_are_built_anew(
    searcher: Searcher, library: Library, encoder: HashingEncoder, name: str, harm: str
) -> None:
    before = searcher.search("river disputes")
    [place] = list((library.path / generations.FOLDER).iterdir())
    if harm == "removed":
        (place / name).unlink()
    else:
        (place / name).write_bytes(b"" if harm == "emptied" else b"\x00" * (place / name).stat().st_size)
    notices: list[str] = []
    assert [hit.passage for hit in Searcher(library, encoder, notice=notices.append).search("river disputes")] == [
        hit.passage for hit in before
    ]
    assert len(notices) == 1
    assert str(place) in notices[0]


def test_files_that_vanish_under_a_running_search_are_an_error_with_advice(
    searcher: Searcher, library: Library
) -> None:
    searcher._snapshot = None
    shutil.rmtree(library.path / generations.FOLDER)
    with pytest.raises(LibraryDamaged, match="foedus doctor"):
        searcher.search("river")


ADDING = """
import sys
from pathlib import Path
from index import add as adding
from index.library import Library
from tests.index.encoders import HashingEncoder

if __name__ == "__main__":
    adding.COMMIT_SECONDS, adding.COMMIT_SHARE, adding.EMBED_AT_ONCE = 0.0, 0, 4
    with Library.open(Path(sys.argv[1])) as library:
        adding.add(library, [Path(sys.argv[2])], encoder=HashingEncoder(), workers=1)
"""


def test_searching_goes_on_while_another_process_adds(
    searcher: Searcher, library: Library, files: Path, tmp_path: Path
) -> None:
    for number in range(40):
        (files / f"n{number:02}.md").write_text(treaty(f"Accord {number}", "border"), encoding="utf-8")
    script = tmp_path / "adding.py"
    script.write_text(ADDING)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    counts = set()
    with subprocess.Popen([sys.executable, str(script), str(library.path), str(files)], env=environment) as process:
        while process.poll() is None:
            hits = searcher.search("border disputes", k=500, mode="dense")
            assert all(hit.text for hit in hits)
            counts.add(len(hits))
        assert process.returncode == 0
    counts.add(len(searcher.search("border disputes", k=500, mode="dense")))
    assert len(counts) > 2
    assert max(counts) == library.certificate().passages


def test_threads_may_share_a_searcher(searcher: Searcher) -> None:
    expected, seen = searcher.search("river disputes"), []
    threads = [threading.Thread(target=lambda: seen.append(searcher.search("river disputes"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [expected] * 8


SCORES = arrays.arrays(np.float64, st.integers(0, 30), elements=st.floats(-50, 50))


@given(SCORES)
def test_stretched_scores_keep_their_order_between_0_and_1(
    scores: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> None:
    stretched = fuse.stretch(scores)
    assert ((stretched >= 0) & (stretched <= 1)).all()
    assert (np.argsort(stretched, kind="stable")[-1:] == np.argsort(scores, kind="stable")[-1:]).all() or len(
        set(stretched.tolist())
    ) < len(set(scores.tolist()))


def test_equal_scores_keep_the_order_of_the_candidates() -> None:
    assert fuse.best(np.array([0.5, 0.7, 0.5, 0.7, 0.5]), 4).tolist() == [1, 3, 0, 2]


def test_fused_scores_are_the_weighted_sum() -> None:
    fused = fuse.fuse(np.array([0.0, 5.0, 10.0]), np.array([0.8, 0.6, 0.4]))
    assert fused.tolist() == pytest.approx([fuse.DENSE_WEIGHT, 0.5, fuse.LEXICAL_WEIGHT])
