"""What ``onrecord outbox`` says and does: counts a platform, then what failed, then the chats that nothing reaches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import click

from bot.app.services import opened
from bot.books.report import Report, Way
from bot.cli.noting import noting
from bot.config import Settings
from bot.render.plain import shown


async def show_queue(settings: Settings) -> None:
    """How the queue stands now."""
    now = datetime.now(UTC)
    async with opened(settings) as services:
        report = await services.deliveries.report(now=now)
    for line in lines(report, now=now):
        click.echo(line)


async def change_queue(settings: Settings, *, again: Sequence[int], drop: Sequence[int]) -> int:
    """Send failed messages once more, give others up, a line for each; how many there were not."""
    missing = 0
    async with opened(settings) as services, noting(services.members):
        for number in again:
            done = await services.deliveries.send_failed_again(number)
            missing += _said(number, done, "waits to be sent again", "is no message that failed")
        for number in drop:
            done = await services.deliveries.drop(number, at=datetime.now(UTC))
            missing += _said(number, done, "is given up", "is no message that waits or failed")
    return missing


def _said(number: int, done: bool, told: str, otherwise: str) -> int:
    click.echo(f"{number} {told if done else otherwise}", err=not done)
    return int(not done)


def lines(report: Report, *, now: datetime) -> list[str]:
    """The report in words."""
    said = [_way(way, now=now) for way in report.ways] or ["nothing waits to be sent"]
    said.append(f"in all: {report.sent} sent, {report.failed_in_all} failed")
    if report.doubted:
        said.append(f"{report.doubted} sent again after a crash: each may have arrived twice")
    said += [f"failed {row.id}  {_moment(row.at)}  {row.chat}: {shown(row.reason)}" for row in report.failed]
    if report.failed_in_all > len(report.failed):
        said.append(f"... and {report.failed_in_all - len(report.failed)} more that failed before")
    said += [f"paused until somebody writes there: {chat}: {shown(reason)}" for chat, reason in report.paused]
    return said


def _way(way: Way, *, now: datetime) -> str:
    oldest = f", the oldest since {_moment(way.oldest_at)} ({_span(way.oldest_at, now)})" if way.oldest_at else ""
    rate = f"{way.last_minute} sent within the last minute ({way.last_minute / 60:.1f} a second)"
    return (
        f"{way.platform}: {way.waiting} waiting, {way.sending} being sent{oldest}; {rate}, {way.last_hour} in an hour"
    )


def _span(at: datetime, now: datetime) -> str:
    minutes = int((now - at).total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(sep=" ", timespec="seconds").replace("+00:00", " UTC")
