"""Addresses at which a platform calls us: what a web server hands over, and what it answers. No server in here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

MOST_BYTES = 1_000_000
"""No request of Telegram's or Slack's is nearly as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HookAnswer:
    """What the platform is answered; of a status that is no 2xx it delivers the same again later."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A path and who answers there; ``answer`` is given the headers, their names in lower case, and the body.

    ``ready``: whether calls are taken yet. Until then they are answered 503, and no balancer should lead here.
    """

    name: str
    path: str
    answer: Callable[[Mapping[str, str], bytes], Awaitable[HookAnswer]]
    ready: Callable[[], bool]
