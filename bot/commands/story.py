"""/story NUMBER or WORDS: one story over days: who tells it, and whose text it is."""

from __future__ import annotations

from bot.commands.asked import read, search_words
from bot.commands.lines import Line, Rows, pager, source_line
from bot.commands.replies import nothing, scope, usage
from bot.commands.spec import Services, Spec
from bot.commands.tellings import story_line
from bot.model import Button, Command, Reply
from digests.edition.naming import is_own
from digests.model import Story, StoryArticle
from digests.store.base import Store

SPEC = Spec(
    name="story",
    summary="One story: who tells it, and whose text it is",
    usage="/story NUMBER or WORDS",
    examples=("/story Idlib", "/story 3"),
    aliases=("stories",),
)
SIZE = 8
MOST_DIGITS = 18


async def handle(command: Command, services: Services) -> Reply:
    asked = read(command.text, today=command.today)
    wanted = asked.question.removeprefix("#").strip()
    if not wanted:
        return usage(SPEC, typed=command.text)
    story = await _story(services.store, wanted)
    if story is None and _numbered(wanted):
        return Reply(template="no_such_story", data={"number": int(wanted)})
    if story is None:
        return nothing(command, asked, what="stories", topic=search_words(wanted))
    first = (asked.page - 1) * SIZE
    articles = await services.store.story_articles(story.id, limit=SIZE + 1, offset=first)
    if not articles:
        return nothing(command, asked, what="articles in this story")
    data = {**story_line(story), "lines": [article_line(each) for each in articles[:SIZE]], **scope(asked)}
    pages = pager(f"/story {story.id}", page=asked.page, more=len(articles) > SIZE)
    return Reply(template="story", data=data, buttons=(*asks(story), *pages))


def _numbered(wanted: str) -> bool:
    return wanted.isascii() and wanted.isdigit() and len(wanted) <= MOST_DIGITS


async def _story(store: Store, wanted: str) -> Story | None:
    """By its number, else the newest about the words."""
    if _numbered(wanted):
        return await store.story(int(wanted))
    words = search_words(wanted)
    found = await store.stories(about=words, limit=1) if words else []
    return found[0] if found else None


def article_line(article: StoryArticle) -> Line:
    """An article with whose text it is, where that is not its outlet's own."""
    shown = source_line(article.source)
    origin = "" if is_own(article.origin, shown["source"]) else article.origin
    return {**shown, "origin": origin, "press": f"/facts {article.source.article_id}"}


def asks(story: Story) -> Rows:
    """What else can be asked of a story."""
    return (
        (
            Button(label="Day by day", command=f"/timeline story {story.id}"),
            Button(label="Figures", command=f"/numbers story {story.id}"),
            Button(label="Sides", command=f"/sides story {story.id}"),
            Button(label="Follow", command=f"/follow story {story.id}"),
        ),
    )
