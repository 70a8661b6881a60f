"""How well the main text of web pages is found, on pages whose text people have marked.

    python -m eval.benchmarks.article_extraction [--data DIR]

`DIR` holds `ground-truth.json` and `html/*.html.gz` of the article extraction benchmark (Scrapinghub, 181 pages), or
the test pages of Mozilla's Readability (`*/source.html` with `*/expected.html`).

Words are runs of letters and digits in lower case; what was found of a page is the multiset overlap of its words with
the gold ones. *micro* divides sums over all pages, *macro* averages over pages. *shingles* are the benchmark's own
measure, for comparison with published tables: four words in a row, averaged over pages.

The gold has no headline; ours begins with it where the page has an `<h1>`, which counts against precision. Halves A and
B part the pages by the hash of their names. The rules were made by looking at errors in both, so neither is held out,
but a rule that fits one page only shows as a difference. The cues and phrases were chosen without Readability's pages.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import trafilatura

from ingest.errors import Empty
from ingest.readers.html import read
from ingest.readers.html_blocks import blocks_of
from ingest.readers.html_source import decode_page, parse

DATA: Final = Path(__file__).parents[3] / "shared" / "documents" / "html" / "article_extraction"
SHINGLE: Final = 4


@dataclass(frozen=True, kw_only=True)
class Page:
    name: str
    html: bytes
    gold: str

    @property
    def half(self) -> str:
        return "AB"[hashlib.sha256(self.name.encode()).digest()[0] % 2]


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """Counts of one page, or their sum: what was found and is gold, what was found, what is gold."""

    both: float
    found: float
    gold: float

    @property
    def precision(self) -> float:
        """1 where nothing was found and nothing was to be found, else 0 where nothing was found."""
        return self.both / self.found if self.found else float(self.gold == 0)

    @property
    def recall(self) -> float:
        return self.both / self.gold if self.gold else float(self.found == 0)


@dataclass(frozen=True, kw_only=True)
class Score:
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


Extractor = Callable[[Page], str]


def ours(page: Page) -> str:
    try:
        return read(page.html, name=page.name).text
    except Empty:
        return ""


def plain_trafilatura(page: Page) -> str:
    return trafilatura.extract(page.html) or ""


def everything(page: Page) -> str:
    return "\n".join(
        block.text for block in blocks_of(parse(decode_page(page.html, name=page.name).text, name=page.name))
    )


EXTRACTORS: Final[dict[str, Extractor]] = {
    "foedus": ours,
    "trafilatura, as it comes": plain_trafilatura,
    "everything printed": everything,
}


def pages(data: Path = DATA) -> Iterator[Page]:
    """The pages with their gold text, by name.

    Raises:
        FileNotFoundError: `data` is neither of the two collections.
    """
    sources = sorted(data.glob("*/source.html"))
    for source in sources:
        gold = printed(source.with_name("expected.html").read_bytes(), name=source.parent.name)
        yield Page(name=source.parent.name, html=source.read_bytes(), gold=gold)
    if sources:
        return
    truth = json.loads((data / "ground-truth.json").read_text(encoding="utf-8"))
    for name in sorted(truth):
        html = gzip.decompress((data / "html" / f"{name}.html.gz").read_bytes())
        yield Page(name=name, html=html, gold=truth[name]["articleBody"])


def printed(html: bytes, *, name: str) -> str:
    """All words that a browser would print."""
    tree = parse(decode_page(html, name=name).text, name=name)
    return "\n".join(block.text for block in blocks_of(tree))


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def shingles(text: str) -> Counter[str]:
    """Four words in a row; a shorter text is one shingle."""
    tokens = re.findall(r"\w+", text)
    return Counter(" ".join(tokens[start : start + SHINGLE]) for start in range(max(1, len(tokens) - SHINGLE + 1)))


def overlap(found: Counter[str], gold: Counter[str]) -> Overlap:
    return Overlap(both=(found & gold).total(), found=found.total(), gold=gold.total())


def micro(overlaps: Iterable[Overlap]) -> Score:
    overlaps = list(overlaps)
    total = Overlap(
        both=sum(one.both for one in overlaps),
        found=sum(one.found for one in overlaps),
        gold=sum(one.gold for one in overlaps),
    )
    return Score(precision=total.precision, recall=total.recall)


def macro(overlaps: Iterable[Overlap]) -> Score:
    overlaps = list(overlaps)
    return Score(
        precision=sum(one.precision for one in overlaps) / len(overlaps),
        recall=sum(one.recall for one in overlaps) / len(overlaps),
    )


def scores(found: dict[str, str], truth: list[Page]) -> dict[str, Score]:
    """All measures of one extractor; `found` maps a page's name to its text."""
    by_words = {page.name: overlap(words(found[page.name]), words(page.gold)) for page in truth}
    by_half = {half: [by_words[page.name] for page in truth if page.half == half] for half in "AB"}
    return {
        "words, micro": micro(by_words.values()),
        "words, macro": macro(by_words.values()),
        "words, micro, half A": micro(by_half["A"]),
        "words, micro, half B": micro(by_half["B"]),
        "shingles": macro(overlap(shingles(found[page.name]), shingles(page.gold)) for page in truth),
    }


def table(results: dict[str, dict[str, Score]]) -> str:
    lines = [f"{'':26}{'':22}precision  recall      F1"]
    for extractor, measured in results.items():
        for measure, score in measured.items():
            lines.append(f"{extractor:26}{measure:22}{score.precision:9.4f}{score.recall:9.4f}{score.f1:9.4f}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.article_extraction")
    parser.add_argument("--data", type=Path, default=DATA, help="the benchmark's folder")
    truth = list(pages(parser.parse_args().data))
    found = {name: {page.name: extract(page) for page in truth} for name, extract in EXTRACTORS.items()}
    print(f"{len(truth)} pages")
    print(table({name: scores(texts, truth) for name, texts in found.items()}))


if __name__ == "__main__":
    main()
