"""/brief LINK, ARTICLE or STORY: sentences, people, figures, deadlines on one screen; a new link is added first."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from bot.access import allowed
from bot.commands import add
from bot.commands.add import link_in
from bot.commands.asked import read, search_words
from bot.commands.facts import copy_line
from bot.commands.lines import Rows, due_line, remind_asks, source_line
from bot.commands.numbers import figure_line
from bot.commands.people import role_text
from bot.commands.replies import nothing, usage
from bot.commands.spec import Services, Spec
from bot.commands.tellings import story_line
from bot.model import Button, Command, Reply
from digests.edition.brief import Brief, Named, brief_of
from digests.edition.seen import print_of
from digests.model import Source, Story
from digests.text.links import canonical_url

SPEC = Spec(
    name="brief",
    summary="An article or a story on one screen",
    usage="/brief LINK or ARTICLE-NUMBER or story NUMBER or WORDS",
    examples=("/brief https://example.org/news/ferries", "/brief story 3", "/brief Idlib"),
    aliases=("summary", "summarise", "summarize"),
    changes=lambda command: bool(link_in(command.text)) and allowed(command.origin, "editor"),
)
_ARTICLE = re.compile(r"(?:article\s+)?#?(\d{1,18})", re.IGNORECASE)
_STORY = re.compile(r"story\s+#?(\d{1,18})", re.IGNORECASE)


async def handle(command: Command, services: Services) -> Reply:
    link = link_in(command.text)
    if link:
        return await _of_link(link, command, services)
    asked = read(command.text, today=command.today)
    wanted = asked.question.strip(" ?!.")
    article, story = _ARTICLE.fullmatch(wanted), _STORY.fullmatch(wanted)
    if article:
        return await _of_article(int(article[1]), command, services)
    if story:
        known = await services.store.story(int(story[1]))
        if known is None:
            return Reply(template="no_such_story", data={"number": int(story[1])})
        return await _of_story(known, command, services)
    words = search_words(wanted)
    if not words:
        return usage(SPEC, typed=command.text)
    found = await services.store.stories(about=words, limit=1)
    if not found:
        return nothing(command, asked, what="stories", topic=words)
    return await _of_story(found[0], command, services)


async def _of_link(link: str, command: Command, services: Services) -> Reply:
    """The article under a link; where it is not known, an editor's question adds it first."""
    known = await services.store.known(canonical_url=canonical_url(link))
    if known is not None:
        return await _of_article(known.article_id, command, services)
    if not allowed(command.origin, "editor"):
        return Reply(template="no_such_link", data={"link": link})
    added = await add.handle(replace(command, name=add.SPEC.name, text=link), services)
    if added.template != "added":
        return added
    return await _of_article(added.data["article"], command, services, added=True)


async def _of_article(number: int, command: Command, services: Services, *, added: bool = False) -> Reply:
    placed = await services.store.placed([number])
    if not placed:
        return Reply(template="no_facts", data={"number": str(number), "page": 1, "head": None, "article_language": ""})
    found = await brief_of(services.store, placed[0].source, story=None, today=command.today)
    copies = await services.store.copies([number])
    story = await services.store.story(placed[0].story_id)
    data = {**brief_data(found, command), "whole": None, "copy": copy_line(copies.get(number)), "added": added}
    data["story"] = story.id if story else None
    return Reply(template="brief", data=data, buttons=_asks(found, story, command, of_article=True))


async def _of_story(story: Story, command: Command, services: Services) -> Reply:
    found = await brief_of(services.store, await _told_from(story, services), story=story.id, today=command.today)
    data = {**brief_data(found, command), "whole": story_line(story), "copy": None, "added": False, "story": story.id}
    return Reply(template="brief", data=data, buttons=_asks(found, story, command, of_article=False))


async def _told_from(story: Story, services: Services) -> Source:
    """The newest of a story's articles that is no copy of another."""
    articles = [each.source for each in await services.store.story_articles(story.id, limit=20)]
    copied = await services.store.copies([each.article_id for each in articles])
    return next((each for each in articles if each.article_id not in copied), story.newest)


def brief_data(found: Brief, command: Command) -> dict[str, Any]:
    head = source_line(found.source)
    return {
        "title": head["title"],
        "head": {**head, "quotes": [" ".join(each.quote.split()) for each in found.sentences]},
        "people": [_person(each) for each in found.people],
        "numbers": [figure_line(each) for each in found.figures],
        "more_numbers": found.more_figures,
        "dues": [due_line(each, today=command.today) for each in found.dues],
        "more_dues": found.more_dues,
    }


def _person(named: Named) -> dict[str, Any]:
    """Somebody with the office, which is one press from the words that give it."""
    role = named.role
    return {
        "name": named.person.name,
        "text": role_text(role.title, role.of, former=role.former) if role else "",
        "day": role.day.isoformat() if role else None,
        "seen": print_of(named.given.fact) if named.given else "",
        "press": f"/evidence {role.fact_id}" if role else f"/said #{named.person.id}",
    }


def _asks(found: Brief, story: Story | None, command: Command, *, of_article: bool) -> Rows:
    """What else can be asked of it."""
    row = [Button(label="All facts", command=f"/facts {found.source.article_id}")] if of_article else []
    if story is not None and (story.articles > 1 or not of_article):
        if of_article:
            row.append(Button(label="The story", command=f"/brief story {story.id}"))
        row.append(Button(label="Timeline", command=f"/timeline story {story.id}"))
        row.append(Button(label="Sides", command=f"/sides story {story.id}"))
        row.append(Button(label="Follow", command=f"/follow story {story.id}"))
    return (tuple(row), *remind_asks(found.dues, today=command.today)) if row else ()
