"""The one asker that all requests share, and their turns at it.

Answering is work for a processor, not waiting: more answers at once than there are cores would only make each later.
Those above wait in order, while health and documentation answer at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import anyio
from anyio import to_thread

from index.onnx_encoder import cores

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request

    from ..ask import Asker

Result = TypeVar("Result")


def share(app: FastAPI, asker: Asker) -> None:
    """Give `app` its asker, and as many turns as there are cores."""
    app.state.asker = asker
    app.state.turns = anyio.CapacityLimiter(cores())


async def in_turn(request: Request, work: Callable[[Asker], Result]) -> Result:
    """What `work` makes of the asker, in a thread, when its turn comes."""
    state = request.app.state
    return await to_thread.run_sync(work, state.asker, limiter=state.turns)
