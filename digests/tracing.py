"""Which piece of work a log line belongs to: ids that go along with everything done for one update, page or job.

What would surprise a reader: nobody is handed them. They lie in context variables, so that the lines of libraries carry
them, too, and a task takes along those of whoever started it. Beside them lie the texts that no line may say.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

Id = str | int
_NOTHING: Mapping[str, Id] = MappingProxyType({})
_ids: ContextVar[Mapping[str, Id]] = ContextVar("ids", default=_NOTHING)
_unsaid: ContextVar[tuple[str, ...]] = ContextVar("unsaid", default=())
_FORM = re.compile(r"[A-Za-z0-9-]{1,64}")
_OTHER = re.compile(r"[^A-Za-z0-9-]")


def fresh(kind: str = "") -> str:
    """An id that nothing else has; ``kind`` stands before it."""
    return f"{kind}-{secrets.token_hex(8)}" if kind else secrets.token_hex(16)


def given(text: str) -> str:
    """The id that somebody outside gave a request; a fresh one where theirs could be mistaken for more than an id.

    >>> given("7f-A0"), given("7f\\nERROR") == "7f\\nERROR"
    ('7f-A0', False)
    """
    return text if _FORM.fullmatch(text) else fresh()


def of_update(platform: str, key: str) -> str:
    """The id of what a platform delivered: the same at every delivery, after every restart, on every machine.

    >>> of_update("telegram", "60")
    'telegram-60'
    """
    return _OTHER.sub("-", f"{platform}-{key}")[:64]


@contextmanager
def about(**ids: Id) -> Iterator[None]:
    """What is logged inside carries these ids besides those that are known already; empty ones are left out."""
    before = _ids.set({**_ids.get(), **{name: value for name, value in ids.items() if value != ""}})
    try:
        yield
    finally:
        _ids.reset(before)


@contextmanager
def hiding(*texts: str) -> Iterator[None]:
    """What is logged inside, from INFO up, says none of the words of ``texts``: they are people's."""
    before = _unsaid.set((*_unsaid.get(), *filter(None, texts)))
    try:
        yield
    finally:
        _unsaid.reset(before)


def known() -> Mapping[str, Id]:
    """The ids of what is being done here."""
    return _ids.get()


def unsaid() -> tuple[str, ...]:
    """The texts whose words no line may say here."""
    return _unsaid.get()
