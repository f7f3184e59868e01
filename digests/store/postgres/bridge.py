"""Plain functions that wait: run one in a greenlet, and what it waits for is awaited on the event loop.

The same as SQLAlchemy's asyncio does (https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html): statements stay
in plain functions that know nothing of the loop, and no thread waits for the network.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from greenlet import getcurrent, greenlet

T = TypeVar("T")


async def run(work: Callable[[], T]) -> T:
    """What ``work`` gives, which may call ``wait``. Being cancelled is raised inside ``work`` where it waits."""
    child = greenlet(work)
    child.gr_context = getcurrent().gr_context
    found: Any = child.switch()
    while not child.dead:
        try:
            answer = await found
        except BaseException:
            found = child.throw(*sys.exc_info())
        else:
            found = child.switch(answer)
    result: T = found
    return result


def wait(coming: Awaitable[T]) -> T:
    """Await something from a function that ``run`` runs."""
    found: T = getcurrent().parent.switch(coming)
    return found
