"""From the bytes of a page to its tree.

Bytes are decoded as plain text is, with what only pages have: names of encodings that browsers read as something
larger, UTF-16 without a byte order mark, and single broken bytes in UTF-8. Those become U+FFFD and are reported; to
guess another encoding because of them would break every accent of the page.
"""

from __future__ import annotations

import re
from typing import Final

import lxml.html

from ..errors import Damaged, Empty
from .html_blocks import Element
from .text import Decoded, decode

_DECLARED: Final = re.compile(
    rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9._:-]+)", re.IGNORECASE
)
_HEAD_BYTES: Final = 4096  # a declaration further down is none for browsers either
_LARGER: Final = {  # encodings that browsers use for these names (WHATWG Encoding Standard, names and labels)
    "big5": "big5hkscs",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "ks_c_5601-1987": "cp949",
    "shift-jis": "cp932",
    "shift_jis": "cp932",
    "tis-620": "cp874",
    "x-sjis": "cp932",
}
_SEVEN_BIT: Final = ("iso-2022-jp", "hz-gb-2312")  # valid UTF-8 as well, so the declaration decides
_UTF16: Final = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
_BROKEN_SHARE: Final = 0.001  # of all characters: with more broken ones it is not UTF-8


def decode_page(data: bytes, *, name: str) -> Decoded:
    """Turn the bytes of a page into text.

    Raises:
        Undecodable: nothing fits; the message names what was tried.
    """
    return _utf16(data) or _declared(data) or _nearly_utf8(data) or decode(data, name=name)


def _utf16(data: bytes) -> Decoded | None:
    encoding = next((encoding for start, encoding in _UTF16 if data.lstrip(b" \r\n").startswith(start)), None)
    text = _strictly(data, encoding) if encoding else None
    return None if text is None or encoding is None else Decoded(text=text, encoding=encoding)


def _declared(data: bytes) -> Decoded | None:
    match = _DECLARED.search(data[:_HEAD_BYTES])
    label = match[1].decode("ascii").lower() if match else ""
    encoding = label if label in _SEVEN_BIT else _LARGER.get(label)
    if encoding is None or (label not in _SEVEN_BIT and _strictly(data, "utf-8") is not None):
        return None
    text = _strictly(data, encoding.removesuffix("-gb-2312"))
    return None if text is None else Decoded(text=text, encoding=encoding, notices=(f"read as {encoding}, as it says",))


def _nearly_utf8(data: bytes) -> Decoded | None:
    """UTF-8 in which a few bytes are broken; the sound characters beyond ASCII must be many more."""
    text = data.decode("utf-8-sig", errors="replace")
    broken = text.count("\ufffd") - data.count("\ufffd".encode())
    sound = sum(not character.isascii() for character in text) - broken
    if not 0 < broken <= min(_BROKEN_SHARE * len(text), sound / 10):
        return None
    return Decoded(text=text, encoding="utf-8", notices=(f"{broken} places are broken UTF-8 and stand as \ufffd",))


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def parse(text: str, *, name: str) -> Element:
    """The tree of a page, however broken its markup.

    Raises:
        Damaged: it is nested deeper than the parser goes, which would silently end the page there.
        Empty: there is no element in it.
    """
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    source = text.replace("\x00", "").encode("utf-8", errors="replace")
    if not source.strip():
        raise Empty(f"{name}: only white space; get the file again")
    try:
        tree = lxml.html.document_fromstring(source, parser=parser)
    except lxml.etree.ParserError as error:
        raise Empty(f"{name}: no element in it ({error}); get the file again") from error
    if any("RESOURCE_LIMIT" in entry.type_name for entry in parser.error_log):
        raise Damaged(f"{name}: its elements are nested too deeply to be read; save it from a browser again")
    return tree
