"""The schema's step that brings stories: which articles tell one, and what grouping needs to place the next."""

from __future__ import annotations

LATELY = """
CREATE TABLE story_words_lately (
    -- the words of the newest articles, not yet counted in story_words: each article would touch a hundred places there
    id INTEGER PRIMARY KEY,
    words TEXT NOT NULL               -- JSON: each word of one article once
);
"""

STORIES = """
CREATE TABLE stories (
    -- one row a story; its id never changes and is never given again
    id INTEGER PRIMARY KEY,
    first_day TEXT NOT NULL,          -- of publication, of its first article ...
    last_day TEXT NOT NULL,           -- ... and of its last
    articles INTEGER NOT NULL DEFAULT 0,
    outlets INTEGER NOT NULL DEFAULT 0,  -- how many publishers tell it
    origins TEXT NOT NULL DEFAULT '[]',  -- JSON: who wrote its articles, agencies' copies counted as the agency's
    merged_into INTEGER REFERENCES stories (id), -- a story that turned out to be another one, while it was young
    profile TEXT NOT NULL DEFAULT ''  -- JSON: what grouping remembers of its articles
);
CREATE INDEX stories_by_day ON stories (last_day, id) WHERE merged_into IS NULL;

CREATE TABLE story_articles (
    -- which story an article belongs to
    article_id INTEGER PRIMARY KEY REFERENCES articles (id),
    story_id INTEGER NOT NULL REFERENCES stories (id),
    day TEXT NOT NULL,                -- of publication
    outlet TEXT NOT NULL,             -- its publisher
    origin TEXT NOT NULL              -- whose text it is: an agency, the outlet it copies, or its own
);
CREATE INDEX story_articles_by_story ON story_articles (story_id, day, article_id);

CREATE TABLE story_keys (
    -- the words an open story is found by when the next article comes, with the days it stands for
    key TEXT NOT NULL,
    last_day TEXT NOT NULL,
    story_id INTEGER NOT NULL REFERENCES stories (id),
    first_day TEXT NOT NULL,
    weight REAL NOT NULL,
    PRIMARY KEY (key, last_day, story_id)
) WITHOUT ROWID;
CREATE INDEX story_keys_by_story ON story_keys (story_id);

CREATE TABLE story_words (
    -- in how many articles a word stood: what is common here tells little
    word TEXT PRIMARY KEY,
    articles INTEGER NOT NULL
) WITHOUT ROWID;

-- articles from before there were stories are each one of their own
INSERT INTO stories (id, first_day, last_day, articles, outlets, origins)
    SELECT id, published_day, published_day, 1, 1, json_array(publisher) FROM articles;
INSERT INTO story_articles (article_id, story_id, day, outlet, origin)
    SELECT id, id, published_day, publisher, publisher FROM articles;
INSERT INTO counters SELECT 'stories', count(*) FROM stories;

CREATE TRIGGER stories_counted AFTER INSERT ON stories BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'stories';
END;
CREATE TRIGGER stories_recounted AFTER UPDATE OF merged_into ON stories
WHEN old.merged_into IS NULL AND new.merged_into IS NOT NULL BEGIN
    UPDATE counters SET value = value - 1 WHERE name = 'stories';
END;
"""
