"""Drawing in SVG: a plane with two axes, and rows of values over one axis.

Colours and fonts are the style sheet's, by class, so that a drawing follows light and dark. The space is as wide as a
telephone, so that letters stay readable there. Marks differ in shape as well as in colour. (Lines, bars and dots need
no plotting library, which would be a large thing to install for six pictures.)
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from .markup import Markup, element, number, together

WIDTH: Final = 360
HEIGHT: Final = 260
LEFT, RIGHT, TOP, BOTTOM = 44, 14, 10, 40  # margins, with room for labels
ROW: Final = 24
TICKS: Final = 5  # at most about so many on an axis

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Axis:
    """From 0 to `high`, with its unit in the label; it is marked at each `step`."""

    label: str
    high: float = 1.0
    step: float = 0.2

    def ticks(self) -> list[float]:
        return [self.step * count for count in range(math.floor(self.high / self.step + 1e-9) + 1)]


def axis_to(label: str, largest: float) -> Axis:
    """An axis that ends at a round number not below `largest`."""
    raw = max(largest, 1e-9) / TICKS
    size = 10 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= raw * (1 - 1e-9))
    return Axis(label=label, high=step * math.ceil(largest / step - 1e-9) or step, step=step)


@dataclass(frozen=True, kw_only=True)
class Plane:
    """Places points; both axes rise from the lower left corner."""

    x: Axis
    y: Axis

    def at(self, point: Point) -> Point:
        across = LEFT + point[0] / self.x.high * (WIDTH - LEFT - RIGHT)
        return across, HEIGHT - BOTTOM - point[1] / self.y.high * (HEIGHT - TOP - BOTTOM)

    def frame(self) -> Markup:
        return together(
            (
                together(
                    self.line((0, tick), (self.x.high, tick), "grid"), _text(LEFT - 6, self.at((0, tick))[1], tick)
                )
                for tick in self.y.ticks()
            ),
            (
                together(self.line((tick, 0), (tick, self.y.high), "grid"), _below(self.at((tick, 0))[0], HEIGHT, tick))
                for tick in self.x.ticks()
            ),
            _axis_label(self.x, (LEFT + WIDTH - RIGHT) / 2, HEIGHT),
            element(
                "text",
                self.y.label,
                class_="axis",
                text_anchor="middle",
                transform=f"translate(11 {(HEIGHT - BOTTOM + TOP) / 2:.0f}) rotate(-90)",
            ),
        )

    def line(self, start: Point, end: Point, class_: str) -> Markup:
        return _line(self.at(start), self.at(end), class_)

    def path(self, points: Iterable[Point], class_: str) -> Markup:
        """Straight lines through `points`."""
        placed = (" ".join(map(number, self.at(point))) for point in points)
        return element("path", class_=class_, d="M" + "L".join(placed))

    def dots(self, points: Iterable[Point], *, radius: float = 2.5) -> Markup:
        return together(mark("dot", *self.at(point), radius) for point in points)

    def bar(self, left: float, right: float, height: float, class_: str) -> Markup:
        (x0, y0), (x1, base) = self.at((left, height)), self.at((right, 0))
        return element("rect", class_=class_, x=x0 + 1, y=y0, width=x1 - x0 - 2, height=base - y0)

    def pointed(self, point: Point, words: str) -> Markup:
        """A ring at `point` and words beside it, on the side where there is room."""
        x, y = self.at(point)
        right = x > WIDTH * 0.55
        below = y < HEIGHT / 2
        place = {"x": x - 9 if right else x + 9, "y": y + 16 if below else y - 9}
        words_ = element("text", words, class_="note", text_anchor="end" if right else None, **place)
        return together(mark("ring", x, y, 5), words_)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Values of things that have names, one below the other; `left` is the room for the names."""

    names: Sequence[str]
    axis: Axis
    left: int = 108
    right: int = 14
    top: int = 24

    @property
    def height(self) -> int:
        return self.top + ROW * len(self.names) + BOTTOM

    def x(self, value: float) -> float:
        return self.left + value / self.axis.high * (WIDTH - self.left - self.right)

    def y(self, row: int) -> float:
        return self.top + ROW * (row + 0.5)

    def frame(self) -> Markup:
        end = self.height - BOTTOM
        return together(
            (
                together(
                    _line((self.x(tick), self.top), (self.x(tick), end), "grid"),
                    _below(self.x(tick), self.height, tick),
                )
                for tick in self.axis.ticks()
            ),
            (_text(self.left - 8, self.y(row), name) for row, name in enumerate(self.names)),
            _axis_label(self.axis, (self.left + WIDTH - self.right) / 2, self.height),
        )

    def bar(self, row: int, value: float, class_: str) -> Markup:
        place = {"x": self.x(0), "y": self.y(row) - 6, "height": 12}
        return element("rect", class_=class_, width=self.x(value) - self.x(0), **place)

    def span(self, row: int, low: float, high: float) -> Markup:
        return _line((self.x(low), self.y(row)), (self.x(high), self.y(row)), "span")

    def mark(self, row: int, value: float, shape: str) -> Markup:
        return mark(shape, self.x(value), self.y(row))

    def note(self, row: int, value: float, words: str) -> Markup:
        """Words to the right of a value."""
        return element("text", words, class_="note", x=self.x(value) + 7, y=self.y(row) + 3.5)

    def key(self, shapes: Sequence[tuple[str, str]]) -> Markup:
        """What each shape means, above the rows."""
        step = (WIDTH - self.left - self.right) / len(shapes)
        return together(
            together(
                mark(shape, self.left + step * place + 5, self.top - 14),
                element("text", words, class_="note", x=self.left + step * place + 14, y=self.top - 10.5),
            )
            for place, (shape, words) in enumerate(shapes)
        )


def drawing(name: str, title: str, description: str, *shapes: Markup, height: int = HEIGHT) -> Markup:
    """A picture with a name and a description for those who cannot see it; `name` is its id in the page."""
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-desc"),
        *shapes,
        role="img",
        viewBox=f"0 0 {WIDTH} {height}",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def whisker(value: float, low: float, high: float) -> Markup:
    """A value between 0 and 1 and its interval, as small as a word; the figures stand beside it."""
    width, middle = 176, 8

    def x(share: float) -> float:
        return 4 + share * (width - 8)

    return element(
        "svg",
        _line((x(0), middle), (x(1), middle), "grid"),
        (_line((x(end), middle - 3), (x(end), middle + 3), "grid") for end in (0, 0.5, 1)),
        _line((x(low), middle), (x(high), middle), "span"),
        (_line((x(end), middle - 3), (x(end), middle + 3), "span") for end in (low, high)),
        mark("dot", x(value), middle, 3),
        class_="whisker",
        viewBox=f"0 0 {width} {2 * middle}",
        aria_hidden="true",
    )


def mark(shape: str, x: float, y: float, size: float = 4) -> Markup:
    """A dot, a ring, a square or a tick around (x, y)."""
    if shape == "square":
        return element("rect", class_=shape, x=x - size, y=y - size, width=2 * size, height=2 * size)
    if shape == "tick":
        return _line((x, y - size - 2), (x, y + size + 2), shape)
    return element("circle", class_=shape, cx=x, cy=y, r=size)


def _line(start: Point, end: Point, class_: str) -> Markup:
    return element("line", class_=class_, x1=start[0], y1=start[1], x2=end[0], y2=end[1])


def _text(x: float, y: float, words: str | float) -> Markup:
    """At the left of (x, y), as a label of a row or a tick."""
    words = words if isinstance(words, str) else number(words)
    return element("text", words, text_anchor="end", x=x, y=y + 3.5)


def _below(x: float, height: int, tick: float) -> Markup:
    return element("text", number(tick), text_anchor="middle", x=x, y=height - BOTTOM + 14)


def _axis_label(axis: Axis, x: float, height: int) -> Markup:
    return element("text", axis.label, class_="axis", text_anchor="middle", x=x, y=height - 6)
