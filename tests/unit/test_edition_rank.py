"""Why a line has its place in a digest: points that add up, each with its reason in words."""

from dataclasses import replace
from datetime import date

import pytest
from fakes.records import SATURDAY, deadline, figure, found, source, statement

from digests.edition import rank
from digests.edition.differences import Difference
from digests.edition.items import points
from digests.edition.rank import Telling
from digests.model import Actor, Person, Placed, SeenRole

MINISTER = "Foreign Minister, Turkey"


def texts(reasons: tuple[rank.Reason, ...]) -> list[str]:
    return [each.text for each in reasons]


def of_quote(quote: str = "The ferries will sail again before the spring", **more: object) -> tuple[rank.Reason, ...]:
    given = {"office": "", "novelty": 1.0, "outlets": 1, "origins": 1, **more}
    return rank.of_quote(found(statement(1, quote)), **given)


@pytest.mark.parametrize(
    ("office", "weight"),
    [
        ("", 0.0),
        ("President, Turkey", 3.0),
        ("Foreign Minister, Turkey", 3.0),
        ("Vice President, Turkey", 2.0),
        ("former Prime Minister", 2.0),
        ("spokesman, Kremlin", 1.0),
        ("director-general, World Health Organization", 1.5),
    ],
)
def test_an_office_weighs_what_it_is(office: str, weight: float) -> None:
    assert rank.weight_of_office(office) == weight


def test_a_minister_outweighs_somebody_without_an_office() -> None:
    assert points(of_quote(office=MINISTER)) > points(of_quote()) + 2
    assert f"said by {MINISTER}" in texts(of_quote(office=MINISTER))


def test_what_was_said_before_is_worth_less_than_what_is_new() -> None:
    assert points(of_quote(novelty=0.1)) < points(of_quote(novelty=1.0))
    assert "new from this speaker" in texts(of_quote(novelty=1.0))
    assert "partly new from this speaker" in texts(of_quote(novelty=0.5))
    assert not any("new from" in each for each in texts(of_quote(novelty=0.0)))


def test_a_quotation_that_many_carry_is_worth_more_and_more_still_if_they_wrote_it_themselves() -> None:
    copied, independent = of_quote(outlets=4, origins=1), of_quote(outlets=4, origins=3)
    assert points(of_quote()) < points(copied) < points(independent)
    assert "told by 3 origins independently" in texts(independent)


def test_promises_and_threats_say_what_they_are() -> None:
    assert "holds a promise and a threat" in texts(of_quote(binding={"threat", "promise"}))


@pytest.mark.parametrize(
    ("around", "old"),
    [
        ("The ferries will sail, she said in November.", True),
        ("The ferries will sail, she said on Friday.", False),
        ("The ferries will sail, she said.", False),
    ],
)
def test_what_was_said_long_before_counts_less(around: str, old: bool) -> None:
    said = statement(1, "The ferries will sail")
    fact = replace(said, evidence=(replace(said.evidence[0], quote=around),))
    assert rank.is_old(found(fact)) is old
    assert rank.is_old(found(replace(fact, said_on=date(2020, 1, 1)))) is True


def test_scraps_and_speeches_count_against_a_quotation() -> None:
    assert "says little by itself" in texts(of_quote("no comment"))
    assert "long" in texts(of_quote("word " * 80))


def test_the_weightiest_reason_comes_first_and_what_counts_nothing_is_left_out() -> None:
    reasons = of_quote(office=MINISTER, top=True)
    assert [abs(each.points) for each in reasons] == sorted((abs(each.points) for each in reasons), reverse=True)
    assert all(each.points for each in reasons)


def seen(title: str, *, of: str | None = None, day: date = SATURDAY, former: bool = False, fact: int = 1) -> SeenRole:
    return SeenRole(title=title, of=of, former=former, day=day, fact_id=fact)


@pytest.mark.parametrize(
    ("roles", "office"),
    [
        ([], ""),
        ([seen("President", of="Turkey")], "President, Turkey"),
        ([seen("President"), seen("President", of="Turkey", day=date(2020, 2, 1))], "President, Turkey"),
        ([seen("minister", former=True)], "former minister"),
        ([seen("former minister", former=True)], "former minister"),
        ([seen("minister", former=True), seen("senator", day=date(2020, 1, 1))], "senator"),
        ([seen("president", day=date(2020, 2, 16)), seen("senator", day=date(2020, 1, 1))], "senator"),
    ],
)
def test_the_office_is_that_of_the_day(roles: list[SeenRole], office: str) -> None:
    person = Person(id=1, name="Fuat Oktay", roles=tuple(roles))
    assert rank.office_of(person, day=SATURDAY) == office
    assert rank.office_of(None, day=SATURDAY) == ""


def test_novelty_is_the_share_of_words_not_used_before() -> None:
    assert rank.novelty("the ferries will sail again", []) == 1
    assert rank.novelty("the ferries will sail again", ["Ferries will sail again soon"]) == 0
    assert 0 < rank.novelty("the ferries will sail again", ["ferries rust"]) < 1
    assert rank.novelty("a b", []) == 0


def test_a_deadline_that_is_near_and_says_who_and_what_comes_before_a_vague_date() -> None:
    due = found(deadline(1, "withdraw", due=date(2020, 2, 17)))
    vague = found(replace(deadline(2, "withdraw", due=date(2020, 2, 22)), actor=None, action=None))
    near = rank.of_due(due, today=SATURDAY, new=True, outlets=3, top=True)
    far = rank.of_due(vague, today=SATURDAY, new=False, outlets=1)
    assert points(near) > points(far)
    assert {"a deadline", "in 2 days", "names who must act or acts", "told by 3 outlets"} <= set(texts(near))
    assert "does not say what" in texts(far)


@pytest.mark.parametrize(("due", "said"), [(15, "today"), (16, "in 1 day"), (13, "2 days ago")])
def test_a_reason_tells_how_far_off_a_date_is(due: int, said: str) -> None:
    day = found(deadline(1, "withdraw", due=date(2020, 2, due)))
    assert said in texts(rank.of_due(day, today=SATURDAY, new=False, outlets=1))


def test_independent_origins_make_a_story_more_than_copies_do() -> None:
    def told(*origins: str) -> Telling:
        placed = [
            Placed(source=source(number, publisher=f"Outlet {number}"), story_id=7, origin=origin)
            for number, origin in enumerate(origins)
        ]
        return Telling(story_id=7, articles=tuple(placed), new=False)

    copies = rank.of_telling(told("Reuters", "Reuters", "Reuters"), today=SATURDAY)
    independent = rank.of_telling(told("A", "B", "C"), today=SATURDAY)
    assert points(independent) > points(copies)
    assert "3 origins wrote it, each its own text" in texts(independent)
    assert {"1 origin wrote it", "3 outlets carry it"} <= set(texts(copies))


def test_named_speakers_and_dates_ahead_speak_for_a_story() -> None:
    who = Actor(start=0, end=4, text="Oktay", name="Fuat Oktay", entity=3)
    said = found(replace(statement(1, "We kept our word"), speaker=who, said_by=who))
    ahead = found(deadline(2, "withdraw", due=date(2020, 2, 29)))
    placed = Placed(source=source(), story_id=7, origin="Levant Wire")
    reasons = rank.of_telling(Telling(story_id=7, articles=(placed,), facts=(said, ahead)), today=SATURDAY)
    assert {"1 named source speaks", "1 date is still ahead", "the story is new"} <= set(texts(reasons))


def test_a_contradiction_comes_before_a_figure_that_moved() -> None:
    one, other = (found(figure(number, "12", "dead", value=12)) for number in (1, 2))
    contradicts = Difference(kind="contradiction", newer=one, older=other)
    moved = Difference(kind="older", newer=one, older=other)
    assert points(rank.of_difference(contradicts, unit="votes")) > points(rank.of_difference(moved, unit="votes"))
    assert "counts people who came to harm" in texts(rank.of_difference(moved, unit="people killed", top=True))
