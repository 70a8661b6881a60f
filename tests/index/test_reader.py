"""The bundled reader: what it promises, not how clever it is (its card says that)."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from index.errors import EncoderDamaged, EncoderMissing
from index.onnx_encoder import open_tokenizer, sha256
from index.reader import ANSWERS, BUNDLED, COLUMNS, NO, YES, Excerpt, Layout, OnnxReader, side_by_side
from ingest.document import Span

pytestmark = pytest.mark.model

QUESTION = "Who keeps the instruments of ratification?"
SENTENCES = (
    "The instruments of ratification are deposited with the Government of Graustark.",
    "The Parties undertake to settle any dispute over the river by peaceful means.",
    "Mineral water is taxed at four per cent.",
)


def page(*sentences: str) -> Excerpt:
    ends = list(itertools.accumulate(len(sentence) + 1 for sentence in sentences))
    spans = (Span(start=end - len(sentence) - 1, end=end - 1) for sentence, end in zip(sentences, ends, strict=True))
    return Excerpt(heading="Treaty of Strelsau", text=" ".join(sentences), spans=tuple(spans))


@pytest.fixture(scope="module")
def reader() -> OnnxReader:
    return OnnxReader()


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return open_tokenizer(BUNDLED / "tokenizer.json")


def test_sentences_side_by_side_keep_their_words_and_the_titles_that_differ():
    excerpt = side_by_side([("Treaty", "It ended."), ("Pact", "It holds."), ("Treaty", "It began.")])
    assert excerpt.heading == "Treaty"
    assert [span.of(excerpt.text) for span in excerpt.spans] == ["It ended.", "Pact: It holds.", "It began."]
    assert side_by_side([]) == Excerpt(heading="", text="", spans=())


def test_the_sentence_that_answers_is_above_the_others(reader):
    (scores,) = reader.read(QUESTION, [page(*SENTENCES)])
    assert scores[:, ANSWERS].argmax() == 0


def test_a_denial_says_no_and_an_affirmation_yes(reader):
    (yes,), (no,) = reader.read(
        "Is Ruritania obliged to send troops?",
        [page("Ruritania is obliged to send troops at once."), page("Ruritania is not obliged to send troops.")],
    )
    assert yes[YES] - yes[NO] > no[YES] - no[NO]
    assert no[NO] > no[YES]


def test_what_is_said_of_a_page_depends_on_its_question_and_itself_alone(reader):
    pages = [page(*SENTENCES), page(SENTENCES[1]), page(SENTENCES[2], SENTENCES[0])]
    together = reader.read(QUESTION, pages)
    alone = [reader.read(QUESTION, [one])[0] for one in reversed(pages)][::-1]
    assert [rows.tobytes() for rows in together] == [rows.tobytes() for rows in alone]


@pytest.mark.parametrize("text", ["𝒜 🙂", "\u200b", "word " * 5_000, "word. " * 5_000])
def test_any_page_can_be_read(reader, text):
    (one,) = reader.read(QUESTION, [page(text)])
    (many,) = reader.read(QUESTION, [page(*(part for part in text.split() or [text]))])
    assert np.isfinite(one).all()
    assert one.shape == (1, COLUMNS)
    assert np.isfinite(many).all()
    assert len(many) == len(text.split() or [text])


@pytest.mark.parametrize("question", ["", "why " * 5_000])
def test_any_question_can_be_asked(reader, question):
    assert np.isfinite(reader.read(question, [page(*SENTENCES)])[0]).all()


def test_nothing_to_read_gives_no_rows(reader):
    assert reader.read(QUESTION, []) == []
    assert [rows.shape for rows in reader.read(QUESTION, [page(), page(SENTENCES[0])])] == [(0, COLUMNS), (1, COLUMNS)]


@pytest.mark.parametrize("most", [24, 40, 256])
def test_every_sentence_is_in_one_window_and_its_tokens_are_its_own(tokenizer, most):
    asked = page(*SENTENCES * 5)
    windows = Layout(tokenizer, most).windows(QUESTION, asked)
    read = [
        tokenizer.decode(window.ids[low:high], skip_special_tokens=False)
        for window in windows
        for low, high in window.places
    ]
    assert all(len(window.ids) == len(window.types) <= most for window in windows)
    assert len(read) == len(asked.spans)
    if most > 24:  # enough for the longest of them
        whole = [tokenizer.decode(tokenizer.encode(text, add_special_tokens=False).ids) for text in SENTENCES * 5]
        assert read == whole


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
