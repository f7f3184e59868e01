"""A reply that was sent, as it reads now: lines whose facts became others are marked, before -> after. Pure.

A line is any mapping in a reply's data whose ``press`` asks for a fact's evidence, however deep it lies. It is changed
only where its print says that it showed something else: putting a reply right twice is putting it right once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.books.shown import article_of, fact_of, mappings_in
from bot.commands.edits import changes_between, history_lines
from bot.commands.lines import Line, amount_line, due_line, line
from bot.commands.people import role_text
from bot.commands.timeline import days_of
from bot.commands.versions import newest_words, said_instead
from bot.model import Reply
from digests.edition.figures import measure
from digests.edition.seen import print_of
from digests.history import Edit
from digests.model import Article, Deadline, Event, Fact, Figure, Found, Role
from digests.store.base import Store
from digests.store.withdrawn import retractions, withdrawn

RESTORED = {"kind": "restored", "changes": [], "after": "", "why": ""}
"""The mark of a line that reads again as it did at first."""
_TOLD = {"summary": "summary", "who": "speaker", "measure": "number", "text": "office", "quote": "quote"}
"""What a line shows, by the names that editors know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A fact as it stands now. ``says``: what the newest version says in its place, where its own words are gone."""

    found: Found
    edits: Sequence[Edit] = ()
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What stands of all that may have changed: facts by number, articles as their newest versions say them.

    ``retracted``: by article what editors took back.
    """

    facts: Mapping[int, Standing] = field(default_factory=dict)
    articles: Mapping[int, Article] = field(default_factory=dict)
    retracted: Mapping[int, Sequence[Edit]] = field(default_factory=dict)


Altered = dict[tuple[str, int], Line]


def put_right(data: Mapping[str, Any], record: Record, *, today: date) -> tuple[dict[str, Any], list[Line]]:
    """The data as it reads now, and what of it is another: of each fact one line with its mark, as first shown.

    ``today``: the day the reply was given for.
    """
    altered: Altered = {}
    made = _walk(data, record, today, altered)
    return made, list(altered.values())


async def record_of(store: Store, facts: Collection[int], articles: Collection[int]) -> Record:
    """How these facts and articles stand in the store."""
    history = await store.history(facts)
    standing = {}
    for number in sorted(facts):
        found = await store.fact(number)
        if found is not None:
            says = await newest_words(found, store) if found.fact.status == "corrected" else ""
            standing[number] = Standing(found=found, edits=history.get(number, ()), says=says)
    texts = [await store.article(each) for each in sorted(articles)]
    return Record(
        facts=standing,
        articles={each.id: each for each in texts if each is not None},
        retracted=await retractions(store, articles),
    )


async def as_now(reply: Reply, store: Store, *, today: date) -> Reply:
    """A reply of another day to be shown again: marked where it reads otherwise now, without what was retracted."""
    held = list(mappings_in(reply.data))
    facts = {number for each in held if (number := fact_of(each)) is not None}
    articles = {number for each in held if (number := article_of(each)) is not None}
    data, _ = put_right(reply.data, await record_of(store, facts, articles), today=today)
    return replace(reply, data=_unmarked(_without(data, ("retracted",)), only=_taken_back))


def as_unread(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a reply that nobody has read yet: without lines that do not stand, and without a word of it."""
    made: dict[str, Any] = _unmarked(_without(data, ("retracted", "gone")), only=_corrected)
    return made


def _corrected(mark: Line) -> bool:
    return bool(mark["kind"] == "corrected")


def _taken_back(mark: Line) -> bool:
    """Whether a mark says that an article's own sentence is quoted no more."""
    return any(each["what"] == "quote" and not each["after"] for each in mark["changes"])


def _unmarked(data: Any, *, only: Callable[[Line], bool]) -> Any:
    if isinstance(data, dict):
        mark = data.get("mark")
        gone = mark is not None and only(mark)
        return {key: _unmarked(each, only=only) for key, each in data.items() if not (gone and key == "mark")}
    return [_unmarked(each, only=only) for each in data] if isinstance(data, list) else data


def _without(data: Any, kinds: Collection[str]) -> Any:
    """Lists lose the lines so marked, what stands beside them, and what holds nothing without them."""
    if isinstance(data, dict):
        return {key: _without(each, kinds) for key, each in data.items()}
    if not isinstance(data, list):
        return data
    left = [(each, _without(each, kinds)) for each in data if not _so_marked(each, kinds)]
    return [made for each, made in left if not _emptied(each, made)]


def _so_marked(each: Any, kinds: Collection[str]) -> bool:
    lines = [each, *each.values()] if isinstance(each, dict) else []
    return any(isinstance(line, dict) and (line.get("mark") or {}).get("kind") in kinds for line in lines)


def _emptied(each: Any, made: Any) -> bool:
    return isinstance(each, dict) and any(
        isinstance(held, list) and held and not made[key] for key, held in each.items()
    )


def _walk(data: Any, record: Record, today: date, altered: Altered) -> Any:
    if isinstance(data, Mapping):
        made = {key: _walk(each, record, today, altered) for key, each in data.items()}
        made = _unquoted(_righted(made, record.facts, today, altered), record.retracted, altered)
        made = _requoted(made, record.articles, altered)
        return _grouped(made, data, record.facts, today)
    if isinstance(data, list | tuple):
        return [_walk(each, record, today, altered) for each in data]
    return data


def _unquoted(held: Line, retracted: Mapping[int, Sequence[Edit]], altered: Altered) -> Line:
    """An article's own sentences without those that say what an editor took back."""
    number = article_of(held)
    edits = retracted.get(number, ()) if number is not None else ()
    quotes = held.get("quotes") or [held.get("quote", "")]
    back = {each: edit for each in quotes if edits and (edit := withdrawn(each, edits)) is not None}
    if number is None or not back:
        return held
    why = list(back.values())[-1].why
    shown = {key: held.get(key, "") for key in ("source", "url", "day", "press")}
    if "quotes" not in held:
        mark: Line = {"kind": "retracted", "changes": [], "after": "", "why": why}
        if mark == held.get("mark"):
            return held
        made = {**held, "mark": mark}
    else:
        changes = [{"what": "quote", "before": each, "after": ""} for each in back]
        mark = {"kind": "corrected", "changes": changes, "after": "", "why": why}
        made = {**held, "quotes": [each for each in quotes if each not in back], "mark": mark}
    altered[("article", number)] = {"id": 0, "who": "", "before": " ".join(back), "mark": mark, **shown}
    return made


def _requoted(held: Line, articles: Mapping[int, Article], altered: Altered) -> Line:
    """An article's own sentences, marked where its newest version puts one otherwise."""
    number = article_of(held)
    article = articles.get(number) if number is not None else None
    if number is None or article is None:
        return held
    quotes = held.get("quotes") or [held["quote"]]
    text = " ".join(article.text.split())
    gone = [each for each in quotes if " ".join(each.split()) not in text]
    if not gone and held.get("mark") and (held["mark"]["kind"] == "retracted" or _taken_back(held["mark"])):
        return held
    says = " ".join(found for each in gone if (found := said_instead(each, article)))
    mark = {"kind": "gone", "changes": [], "after": says, "why": ""} if gone else None
    if mark == held.get("mark"):
        return held
    shown = {key: held.get(key, "") for key in ("source", "url", "day", "press")}
    line = {"id": 0, "who": "", "before": " ".join(gone or quotes), "mark": mark or RESTORED, **shown}
    altered.setdefault(("article", number), line)
    return {**held, "mark": mark}


def _righted(held: Line, now: Mapping[int, Standing], today: date, altered: Altered) -> Line:
    """A line as it reads now; whatever is no line, or shows what stands, is left as it is."""
    number = fact_of(held)
    standing = now.get(number) if number is not None else None
    if number is None or standing is None:
        return held
    fact = standing.found.fact
    if held.get("seen") == print_of(fact):
        return held
    fresh = fresh_line(standing.found, today=today)
    changes = _merged(held, _changes(held, fresh, standing))
    mark = _mark(standing, changes)
    if fact.status == "standing":
        made = {key: fresh.get(key, value) for key, value in held.items()}
    else:
        made = {**held, **{key: fresh[key] for key in ("status", "edited") if key in held}}
    made = {**made, "seen": fresh["seen"], "mark": mark}
    if "edits" in made:
        made["edits"] = history_lines(standing.edits)
    if mark is not None or held.get("mark"):
        altered.setdefault(("fact", number), _told(number, held, standing, mark or RESTORED))
    return made


def fresh_line(found: Found, *, today: date) -> Line:
    """All that any line shows of a fact, as it stands."""
    fact = found.fact
    first, last = days_of(found)
    told = due_line(found, today=today) if isinstance(fact, Deadline | Event) else line(found)
    told = {**told, "from": first.isoformat(), "to": last.isoformat()}
    if isinstance(fact, Deadline | Event):
        told["task"] = told["action"] or fact.summary
    if isinstance(fact, Figure):
        told |= {"measure": measure(fact), "qualifier": fact.qualifier.replace("_", " "), **amount_line(fact)}
    if isinstance(fact, Role):
        told["text"] = role_text(fact.title, fact.of, former=fact.former)
        told.pop("day")
    return told


def _grouped(made: Line, held: Mapping[str, Any], now: Mapping[int, Standing], today: date) -> Line:
    """What several sources say alike has one head: it follows its only source; several say what they said."""
    sources = made.get("sources")
    if not isinstance(sources, list) or len(sources) != 1 or sources == held.get("sources"):
        return made
    standing = now.get(fact_of(sources[0]) or 0)
    if standing is None or standing.found.fact.status != "standing":
        return made
    fresh = fresh_line(standing.found, today=today)
    return {key: fresh.get(key, value) if key != "sources" else value for key, value in made.items()}


def _mark(standing: Standing, changes: list[dict[str, Any]]) -> dict[str, Any] | None:
    fact, edits = standing.found.fact, standing.edits
    if fact.status == "retracted":
        return {"kind": "retracted", "changes": [], "after": "", "why": edits[-1].why if edits else ""}
    if fact.status == "corrected":
        return {"kind": "gone", "changes": [], "after": standing.says, "why": ""}
    if not changes:
        return None
    return {"kind": "corrected", "changes": changes, "after": "", "why": edits[-1].why if edits else ""}


def _changes(held: Line, fresh: Line, standing: Standing) -> list[dict[str, Any]]:
    """What reads otherwise than the line showed: by the edit that found it so, else by what the line itself says."""
    shown = next((edit.before for edit in standing.edits if print_of(edit.before) == held.get("seen")), None)
    if shown is not None:
        return changes_between(shown, standing.found.fact)
    due = [{"what": "due", "before": _days(held), "after": _days(fresh)}] if _days(held) != _days(fresh) else []
    return due * ("due_to" in held) + [
        {"what": name, "before": held[key] or "", "after": fresh[key] or ""}
        for key, name in _TOLD.items()
        if key in held and key in fresh and held[key] != fresh[key]
    ]


def _days(held: Line) -> list[str]:
    return list(dict.fromkeys(str(held[key]) for key in ("due_from", "due_to") if held.get(key)))


def _merged(held: Line, changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The changes since the line was first shown: before is what its reader saw first."""
    mark = held.get("mark") or {}
    first = {each["what"]: each["before"] for each in mark.get("changes", ())}
    kept = {each["what"]: each for each in mark.get("changes", ())}
    for each in changes:
        kept[each["what"]] = {**each, "before": first.get(each["what"], each["before"])}
    return [each for each in kept.values() if each["before"] != each["after"]]


def _told(number: int, held: Line, standing: Standing, mark: dict[str, Any]) -> Line:
    """A line for the message that tells of the change where the first one cannot be edited."""
    first: Fact = standing.edits[0].before if standing.edits else standing.found.fact
    told = line(standing.found)
    before = held.get("summary") or held.get("text") or first.summary
    keys = ("who", "source", "url", "day", "press")
    return {"id": number, "before": before, "mark": mark, **{key: told[key] for key in keys}}
