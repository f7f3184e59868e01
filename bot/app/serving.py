"""``onrecord serve``: every configured platform in one process and one event loop, until SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from bot import router
from bot.access import Door
from bot.app import logs
from bot.app.groups import AskedGroups
from bot.app.labour import Labour, labour
from bot.app.services import database_of, furnished
from bot.app.side import Side
from bot.app.sides import sides_of
from bot.app.watching import reaching
from bot.books.base import Books
from bot.books.conversations import Conversations
from bot.books.turns import Replica, in_turn
from bot.charts.artist import Artist
from bot.circulation.alerts import Alerts
from bot.circulation.corrections import Corrector
from bot.circulation.digests import Digests
from bot.circulation.reminders import ReminderLoop
from bot.commands.spec import Services, WordsAnswers
from bot.config import Settings
from bot.hooks import Hook
from bot.inbox import Inbox
from bot.limits import Limits
from bot.model import Origin, ReceivedFile, Reply
from bot.render import Renderer
from digests.edition.charts.model import DrawsCharts
from digests.errors import SettingsError, StoreError

if TYPE_CHECKING:
    from bot.app.web import WebSide

log = logging.getLogger(__name__)

MOST_SECONDS_TO_STOP = 4.5
"""All that was accepted is written down, so a process that hangs when it should end may simply be ended."""
WARM_AFTER = 5.0
NOTHING_TO_SERVE = (
    "nothing to serve: set TELEGRAM_BOT_TOKEN for Telegram (docs/telegram.md), or SLACK_BOT_TOKEN with SLACK_APP_TOKEN"
    " (SLACK_MODE=socket) or SLACK_SIGNING_SECRET (SLACK_MODE=http) for Slack (docs/slack.md)"
)


async def serve(settings: Settings) -> None:
    """Serve until told to stop. Raises ``SettingsError`` when nothing is configured or a token is refused."""
    if not settings.telegram and not settings.slack:
        raise SettingsError(NOTHING_TO_SERVE)
    logs.configure(settings)
    stop = asyncio.Event()
    guard = threading.Timer(MOST_SECONDS_TO_STOP, os._exit, (0,))
    guard.daemon = True
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, _begin_to_stop, stop, guard)
    try:
        await serve_until(stop, settings)
    finally:
        guard.cancel()
    log.info("stopped")


async def serve_until(stop: asyncio.Event, settings: Settings) -> None:
    """Serve what is configured until ``stop`` is set; ends within four seconds then."""
    async with (
        reaching(settings) as reach,
        database_of(settings) as database,
        furnished(database, settings, reach=reach) as services,
        Artist() as artist,
    ):
        sides = sides_of(settings, services)
        groups = AskedGroups({side.platform: side for side in sides})
        try:
            async with labour(settings, database, services, sides, artist, reach) as work:
                given = replace(services, groups=groups, ingest=work.ingest)
                await _run(settings, given, sides, artist, work, stop)
        finally:
            await _within(1.0, *(side.close() for side in sides))


def _begin_to_stop(stop: asyncio.Event, guard: threading.Timer) -> None:
    """Ask everything to end; ``guard`` cuts off whatever does not."""
    if not stop.is_set():
        log.info("stopping")
        stop.set()
        guard.start()


async def _run(
    settings: Settings, services: Services, sides: list[Side], artist: Artist, work: Labour, stop: asyncio.Event
) -> None:
    """Listen, answer and send until ``stop`` or until one of them fails; then end them in that order."""
    renderer = Renderer()
    outbox, now = work.outbox, work.now
    door = Door(
        settings=settings,
        members=services.members,
        groups=services.groups,
        teams=lambda: frozenset(team for side in sides for team in side.teams),
    )
    web = _web(settings, services, door, renderer, [hook for side in sides for hook in side.hooks], artist)

    async def answer(text: str, origin: Origin, *, file: ReceivedFile | None = None) -> Reply:
        began = perf_counter()
        reply = await router.answer(text, origin, services=services, now=now(), file=file)
        if web is not None:
            web.answered(text, reply, file=file, began=began)
        return reply

    replica = Replica(services.turns)
    await replica.begin()
    inbox = Inbox(
        books=services.books,
        read={side.platform: side.read for side in sides},
        answer=answer,
        door=door,
        limits=Limits(person=settings.rate_person, chat=settings.rate_chat),
        queued=outbox.wake,
        download={side.platform: side.download for side in sides},
        link_above={side.platform: side.link_above for side in sides},
        now=now,
        replica=replica,
    )
    platforms = [side.platform for side in sides]
    alerts = Alerts(
        store=services.store,
        books=services.books,
        follows=services.follows,
        platforms=platforms,
        queued=outbox.wake,
        still=door.still,
        now=now,
    )
    reminding = ReminderLoop(
        store=services.store,
        books=services.books,
        follows=services.follows,
        reminders=services.reminders,
        platforms=platforms,
        queued=outbox.wake,
        still=door.still,
        now=now,
    )
    corrections = Corrector(
        store=services.store,
        books=services.corrections,
        queued=outbox.wake,
        kept=timedelta(days=settings.retention_messages_days),
        still=door.still,
        now=now,
    )
    digests = Digests(
        subscriptions=services.subscriptions,
        store=services.store,
        queued=outbox.wake,
        still=door.still,
        links=services.links,
        shortens=services.shortens,
        now=now,
    )
    rounds: dict[str, Callable[[], Awaitable[None]]] = {
        "tidying": partial(_tidy, services.books, services.conversations, settings),
        "alerts": alerts.run,
        "reminders": reminding.run,
        "digests": digests.run,
        "corrections": corrections.run,
        **work.rounds,
    }
    listening = [asyncio.create_task(side.listen(inbox)) for side in sides]
    loops = {
        "outbox": asyncio.create_task(outbox.run()),
        "inbox": asyncio.create_task(inbox.run()),
        "replica": asyncio.create_task(replica.run()),
        **{name: asyncio.create_task(in_turn(services.turns, "rounds", run)) for name, run in rounds.items()},
    }
    working = [*loops.values(), asyncio.create_task(_warm(services.model))]
    if web is not None:
        listening.append(asyncio.create_task(web.listen(loops)))
    waiting = asyncio.create_task(stop.wait())
    log.info("serving %s", " and ".join(side.platform for side in sides))
    if web is not None:
        log.info("web: %s at http://%s:%d", settings.web_url, settings.web_host, settings.web_port)
    await asyncio.wait([*listening, *working, waiting], return_when=asyncio.FIRST_COMPLETED)
    await _end(listening, seconds=1.0)
    await inbox.stop(seconds=1.0)
    await outbox.stop(seconds=1.0)
    await _end([*working, waiting], seconds=0.5)


def _web(
    settings: Settings, services: Services, door: Door, renderer: Renderer, hooks: Sequence[Hook], draws: DrawsCharts
) -> WebSide | None:
    """The web side, where there is one; its libraries are never imported where there is none."""
    if not settings.web:
        return None
    from bot.app.web import WebSide

    return WebSide(settings, services=services, still=door.still, renderer=renderer, hooks=hooks, draws=draws)


async def _end(tasks: Iterable[asyncio.Task[object]], *, seconds: float) -> None:
    """Cancel tasks and wait a little for them. What the first of them failed with is raised."""
    given = list(tasks)
    for task in given:
        task.cancel()
    done, _ = await asyncio.wait(given, timeout=seconds)
    failed = [error for error in (task.exception() for task in done if not task.cancelled()) if error is not None]
    for error in failed[1:]:
        log.error("failed as well: %s", error)
    if failed:
        raise failed[0]


async def _within(seconds: float, *work: Coroutine[object, object, None]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.gather(*work, return_exceptions=True)


async def _warm(model: WordsAnswers | None) -> None:
    """Load the model's client a while after the start, which it must not slow; never ends, as its neighbours."""
    await asyncio.sleep(WARM_AFTER)
    if model is not None:
        await model.warm()
    await asyncio.Event().wait()


async def _tidy(books: Books, conversations: Conversations, settings: Settings) -> None:
    """Once a day forget what was answered long ago."""
    while True:
        now = datetime.now(UTC)
        audit = timedelta(days=settings.retention_audit_days)
        try:
            await books.tidy(
                before=now - timedelta(days=settings.retention_messages_days),
                audit_before=now - audit if audit else None,
            )
            await conversations.tidy(now=now)
        except StoreError as error:
            log.error("old questions and answers were not removed: %s", error)
        await asyncio.sleep(86_400)
