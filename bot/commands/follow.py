"""/follow: hear at once about a person, a story, deadlines or words; again with "urgent" or "remind" changes that."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.follow_lines import follow_line
from bot.commands.managing import refused
from bot.commands.ordered import thread_of
from bot.commands.people import meant, nobody, spelling, which
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.commands.wishes import Wish, read_wish
from bot.model import Button, Command, Reply
from digests.edition.model import Follow, Wanted
from digests.model import Person
from digests.text.folding import tokens

SPEC = Spec(
    name="follow",
    summary="Hear at once about a person, a story, deadlines or words",
    usage="/follow NAME or story NUMBER or deadlines [TOPIC] or words WORDS [urgent] [remind 2 days]",
    examples=("/follow Oktay", "/follow story 12 urgent", "/follow deadlines Turkey remind 2 days"),
    aliases=("alert", "alerts"),
    changes=lambda command: bool(command.text),
)
MOST_FOLLOWS = 200
MOST_NAMES = 8


async def handle(command: Command, services: Services) -> Reply:
    wish = read_wish(command.text)
    if wish is None:
        return usage(SPEC, typed=command.text)
    if (no := await refused(command, services)) is not None:
        return no
    match wish.kind:
        case "story":
            return await _story(wish, command, services)
        case "named":
            return await _named(wish, command, services)
        case "deadlines":
            return await _keep(wish, _label(wish.wanted, of="deadlines"), command, services)
    return await _keep(wish, _label(wish.wanted), command, services)


async def _story(wish: Wish, command: Command, services: Services) -> Reply:
    story = await services.store.story(wish.story)
    if story is None:
        return Reply(template="no_such_story", data={"number": wish.story})
    return await _keep(wish, story.newest.title or f"story {story.id}", command, services, story=story.id)


async def _named(wish: Wish, command: Command, services: Services) -> Reply:
    """A person's name if it is one; or else the words."""
    if wish.who.startswith("#"):
        number = wish.who[1:]
        known = await services.store.person(int(number)) if number.isdigit() and len(number) <= 18 else None
        return await _person(wish, known, command, services) if known else nobody(wish.who, [], command=command.name)
    found = meant(wish.who, await services.store.people([wish.who]))
    if len(found) == 1:
        return await _person(wish, found[0], command, services)
    if found:
        return which(wish.who, _rest(wish), found, command=command.name)
    similar = await services.store.similar_names(wish.who, limit=3)
    near = tuple(
        (
            Button(
                label=f"Follow {each.name}",
                command=f"/follow {spelling(each, wish.who, similar)} {_rest(wish)}".strip(),
            ),
        )
        for each in similar
    )
    return await _keep(replace(wish, kind="words"), _label(wish.wanted), command, services, missing=wish.who, near=near)


async def _person(wish: Wish, person: Person, command: Command, services: Services) -> Reply:
    named = replace(wish, wanted=Wanted(words=full_names(person)))
    return await _keep(named, person.name, command, services, entity=person.id)


def full_names(person: Person) -> tuple[str, ...]:
    """The names under which others speak of somebody: of a person those of two words or more, where there are any."""
    spelt = dict.fromkeys((person.name, *person.aliases))
    full = [name for name in spelt if len(tokens(name)) > 1 or person.type != "person"]
    return tuple(full or [person.name])[:MOST_NAMES]


async def _keep(
    wish: Wish,
    label: str,
    command: Command,
    services: Services,
    *,
    entity: int | None = None,
    story: int | None = None,
    missing: str = "",
    near: tuple[tuple[Button, ...], ...] = (),
) -> Reply:
    """Write the follow down and say what was understood. ``missing``: the name that nobody has."""
    origin = command.origin
    wished = Follow(
        chat=origin.place,
        thread=thread_of(command),
        user=origin.user,
        kind="person" if wish.kind == "named" else wish.kind,
        label=label,
        entity=entity,
        story=story,
        wanted=wish.wanted,
        urgent=wish.urgent,
        remind_hours=wish.remind_hours,
    )
    own = await services.follows.follows(origin.place)
    if len(own) >= MOST_FOLLOWS and not any(same(each, wished) for each in own):
        return Reply(template="too_many_follows", data={"most": MOST_FOLLOWS})
    kept, new = await services.follows.follow(wished, at=command.asked_at)
    settings = await services.books.settings(origin.place)
    line = follow_line(kept, now=command.asked_at, zone=settings.zone)
    data = {
        **line,
        "line": line,
        "what": "followed" if new else "changed",
        "nobody": missing,
        "told": origin.platform != "console",
    }
    return Reply(template="follow_said", data=data, buttons=(*near, *_asks(kept)))


def same(one: Follow, other: Follow) -> bool:
    """Whether two follows of a chat are of the same."""
    if one.kind in ("person", "story"):
        return (one.kind, one.entity, one.story) == (other.kind, other.entity, other.story)
    return (one.kind, one.wanted) == (other.kind, other.wanted)


def _asks(kept: Follow) -> tuple[tuple[Button, ...], ...]:
    """What else can be done with a follow."""
    return (
        (
            Button(label="Unfollow", command=f"/unfollow {kept.id}"),
            Button(label="All that is followed", command="/following"),
        ),
    )


def _rest(wish: Wish) -> str:
    """What a button repeats after a name."""
    said = ["urgent"] if wish.urgent else []
    if wish.remind_hours:
        said.append(f"remind {wish.remind_hours} hours")
    return " ".join(said)


def _label(wanted: Wanted, *, of: str = "") -> str:
    """What is followed, in a few words: ``deadlines: Turkey``, ``ceasefire or peace talks``."""
    said = " or ".join(wanted.words)
    must = " + ".join(wanted.must)
    words = f"{said} + {must}" if said and must else said or must
    if wanted.without:
        words = f"{words} without {', '.join(wanted.without)}".strip()
    return f"{of}: {words}" if of and words else of or words
