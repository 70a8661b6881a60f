"""Whether the title in a file's properties is one: programs write their own name or the file's there."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final

from .lines import normalise

_PROGRAMS: Final = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b|untitled|no title$|unbenannt|sans titre|(?:word )?document\d*$|layout \d+$"
    r"|slide \d+$|powerpoint presentation$|pdf(?: file)?$|book\d*$|enscript output$"
    r"|.*\.(?:docx?|pdf|tex|dvi|e?ps|qxd|indd|pptx?|xlsx?|odt|rtf|txt|html?|wpd|cdr|pmd|graffle|sdo|js)$",
    re.I,
)
_LENGTH: Final = 300  # characters; longer ones are abstracts


def sensible(title: str | None, *, name: str) -> str | None:
    """Return the title in one line, None where it is empty, a program's, or the file name over again."""
    title = " ".join(normalise(title or "").split())
    if not re.search(r"[^\W\d_]{3}", title) or len(title) > _LENGTH or "\ufffd" in title:
        return None
    return None if _PROGRAMS.match(title) or title.lower() == PurePath(name).stem.lower() else title
