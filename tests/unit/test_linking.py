"""People over articles: spellings are joined, namesakes are not."""

from __future__ import annotations

from datetime import date

import pytest

from digests.extract.linking import Cluster, Directory, asked_keys, clusters, kept_keys, link, lookup_keys
from digests.model import Actor, EntityType, Evidence, Extraction, Mention, Person, Role, SeenRole, Span, Statement
from digests.text.organisations import organisation_key, same_organisation, short_within, starts_within

DAY = date(2024, 3, 1)


def role(title: str, of: str | None = None, *, name: str = "x", entity: int = 1) -> Role:
    return Role(
        evidence=(Evidence(start=0, end=1, quote="x"),),
        summary="",
        name=name,
        title=title,
        of=of,
        mention=Span(start=0, end=1, text="x"),
        entity=entity,
    )


def cluster(name: str, *roles: Role, kind: EntityType = "person") -> Cluster:
    return Cluster(entity=1, name=name, type=kind, aliases=(name,), roles=roles)


def known(id: int, name: str, *roles: tuple[str, str | None], kind: EntityType = "person") -> Person:
    seen = tuple(SeenRole(title=title, of=of, former=False, day=DAY, fact_id=0) for title, of in roles)
    return Person(id=id, name=name, type=kind, aliases=(), roles=seen)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Fuat Oktaý", "Fuat Oktay"),
        ("Bashar al-Assad", "Bashar Assad"),
        ("Sergey Lavrov", "Sergei Lavrov"),
        ("Muhammad bin Salman", "Mohammed bin Salman"),
        ("Volodymyr Zelenskyy", "Volodymyr Zelensky"),
        ("Recep Tayyip Erdogan", "Tayyip Erdogan"),
        ("John F. Kennedy", "John Kennedy"),
        ("Putin, Vladimir", "Vladimir Putin"),
        ("Tony Blair", "Tony Blair"),
    ],
)
def test_spellings_and_transliterations_are_joined(a: str, b: str) -> None:
    assert link(cluster(a), [known(7, b)]) == known(7, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Bill Clinton", "Hillary Clinton"),
        ("Ali Hassan", "Ali Hussein"),
        ("George Bush", "Jeb Bush"),
        ("Angela Merkel", "Angelo Merk"),
    ],
)
def test_a_shared_surname_alone_joins_nobody(a: str, b: str) -> None:
    assert link(cluster(a), [known(7, b)]) is None


def test_namesakes_of_two_countries_or_walks_of_life_stay_apart() -> None:
    minister = known(1, "Jan Novak", ("finance minister", "Slovenia"))
    assert link(cluster("Jan Novak", role("finance minister", "Czech Republic")), [minister]) is None
    assert link(cluster("Jan Novak", role("goalkeeper")), [known(1, "Jan Novak", ("minister", None))]) is None
    assert link(cluster("Jan Novak", role("prime minister", "Slovenia")), [minister]) == minister
    assert link(cluster("Jan Novak"), [minister]) == minister


def test_a_surname_alone_means_the_only_one_who_bears_it() -> None:
    merkel, other = known(1, "Angela Merkel", ("chancellor", "Germany")), known(2, "Max Merkel", ("coach", None))
    assert link(cluster("Merkel"), [merkel]) == merkel
    assert link(cluster("Merkel"), [merkel, other]) is None
    assert link(cluster("Merkel", role("chancellor", "Germany")), [merkel, other]) == merkel


def test_nobody_is_linked_to_an_organisation_of_that_name() -> None:
    assert link(cluster("Ford"), [known(1, "Ford", kind="organisation")]) is None


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("EU", "European Union", True),
        ("GM", "General Motors", True),
        ("WHO", "World Health Organization", True),
        ("Apple Inc.", "Apple", True),
        ("Ford Motor Company", "Ford", True),
        ("US Air Force", "United States Air Force", True),
        ("The Guardian", "Guardian", True),
        ("Wal-Mart", "Walmart", True),
        ("Church of Scientology", "Scientology", True),
        ("Food Standards of Norway", "Food Standards Norway", True),
        ("Fed", "Federal Reserve", True),
        ("Conservative Party", "Tories", True),
        ("EU", "European Council on Refugees", False),
        ("Apple Corps", "Apple", False),
        ("Bank of England", "Bank of Japan", False),
        ("Boeing", "Airbus", False),
    ],
)
def test_organisations_by_legal_form_acronym_and_country(a: str, b: str, same: bool) -> None:
    assert same_organisation(a, b) is same
    assert same_organisation(b, a) is same


@pytest.mark.parametrize(
    ("short", "long", "same"),
    [
        ("Church", "Church of Scientology", True),
        ("Air Force", "United States Air Force", True),
        ("Supreme Court", "Italian Supreme Court of Cassation", True),
        ("Senate", "US Senate", True),
        ("Northrop", "Northrop Grumman", True),
        ("Ford", "Ford Australia", False),
        ("Grumman", "Northrop Grumman", False),
        ("Reserve", "US Federal Reserve", False),
        ("Shell", "Shell", False),
        ("Bank", "Bank Muscat Group", False),
    ],
)
def test_a_short_form_stands_for_the_long_one_of_its_article(short: str, long: str, same: bool) -> None:
    assert short_within(short, long) is same
    if same:
        assert " ".join(organisation_key(short)) in starts_within(long)


def test_places_are_linked_by_name_alone() -> None:
    turkey = known(1, "Turkey", kind="place")
    assert link(cluster("Turkey", kind="place"), [turkey]) == turkey
    assert link(cluster("Syria", kind="place"), [turkey]) is None


def test_a_mononym_is_linked_to_itself_and_to_a_first_name() -> None:
    pele = known(1, "Pelé")
    assert link(cluster("Pele"), [pele]) == pele
    assert link(cluster("Lula"), [pele]) is None
    assert link(cluster("Lula"), [known(2, "Lula da Silva")]) == known(2, "Lula da Silva")


def test_an_acronym_and_its_long_name_share_a_key_to_be_found_by() -> None:
    assert kept_keys("organisation", ["European Union"]) & asked_keys("organisation", ["EU"])
    assert kept_keys("organisation", ["EU"]) & asked_keys("organisation", ["European Union"])
    assert not kept_keys("organisation", ["European Union"]) & asked_keys("organisation", ["Eastern Utilities"])
    assert kept_keys("place", ["Turkey"]) == lookup_keys("place", ["Turkey"])


def test_surname_order_by_any_convention_is_one_name() -> None:
    assert link(cluster("Orban Viktor"), [known(1, "Viktor Orbán")]) == known(1, "Viktor Orbán")
    assert link(cluster("J. Reed"), [known(1, "John Reed")]) == known(1, "John Reed")
    assert link(cluster("William Reed"), [known(1, "Bill Reed")]) == known(1, "Bill Reed")


def mention(name: str, entity: int, *, kind: EntityType = "person", start: int = 0) -> Mention:
    return Mention(start=start, end=start + len(name), text=name, kind="name", type=kind, name=name, entity=entity)


def test_a_directory_numbers_people_at_arrival_and_remaps_facts() -> None:
    directory = Directory()
    first = directory.take_in(Extraction(people=(mention("Sergei Lavrov", 1), mention("Iran", 2, kind="place"))))
    assert [m.entity for m in first.people] == [1, 2]
    actor = Actor(start=0, end=1, text="x", name="Sergey Lavrov", entity=2)
    statement = Statement(
        evidence=(Evidence(start=0, end=1, quote="x"),),
        summary="",
        speaker=actor,
        said_by=actor,
        cue=None,
        content=Span(start=0, end=1, text="x"),
        style="direct",
    )
    second = directory.take_in(
        Extraction(
            people=(mention("Ann Lee", 1), mention("Sergey Lavrov", 2), mention("NATO", 3, kind="organisation")),
            facts=(statement, role("Foreign Minister", "Russia", entity=2)),
        ),
        day=DAY,
    )
    assert [m.entity for m in second.people] == [3, 1, 4]
    said, held = second.facts
    assert said.said_by is not None
    assert said.said_by.entity == 1
    assert isinstance(held, Role)
    assert held.entity == 1
    third = directory.take_in(
        Extraction(people=(mention("Sergei Lavrov", 1),), facts=(role("goalkeeper", "Serbia", entity=1),))
    )
    assert [m.entity for m in third.people] == [5]


def test_clusters_leave_out_who_is_never_named() -> None:
    he = Mention(start=0, end=2, text="he", kind="pronoun", type="person", name="he", entity=2)
    found = clusters(Extraction(people=(mention("Ann Lee", 1), he), facts=(role("mayor", entity=1),)))
    assert [(each.name, [r.title for r in each.roles]) for each in found] == [("Ann Lee", ["mayor"])]
