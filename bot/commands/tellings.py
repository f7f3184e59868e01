"""A story as lines show it: how many tell it, and how few wrote it. Pure."""

from __future__ import annotations

from bot.commands.lines import Line, source_line
from digests.model import Story

NAMED = 3
"""So many origins are named; the others are counted."""


def story_line(story: Story) -> Line:
    """What every line on a story shows, headed by its newest article; a story of one article leads to its facts."""
    newest = source_line(story.newest)
    press = f"/story {story.id}" if story.articles > 1 else f"/facts {story.newest.article_id}"
    return {
        **newest,
        "story": story.id,
        "first": story.first_day.isoformat(),
        "last": story.last_day.isoformat(),
        "articles": story.articles,
        "outlets": story.outlets,
        "origins": len(story.origins),
        "named": list(story.origins[:NAMED]),
        "press": press,
    }
