"""Front matter: what a Markdown file says of itself, between two lines of dashes.

Keys we know are checked, and a wrong one is an error that names the key and says what it takes: a date that is silently
dropped would make a treaty look as if it were in force. Everything else is kept as a note.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import yaml

from ..document import Facts, Trust
from ..errors import IngestError

_OPENING: Final = re.compile(r"---[ \t]*\n")
_CLOSING: Final = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.M)
_KEY: Final = re.compile(r"^[\w-]+[ \t]*:", re.M)
_DATE: Final = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_KNOWN: Final = {"title", "trust", "aliases", "parties", "sources", "signed", "in_force", "ended"}
_DATE_NOTES: Final = ("date", "doc_date")  # of the file or the paper, which need not be when a treaty was signed


@dataclass(frozen=True, kw_only=True)
class Parted:
    """A file in two: the facts of its front matter, and the rest."""

    facts: Facts
    body: str


def part(text: str, *, name: str) -> Parted:
    """Take the front matter off `text`, where it has one; dashes around anything but keys are part of the text.

    Raises:
        IngestError: the YAML is broken, or a key has a value it does not take; the message names the line and the key.
    """
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if not opening or not closing:
        return Parted(facts=Facts(), body=text)
    source = text[opening.end() : closing.start()]
    data = _parsed(source, name) if _KEY.search(source) else None
    if not isinstance(data, dict):
        return Parted(facts=Facts(), body=text)
    return Parted(facts=_Checker(name=name, source=source, data=data).facts(), body=text[closing.end() :])


class _Loader(yaml.SafeLoader):
    """Leaves an impossible date as it is written, so that whoever knows its key can say what is wrong with it."""

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)


def _parsed(source: str, name: str) -> Any:
    try:
        data = yaml.load(source, Loader=_Loader)  # noqa: S506  # a safe loader but for impossible dates
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 2}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).split("\n")[0]
        raise IngestError(f"{name}: the front matter is not YAML{line} ({problem}); correct it") from error
    except (ValueError, RecursionError) as error:  # a number of ten thousand digits, a thousand brackets
        raise IngestError(f"{name}: the front matter cannot be read ({error}); correct it") from error
    return data


@dataclass(frozen=True, kw_only=True)
class _Checker:
    """Front matter on its way to `Facts`."""

    name: str
    source: str
    data: dict[Any, Any]

    def facts(self) -> Facts:
        return Facts(
            title=self._text("title"),
            trust=self._trust(),
            notes=self._notes(),
            aliases=self._texts("aliases"),
            parties=self._texts("parties"),
            sources=self._texts("sources"),
            signed=self._date("signed"),
            in_force=self._date("in_force"),
            ended=self._date("ended"),
        )

    def _wrong(self, key: str, takes: str) -> NoReturn:
        raise IngestError(f"{self.name}: front matter `{key}: {self.data[key]!r}`{self._line(key)}; it takes {takes}")

    def _line(self, key: str) -> str:
        """Where the key stands in the file; of several, YAML takes the last. Nothing where it is written otherwise."""
        found = list(re.finditer(rf"^{re.escape(key)}[ \t]*:", self.source, re.M))
        return f" at line {self.source.count(chr(10), 0, found[-1].start()) + 2}" if found else ""

    def _text(self, key: str) -> str | None:
        value = self.data.get(key)
        if value is None:
            return None
        if not _is_scalar(value):
            self._wrong(key, "one line of text")
        return " ".join(_as_text(value).split()) or None

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self.data.get(key)
        if value is None:
            return ()
        values = value if isinstance(value, list) else [value]
        if not all(_is_scalar(item) for item in values):
            self._wrong(key, "a list of texts")
        return tuple(" ".join(_as_text(item).split()) for item in values)

    def _date(self, key: str) -> str | None:
        value = self.data.get(key)
        if value is None:
            return None
        date = _as_date(value)
        if date is None:
            self._wrong(key, "a date such as 1951-09-01, 1951-09 or 1951")
        return date

    def _trust(self) -> Trust | None:
        value = self.data.get("trust")
        if value is None:
            return None
        if not isinstance(value, str) or value not in set(Trust):
            self._wrong("trust", f"one of {', '.join(Trust)}")
        return Trust(value)

    def _notes(self) -> dict[str, str]:
        """All other values that are texts, numbers, dates or lists of them, by key.

        `date` and `doc_date` come as ISO 8601 where they are dates, under both keys' one name `date`.
        """
        notes: dict[str, str] = {}
        for key, value in self.data.items():
            items = value if isinstance(value, list) else [value]
            if key not in _KNOWN and items and all(_is_scalar(item) for item in items):
                notes[str(key)] = "; ".join(_as_text(item) for item in items)
        dates = [date for key in _DATE_NOTES if (date := _as_date(self.data.get(key)))]
        return {**notes, "date": dates[0]} if dates else notes


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float | datetime.date)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _as_date(value: object) -> str | None:
    """ISO 8601 as precise as given, None for what is no date."""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if not isinstance(value, str | int | datetime.date) or isinstance(value, bool):
        return None
    text = _as_text(value).strip()
    if not _DATE.fullmatch(text) or (len(text) == 10 and not _exists(text)):
        return None
    return text


def _exists(date: str) -> bool:
    try:
        datetime.date.fromisoformat(date)
    except ValueError:
        return False
    return True
