"""Claims that people have judged, in the forms they come in, and what is counted over them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from eval.benchmarks.claims import Claim, read_claims
from eval.benchmarks.counterfactual import SETTINGS, measure, read_questions
from eval.benchmarks.faithfulness import balanced_accuracy, f1
from eval.benchmarks.faithfulness import measure as measure_claims
from eval.errors import BadDataset
from index.encoder import load_encoder

SIZES = {
    "summedits": (4681, 1648),
    "begin": (1229, 313),
    "wice": (349, 115),
    "fever_symmetric": (635, 319),
    "averitec": (500, 122),
    "covidfact": (4086, 1296),
    "healthver": (3740, 1204),
    "control_nli": (1604, 613),
    "climate_fever": (7675, 1943),
}


@dataclass(frozen=True)
class Told:
    """Says of each claim what stands in it."""

    name: str = "told"
    threshold: float = 0.5

    def score(self, statement: str, sources: object) -> float:
        return float("yes" in statement)


def claim(text: str, *, supported: bool) -> Claim:
    return Claim(text=text, evidence=("evidence",), supported=supported, group=text)


@pytest.mark.shared
@pytest.mark.parametrize("name", SIZES)
def test_every_row_of_a_set_is_read(name: str, shared: Path) -> None:
    claims = read_claims(shared / "faithfulness" / name)
    assert (len(claims), sum(one.supported for one in claims)) == SIZES[name]
    assert all(one.text.strip() and any(piece.strip() for piece in one.evidence) for one in claims[:50])


def test_a_folder_that_is_no_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match="holds none of"):
        read_claims(tmp_path)
    (tmp_path / "claim_dev.jsonl").write_text('{"claim": 1}', encoding="utf-8")
    with pytest.raises(BadDataset, match="is not as expected"):
        read_claims(tmp_path)


def test_values_by_hand() -> None:
    """Of 4 supported 3 are told right, of 6 others 2: one false warning, four missed."""
    counts = np.array([3, 1, 2, 4])
    assert balanced_accuracy(counts) == pytest.approx((3 / 4 + 2 / 6) / 2)
    precision, recall = 2 / 3, 2 / 6
    assert f1(counts) == pytest.approx(2 * precision * recall / (precision + recall))


def test_a_judge_is_counted_by_the_table() -> None:
    told = Counter({("yes", True): 3, ("nay", True): 1, ("nay", False): 2, ("yes", False): 4})
    claims = [claim(f"{text} {n}", supported=is_so) for (text, is_so), count in told.items() for n in range(count)]
    found = measure_claims(claims, Told())
    assert (found.claims, found.supported) == (10, 4)
    value, low, high = found.balanced_accuracy
    assert low <= value <= high
    assert value == pytest.approx((3 / 4 + 2 / 6) / 2, abs=1e-6)
    assert found.auroc == pytest.approx(3 / 4 * 2 / 6 + (3 / 4 * 4 / 6 + 1 / 4 * 2 / 6) / 2, abs=1e-6)


def test_a_claim_is_as_good_as_its_least_supported_sentence() -> None:
    found = measure_claims([claim("Surely yes. But nay.", supported=False), claim("yes", supported=True)], Told())
    assert found.balanced_accuracy[0] == 1.0


ROW = {
    "id": 0,
    "query": "Who bought the blue lighthouse?",
    "answer": [["Ada Lund", "Lund"]],
    "fakeanswer": "Bo Berg",
    "positive": ["The blue lighthouse was bought by Ada Lund in 1931."],
    "positive_wrong": ["The blue lighthouse was bought by Bo Berg in 1931."],
}


@pytest.mark.model
@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_whose_answer_is_quoted(setting, tmp_path: Path) -> None:
    (tmp_path / "en_fact.json").write_text(json.dumps(ROW), encoding="utf-8")
    found = measure(read_questions(tmp_path), setting, load_encoder())
    assert found["answered"] == 1.0
    if setting.name in ("only true", "both, only primary used"):
        assert (found["true answer"], found["false answer"]) == (1.0, 0.0)
    if setting.name == "only false":
        assert (found["true answer"], found["false answer"]) == (0.0, 1.0)
    assert found["true answer"] + found["false answer"] >= 1.0
