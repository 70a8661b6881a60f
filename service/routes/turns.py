"""The one asker that all requests share, and their turns at it.

Answering is work for a processor, not waiting: more answers at once than there are cores would only make each later.
Those above wait in order, while health and documentation answer at once. No more than `WAITING_MOST` may wait: whoever
comes later is told so at once, which is kinder than an answer after the sender has given up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

import anyio
from anyio import to_thread

from index.onnx_encoder import cores

from ..errors import TooBusy

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request

    from ..ask import Asker

Result = TypeVar("Result")

WAITING_MOST: Final = 100  # requests; on two cores the last of them waits about five seconds


def share(app: FastAPI, asker: Asker) -> None:
    """Give `app` its asker, and as many turns as there are cores."""
    app.state.asker = asker
    app.state.turns = anyio.CapacityLimiter(cores())
    app.state.inside = 0


async def in_turn(request: Request, work: Callable[[Asker], Result]) -> Result:
    """What `work` makes of the asker, in a thread, when its turn comes.

    Raises:
        TooBusy: `WAITING_MOST` requests wait already.
    """
    state = request.app.state
    if state.inside >= state.turns.total_tokens + WAITING_MOST:
        raise TooBusy(f"{WAITING_MOST} requests wait for their turn already, and that is the limit; ask again later")
    state.inside += 1  # not the limiter's own count: who has just come is not in it yet
    try:
        return await to_thread.run_sync(work, state.asker, limiter=state.turns)
    finally:
        state.inside -= 1
