"""The one asker that all requests share, and their turns at it.

Answering is work for a processor, not waiting: more answers at once than there are cores would only make each later.
Those above wait in order, while health and documentation answer at once. No more than `WAITING_MOST` may wait: whoever
comes later is told so at once, which is kinder than an answer after the sender has given up.

Whether the server can answer is asked past that queue, one at a time: who asks would otherwise take a server that is
only busy for one that is broken, and end it with all the questions that wait.
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
CHECKS_MOST: Final = 10  # checks that wait; one takes milliseconds, and those who ask ask every few seconds


def share(app: FastAPI, asker: Asker) -> None:
    """Give `app` its asker, and as many turns as there are cores."""
    app.state.asker = asker
    app.state.questions = _Queue(turns=cores(), waiting_most=WAITING_MOST)
    app.state.checks = _Queue(turns=1, waiting_most=CHECKS_MOST)


async def in_turn(request: Request, work: Callable[[Asker], Result]) -> Result:
    """What `work` makes of the asker, in a thread, when its turn comes.

    Raises:
        TooBusy: `WAITING_MOST` requests wait already.
    """
    queue: _Queue = request.app.state.questions
    return await queue.run(work, request.app.state.asker)


async def past_the_queue(request: Request, work: Callable[[Asker], Result]) -> Result:
    """As `in_turn`, for checks of a few milliseconds, which wait only for each other.

    Raises:
        TooBusy: `CHECKS_MOST` checks wait already.
    """
    queue: _Queue = request.app.state.checks
    return await queue.run(work, request.app.state.asker)


class _Queue:
    """So many at once, so many who wait, and no more."""

    def __init__(self, *, turns: int, waiting_most: int) -> None:
        self.inside = 0  # not the limiter's own count: who has just come is not in it yet
        self._turns = anyio.CapacityLimiter(turns)
        self._waiting_most = waiting_most

    async def run(self, work: Callable[[Asker], Result], asker: Asker) -> Result:
        most = self._waiting_most
        if self.inside >= self._turns.total_tokens + most:
            raise TooBusy(f"{most} requests wait for their turn already, and that is the limit; ask again later")
        self.inside += 1
        try:
            return await to_thread.run_sync(work, asker, limiter=self._turns)
        finally:
            self.inside -= 1
