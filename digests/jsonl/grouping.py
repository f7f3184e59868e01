"""``stories`` for programs: articles as JSON lines in order of arrival -> the number of each one's story. No spaCy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from digests.jsonl.encoded import OutLine, failed, line
from digests.jsonl.given import BadLine, article_in
from digests.stories.shelf import Shelf
from digests.stories.words import words_of


def story_lines(lines: Iterable[bytes]) -> Iterator[OutLine]:
    """``story`` of each line's article: a number that no later line changes."""
    shelf = Shelf()
    for raw in lines:
        if not raw.strip():
            continue
        try:
            given = article_in(raw)
        except BadLine as bad:
            yield failed(bad.line_id, str(bad))
        else:
            story = shelf.take_in(words_of(given.article), day=given.article.published_day)
            yield OutLine(text=line({"id": given.line_id, "story": story}))
