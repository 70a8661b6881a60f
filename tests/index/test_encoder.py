"""The bundled encoder keeps the promises of `index/encoder.py`."""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.encoder import BUNDLED, Encoder, load_encoder
from index.errors import EncoderDamaged, EncoderMissing
from index.onnx_encoder import sha256

pytestmark = pytest.mark.model

ORIGINAL_COSINES = [0.2015, 0.2513, 0.0236, 0.1432, 0.0286, 0.0069]  # pairs (0,1), (0,2), (0,3), (1,2), (1,3), (2,3)

TEXTS = [
    "Does ANZUS have a mutual defense clause?",
    "",
    " ",
    "😀",
    "Noord-Atlantisch Verdrag: 第五条 — «ст. 5»",
    "An armed attack against one of them shall be considered an attack against them all. " * 20,
    "\x00\ufffd\u200b",
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    """The published one, left uncut."""
    published = Tokenizer.from_file(str(BUNDLED / "tokenizer.json"))
    published.no_truncation()
    published.no_padding()
    return published


def test_rows_have_unit_length_whatever_the_text(encoder: Encoder) -> None:
    rows = encoder.encode(TEXTS)
    assert rows.shape == (len(TEXTS), encoder.dimensions)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_no_texts_are_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(st.text(max_size=200), min_size=1, max_size=4))
def test_a_row_depends_on_its_own_text_only(encoder: Encoder, texts: Sequence[str]) -> None:
    together = encoder.encode([*texts, TEXTS[5]])
    alone = [encoder.encode([text])[0] for text in texts]
    assert [row.tobytes() for row in together[:-1]] == [row.tobytes() for row in alone]


def test_two_loads_give_the_same_bytes_and_name(encoder: Encoder) -> None:
    other = load_encoder()
    assert other.id == encoder.id
    assert other.encode(TEXTS).tobytes() == encoder.encode(TEXTS).tobytes()


@pytest.mark.parametrize(("length", "read"), [(100, True), (200, True), (253, True), (254, False), (400, False)])
def test_a_text_is_cut_at_256_tokens_and_no_earlier(encoder: Encoder, length: int, read: bool) -> None:
    """254 words and two special tokens; the word at place `length` is read or it is not."""
    words = ["treaty"] * 500
    changed = [*words[:length], "volcano", *words[length + 1 :]]
    assert encoder.max_tokens == 256
    rows = encoder.encode([" ".join(words), " ".join(changed)])
    assert (rows[0].tobytes() != rows[1].tobytes()) is read


def test_a_long_text_is_encoded_and_counted_whole(encoder: Encoder) -> None:
    text = "The Parties undertake to consult. " * 300
    assert len(text) > 10_000
    assert encoder.count_tokens(text) == 300 * 6
    assert np.isfinite(encoder.encode([text])).all()


@settings(max_examples=50, deadline=None)
@given(text=st.text(max_size=300))
def test_tokens_are_counted_as_the_published_tokeniser_cuts_them(
    encoder: Encoder, tokenizer: Tokenizer, text: str
) -> None:
    assert encoder.count_tokens(text) == len(tokenizer.encode(text, add_special_tokens=False).tokens)
    assert encoder.count_tokens(text) + 2 == len(tokenizer.encode(text).tokens)


def test_the_counter_travels_to_another_process(encoder: Encoder) -> None:
    travelled = pickle.loads(pickle.dumps(encoder.counter))
    assert [travelled(text) for text in TEXTS] == [encoder.count_tokens(text) + 2 for text in TEXTS]


def test_tokens_have_a_row_and_a_place_each(encoder: Encoder) -> None:
    text = "𝒜 😀 The Parties’ defence"
    rows, places = encoder.encode_tokens(text)
    assert rows.shape == (len(places), encoder.dimensions) == (encoder.count_tokens(text), encoder.dimensions)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert [text[start:end] for start, end in places] == ["𝒜", "😀", "The", "Parties", "’", "defence"]


def test_a_token_knows_its_neighbours(encoder: Encoder) -> None:
    near, far = (encoder.encode_tokens(text)[0][0] for text in ("bank of the river", "bank of England lends"))
    assert near @ far < 0.9


@settings(max_examples=25, deadline=None)
@given(text=st.text(max_size=600))
def test_places_of_tokens_lie_in_the_text_in_order(encoder: Encoder, text: str) -> None:
    rows, places = encoder.encode_tokens(text)
    assert len(rows) == min(encoder.count_tokens(text), 254)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


def test_cosines_are_those_of_the_original(encoder: Encoder) -> None:
    """The numbers come from the published weights in torch, to which 8 bits come within 0.03."""
    rows = encoder.encode(
        [
            "Does ANZUS have a mutual defense clause?",
            "Each Party would act to meet the common danger in accordance with its constitutional processes.",
            "The State Partnership Program pairs the National Guard with partner countries.",
            "Simmer the tomatoes with basil for twenty minutes.",
        ]
    )
    np.testing.assert_allclose((rows @ rows.T)[np.triu_indices(4, 1)], ORIGINAL_COSINES, atol=0.03)


def test_its_name_holds_what_changes_a_vector(encoder: Encoder) -> None:
    for part in (sha256(BUNDLED / "model.onnx")[:12], sha256(BUNDLED / "tokenizer.json")[:12], "256 tokens", "mean"):
        assert part in encoder.id


def test_the_card_names_the_files_that_ship() -> None:
    card = (BUNDLED / "README.md").read_text("utf-8")
    assert sha256(BUNDLED / "model.onnx") in card
    assert sha256(BUNDLED / "tokenizer.json") in card


def test_another_model_folder_is_loaded_by_its_path(encoder: Encoder, tmp_path: Path) -> None:
    folder = shutil.copytree(BUNDLED, tmp_path / "model")
    assert load_encoder(str(folder)).id == encoder.id


def test_a_changed_file_is_refused_and_both_values_are_named(tmp_path: Path) -> None:
    folder = shutil.copytree(BUNDLED, tmp_path / "model")
    before = sha256(folder / "tokenizer.json")
    with (folder / "tokenizer.json").open("a") as file:
        file.write("\n")
    with pytest.raises(EncoderDamaged) as refusal:
        load_encoder(str(folder))
    assert before in str(refusal.value)
    assert sha256(folder / "tokenizer.json") in str(refusal.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = shutil.copytree(BUNDLED, tmp_path / "model")
    (folder / "model.onnx").unlink()
    with pytest.raises(EncoderMissing, match=r"model\.onnx is not there"):
        load_encoder(str(folder))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not a manifest"),
        ("[]", "is not a manifest"),
        ('{"name": "x"}', "is not a manifest"),
        (
            '{"name": "x", "dimensions": 1, "max_tokens": 2, "pooling": "mean", "files": {}}',
            r"does not name model\.onnx",
        ),
    ],
)
def test_a_broken_manifest_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(EncoderDamaged, match=message):
        load_encoder(str(tmp_path))


def test_the_manifest_is_plain_json() -> None:
    manifest = json.loads((BUNDLED / "manifest.json").read_text("utf-8"))
    assert manifest["files"].keys() == {"model.onnx", "tokenizer.json"}


def test_another_model_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)  # as if it were not installed
    with pytest.raises(EncoderMissing, match="-m pip install sentence-transformers") as caught:
        load_encoder("some/model")
    assert str(caught.value).startswith("there is no folder 'some/model', and a model of that name needs")
    with pytest.raises(EncoderMissing, match=f"the encoder '{tmp_path}' needs sentence-transformers"):
        load_encoder(str(tmp_path))


@pytest.mark.parametrize("name", ["/nope", "./nope", "../no/pe", "~/nope"])
def test_a_folder_that_is_not_there_is_told_with_what_may_stand_there(name: str) -> None:
    with pytest.raises(EncoderMissing, match=f"no encoder '{name}': there is no such folder; FOEDUS_ENCODER.* takes"):
        load_encoder(name)


def test_the_home_folder_may_be_written_as_a_tilde(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(BUNDLED, tmp_path / "model")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert load_encoder("~/model").id == encoder.id
    with pytest.raises(EncoderMissing, match="no encoder '~nobody-of-that-name/model': there is no such folder"):
        load_encoder("~nobody-of-that-name/model")


def _not_cached() -> OSError:
    """As it comes from below when a model of that name is not on the machine."""
    error = OSError("We couldn't connect to a host, and couldn't find them in the cached files.\nCheck it.")
    error.__cause__ = FileNotFoundError("Cannot find the requested files in the disk cache.")
    return error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (_not_cached(), "no such folder, no such model"),
        (FileNotFoundError("Path some/model not found"), "no such folder, no such model"),
        (OSError("Repo id must use alphanumeric chars.\nMore"), "Repo id must use alphanumeric chars"),
        (ValueError("Unrecognized model in some/model."), "Unrecognized model in some/model"),
        (PermissionError(13, "Permission denied", "model.safetensors"), ".*Permission denied: 'model.safetensors'"),
    ],
)
def test_a_model_that_does_not_load_says_why(monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str) -> None:
    def load(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setitem(sys.modules, "sentence_transformers", SimpleNamespace(SentenceTransformer=load))
    with pytest.raises(EncoderMissing, match=f"^no encoder 'some/model': {reason}; FOEDUS_ENCODER"):
        load_encoder("some/model")


def test_the_bundled_encoder_never_imports_torch() -> None:
    code = """
        import sys
        from index.encoder import load_encoder
        load_encoder().encode(["a", "b"])
        print(sorted({"torch", "transformers", "sentence_transformers"} & set(sys.modules)))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
