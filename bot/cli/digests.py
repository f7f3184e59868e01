"""``onrecord digest``: arguments of the command line."""

from __future__ import annotations

from collections.abc import Mapping

import click

from bot.render.message import Canvas

_CANVASES: Mapping[str, Canvas] = {"html": "html", "plain": "plain"}


@click.command()
@click.option("--day", metavar="DAY", help="The last day, such as 2020-02-15; the archive's newest if not given.")
@click.option("--days", type=click.IntRange(1, 31), default=1, show_default=True, help="How many days it covers.")
@click.option(
    "--words", default="", metavar="WORDS", help='Only what has any of them: Idlib "peace talks" +Turkey -sport.'
)
@click.option("--full", is_flag=True, help="Longer.")
@click.option("--html", "canvas", flag_value="html", help="As an HTML document, to be sent by e-mail.")
@click.option("--plain", "canvas", flag_value="plain", help="As plain text, also on a terminal.")
def digest(*, day: str | None, days: int, words: str, full: bool, canvas: str | None) -> None:
    """Print the digest of a day, or of several."""
    from bot.cli.digesting import show

    show(day=day, days=days, words=words, length="full" if full else "short", canvas=_CANVASES.get(canvas or ""))
