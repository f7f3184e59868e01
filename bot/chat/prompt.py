"""The prompt of the terminal chat: history in a file, completion of commands and of names in the archive."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from bot.commands.registry import COMMANDS

_LEAST = 2
"""Letters typed before names are looked up."""


class Typed(Completer):
    """Commands at the beginning of a line, names of people after a command."""

    def __init__(self, names_like: Callable[[str], Awaitable[Sequence[str]]]) -> None:
        self._names_like = names_like

    def get_completions(self, document: Document, _complete_event: CompleteEvent) -> Iterable[Completion]:
        return commands_like(document.text_before_cursor)

    async def get_completions_async(
        self, document: Document, _complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        typed = document.text_before_cursor
        for completion in commands_like(typed):
            yield completion
        command, space, begun = typed.partition(" ")
        if space and command.startswith("/") and len(begun.strip()) >= _LEAST:
            for name in await self._names_like(begun.strip()):
                yield Completion(name, start_position=-len(begun))


def commands_like(typed: str) -> list[Completion]:
    """Commands that begin with what was typed, each with its summary."""
    if " " in typed or not typed.startswith("/"):
        return []
    specs = [registered.spec for registered in COMMANDS if f"/{registered.spec.name}".startswith(typed.casefold())]
    return [
        Completion(f"/{spec.name} ", start_position=-len(typed), display=f"/{spec.name}", display_meta=spec.summary)
        for spec in specs
    ]


def session(*, names_like: Callable[[str], Awaitable[Sequence[str]]], history: Path | None) -> PromptSession[str]:
    """A prompt; ``history``: where typed lines are kept, None (or a folder that cannot be made) for nowhere."""
    return PromptSession(
        history=_kept(history), completer=Typed(names_like), auto_suggest=AutoSuggestFromHistory(), mouse_support=False
    )


def _kept(history: Path | None) -> History:
    if history is None:
        return InMemoryHistory()
    try:
        history.parent.mkdir(parents=True, exist_ok=True)
        history.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(history))
