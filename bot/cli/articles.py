"""``onrecord add``, ``extract``, ``brief``, ``match``: articles and names as files or JSON lines."""

from __future__ import annotations

import click

from bot.cli.ending import each, ended, written
from bot.cli.reading import lines, required

FILES = click.argument("files", nargs=-1, metavar="FILE...")
PUBLISHED = click.option(
    "--published", metavar="DAY", help="Day of publication, such as 2020-02-15, if not in the text."
)
URL = click.option("--url", default="", help="Where the article was published.")
JSONL = click.option("--jsonl", is_flag=True, help="JSON lines in and out, for programs (docs/commands.md).")
WORKERS = click.option(
    "--workers", default=1, type=click.IntRange(1, 64), help="Processes to read in, for many articles."
)


@click.command()
@FILES
@PUBLISHED
@URL
@click.option("--workers", default=0, type=click.IntRange(0, 64), help="Processes to read in; 0: as many as pay.")
def add(files: tuple[str, ...], published: str | None, url: str, workers: int) -> None:
    """Put articles on the record: files, folders, links, or - for standard input.

    Files are Markdown, text, HTML, or hold many articles: .jsonl and .jsonl.gz (lines as for `extract --jsonl`), .warc
    and .warc.gz. An import of a folder or of such a file that was broken off goes on where it stopped.
    """
    from bot.cli.adding import add_files
    from bot.config import load

    ended(add_files(required(files), settings=load(), workers=workers, published=published, url=url))


@click.command()
@FILES
@JSONL
@WORKERS
@PUBLISHED
@URL
def extract(files: tuple[str, ...], jsonl: bool, workers: int, published: str | None, url: str) -> None:
    """Show what would be read from articles; nothing is stored."""
    if jsonl:
        from digests.jsonl.extracting import extract_lines

        ended(written(extract_lines(lines(files), workers=workers)))
    else:
        from bot.cli.parsed import parsing
        from bot.cli.shown import show_extraction

        with parsing() as parse:
            ended(
                each(
                    required(files),
                    lambda name, data: show_extraction(parse(data, name=name, published=published, url=url)),
                )
            )


@click.command()
@FILES
@JSONL
@WORKERS
@PUBLISHED
def brief(files: tuple[str, ...], jsonl: bool, workers: int, published: str | None) -> None:
    """At most three of an article's own sentences, word for word."""
    if jsonl:
        from digests.jsonl.extracting import brief_lines

        ended(written(brief_lines(lines(files), workers=workers)))
    else:
        from bot.cli.parsed import parsing
        from bot.cli.shown import show_brief

        with parsing() as parse:
            ended(each(required(files), lambda name, data: show_brief(parse(data, name=name, published=published))))


@click.command()
@click.argument("names", nargs=-1, metavar="NAME NAME | FILE...")
@JSONL
def match(names: tuple[str, ...], jsonl: bool) -> None:
    """Whether two names may be the same person's."""
    if jsonl:
        from digests.jsonl.matching import match_lines

        ended(written(match_lines(lines(names))))
        return
    if len(names) != 2:
        raise click.UsageError("give two names, each in quotation marks")
    from bot.cli.shown import show_match

    show_match(*names)
