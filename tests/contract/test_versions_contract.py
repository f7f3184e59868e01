"""A changed text is a new version; /evidence tells what became of a fact's words, from what any store keeps."""

from __future__ import annotations

from dataclasses import replace

from desk import Desk
from telling import TEXT, evidence, extraction, facts, telling

from digests.model import Extraction
from digests.sources.file import article_from
from digests.store.base import Store

MORE = TEXT.replace("40 new cranes", "60 new cranes")
SAYS = 'Maritime Minister Ilse Brandão said on Saturday that "the ferries will sail".'


async def test_a_touched_date_or_credit_makes_no_version_and_loses_no_fact(store: Store) -> None:
    first = await store.save(telling(), extraction(), links={})
    for touched in (
        TEXT.replace("February 15, 2020", "February 16, 2020"),
        TEXT.replace("utm_source=x", "utm_source=y"),
        TEXT.replace("Harbour Wire", "The Harbour Wire"),
    ):
        again = await store.save(telling(touched), Extraction(), links={})
        assert (again.created, again.article_id, again.version, again.fact_ids) == (False, first.article_id, 1, ())
    found = await store.fact(first.fact_ids[0])
    assert found is not None
    assert (found.fact.status, found.source.published_day.day) == ("standing", 15)


async def test_the_same_words_keep_their_number_though_their_line_is_put_otherwise(store: Store) -> None:
    first = await store.save(telling(), extraction(), links={})
    kept = replace(facts()[0], evidence=evidence(SAYS, text=MORE), summary="Brandão: they will sail")
    second = await store.save(telling(MORE), Extraction(facts=(kept,)), links={})
    assert second.fact_ids == first.fact_ids[:1]


async def test_evidence_tells_what_changed_word_by_word(store: Store) -> None:
    first = await store.save(telling(), extraction(), links={})
    promise = next(each for each in facts() if each.kind == "commitment")
    gone = first.fact_ids[facts().index(promise)]
    assert "version" not in await Desk(store=store).read(f"/evidence {gone}")
    kept = replace(facts()[0], evidence=evidence(SAYS, text=MORE))
    quote = promise.quote.replace("40", "60")
    renewed = replace(kept, evidence=evidence(quote, text=MORE), summary="Sixty cranes")
    second = await store.save(telling(MORE), Extraction(facts=(kept, renewed)), links={})
    read = await Desk(store=store).read(f"/evidence {gone}")
    assert "corrected" in read
    assert "What changed from version 1 to version 2, word for word:" in read
    assert "1: Brandão promised the union 40 new cranes" in read
    assert "2: Brandão promised the union 60 new cranes" in read
    reply = await Desk(store=store).ask(f"/evidence {gone}")
    assert [each["text"] for each in reply.data["versions"]["after"] if each["changed"]] == ["60"]
    assert "Version 2 of the article says it as version 1 does." in await Desk(store=store).read(
        f"/evidence {second.fact_ids[0]}"
    )
    both = await Desk(store=store).ask(f"/evidence {second.fact_ids[1]}")
    assert both.data["versions"]["state"] == "changed"


async def test_evidence_tells_what_is_new_and_what_is_gone(store: Store) -> None:
    first = await store.save(telling(), extraction(), links={})
    police = next(each for each in facts() if each.kind == "happening")
    gone = first.fact_ids[facts().index(police)]
    other = TEXT.replace("Police detained 12 pickets in Port Ardal.", "Snow fell on every roof and street.")
    new = replace(facts()[0], evidence=evidence("Snow fell on every roof and street.", text=other), summary="Snow")
    second = await store.save(telling(other), Extraction(facts=(new,)), links={})
    assert "Gone: version 2, the newest, says nothing like it." in await Desk(store=store).read(f"/evidence {gone}")
    assert "New in version 2: version 1 says nothing like it." in await Desk(store=store).read(
        f"/evidence {second.fact_ids[0]}"
    )


async def test_facts_of_a_copy_say_whose_words_they_are(store: Store) -> None:
    await store.save(telling(), extraction(), links={})
    text = TEXT.replace("Ferry Talks Stall in Port Ardal", "No Boats").replace("harbour.example", "post.example")
    says = replace(facts()[0], evidence=evidence(SAYS, text=text))
    await store.save(replace(article_from(text), publisher="Ardal Post"), Extraction(facts=(says,)), links={})
    read = await Desk(store=store).read("/facts 2")
    assert "Near-verbatim copy of article 1 (harbour.example): 100 % of its 4-word runs" in read
    assert "copy" not in await Desk(store=store).read("/facts 1")
