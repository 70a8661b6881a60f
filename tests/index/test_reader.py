"""The bundled reader: what it promises, not how clever it is (its card says that)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from index.errors import EncoderDamaged, EncoderMissing
from index.onnx_encoder import sha256
from index.reader import ANSWERS, BUNDLED, NO, YES, OnnxReader

pytestmark = pytest.mark.model

QUESTION = "Who keeps the instruments of ratification?"
SPANS = [
    "Treaty of Strelsau › The instruments of ratification are deposited with the Government of Graustark.",
    "Treaty of Strelsau › The Parties undertake to settle any dispute over the river by peaceful means.",
    "Treaty of Strelsau › Mineral water is taxed at four per cent.",
]


@pytest.fixture(scope="module")
def reader() -> OnnxReader:
    return OnnxReader()


def test_the_span_that_answers_is_above_the_others(reader):
    scores = reader.read(QUESTION, SPANS)[:, ANSWERS]
    assert scores.argmax() == 0


def test_a_denial_says_no_and_an_affirmation_yes(reader):
    question = "Is Ruritania obliged to send troops?"
    yes, no = reader.read(
        question,
        [
            "Treaty of Strelsau › Ruritania is obliged to send troops at once.",
            "Treaty of Strelsau › Ruritania is not obliged to send troops.",
        ],
    )
    assert yes[YES] - yes[NO] > no[YES] - no[NO]
    assert no[NO] > no[YES]


def test_a_score_depends_on_its_question_and_span_alone(reader):
    together = reader.read(QUESTION, SPANS)
    alone = np.vstack([reader.read(QUESTION, [span]) for span in reversed(SPANS)])[::-1]
    assert together.tobytes() == np.ascontiguousarray(alone).tobytes()


@pytest.mark.parametrize("span", ["", "𝒜 🙂", "word " * 5_000])
def test_any_span_can_be_read(reader, span):
    assert np.isfinite(reader.read(QUESTION, [span])).all()


def test_nothing_to_read_gives_no_rows(reader):
    assert reader.read(QUESTION, []).shape == (0, 4)


def test_a_changed_file_is_refused_with_both_sums(tmp_path: Path):
    folder = tmp_path / "reader"
    shutil.copytree(BUNDLED, folder)
    (folder / "model.onnx").write_bytes(b"something else")
    expected = json.loads((folder / "manifest.json").read_text())["files"]["model.onnx"]
    with pytest.raises(EncoderDamaged, match=f"{sha256(folder / 'model.onnx')}.*{expected}"):
        OnnxReader(folder)


def test_a_missing_folder_is_named(tmp_path: Path):
    with pytest.raises(EncoderMissing, match="nowhere"):
        OnnxReader(tmp_path / "nowhere")


def test_the_card_names_the_bundled_file():
    assert sha256(BUNDLED / "model.onnx") in (BUNDLED / "README.md").read_text("utf-8")
