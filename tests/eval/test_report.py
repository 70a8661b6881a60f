"""The page of a run: complete, the same each time, and made of nothing that a document says."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.errors import BadResults
from eval.measures import NAMES
from eval.report.cases import KINDS, PLACES, failures, kinds
from eval.report.charts import WIDTH, axis_to
from eval.report.excerpts import Marked, excerpts
from eval.report.markup import element
from eval.report.page import render, write
from eval.report.tables import MEANING
from eval.results import Expected, Got, Outcome, Run, Words, read, results_json
from eval.results import write as write_results
from ingest.errors import UsageError

HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    "</style></title><script>alert(1)</script>",
    "\" onmouseover='alert(1)' x=\"",
    "&lt;b&gt; <!-- <![CDATA[ ]]>",
)
SOURCE = (
    "One party attacked. Each other party helps it, by the means it deems necessary. The Council is told of it. " * 9
)


class Parsed(HTMLParser):
    """All elements with their attributes, and the text between them, apart from scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.code: dict[str, str] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            self.code[self.cdata_elem] = data
        else:
            self.said.append(data)

    @property
    def text(self) -> str:
        return "".join(self.said)

    def all(self, tag: str, class_: str = "") -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag and class_ in _classes(attributes)]


def _classes(attributes: dict[str, str | None]) -> list[str]:
    return ["", *(attributes.get("class") or "").split()]


def words(start: int, end: int, *, text: str = SOURCE, around: int = 240, document: str = "pact") -> Words:
    return Words(
        document=document,
        start=start,
        end=end,
        quote=text[start:end],
        before=text[max(0, start - around) : start],
        after=text[end : end + around],
        pinpoint="Article IV",
        page=2,
    )


def outcome(
    name: str,
    *,
    answerable: bool = True,
    answered: bool = True,
    verdict: float | None = None,
    first: float = 1.0,
    score: float = 0.8,
    said: str = "Who helps?",
) -> Outcome:
    """A case that scores what it is told to; `said` stands wherever others put words into a result."""
    scores = {"refused": float(not answered)}
    if answerable:
        scores = {"answered": float(answered), "first_span": first * answered} | {
            f"passage_hit@{cut}": float(cut > 1) for cut in (1, 3, 10)
        }
    if verdict is not None:
        scores["verdict_accuracy"] = verdict
    cited = Words(document=said, start=len(said), end=2 * len(said), quote=said, before=said, after=said, pinpoint=said)
    return Outcome(
        id=name,
        family=name,
        split="tune",
        type="polar" if answerable else "unanswerable",
        question=said,
        expected=Expected(
            outcome="answer" if answerable else "refusal",
            verdict=None if verdict is None else "yes",
            gold=((words(20, 50),),) if answerable else (),
        ),
        got=Got(
            outcome="answer" if answered else "refusal",
            reason=None if answered else said,
            verdict=None if verdict is None else said,
            text=said,
            citations=(cited,) if answered else (),
            nearest=() if answered else (cited,),
        ),
        evidence_score=score,
        passage_rank=2 if answerable else None,
        scores=scores,
    )


def made(*outcomes: Outcome, said: str = "x86") -> Run:
    return Run(
        outcomes=tuple(sorted(outcomes, key=lambda one: one.id)),
        settings={"threshold": 0.5, "split": "tune", "encoder": said, "cases": {said: said}},
        certificate=said,
        versions={"python": said},
        processor=said,
        stages_ms={one.id: {"search": 2.0, "total": 10.0 + len(one.id)} for one in outcomes},
        memory_mb={"started": 80.0, "peak": 214.4},
    )


def mixed(said: str = "Who helps?") -> Run:
    """Each kind of failure, and cases without one."""
    return made(
        outcome("a-right", verdict=1.0, said=said),
        outcome("b-refused", answered=False, first=0.0, score=0.2, said=said),
        outcome("c-answered", answerable=False, said=said),
        outcome("d-both", verdict=0.0, first=0.0, said=said),
        outcome("e-quotation", first=0.0, said=said),
        outcome("f-silent", answerable=False, answered=False, score=0.1, said=said),
        said=said,
    )


@pytest.fixture(scope="module")
def page() -> Parsed:
    return Parsed(render(mixed(), "tune"))


@given(st.text(), st.text())
def test_text_stays_text_wherever_it_is_put(child: str, value: str) -> None:
    parsed = Parsed(element("p", child, title=value))
    assert parsed.elements == [("p", {"title": value})]
    assert parsed.text == child


@pytest.mark.parametrize("said", HOSTILE)
def test_no_document_and_no_question_becomes_part_of_the_page(said: str) -> None:
    tame, hostile = (Parsed(render(mixed(words), "run")) for words in ("Who helps?", said))
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in tame.elements]
    assert [set(named) for _, named in hostile.elements] == [set(named) for _, named in tame.elements]
    assert hostile.code == tame.code
    assert hostile.text.count(said) > 50


def test_a_name_and_an_earlier_run_s_name_are_text_as_well() -> None:
    named = Parsed(render(mixed(), HOSTILE[0], against=(mixed(), HOSTILE[1])))
    assert not named.all("img")
    assert len(named.all("script")) == 1
    assert HOSTILE[0] in named.text
    assert HOSTILE[1] in named.text


def test_the_policy_lets_nothing_run_but_the_page_s_own_code(page: Parsed) -> None:
    policy = next(one["content"] for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy")
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        digest = base64.b64encode(hashlib.sha256(page.code[tag].encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}';" in f"{policy};"
    assert str(policy).startswith("default-src 'none';")
    assert "unsafe" not in str(policy)


def test_the_page_needs_nothing_else(page: Parsed) -> None:
    named = {(name, value) for _, attributes in page.elements for name, value in attributes.items()}
    assert not {name for name, _ in named if name in {"src", "srcset", "style", "action"} or name.startswith("on")}
    assert {str(value)[0] for name, value in named if name == "href"} == {"#"}
    assert not re.search(r"https?:|url\(|@import", "".join(page.code.values()))


def test_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    run = mixed()
    write_results(run, tmp_path / "run.json")
    assert render(read(tmp_path / "run.json"), "run") == render(mixed(), "run") == render(run, "run")


def test_ids_are_not_given_twice_and_all_that_are_named_are_there(page: Parsed) -> None:
    counted = Counter(attributes["id"] for _, attributes in page.elements if "id" in attributes)
    assert [name for name, times in counted.items() if times > 1] == []
    named = [str(value) for _, one in page.elements for value in (one.get("aria-labelledby") or "").split()]
    named += [str(one["href"])[1:] for one in page.all("a")]
    assert set(named) <= set(counted)


def test_it_says_what_was_measured(page: Parsed) -> None:
    for said in (
        "6: 4 answerable, 2 not",
        "libraryWho helps?",
        "threshold0.5",
        "4 of 6 cases failed",
        "python (version)",
    ):
        assert said in page.text
    assert all(name in page.text for name in results_json(mixed())["measures"])


@pytest.mark.parametrize("failed", [True, False])
def test_every_failure_has_a_kind_and_nothing_else_has(failed: bool) -> None:
    chosen = [one for one in mixed().outcomes if one.failed is failed]
    assert chosen
    assert all(bool(kinds(one)) is failed for one in chosen)


def test_failures_are_in_order_of_kind_and_id() -> None:
    run = made(*(replace(one, id=f"{turn}{one.id}") for turn in "ba" for one in mixed().outcomes))
    order = [(list(KINDS).index(kinds(one)[0]), one.id) for one in failures(run.outcomes)]
    assert order == sorted(order)
    assert {kinds(one) for one in failures(run.outcomes)} == {
        ("refused",),
        ("answered",),
        ("verdict", "quotation"),
        ("quotation",),
    }


def test_failures_are_unfolded_and_all_other_cases_are_there(page: Parsed) -> None:
    assert [one["id"] for one in page.all("article")] == [
        "case-b-refused",
        "case-c-answered",
        "case-d-both",
        "case-e-quotation",
    ]
    assert [one["id"] for one in page.all("details", "case")] == ["case-a-right", "case-f-silent"]
    assert {kind for one in page.all("article") for kind in str(one["data-kinds"]).split()} == set(KINDS)


def test_what_the_script_works_is_hidden_until_it_runs(page: Parsed) -> None:
    (form,) = page.all("form")
    assert "hidden" in form
    assert {one["value"] for one in page.all("input") if one.get("name") == "kind"} == set(KINDS)
    assert {one["value"] for one in page.all("input") if one.get("name") == "type"} == {"polar", "unanswerable"}


def test_a_short_quotation_that_stands_everywhere_does_not_fill_the_page() -> None:
    places = tuple(
        words(SOURCE.index("Council", start), SOURCE.index("Council", start) + 7) for start in range(0, 900, 25)
    )
    one = outcome("many", first=0.0)
    shown = Parsed(render(made(replace(one, expected=replace(one.expected, gold=(places,)))), "run"))
    assert len(shown.all("mark", "gold")) <= PLACES + 1  # one is the legend's
    assert f"and {len(places) - PLACES} more places" in shown.text


spans = st.tuples(st.integers(0, len(SOURCE) - 1), st.integers(1, 150)).map(
    lambda drawn: (drawn[0], min(len(SOURCE), sum(drawn)))
)


@given(st.lists(st.tuples(spans, st.sampled_from(["gold", "cited"])), min_size=1, max_size=6), st.integers(0, 250))
def test_an_excerpt_is_the_source_and_marks_what_it_is_told_to(
    drawn: list[tuple[tuple[int, int], str]], around: int
) -> None:
    marked = [Marked(words=words(*span), kind=kind, label=f"{kind} {span}") for span, kind in drawn]
    found = excerpts(marked, around=around)
    assert sum(len(one.marked) for one in found) == len(marked)
    for one in found:
        assert one.text == SOURCE[one.start : one.start + len(one.text)]
        assert "".join(text for text, _ in one.segments()) == one.text
    for kind in ("gold", "cited"):
        wanted = {place for span, name in drawn if name == kind for place in range(*span)}
        assert {place for one in found for place in _places(one.start, one.segments(), kind)} == wanted
    placed = sorted((one.start, one.start + len(one.text)) for one in found)
    assert all(end < start for (_, end), (start, _) in pairwise(placed))


def _places(start: int, segments: Iterable[tuple[str, tuple[str, ...]]], kind: str) -> set[int]:
    found: set[int] = set()
    for text, marks in segments:
        if kind in marks:
            found |= set(range(start, start + len(text)))
        start += len(text)
    return found


def test_gold_and_quotation_far_apart_have_an_excerpt_each() -> None:
    far = [Marked(words=words(start, start + 9), kind="gold", label="gold") for start in (0, 900)]
    other = Marked(words=words(0, 9, document="other"), kind="cited", label="quotation 1")
    found = excerpts([other, *reversed(far)], around=50)
    assert [(one.document, one.start) for one in found] == [
        ("other", 0),
        ("pact", far[1].words.start - 48),
        ("pact", 0),
    ]


@given(st.floats(0.001, 1e7))
def test_an_axis_ends_at_a_round_number_not_far_above(largest: float) -> None:
    axis = axis_to("ms", largest)
    assert largest <= axis.high * (1 + 1e-6)
    assert axis.high <= 2 * largest * (1 + 1e-6)
    assert 2 <= len(axis.ticks()) <= 6
    assert re.match(r"[125]\.?0*e", f"{axis.step:.3e}")


@pytest.mark.parametrize(
    "run",
    [
        mixed(),
        made(outcome("right", score=1.0)),
        made(outcome("silent", answerable=False, answered=False, score=0.0)),
        replace(mixed(), settings={}, stages_ms={}, memory_mb={}),
        made(),
    ],
    ids=["mixed", "one that is right", "one refusal", "unknown settings", "none"],
)
def test_every_drawing_is_told_in_words_and_figures_and_stays_in_its_frame(run: Run) -> None:
    shown = Parsed(render(run, "run"))
    drawings = [one for one in shown.all("svg") if one.get("role") == "img"]
    figures = [one for one in shown.all("figure") if str(one.get("id", "")).startswith("plot-")]
    assert len(figures) == 6
    assert len(drawings) == len(shown.all("desc")) == len(shown.all("title")) - 1  # one is the page's
    for tag, place in ((tag, one) for tag, one in shown.elements if tag in ("circle", "rect", "line")):
        for name in {"circle": ("cx",), "rect": ("x",), "line": ("x1", "x2")}[tag]:
            assert 0 <= float(str(place[name])) <= WIDTH
    assert all("nan" not in str(one.get("d")) for one in shown.all("path"))


def test_times_that_were_not_measured_are_said_to_be_so(page: Parsed) -> None:
    without = Parsed(render(replace(mixed(), stages_ms={}, memory_mb={}), "run"))
    assert without.text.count("Not measured") == 2
    assert "Not measured" not in page.text
    assert "214 MB" in page.text


def test_every_measure_is_told_in_words() -> None:
    assert set(MEANING) == set(NAMES)


def test_the_threshold_in_use_is_marked_with_what_it_does(page: Parsed) -> None:
    # answerable: 0.8, 0.2, 0.8, 0.8; others: 0.8, 0.1; the threshold is 0.5
    assert "answers 0.750 of the answerable and refuses 0.500 of others" in page.text
    assert page.text.count("in use: 0.500") == 2
    assert "in use: " not in Parsed(render(replace(mixed(), settings={}), "run")).text


def test_earlier_results_stand_beside_with_the_change() -> None:
    better = made(
        *(replace(one, scores={**one.scores, "first_span": 1.0}) for one in mixed().outcomes if one.answerable)
    )
    shown = Parsed(render(better, "now", against=(mixed(), "earlier")))
    assert "Before: earlier. 4 of 4 cases are in both runs" in shown.text
    assert "+0.750" in shown.text  # first_span: from one in four to all
    assert "change" not in Parsed(render(better, "now")).said


def test_six_hundred_cases_stay_small() -> None:
    one = outcome("case", first=0.0, said="Each other party helps it, by the means it deems necessary.")
    far = tuple(replace(words(400, 520), document=name) for name in ("first", "second"))
    long = replace(one, expected=replace(one.expected, gold=(far,)))
    other = replace(long, scores={**one.scores, "first_span": 1.0})
    run = made(*(replace(long if n % 3 else other, id=f"case-{n}") for n in range(600)))
    assert len(run.failures()) == 400
    assert len(render(run, "run").encode()) < 1_500_000


def test_the_page_is_stored_beside_its_results_or_where_it_is_told_to(tmp_path: Path) -> None:
    results = tmp_path / "tune.json"
    write_results(mixed(), results)
    assert write(results) == tmp_path / "tune.html"
    assert write(results, against=results, to=tmp_path / "new" / "page.html").read_text("utf-8").startswith("<!doctype")
    assert (tmp_path / "tune.html").read_text("utf-8") == render(read(results), "tune")
    with pytest.raises(UsageError, match="would replace them"):
        write(results, to=results)
    with pytest.raises(BadResults, match=r"absent\.json"):
        write(tmp_path / "absent.json")
