"""A drawing as the page shows it: what it is, what to see in it, the drawing, and its figures as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .charts import HEIGHT, drawing
from .markup import Markup, element
from .tables import Row, share, table

Value = str | float | None


def figure(
    name: str,
    title: str,
    says: str,
    shapes: Iterable[Markup],
    *,
    headings: Sequence[str],
    rows: Iterable[Sequence[Value]],
    height: int = HEIGHT,
) -> Markup:
    """`says` is what those who cannot see the drawing are told as well; `name` is an id of the page."""
    return element(
        "figure",
        element("figcaption", element("h3", title), element("p", says)),
        drawing(name, title, says, *shapes, height=height),
        element("details", element("summary", "Figures"), table(title, headings, map(_row, rows))),
        id=f"plot-{name}",
    )


def missing(name: str, title: str, why: str) -> Markup:
    """What stands where there is nothing to draw."""
    return element("figure", element("figcaption", element("h3", title), element("p", why)), id=f"plot-{name}")


def _row(values: Sequence[Value]) -> Row:
    return [value if isinstance(value, str) else share(value) for value in values]
