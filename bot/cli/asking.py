"""``onrecord ask``: questions answered from a file of articles, for programs."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.articles import FILES, JSONL
from bot.cli.ending import ended, written
from bot.cli.reading import lines
from digests.errors import UserError


@click.command()
@FILES
@JSONL
@click.option(
    "--articles",
    type=click.Path(path_type=Path),
    help="The articles to search, as JSON lines like those of `extract --jsonl`; .gz too.",
)
def ask(files: tuple[str, ...], jsonl: bool, articles: Path | None) -> None:
    """Answer questions from articles: at most ten passages each, a short answer where it is sure; nothing stored."""
    if not jsonl or articles is None:
        raise UserError("ask reads JSON lines: say --jsonl --articles FILE (in a chat type /ask and the question)")
    from digests.jsonl.asking import articles_in, ask_lines

    ended(written(ask_lines(lines(files), articles_in(articles))))
