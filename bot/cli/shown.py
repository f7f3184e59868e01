"""What ``extract``, ``brief`` and ``match`` show to a person: tables on a terminal, the same words in a pipe."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.render.plain import shown
from digests.extract.brief import sentences
from digests.extract.pipeline import extract
from digests.model import Article, Extraction, Fact
from digests.text.names import same_name

WIDTH_IN_A_PIPE = 120


def console() -> Console:
    """Standard output: as wide as the terminal, 120 columns in a pipe, where nothing has colours."""
    out = Console(highlight=False)
    return out if out.is_terminal else Console(highlight=False, width=WIDTH_IN_A_PIPE)


def show_extraction(article: Article) -> None:
    """An article's head, then its facts by kind with the words they rest on."""
    out = console()
    out.print(_head(article))
    for table in tables(extract(article)):
        out.print()
        out.print(table)


def show_brief(article: Article) -> None:
    """An article's head and at most three of its own sentences."""
    out = console()
    out.print(_head(article))
    for span in sentences(article):
        out.print(Text("> ", style="dim").append(shown(" ".join(span.text.split())), style="green"))


def _head(article: Article) -> Text:
    about = (article.byline, article.publisher, str(article.published_day or ""), article.language)
    head = Text(shown(article.title or "(no title)"), style="bold")
    return head.append("\n" + shown(" · ".join(word for word in about if word)), style="dim")


def tables(read: Extraction) -> Iterable[Table]:
    """One table for each kind of fact that was found, in the order of the article."""
    kinds = dict.fromkeys(fact.kind for fact in read.facts)
    for kind in kinds:
        table = Table(title=Text(kind, style="bold"), title_justify="left", expand=True, show_edge=False)
        table.add_column("fact", ratio=1, overflow="fold")
        table.add_column("in its own words", ratio=1, overflow="fold", style="green")
        for fact in read.facts:
            if fact.kind == kind:
                table.add_row(Text(shown(fact.summary)), Text(shown(_quote(fact))))
        yield table


def _quote(fact: Fact) -> str:
    return " ".join(fact.quote.split())


def show_match(a: str, b: str) -> None:
    same, score = same_name(a, b)
    console().print(Text(f"{'may be the same person' if same else 'not the same person'} (score {score:.2f})"))
