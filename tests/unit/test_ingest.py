"""From bytes to saved facts: new, known, changed; one at a time or many files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from telling import KEYS, MINISTER, TEXT, extraction, facts

from digests.errors import EvidenceError, UndatedArticle, UnreadableArticle
from digests.ingest.add import Added, Failed, add
from digests.ingest.bulk import BATCH
from digests.ingest.decide import Outcome, outcome
from digests.ingest.service import Ingest, bytes_of
from digests.model import Article, Extraction, FactQuery, NameKeys, Person
from digests.sources.file import article_from, read_bytes
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase


class Reader:
    """Stands in for worker and parser: all at once, in this process, with what is extracted laid out beforehand."""

    processes = 2

    def __init__(self, read: Mapping[str, Extraction] | None = None) -> None:
        self.read = dict(read or {})
        self.extracted: list[str] = []
        self.linked: Mapping[int, Sequence[Person]] = {}

    async def read_article(self, data: bytes, **given: Any) -> Article:
        return read_bytes(data, **given)

    async def run(self, work: Callable[..., Any], *args: Any, shown: str = "") -> Any:
        return work(*args)

    async def extract_keyed(self, articles: Sequence[Article]) -> list[tuple[Extraction, dict[int, NameKeys]]]:
        if any("deadly" in article.text for article in articles):
            raise UnreadableArticle("the process died")
        self.extracted += [article.title for article in articles]
        return [(self.read.get(article.title, Extraction()), KEYS) for article in articles]

    def link(self, extraction: Extraction, candidates: Mapping[int, Sequence[Person]]) -> dict[int, int]:
        self.linked = candidates
        return {entity: people[0].id for entity, people in candidates.items() if people}


TITLE = "Ferry Talks Stall in Port Ardal"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    opened = SqlStore(await SqliteDatabase.open(tmp_path / "facts.db", [FACTS]))
    yield opened
    await opened.close()


def ingest(store: SqlStore, reader: Reader) -> Ingest:
    worker: Any = reader
    return Ingest(store, worker, worker)


@pytest.mark.parametrize(
    ("created", "version", "wanted"), [(True, 1, "new"), (False, 1, "known"), (False, 3, "known"), (True, 2, "changed")]
)
def test_an_article_is_new_known_or_changed(created: bool, version: int, wanted: Outcome) -> None:
    assert outcome(created=created, version=version) == wanted


async def test_a_new_article_is_saved_with_its_facts(store: SqlStore) -> None:
    added = await ingest(store, Reader({TITLE: extraction()})).add_bytes(TEXT.encode(), name="ferry.md")
    assert (added.outcome, added.article.id, added.article.title) == ("new", 1, TITLE)
    assert dict(added.facts_by_kind)["statement"] == 1
    assert len(await store.facts(FactQuery())) == len(facts())


async def test_a_known_text_is_not_even_read_again(store: SqlStore) -> None:
    reader = Reader({TITLE: extraction()})
    service = ingest(store, reader)
    await service.add_text(TEXT)
    again = await service.add_text(TEXT)
    assert (again.outcome, again.article.id, again.facts_by_kind) == ("known", 1, ())
    assert reader.extracted == [TITLE]


async def test_a_touched_date_is_not_read_again(store: SqlStore) -> None:
    reader = Reader({TITLE: extraction()})
    service = ingest(store, reader)
    first = await service.add_text(TEXT)
    touched = TEXT.replace("February 15, 2020", "February 16, 2020")
    assert touched != TEXT
    again = await service.add_text(touched)
    assert (again.outcome, again.article) == ("known", first.article)
    assert reader.extracted == [TITLE]


async def test_another_text_under_the_same_address_is_a_new_version(store: SqlStore) -> None:
    service = ingest(store, Reader())
    await service.add_text(TEXT)
    touched = await service.add_text(TEXT.replace("utm_source=x", "utm_source=y"))
    assert (touched.outcome, touched.article.version) == ("known", 1)
    changed = await service.add_text(f"{TEXT}\n".replace("Police detained", "In the night, police detained"))
    assert (changed.outcome, changed.article.version) == ("changed", 2)


async def test_people_of_a_second_article_are_linked_to_those_known(store: SqlStore) -> None:
    reader = Reader({TITLE: extraction()})
    service = ingest(store, reader)
    await service.add_text(TEXT)
    assert reader.linked == {1: [], 2: []}
    await service.add_text(TEXT.replace("Original url", "Link").replace("/ferries", "/again"))
    assert [person.name for person in reader.linked[MINISTER]] == ["Ilse Brandão"]
    assert (await store.counts()).people == 2


async def test_what_a_reader_makes_up_is_refused(store: SqlStore) -> None:
    other = article_from("Nothing of the sort was written here.", title=TITLE, published="2020-02-15")
    with pytest.raises(EvidenceError):
        await add(other, store=store, extract=Reader({TITLE: extraction()}))
    assert (await store.counts()).articles == 0


async def test_an_undated_text_needs_a_day(store: SqlStore) -> None:
    service = ingest(store, Reader())
    with pytest.raises(UndatedArticle, match="--published"):
        await service.add_text("The port was shut, the mayor said.")
    added = await service.add_text(
        "The port was shut, the mayor said.", published="2020-02-15", url="https://a.example/1"
    )
    assert (added.outcome, added.article.publisher) == ("new", "a.example")


async def test_text_with_a_lone_surrogate_is_added(store: SqlStore) -> None:
    added = await ingest(store, Reader()).add_text("The port \ud800 was shut, the mayor said.", published="2020-02-15")
    assert added.outcome == "new"


async def test_many_files_are_added_in_their_order_and_a_bad_one_stops_nothing(store: SqlStore, tmp_path: Path) -> None:
    paths = []
    for number in range(2 * BATCH + 3):
        path = tmp_path / f"{number:02}.md"
        path.write_text(f"# Report {number}\n\n15 February 2020\n\nThe port was shut for {number} hours.\n")
        paths.append(path)
    paths[3].write_bytes(b"%PDF-1.7")
    paths[5].write_text("# Report 4\n\n15 February 2020\n\nThe port was shut for 4 hours.\n")
    paths[6].write_text("The port was shut.")
    paths[BATCH].write_text("# deadly\n\n15 February 2020\n\nThis kills the reader.\n")
    paths[7] = tmp_path / "missing.md"
    steps: list[tuple[int, int]] = []
    outcomes = [
        each
        async for each in ingest(store, Reader()).add_many(
            paths, progress=lambda done, every: steps.append((done, every))
        )
    ]
    assert steps == [(number + 1, len(paths)) for number in range(len(paths))]
    shown = [each.outcome if isinstance(each, Added) else Path(each.name).name for each in outcomes]
    assert shown[:BATCH] == ["new", "new", "new", "03.md", "new", "known", "06.md", "missing.md"]
    assert shown[BATCH:] == ["08.md", *["new"] * (BATCH + 2)]  # what kills its reader costs no other
    reasons = [each.reason for each in outcomes if isinstance(each, Failed)]
    assert "PDF" in reasons[0]
    assert "--published" in reasons[1]
    assert "cannot be read" in reasons[2]
    titles = [source.title for source in await store.latest(limit=50)]
    assert titles == [f"Report {number}" for number in (*range(18, 8, -1), 4, 2, 1, 0)]


async def test_a_fact_that_does_not_hold_fails_its_file_only(store: SqlStore, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\n15 February 2020\n\nThe port was shut.\n")
    reader = Reader({"a": extraction()})
    outcomes = [each async for each in ingest(store, reader).add_many([tmp_path / "a.md", tmp_path / "b.md"])]
    assert [type(each) for each in outcomes] == [Failed, Added]


async def test_stopping_half_way_leaves_what_was_done(store: SqlStore, tmp_path: Path) -> None:
    paths = []
    for number in range(40):
        path = tmp_path / f"{number:02}.md"
        path.write_text(f"# Report {number}\n\n15 February 2020\n\nThe port was shut for {number} hours.\n")
        paths.append(path)
    outcomes = ingest(store, Reader()).add_many(paths)
    assert isinstance(await anext(outcomes), Added)
    await outcomes.aclose()
    assert (await store.counts()).articles == 1


def test_a_file_too_large_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(9_000_000)
    with pytest.raises(UnreadableArticle, match="more than 4 MB"):
        read_bytes(bytes_of(path), name="large.txt")
