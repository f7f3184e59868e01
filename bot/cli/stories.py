"""``onrecord stories``: which articles tell one story, for programs."""

from __future__ import annotations

import click

from bot.cli.articles import FILES, JSONL
from bot.cli.ending import ended, written
from bot.cli.reading import lines
from digests.errors import UserError


@click.command()
@FILES
@JSONL
def stories(files: tuple[str, ...], jsonl: bool) -> None:
    """Group a stream of articles into stories, each decided as it arrives; nothing is stored."""
    if not jsonl:
        raise UserError("stories reads JSON lines: say --jsonl (for the archive's own stories ask /latest)")
    from digests.jsonl.grouping import story_lines

    ended(written(story_lines(lines(files))))
