"""A line of JSON that somebody else wrote: a value, or in one sentence what is wrong with it."""

from __future__ import annotations

import json
import re
from typing import Any, Final

_HALF: Final = re.compile(r"[\ud800-\udfff]")  # JSON may escape them, UTF-8 cannot hold them


def parse(line: str) -> tuple[Any, str | None]:
    """The value and None, or None and the problem."""
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        return None, f"not JSON: {error.msg} at character {error.pos + 1}"
    except RecursionError:
        return None, "not JSON that can be read: nested too deeply"
    except ValueError as error:  # a number of thousands of digits
        return None, f"not JSON that can be read: {error}"
    if _HALF.search(json.dumps(value, ensure_ascii=False)):
        return None, "holds half of a surrogate pair, which is no character"
    return value, None
