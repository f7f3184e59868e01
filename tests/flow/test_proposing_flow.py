"""Articles read by the grammar and then by a model: what it proposes is saved, marked and shown, or is not there."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from fakes.direct import Direct
from fakes.language_model import endpoint
from fakes.newsroom import NOON, Newsroom, evidence, newsroom, report, there

from bot.app.model_tasks import INGEST, Proposing
from bot.books.costs import Cost, SqlCosts
from digests.extract.worker import extract_keyed_in_process, linked
from digests.ingest.grouping import grouping
from digests.ingest.service import Ingest
from digests.llm.client import Endpoint
from digests.model import Article, Extraction, FactQuery, Figure, NameKeys, Person

ARTICLE = "Harbour talks\n\nMarta Lind, quay warden, slept while the crane burned. Nobody told her of the smoke.\n"
WARDEN = {"paragraph": 1, "quote": "Marta Lind, quay warden, slept while the crane burned.", "name": "Marta Lind"}


class Reads(Direct):
    """Extracts for real, in this process."""

    async def extract_keyed(self, articles: Sequence[Article]) -> list[tuple[Extraction, dict[int, NameKeys]]]:
        return extract_keyed_in_process(list(articles))

    def link(self, extraction: Extraction, candidates: Mapping[int, Sequence[Person]]) -> dict[int, int]:
        return linked(extraction, candidates)


def roles(*found: Mapping[str, Any]) -> str:
    return json.dumps({"statements": [], "deadlines": [], "roles": list(found), "figures": []})


async def added(
    room: Newsroom, *steps: Any, budget: int = 10_000, seconds: float = 5.0, text: str = ARTICLE
) -> dict[str, int]:
    """Add an article with a model that says ``steps``; what facts were saved."""
    reads: Any = Reads()
    async with endpoint() as script:
        script.says(*steps)
        model = Endpoint(base_url=script.base_url, model="liar-1", api_key="")
        costs = SqlCosts(room.database)
        proposes = Proposing(model, costs, budget=budget, seconds=seconds, now=lambda: NOON)
        ingest = Ingest(room.store, reads, reads, proposes=proposes)
        found = await ingest.add_text(text, published="2020-02-15")
        assert found.outcome == "new"
        await model.close()
    return dict(found.facts_by_kind)


async def test_without_a_model_the_grammar_finds_no_such_office(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as room:
        assert "role" not in await added(room, roles())


async def test_what_a_model_reads_is_saved_and_marked_wherever_it_is_shown(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as room:
        assert (await added(room, roles({**WARDEN, "title": "quay warden"})))["role"] == 1
        (found,) = await room.store.facts(FactQuery(kinds=("role",)))
        assert (found.fact.origin, found.fact.confidence) == ("model", 0.5)
        assert "read by a language model" in await room.read(f"/facts {found.source.article_id}")
        assert "read by a language model, not by the grammar" in await room.read(f"/evidence {found.fact.id}")
        (person,) = await room.store.people(["Marta Lind"])
        assert person.roles == ()  # nobody is known by an office that only a model read
        assert (await SqlCosts(room.database).cost(chat=INGEST, since=NOON.date(), until=NOON.date())).requests == 1


@pytest.mark.parametrize(
    ("what", "step"),
    [
        ("a lie", roles({**WARDEN, "title": "harbour master"})),
        ("cut", roles({**WARDEN, "title": "quay warden"})[:-20]),
        ("another form", json.dumps({"roles": {"name": "Marta Lind"}})),
        ("a rate limit", 429),
        ("a server fault", 500),
        ("a dropped connection", "drop"),
    ],
)
async def test_whatever_a_model_does_the_article_is_saved_as_the_grammar_read_it(
    tmp_path: Path, what: str, step: Any
) -> None:
    async with newsroom(tmp_path) as room:
        assert "role" not in await added(room, step)


async def test_a_model_that_hangs_holds_up_no_article_for_longer_than_its_time(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as room:
        began = time.monotonic()
        assert "role" not in await added(room, "hang", seconds=0.3)
        assert time.monotonic() - began < 4.0


async def test_with_the_budget_spent_nothing_is_asked(tmp_path: Path) -> None:
    true = roles({**WARDEN, "title": "quay warden"})
    async with newsroom(tmp_path) as room:
        await SqlCosts(room.database).add_cost(INGEST, "facts", Cost(requests=1, tokens_in=99), day=NOON.date())
        assert "role" not in await added(room, true, budget=99)


class Failing:
    """A bill that fails in a way nobody thought of."""

    async def kept_answer(self, key: str) -> str | None:
        raise ZeroDivisionError


async def test_a_fault_of_our_own_costs_no_article(tmp_path: Path) -> None:
    reads: Any = Reads()
    costs: Any = Failing()
    model = Endpoint(base_url="http://127.0.0.1:9/v1", model="liar-1", api_key="")
    async with newsroom(tmp_path) as room:
        ingest = Ingest(room.store, reads, reads, proposes=Proposing(model, costs, budget=9))
        assert (await ingest.add_text(ARTICLE, published="2020-02-15")).outcome == "new"


async def test_what_is_not_english_is_not_put_to_a_model(tmp_path: Path) -> None:
    german = (
        "Hafen\n\nDie Hafenmeisterin Marta Lind sagte am Freitag, dass der Kran nicht repariert werden kann und die"
        " Fähre deshalb erst im März wieder fahren wird.\n"
    )
    async with newsroom(tmp_path) as room:
        await added(room, 500, text=german)
        spent = await SqlCosts(room.database).cost(chat=INGEST, since=NOON.date(), until=NOON.date())
        assert spent.requests == 0


def counted(article: Article, number: str, value: float, **more: Any) -> Figure:
    sentence = f"{number} people were stranded on Marn island."
    return Figure(
        evidence=evidence(article, sentence),
        summary=sentence,
        number=there(article, number),
        value=value,
        qualifier="exact",
        unit="people stranded",
        **more,
    )


@pytest.mark.parametrize(("origin", "contradicts"), [("grammar", True), ("model", False)])
async def test_what_a_model_read_contradicts_nobody(tmp_path: Path, origin: Any, contradicts: bool) -> None:
    async with newsroom(tmp_path) as room:
        for number, value, more, paper in (("212", 212.0, {}, "A"), ("950", 950.0, {"origin": origin}, "B")):
            article = report(
                f"{number} people were stranded on Marn island.", title="Stranded", publisher=f"Paper {paper}"
            )
            fact = counted(article, number, value, **more)
            await room.arrive(article, (fact,), grouping=grouping(article))
        digest = await room.read("/digest 2020-02-15 full")
        assert ("Contradicts" in digest) is contradicts
        asked = await room.read("/ask how many people were stranded on Marn island?")
        assert ("Sources disagree" in asked) is contradicts
        assert "212" in asked
