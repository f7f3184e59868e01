"""Minutes, not seconds: many odd questions and many articles; run by ``make soak``."""

import random
import resource
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import router
from bot.app.importing import importing
from bot.app.services import opened
from bot.chat.console import ORIGIN
from bot.cli.demonstration import build
from bot.commands.registry import COMMANDS
from bot.config import Settings
from bot.render import Renderer
from digests.archive import demo_paths

pytestmark = pytest.mark.soak
NOW = datetime(2020, 2, 21, 12, tzinfo=UTC)
PIECES = [
    "Oktay",
    "Idlib",
    "#1",
    "since",
    "10 Feb",
    "next week",
    "about",
    "<b>&",
    "<!channel>",
    "\u202e",
    "0",
    "page 2",
    "é" * 40,
]


async def test_twenty_thousand_odd_questions_are_answered_within_bounded_memory(tmp_path: Path) -> None:
    rng = random.Random(1)
    renderer = Renderer()
    async with opened(Settings(database_url=f"sqlite:///{tmp_path}/soak.db")) as services:
        async with importing(services.store, processes=2) as ingest:
            await build(ingest, demo_paths())
        grown = []
        for number in range(20_000):
            words = " ".join(rng.choice(PIECES) for _ in range(rng.randrange(5)))
            typed = f"/{rng.choice(COMMANDS).spec.name} {words}"
            reply = await router.answer(typed, ORIGIN, services=services, now=NOW)
            assert reply.template != "apology", typed
            for canvas in ("telegram", "slack", "plain"):
                assert renderer.render(reply, canvas)
            if number % 5_000 == 4_999:
                grown.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        assert grown[-1] - grown[0] < 50, grown
