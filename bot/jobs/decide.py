"""When a job that failed is tried again, and when it is given up: pure. One rule for each kind of job.

What fails for a reason of the news or of a platform is put off by its own row (``digests.sources.schedule``,
``bot.outbox.decide``); here it is faults of ours, and workers that died.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """``most``: how often a job is tried; ``first``: seconds before the second try, doubled up to ``last``."""

    most: int
    first: float
    last: float

    def pause(self, failures: int) -> float:
        """Seconds to wait after that many failures, 1 for the first.

        >>> [Patience(most=5, first=2.0, last=10.0).pause(failures) for failures in (1, 2, 3, 4)]
        [2.0, 4.0, 8.0, 10.0]
        """
        return min(self.last, self.first * 2.0 ** min(failures - 1, 30))


PATIENCE: Mapping[str, Patience] = {
    "fetch": Patience(most=4, first=30.0, last=600.0),
    "extract": Patience(most=4, first=5.0, last=300.0),
    "deliver": Patience(most=6, first=1.0, last=60.0),
}


def kind_of(queue: str) -> str:
    """The kind of the jobs in a queue.

    >>> kind_of("deliver-telegram")
    'deliver'
    """
    return queue.partition("-")[0]
