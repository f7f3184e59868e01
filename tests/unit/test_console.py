"""The terminal chat: one plain answer a line in a pipe, a prompt with history and completion for people."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from bot.chat.console import answer_lines, converse, play
from bot.chat.prompt import Typed, commands_like, session
from bot.model import Reply
from bot.render import Renderer

RENDERER = Renderer()


async def echo(text: str) -> Reply:
    return Reply(template="error", data={"text": f"you typed {text}"})


async def no_names(begun: str) -> list[str]:
    return []


def written(screen: Console) -> str:
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


@pytest.fixture
def keyboard() -> Iterator[PipeInput]:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        yield keys


async def test_each_line_of_a_pipe_gets_one_answer_in_plain_text() -> None:
    out = io.StringIO()
    await answer_lines(echo, ["/who Oktay\n", "\n", "/deadlines"], renderer=RENDERER, out=out)
    assert [block for block in out.getvalue().split("\n\n") if block] == [
        "you typed /who Oktay",
        "you typed /deadlines",
    ]


async def test_a_tour_shows_each_command_before_its_answer() -> None:
    screen = Console(file=io.StringIO(), width=80)
    await play(echo, ["/who [bold]Oktay", "/help"], renderer=RENDERER, screen=screen)
    assert written(screen).splitlines() == [
        "onrecord> /who [bold]Oktay",
        "you typed /who [bold]Oktay",
        "",
        "onrecord> /help",
        "you typed /help",
        "",
    ]


@pytest.mark.parametrize("leaving", ["\x04", "/quit\r", "EXIT\r"])
async def test_a_conversation_ends_when_asked_to(keyboard: PipeInput, leaving: str, tmp_path: Path) -> None:
    keyboard.send_text("/who Oktay\r\r" + leaving)
    screen = Console(file=io.StringIO(), width=80, force_terminal=True, color_system=None)
    history = tmp_path / "deep" / "history"
    await converse(echo, renderer=RENDERER, screen=screen, names_like=no_names, history=history)
    assert written(screen) == "you typed /who Oktay\n\n"
    assert "+/who Oktay" in history.read_text()


async def test_ctrl_c_gives_up_a_line_and_not_the_conversation(keyboard: PipeInput) -> None:
    keyboard.send_text("/who Ok\x03/help\r\x04")
    screen = Console(file=io.StringIO(), width=80)
    await converse(echo, renderer=RENDERER, screen=screen, names_like=no_names, history=None)
    assert written(screen) == "you typed /help\n\n"


def test_a_history_that_cannot_be_kept_is_no_hindrance(keyboard: PipeInput, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert session(names_like=no_names, history=tmp_path / "file" / "history").history.get_strings() == []


@pytest.mark.parametrize(
    ("typed", "completed"),
    [("/sta", ["/start "]), ("/START", ["/start "]), ("/start x", []), ("sta", []), ("/zzz", [])],
)
def test_a_command_is_completed_at_the_beginning_of_a_line(typed: str, completed: list[str]) -> None:
    assert [completion.text for completion in commands_like(typed) if completion.text == "/start "] == completed
    assert list(Typed(no_names).get_completions(Document(typed), CompleteEvent())) == commands_like(typed)


@pytest.mark.parametrize(
    ("typed", "completed"),
    [("/who Okt", ["Fuat Oktay"]), ("/who O", []), ("who Okt", []), ("/zzz", []), ("/star", ["/start "])],
)
async def test_a_name_is_completed_after_a_command(typed: str, completed: list[str]) -> None:
    async def names_like(begun: str) -> list[str]:
        return ["Fuat Oktay"] if begun == "Okt" else ["Olaf Scholz"]

    found = [each.text async for each in Typed(names_like).get_completions_async(Document(typed), CompleteEvent())]
    assert found == completed


async def test_a_pipe_may_end_the_conversation_too() -> None:
    out = io.StringIO()
    await answer_lines(echo, ["/status\n", "/quit\n", "/help\n"], renderer=RENDERER, out=out)
    assert out.getvalue() == "you typed /status\n\n"
