"""The terminal as a chat: a prompt with history and completion for people, one plain answer a line for scripts.

It needs no network and no bookkeeping of its own: who sits at the machine that holds the database is an admin.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bot.model import Origin, Reply
from bot.render import Renderer

if TYPE_CHECKING:
    from rich.console import Console

ORIGIN = Origin(platform="console", chat="console", user="console", role="admin")
_EVIDENCE = re.compile(r"/evidence (\d+)")
LEAVING = frozenset({"/quit", "/exit", "/bye", "quit", "exit", "bye"})

Ask = Callable[[str], Awaitable[Reply]]
"""What is typed -> the reply."""
NamesLike = Callable[[str], Awaitable[Sequence[str]]]
"""The beginning of a name -> names in the archive."""


async def answer_lines(ask: Ask, lines: Iterable[str], *, renderer: Renderer, out: TextIO) -> None:
    """One answer in plain text for each line that holds anything, an empty line after each, until ``/quit``."""
    async for text in _plainly(ask, lines, renderer=renderer):
        out.write(f"{text}\n\n")
        out.flush()


async def play(ask: Ask, commands: Iterable[str], *, renderer: Renderer, screen: Console) -> None:
    """Types the commands one after another, each shown before its answer.

    ``/evidence N`` is asked with the first number that the answer before it offers.
    """
    offered = "1"
    for command in commands:
        typed = command.replace("/evidence N", f"/evidence {offered}")
        screen.print(f"onrecord> {typed}", style="bold cyan", markup=False)
        shown = _show(await ask(typed), renderer=renderer, screen=screen)
        offered = next(iter(_EVIDENCE.findall(shown)), offered)


async def converse(
    ask: Ask, *, renderer: Renderer, screen: Console, names_like: NamesLike, history: Path | None
) -> None:
    """A conversation until end of file (Ctrl-D) or ``/quit``."""
    from bot.chat.prompt import session

    prompt = session(names_like=names_like, history=history)
    while True:
        try:
            typed = (await prompt.prompt_async("onrecord> ")).strip()
        except KeyboardInterrupt:  # Ctrl-C gives up the line, not the conversation
            continue
        except EOFError:
            return
        if typed.casefold() in LEAVING:
            return
        if typed:
            _show(await ask(typed), renderer=renderer, screen=screen)


async def _plainly(ask: Ask, lines: Iterable[str], *, renderer: Renderer) -> AsyncIterator[str]:
    for line in lines:
        if line.strip().casefold() in LEAVING:
            return
        if line.strip():
            reply = await ask(line.strip())
            yield "\n\n".join(message.text for message in renderer.render(reply, "plain"))


def _show(reply: Reply, *, renderer: Renderer, screen: Console) -> str:
    """Prints the reply; its words come back."""
    messages = renderer.render(reply, "terminal" if screen.is_terminal else "plain")
    for message in messages:
        screen.print(message.text if message.rich is None else message.rich, markup=False, highlight=False)
        screen.print()
    return "\n".join(message.text for message in messages)
