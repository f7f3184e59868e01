"""What every store must do: the same tests run on each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from telling import DAY, KEYS, MINISTER, TEXT, UNION, due, extraction, facts, said, telling

from digests.errors import EvidenceError, UndatedArticle
from digests.model import Event, Evidence, Extraction, FactQuery, NameKeys, Person, Statement, with_entities
from digests.sources.file import article_from
from digests.store.base import Store


async def summaries(store: Store, **query: Any) -> list[str]:
    return [found.fact.summary for found in await store.facts(FactQuery(**query))]


async def ids_of(store: Store, name: str) -> tuple[int, ...]:
    return tuple(person.id for person in await store.people([name]))


# saving


async def test_every_kind_of_fact_comes_back_as_it_was_saved(store: Store) -> None:
    saved = await store.save(telling(), extraction(), links={})
    minister, union = (await ids_of(store, "Brandao")) + (await ids_of(store, "Dockers' Union"))
    wanted = with_entities(extraction(), {MINISTER: minister, UNION: union}).facts
    for fact_id, fact in zip(saved.fact_ids, wanted, strict=True):
        found = await store.fact(fact_id)
        assert found is not None
        placed = tuple(replace(each, article_id=saved.article_id) for each in fact.evidence)
        assert found.fact == replace(fact, id=fact_id, evidence=placed)


async def test_several_queries_and_people_are_answered_at_once_as_one_by_one(store: Store) -> None:
    await store.save(telling(), extraction(), links={})
    minister, union = (await ids_of(store, "Brandao")) + (await ids_of(store, "Dockers' Union"))
    asked = [FactQuery(), FactQuery(limit=0), FactQuery(said_by=(minister,)), FactQuery(about="?!")]
    assert await store.facts_each(asked) == [await store.facts(each) for each in asked]
    assert await store.facts_each([]) == []
    assert [each.id for each in await store.persons([union, 10**6, minister])] == [union, minister]


async def test_a_saved_article_comes_back_with_its_parts(store: Store) -> None:
    article = telling()
    saved = await store.save(article, extraction(), links={})
    assert saved.created
    assert saved.version == 1
    assert await store.article(saved.article_id) == replace(article, id=saved.article_id)


async def test_a_fact_shows_the_head_of_its_article(store: Store) -> None:
    await store.save(telling(), extraction(), links={})
    source = (await store.facts(FactQuery(kinds=("figure",))))[0].source
    assert (source.title, source.byline, source.publisher) == (
        "Ferry Talks Stall in Port Ardal",
        "Harbour Wire",
        "harbour.example",
    )
    assert (source.published_day, source.version) == (DAY, 1)


async def test_the_very_same_text_is_saved_once(store: Store) -> None:
    first = await store.save(telling(), extraction(), links={})
    again = await store.save(telling(), extraction(), links={})
    assert (again.created, again.article_id, again.fact_ids) == (False, first.article_id, ())
    assert (await store.counts()).facts == len(facts())


@pytest.mark.parametrize(
    ("start", "end", "quote"),
    [(0, 3, "abc"), (5, 9, ""), (-4, -1, "x>\n"), (10_000, 10_004, "late")],
)
async def test_a_quote_that_is_not_at_its_offsets_is_refused_and_nothing_is_saved(
    store: Store, start: int, end: int, quote: str
) -> None:
    wrong = replace(facts()[5], evidence=(Evidence(start=start, end=end, quote=quote),))
    with pytest.raises(EvidenceError, match="nothing was saved"):
        await store.save(telling(), Extraction(facts=(*facts(), wrong)), links={})
    assert (await store.counts()).articles == 0
    assert await store.latest() == []


async def test_further_evidence_is_checked_like_the_first(store: Store) -> None:
    role = replace(facts()[1], evidence=(*facts()[1].evidence, Evidence(start=1, end=4, quote="no!")))
    with pytest.raises(EvidenceError):
        await store.save(telling(), Extraction(facts=(role,)), links={})


async def test_a_fact_without_evidence_is_refused(store: Store) -> None:
    with pytest.raises(EvidenceError, match="without evidence"):
        await store.save(telling(), Extraction(facts=(replace(facts()[0], evidence=()),)), links={})


async def test_an_article_without_a_day_is_refused(store: Store) -> None:
    with pytest.raises(UndatedArticle, match="--published"):
        await store.save(telling(published_day=None), extraction(), links={})


async def test_what_is_not_there_is_none(store: Store) -> None:
    assert await store.article(7) is None
    assert await store.fact(7) is None
    assert await store.person(7) is None
    assert await store.known(canonical_url="https://nowhere.example", content_hash="0") is None
    assert await store.known() is None
    assert await store.facts(FactQuery(article_id=7)) == []


async def test_an_article_is_known_by_its_text_and_by_its_address(store: Store) -> None:
    article = telling()
    saved = await store.save(article, extraction(), links={})
    by_text = await store.known(content_hash=article.content_hash)
    by_address = await store.known(canonical_url="https://harbour.example/2020/ferries")
    assert by_text == by_address
    assert by_text is not None
    assert by_text.article_id == saved.article_id


# another text under the same address


CHANGED = TEXT.replace("Talks resume on March 2. ", "Talks are off. ")


async def test_a_changed_text_becomes_the_next_version(store: Store) -> None:
    first = await store.save(telling(), extraction(), links={})
    second = await store.save(telling(CHANGED), Extraction(), links={})
    assert (second.created, second.article_id, second.version) == (True, first.article_id, 2)
    newest, older = await store.article(first.article_id), await store.article(first.article_id, version=1)
    assert newest is not None
    assert older is not None
    assert (newest.text, newest.version) == (CHANGED, 2)
    assert (older.text, older.version) == (TEXT, 1)
    assert (await store.counts()).articles == 1


async def test_facts_that_a_changed_text_no_longer_bears_stand_no_more(store: Store) -> None:
    first = await store.save(telling(), extraction(), links={})
    minister = await ids_of(store, "Brandao")
    kept = replace(facts()[0])
    second = await store.save(telling(CHANGED), Extraction(facts=(kept,)), links={})
    assert second.fact_ids == first.fact_ids[:1]  # what stands again keeps its id, so that old links still work
    assert await summaries(store) == [facts()[0].summary]
    assert await summaries(store, about="cranes") == []
    assert await summaries(store, order="due") == []
    assert await summaries(store, entities=minister) == []  # the new version names nobody
    gone = await store.fact(first.fact_ids[3])
    assert gone is not None
    assert (gone.fact.status, gone.fact.evidence[0].version) == ("corrected", 1)
    assert (await store.counts()).by_kind == (("statement", 1),)


async def test_an_article_without_an_address_never_replaces_another(store: Store) -> None:
    first = await store.save(article_from("One thing was said here.", published="2020-02-15"), Extraction(), links={})
    other = await store.save(article_from("Another thing was said.", published="2020-02-15"), Extraction(), links={})
    assert first.article_id != other.article_id


# people


async def test_people_are_found_by_full_name_last_name_and_without_diacritics(store: Store) -> None:
    await store.save(telling(), extraction(), links={})
    for name in ("Ilse Brandão", "ilse brandao", "BRANDÃO", "Minister Brandao"):
        assert [person.name for person in await store.people([name])] == ["Ilse Brandão"], name
    assert await store.people(["Ilse Nobody"]) == []
    assert await store.people([]) == []
    assert await store.people(["!!!"]) == []


async def test_a_person_has_aliases_and_roles_with_the_day_they_were_seen(store: Store) -> None:
    saved = await store.save(telling(), extraction(), links={})
    person = (await store.people(["Brandao"]))[0]
    assert person.aliases == ("Brandão",)
    role = person.roles[0]
    assert (role.title, role.of, role.former, role.day, role.fact_id) == (
        "Maritime Minister",
        "Vesland",
        False,
        DAY,
        saved.fact_ids[1],
    )
    assert await store.person(person.id) == person


async def test_a_linked_person_is_not_stored_twice(store: Store) -> None:
    article, read = said("Brandão", "no more ferries", day=DAY - timedelta(days=3))
    await store.save(article, read, links={})
    known = (await store.people(["Brandao"]))[0]
    await store.save(telling(), extraction(), links={MINISTER: known.id})
    person = (await store.people(["Brandao"]))[0]
    assert person.id == known.id
    assert person.name == "Ilse Brandão"  # the fuller name is the one shown from now on
    assert (await store.counts()).people == 2
    assert len(await store.facts(FactQuery(said_by=(person.id,)))) == 3


async def test_a_later_role_is_told_first_and_an_older_article_does_not_undo_it(store: Store) -> None:
    await store.save(telling(), extraction(), links={})
    person = (await store.people(["Brandao"]))[0]
    earlier = telling(TEXT.replace("strike.", "strike!"), canonical_url="", published_day=date(2020, 1, 1))
    role = facts()[1]
    await store.save(earlier, Extraction(facts=(role,), people=extraction().people), links={MINISTER: person.id})
    roles = (await store.people(["Brandao"]))[0].roles
    assert [(seen.title, seen.day) for seen in roles] == [("Maritime Minister", DAY)]


async def test_only_those_with_a_name_are_people(store: Store) -> None:
    await store.save(telling(), extraction(), links={})
    assert (await store.counts()).people == 2  # "Police" was never called by a name
    happening = (await store.facts(FactQuery(kinds=("happening",))))[0].fact
    assert happening.agent.entity is None
    assert happening.agent.name == "Police"


async def test_namesakes_come_with_the_most_often_seen_first(store: Store) -> None:
    for number, name in enumerate(["Ada Rossi", "Bruno Rossi", "Bruno Rossi"]):
        known = [person for person in await store.people([name]) if person.name == name]
        article, read = said(name, "so be it", day=DAY, number=number)
        await store.save(article, read, links={1: known[0].id} if known else {})
    assert [person.name for person in await store.people(["Rossi"])] == ["Bruno Rossi", "Ada Rossi"]
    assert [person.name for person in await store.people(["Ada Rossi"])] == ["Ada Rossi", "Bruno Rossi"]


async def test_candidates_share_a_key_and_whoever_shares_more_comes_first(store: Store) -> None:
    await store.save(telling(), extraction(), links={}, keys=KEYS)
    article, read = said("Ilse Okafor", "nothing", day=DAY)
    await store.save(article, read, links={}, keys={1: NameKeys(type="person", keys=("ilse", "okafor"))})
    wanted = {
        5: NameKeys(type="person", keys=("brandao", "ilse")),
        6: NameKeys(type="organisation", keys=("ilse",)),
        7: NameKeys(type="person", keys=()),
    }
    found: dict[int, Sequence[Person]] = {}

    def linking(candidates: Mapping[int, Sequence[Person]]) -> Mapping[int, int]:
        found.update(candidates)
        return {}

    article, read = said("Nobody Else", "something", day=DAY)
    await store.save(article, read, links={}, keys=wanted, linking=linking)
    assert {entity: [person.name for person in people] for entity, people in found.items()} == {
        5: ["Ilse Brandão", "Ilse Okafor"],
        6: [],
        7: [],
    }


async def test_near_names_are_offered_and_far_ones_are_not(store: Store) -> None:
    await store.save(telling(), extraction(), links={})
    assert [person.name for person in await store.similar_names("Brandau")] == ["Ilse Brandão"]
    assert await store.similar_names("Xyzzyqu") == []
    article, read = said("Ilse Brandt", "nothing", day=DAY)
    await store.save(article, read, links={})
    assert {person.name for person in await store.similar_names("Ilse Brant")} == {"Ilse Brandt", "Ilse Brandão"}
    assert len(await store.similar_names("Ilse Brant", limit=1)) == 1


# asking


@pytest.fixture
async def week(store: Store) -> Store:
    """Two people over seven days, and deadlines."""
    known: dict[str, int] = {}
    for number in range(7):
        name = ("Ada Rossi", "Bruno Verdi")[number % 2]
        words = f"the {('harbour', 'budget', 'harbour budget')[number % 3]} matters"
        article, read = said(name, words, day=date(2020, 2, 10) + timedelta(days=number), number=number)
        links = {1: known[name]} if name in known else {}
        await store.save(article, read, links=links)
        known[name] = (await store.people([name]))[0].id
    for action, on in (("leave", 20), ("pay", 12), ("vote", 25), ("sign", 12)):
        article, read = due(action, on=date(2020, 2, on), day=date(2020, 2, 11))
        await store.save(article, read, links={})
    return store


def numbers(found: list[str]) -> list[str]:
    return [summary.split(": ")[-1].removeprefix("the ").removesuffix(" matters") for summary in found]


async def test_newest_first_is_the_default_and_ties_go_by_id(week: Store) -> None:
    found = await week.facts(FactQuery())
    order = [(each.source.published_day, each.fact.id) for each in found]
    assert order == sorted(order, reverse=True)
    assert len(found) == 11
    oldest = await week.facts(FactQuery(order="oldest"))
    assert [each.fact.id for each in oldest] == [each.fact.id for each in reversed(found)]


async def test_pages_follow_one_another_without_gap_or_repetition(week: Store) -> None:
    ada = await ids_of(week, "Rossi")
    for query in (
        FactQuery(limit=3),
        FactQuery(limit=2, kinds=("statement", "deadline")),
        FactQuery(limit=2, about="harbour"),
        FactQuery(limit=1, entities=ada),
        FactQuery(limit=1, order="due"),
    ):
        everything = await week.facts(replace(query, limit=100))
        paged = []
        while page := await week.facts(replace(query, offset=len(paged))):
            paged += page
        assert paged == everything


async def test_every_word_asked_for_must_be_there(week: Store) -> None:
    assert numbers(await summaries(week, about="harbour")) == [
        "harbour",
        "harbour budget",
        "harbour",
        "harbour budget",
        "harbour",
    ]
    assert len(await summaries(week, about="harbour budget")) == 2
    assert await summaries(week, about="harbour zeppelin") == []
    assert len(await summaries(week, about="HÁRBOUR, budget!")) == 2


@pytest.mark.parametrize(
    "about", ["!!!", '"', "'; DROP TABLE facts; --", "NOT", "*", "words:x", "a" * 4000, "x " * 2000]
)
async def test_no_words_can_break_the_search(week: Store, about: str) -> None:
    assert await week.facts(FactQuery(about=about)) == []
    assert await week.latest(about=about) == []


async def test_words_are_looked_for_in_names_quotes_and_the_title_of_the_article(store: Store) -> None:
    await store.save(telling(), extraction(), links={})
    assert "Talks resume on 2 March" in await summaries(store, about="stall ardal")  # the headline
    assert await summaries(store, about="calls off") == ["Ilse Brandão promised 40 new cranes"]  # the quote
    assert "Police detained 12 pickets" in await summaries(store, about="vesland police")  # whom they stand for


async def test_facts_of_a_person_are_those_said_done_or_held_by_them(store: Store) -> None:
    await store.save(telling(), extraction(), links={})
    minister, union = await ids_of(store, "Brandao"), await ids_of(store, "Dockers' Union")
    kinds = {found.fact.kind for found in await store.facts(FactQuery(entities=minister))}
    assert kinds == {"statement", "role", "deadline", "commitment"}
    assert await summaries(store, entities=union, kinds=("deadline",)) == ["Dockers' Union must answer by 29 February"]
    assert len(await summaries(store, said_by=minister)) == 2
    assert await summaries(store, said_by=union) == []
    assert len(await summaries(store, entities=(*minister, *union))) == 4  # each once, though both are in it
    assert await summaries(store, said_by=minister, entities=union) == ["Dockers' Union must answer by 29 February"]


async def test_conditions_hold_together(week: Store) -> None:
    ada = await ids_of(week, "Rossi")
    assert numbers(await summaries(week, said_by=ada, about="harbour")) == ["harbour", "harbour budget", "harbour"]
    assert len(await summaries(week, said_by=ada, about="harbour", since=date(2020, 2, 12))) == 2
    assert await summaries(week, said_by=ada, kinds=("deadline",)) == []
    assert await summaries(week, kinds=("statement",), due_since=date(2020, 2, 1)) == []
    article_id = (await week.facts(FactQuery(said_by=ada, limit=1)))[0].source.article_id
    assert len(await summaries(week, said_by=ada, article_id=article_id)) == 1
    assert len(await summaries(week, article_id=article_id, about="harbour")) == 1
    assert await summaries(week, article_id=article_id, kinds=("deadline",)) == []


async def test_days_are_inclusive_on_both_sides(week: Store) -> None:
    query = {"since": date(2020, 2, 12), "until": date(2020, 2, 14), "kinds": ("statement",)}
    days = [found.source.published_day.day for found in await week.facts(FactQuery(**query))]
    assert days == [14, 13, 12]
    with_words = await week.facts(FactQuery(**query, about="matters"))
    assert [found.source.published_day.day for found in with_words] == [14, 13, 12]
    ada = await ids_of(week, "Rossi")
    of_ada = await week.facts(FactQuery(**query, entities=ada))
    assert [found.source.published_day.day for found in of_ada] == [14, 12]
    assert await summaries(week, until=date.max, since=date.max) == []


async def test_a_statement_counts_on_the_day_it_was_made(store: Store) -> None:
    await store.save(telling(), extraction(), links={})
    assert len(await summaries(store, until=date(2020, 2, 14))) == 1  # said_on the 14th, published on the 15th
    assert len(await summaries(store, until=date(2020, 2, 14), about="ferries", kinds=("statement",))) == 1


async def test_deadlines_come_nearest_first_and_latest_past_first(week: Store) -> None:
    ahead = await summaries(week, order="due", due_since=date(2020, 2, 15))
    assert ahead == ["They must leave", "They must vote"]
    past = await summaries(week, order="due_latest", due_until=date(2020, 2, 14))
    assert past == ["They must sign", "They must pay"]
    assert await summaries(week, order="due", about="vote") == ["They must vote"]
    assert await summaries(week, order="due_latest", about="must", due_until=date(2020, 2, 20)) == [
        "They must leave",
        "They must sign",
        "They must pay",
    ]
    assert await summaries(week, order="due", about="must", due_since=date(2020, 2, 21)) == ["They must vote"]
    assert await summaries(week, order="due", kinds=("figure",)) == []
    assert await summaries(week, order="due", kinds=("figure",), about="vote") == []
    assert await summaries(week, order="due", since=date(2020, 2, 12)) == []  # published later


async def test_an_event_of_several_days_is_found_on_each_of_them(store: Store) -> None:
    article, read = due("meet", on=date(2020, 3, 1), until=date(2020, 3, 5), day=DAY, kind=Event)
    await store.save(article, read, links={})
    for order in ("due", "newest"):
        for first, last in ((3, 3), (1, 1), (5, 9)):
            asked = {"due_since": date(2020, 3, first), "due_until": date(2020, 3, last), "order": order}
            assert await summaries(store, **asked) == ["They must meet"]
            assert await summaries(store, **asked, about="meet") == ["They must meet"]
        assert await summaries(store, due_since=date(2020, 3, 6), order=order) == []
        assert await summaries(store, due_until=date(2020, 2, 29), order=order) == []


async def test_deadlines_of_somebody(store: Store) -> None:
    await store.save(telling(), extraction(), links={})
    union = await ids_of(store, "Dockers' Union")
    assert await summaries(store, entities=union, order="due", due_since=DAY) == [facts()[2].summary]
    assert await summaries(store, entities=union, order="due", due_since=date(2020, 3, 1)) == []


async def test_nothing_is_asked_for_nothing_comes(week: Store) -> None:
    assert await week.facts(FactQuery(limit=0)) == []
    assert await week.latest(limit=0) == []


# articles and counts


async def test_latest_articles_by_day_and_by_word(week: Store) -> None:
    days = [source.published_day for source in await week.latest(limit=4)]
    assert days == sorted(days, reverse=True)
    assert len(days) == 4
    assert [source.title for source in await week.latest(about="harbour budget", limit=5)] == ["Report 5", "Report 2"]
    assert [source.title for source in await week.latest(about="harbour budget", limit=1, offset=1)] == ["Report 2"]


async def test_counts_follow_what_was_saved(week: Store) -> None:
    counts = await week.counts()
    assert (counts.articles, counts.facts, counts.people) == (11, 11, 2)
    assert counts.by_kind == (("deadline", 4), ("statement", 7))
    assert (counts.oldest_day, counts.newest_day) == (date(2020, 2, 10), date(2020, 2, 16))


async def test_an_empty_archive_counts_nothing(store: Store) -> None:
    counts = await store.counts()
    assert (counts.articles, counts.facts, counts.by_kind, counts.newest_day) == (0, 0, (), None)
    assert await store.latest() == []
    assert await store.facts(FactQuery()) == []
    assert await store.similar_names("Anybody") == []


async def test_an_article_in_another_language_is_kept_and_found_by_its_words(store: Store) -> None:
    article = article_from(
        "Der Minister sagte am Montag, die Fähren würden fahren, ohne Zweifel.", published="2020-02-15"
    )
    assert article.language == "de"
    await store.save(article, Extraction(), links={})
    assert len(await store.latest(about="fahren")) == 1


async def test_a_fact_that_was_retracted_before_is_kept_but_not_found(store: Store) -> None:
    retracted = replace(facts()[0], status="retracted")
    assert isinstance(retracted, Statement)
    saved = await store.save(telling(), Extraction(facts=(retracted,)), links={})
    assert await summaries(store) == []
    found = await store.fact(saved.fact_ids[0])
    assert found is not None
    assert found.fact.status == "retracted"


# signs that not every database can hold


async def test_a_nul_wherever_it_stands_is_one_other_sign_and_offsets_stay(store: Store) -> None:
    """``json.loads`` and a page's ``&#0;`` give some; a PostgreSQL holds none in text."""
    text = "Ferry \0 Talks\n\nFebruary 15, 2020\n\nBy Ada\0 Rossi\n\nAda Rossi said the\0 harbour matters."
    article = article_from(text, title="Ferry \0 Talks", url="https://harbour.example/\0a", publisher="Har\0bour")
    start = article.text.index("Ada Rossi said")
    words = article.text[start:]
    assert words == "Ada Rossi said the\ufffd harbour matters."
    quote = Evidence(start=start, end=len(article.text), quote=words)
    fact = replace(said("Ada Rossi", "so", day=DAY)[1].facts[0], evidence=(quote,), summary="Rossi: it matters")
    saved = await store.save(article, Extraction(facts=(fact,)), links={})
    kept = await store.article(saved.article_id)
    assert kept is not None
    assert kept == replace(article, id=saved.article_id)
    assert (kept.text, kept.title, kept.publisher) == (
        text.replace("\0", "\ufffd"),
        "Ferry \ufffd Talks",
        "Har\ufffdbour",
    )
    assert await summaries(store, about="harbour") == ["Rossi: it matters"]
    for asked in ("har\0bour", "\0", "harbour \0"):
        assert isinstance(await summaries(store, about=asked), list)
        assert await store.people([asked]) == []
        assert await store.similar_names(asked) == []
        assert await store.known(canonical_url=f"https://{asked}") is None


async def test_all_words_of_a_long_question_count_in_whatever_order(store: Store) -> None:
    line = "the harbour matters to every sailor of the northern islands who brings cranes or ropes ashore"
    article, read = said("Ada Rossi", line, day=DAY)
    await store.save(article, read, links={})
    (person,) = await ids_of(store, "Rossi")
    asked = " ".join(reversed(line.split()))
    for query in ({}, {"kinds": ("statement", "figure")}, {"entities": (person, 99)}, {"said_by": (person,)}):
        assert await summaries(store, about=asked, **query) == [f"Ada Rossi: {line}"]
        assert await summaries(store, about=f"{asked} zebra", **query) == []
    assert [each.title for each in await store.latest(about=asked)] == ["Report 0"]
    assert await store.latest(about=f"{asked} zebra") == []
    for tag in ("statement", "person1", "article1", "#statement", "days"):
        assert await summaries(store, about=f"harbour {tag}") == [], "what search knows besides is no word"
