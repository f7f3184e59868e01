"""A program that imports a folder with facts, to be killed at any moment: ``python importer.py DATABASE FOLDER``."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from direct import Direct

from digests.extract.worker import keys_of, linked
from digests.ingest.add import Added
from digests.ingest.service import Ingest
from digests.model import Actor, Article, Evidence, Extraction, Mention, NameKeys, Person, Span, Statement
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase

SAID = re.compile(r"(?P<who>[A-Z]\w+ [A-Z]\w+) (?P<cue>said) (?P<what>[^.]+)\.")


class Telling(Direct):
    """Reads "Ada Rossi said ..." and nothing else."""

    async def extract_keyed(self, articles: Sequence[Article]) -> list[tuple[Extraction, dict[int, NameKeys]]]:
        read = [extraction(article) for article in articles]
        return [(each, keys_of(each)) for each in read]

    def link(self, extraction: Extraction, candidates: Mapping[int, Sequence[Person]]) -> dict[int, int]:
        return linked(extraction, candidates)


def extraction(article: Article) -> Extraction:
    people, facts = [], []
    for entity, found in enumerate(SAID.finditer(article.text), start=1):
        name = found["who"]
        speaker = Actor(start=found.start("who"), end=found.end("who"), text=name, name=name, entity=entity)
        people.append(
            Mention(
                start=speaker.start, end=speaker.end, text=name, kind="name", type="person", name=name, entity=entity
            )
        )
        facts.append(
            Statement(
                evidence=(Evidence(start=found.start(), end=found.end(), quote=found[0]),),
                summary=f"{name}: {found['what']}",
                speaker=speaker,
                style="indirect",
                said_by=speaker,
                cue=Span(start=found.start("cue"), end=found.end("cue"), text="said"),
                content=Span(start=found.start("what"), end=found.end("what"), text=found["what"]),
            )
        )
    return Extraction(people=tuple(people), facts=tuple(facts))


async def main(database: str, folder: str) -> None:
    store = SqlStore(await SqliteDatabase.open(Path(database), [FACTS]))
    direct = Telling()
    print("ready", flush=True)
    async for outcome in Ingest(store, direct, direct).add_many([Path(folder)], marked=True):
        if isinstance(outcome, Added):
            print(outcome.article.id, flush=True)
    await store.close()
    print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
