"""``onrecord worker``: which kinds of work it hands on."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from bot.app import working
from bot.cli.worker import worker


@pytest.mark.parametrize(
    ("typed", "does"),
    [
        ([], ("fetch", "extract", "deliver")),
        (["deliver"], ("deliver",)),
        (["extract", "fetch", "extract"], ("extract", "fetch")),
    ],
)
def test_a_worker_does_what_is_named_once_or_all_of_it(
    typed: list[str], does: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    async def work(_settings: object, kinds: tuple[str, ...]) -> None:
        asked.append(kinds)

    monkeypatch.setattr(working, "work", work)
    result = CliRunner().invoke(worker, typed)
    assert (result.exit_code, asked) == (0, [does])
