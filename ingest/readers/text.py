"""Plain text: which encoding its bytes are in, and which of its lines belong together.

UTF-8 is tried first and strictly, since no other encoding passes for it by accident; then what a byte order mark or the
text itself declares; then Windows-1252, which most older legal texts in Western Europe and America are in, if what it
gives looks like Western words; and only then a statistical guess, which on short texts is often wrong. Any encoding but
UTF-8 is named in the result, and bytes are never dropped: where nothing fits, that is an error.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

import charset_normalizer

from .. import clean
from ..document import Extract
from ..errors import Undecodable
from ..lines import Line, lay, spell
from ..wrapping import Block, unwrap

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NEED_A_MARK: Final = ["utf_7", "utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le"]
_DECLARED: Final = re.compile(rb"(?:charset|encoding|coding)\s*[=:]\s*[\"']?([A-Za-z0-9._:-]{2,40})", re.I)
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]")
_WESTERN_MARKS: Final = set("“”‘’„‚‹›«»–—…•§¶†‡°º±²³½¼¾·×€£¥¢©®™\xa0\xad¿¡´¨")
_ACCENTED: Final = re.compile("[À-ÖØ-öø-ÿŠšŽžŒœŸªº]+")


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """Text, the encoding it was in, and what the person who ingests should know of that choice."""

    text: str
    encoding: str
    notices: tuple[str, ...] = ()


def read(data: bytes, *, name: str) -> Extract:
    """Read plain text; each line of the source stays a line unless the text is hard-wrapped.

    Raises:
        Undecodable: no encoding fits the bytes.
    """
    decoded = decode(data, name=name)
    source = spell(decoded.text).split("\n")
    cleaned = clean.clean_lines(source)
    text, _ = lay(_lines([source[index] for index in cleaned.kept], cleaned.kept))
    return Extract(
        text=text,
        format="text",
        encoding=decoded.encoding,
        generated=cleaned.generated,
        notices=(*decoded.notices, *cleaned.notices(len(source))),
    )


def decode(data: bytes, *, name: str) -> Decoded:
    """Turn bytes into text, strictly.

    Raises:
        Undecodable: nothing fits; the message names what was tried.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _by_mark(data, encoding, name)
    text = _strictly(data, "utf-8")
    if text is not None:
        return Decoded(text=text, encoding="utf-8")
    return _declared(data) or _western(data) or _guessed(data, name)


def _by_mark(data: bytes, encoding: str, name: str) -> Decoded:
    text = _strictly(data, encoding)
    if text is None:
        raise Undecodable(f"{name}: begins with the mark of {encoding} but is not {encoding}; save it as UTF-8")
    return Decoded(text=text, encoding=encoding.removesuffix("-sig"))


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _declared(data: bytes) -> Decoded | None:
    """The encoding that the first lines name ("charset=iso-8859-1"), if the bytes agree."""
    match = _DECLARED.search(data[:1024])
    if not match:
        return None
    encoding = match[1].decode("ascii").lower()
    encoding = "cp1252" if _means(encoding, "iso8859-1") or _means(encoding, "ascii") else encoding  # as browsers do
    text = _as_text(data, encoding)
    return None if text is None else Decoded(text=text, encoding=encoding, notices=(f"read as {encoding}, as it says",))


def _means(encoding: str, canonical: str) -> bool:
    try:
        return codecs.lookup(encoding).name == canonical
    except LookupError:
        return False


def _as_text(data: bytes, encoding: str) -> str | None:
    """Decode strictly; None where that fails, where there is no such encoding, or where no text has what comes out."""
    text = _strictly(data, encoding)
    return None if text is None or _UNPRINTABLE.search(text) else text


def _western(data: bytes) -> Decoded | None:
    """Windows-1252, if nearly all of its characters beyond ASCII stand where Western text has them.

    Accented letters come one or two in a row, next to plain letters; other alphabets read as Windows-1252 give long
    runs of them.
    """
    text = _as_text(data, "cp1252")
    if text is None:
        return None
    foreign = sum(not character.isascii() for character in text)
    marks = sum(character in _WESTERN_MARKS for character in text)
    letters = sum(len(run[0]) for run in _ACCENTED.finditer(text) if len(run[0]) <= 2 and _near_letter(text, run))
    if marks + letters < 0.9 * foreign:
        return None
    return Decoded(text=text, encoding="cp1252", notices=("read as Windows-1252; it is not UTF-8",))


def _near_letter(text: str, run: re.Match[str]) -> bool:
    around = text[max(run.start() - 1, 0) : run.start()] + text[run.end() : run.end() + 1]
    return any(character.isascii() and character.isalpha() for character in around) or run[0].lower() in {"à", "é", "ô"}


def _guessed(data: bytes, name: str) -> Decoded:
    best = charset_normalizer.from_bytes(data, cp_exclusion=_NEED_A_MARK).best()
    text = "" if best is None else str(best)
    if best is None or _UNPRINTABLE.search(text) or not _has_words(text):
        raise Undecodable(f"{name}: neither UTF-8, UTF-16, Windows-1252 nor any other encoding fits; save it as UTF-8")
    notice = f"read as {best.encoding}, guessed from its bytes; check letters with accents, or save it as UTF-8"
    return Decoded(text=text, encoding=best.encoding, notices=(notice,))


def _has_words(text: str) -> bool:
    """False for what decodes by accident: text is half letters and digits at least, white space apart."""
    visible = [character for character in text if not character.isspace()]
    return sum(character.isalnum() for character in visible) * 2 >= len(visible) > 0


def _lines(source: list[str], places: tuple[int, ...]) -> list[Line]:
    """The kept lines, a gap before each that follows a blank one or a cut, hard-wrapped ones joined."""
    blocks: list[Block] = []
    fresh = True
    for index, line in enumerate(source):
        cut = index > 0 and places[index] != places[index - 1] + 1
        if not line.strip():
            fresh = True
        elif fresh or cut:
            blocks.append([line])
            fresh = False
        else:
            blocks[-1].append(line)
    return [Line(text=line, gap=first == 0) for block in unwrap(blocks) for first, line in enumerate(block)]
