"""The facts' schema, step by step: a released step is never changed, a new one is added at the end.

The comments inside the statements stay in the file (``sqlite_master``), where Datasette shows them; docs/schema.md
tells the same at more length.
"""

from __future__ import annotations

from digests.store import addresses, changes, edits, imports, near, passages, watch
from digests.store.sqlite.migrating import MigrationSet, script
from digests.store.story_tables import LATELY, STORIES
from digests.store.views import views

_TABLES = """
CREATE TABLE articles (
    -- one row an article, as its newest version says it
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    publisher TEXT NOT NULL,          -- site name or host
    byline TEXT NOT NULL,
    published_day TEXT NOT NULL,      -- YYYY-MM-DD as printed: what "today" means in the text
    published_at TEXT,                -- with offset, when the time of day is known
    language TEXT NOT NULL,           -- ISO 639-1; facts are read from English only
    url TEXT NOT NULL,
    canonical_url TEXT NOT NULL,      -- the same page under one address, '' when there is none
    content_hash TEXT NOT NULL,       -- sha256 of the whole text
    version INTEGER NOT NULL DEFAULT 1,
    added_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);
CREATE UNIQUE INDEX articles_by_url ON articles (canonical_url) WHERE canonical_url <> '';
CREATE UNIQUE INDEX articles_by_hash ON articles (content_hash);
CREATE INDEX articles_by_day ON articles (published_day, id);

CREATE TABLE article_versions (
    -- every text that was ever read under an article's address; offsets count in it
    article_id INTEGER NOT NULL REFERENCES articles (id),
    version INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    added_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    parts TEXT NOT NULL,              -- JSON: [kind, start, end] of headline, byline, body ...
    text TEXT NOT NULL,
    PRIMARY KEY (article_id, version)
);

CREATE TABLE people (
    -- persons and organisations known over articles
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,               -- the fullest form seen
    type TEXT NOT NULL,               -- person, organisation or place
    articles INTEGER NOT NULL DEFAULT 0, -- in how many articles they were seen
    last_day TEXT NOT NULL            -- of publication, of the latest of them
);

CREATE TABLE person_names (
    -- every form of a name that was seen, and when
    person_id INTEGER NOT NULL REFERENCES people (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,           -- the name folded: no case, diacritics, titles
    last_key TEXT NOT NULL,           -- its last name folded
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    PRIMARY KEY (person_id, name)
) WITHOUT ROWID;
CREATE INDEX person_names_by_day ON person_names (person_id, last_day DESC, name);
CREATE INDEX person_names_by_key ON person_names (name_key, person_id);
CREATE INDEX person_names_by_last_key ON person_names (last_key, person_id);

CREATE TABLE person_keys (
    -- keys of which two spellings of one name share at least one: whom the linking looks at
    type TEXT NOT NULL,
    key TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (type, key, person_id)
) WITHOUT ROWID;

CREATE TABLE person_roles (
    -- offices somebody was said to hold, with the days they were seen
    person_id INTEGER NOT NULL REFERENCES people (id),
    title TEXT NOT NULL,
    office_of TEXT NOT NULL,          -- country or organisation, '' when it is not said
    former INTEGER NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    fact_id INTEGER NOT NULL REFERENCES facts (id), -- the latest fact that says so
    PRIMARY KEY (person_id, title, office_of, former)
) WITHOUT ROWID;
CREATE INDEX person_roles_by_day ON person_roles (person_id, last_day DESC, title, office_of, former, fact_id);

CREATE TABLE facts (
    -- one row a fact of any kind; the views statements, roles, deadlines ... show one kind each
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    summary TEXT NOT NULL,            -- one line a person can read
    quote TEXT NOT NULL,              -- the evidence, word for word
    speaker TEXT,                     -- who says so in the article
    speaker_id INTEGER REFERENCES people (id),
    actor TEXT,                       -- who must act, acts, or holds the office
    actor_id INTEGER REFERENCES people (id),
    day TEXT NOT NULL,                -- when it was said, or else published
    due_from TEXT,                    -- deadlines and events: first and last day
    due_to TEXT,
    value REAL,                       -- figures: what the number says, or low and high
    low REAL,
    high REAL,
    unit TEXT,                        -- what is counted, ISO code for money, percent
    title TEXT,                       -- roles: the office ...
    office_of TEXT,                   -- ... and of what
    status TEXT NOT NULL DEFAULT 'standing', -- standing, corrected or retracted
    origin TEXT NOT NULL DEFAULT 'grammar',  -- grammar, model or editor
    confidence REAL NOT NULL DEFAULT 1.0,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    version INTEGER NOT NULL,         -- the version of the article that says so
    quote_start INTEGER NOT NULL,     -- code points in that version's text; end exclusive
    quote_end INTEGER NOT NULL,
    detail TEXT NOT NULL              -- JSON: what only this kind has
);
CREATE INDEX facts_by_kind ON facts (kind, day, id) WHERE status = 'standing';
CREATE INDEX facts_by_day ON facts (day, id) WHERE status = 'standing';
CREATE INDEX facts_by_due ON facts (kind, due_to, id) WHERE status = 'standing' AND due_to IS NOT NULL;
CREATE INDEX facts_of_days ON facts (kind, due_to, id) WHERE status = 'standing' AND due_from < due_to;
CREATE INDEX facts_by_article ON facts (article_id, quote_start, id);

CREATE TABLE fact_people (
    -- who speaks, acts or holds the office in a standing fact
    person_id INTEGER NOT NULL REFERENCES people (id),
    part TEXT NOT NULL,               -- speaker or actor
    kind TEXT NOT NULL,
    day TEXT NOT NULL,
    fact_id INTEGER NOT NULL REFERENCES facts (id),
    due_from TEXT,
    due_to TEXT,
    PRIMARY KEY (person_id, part, kind, day, fact_id)
) WITHOUT ROWID;
CREATE INDEX fact_people_of_days ON fact_people (person_id, part, kind, due_to, fact_id) WHERE due_from < due_to;
CREATE INDEX fact_people_by_due ON fact_people (person_id, part, kind, due_to, fact_id) WHERE due_to IS NOT NULL;
CREATE INDEX fact_people_by_fact ON fact_people (fact_id);
"""

_SEARCH = """
CREATE TABLE fact_words (
    -- what the search knows of a standing fact; folded by the program, so that every database answers alike
    place INTEGER PRIMARY KEY,        -- day number * 2^32 + fact id: the newest come first without sorting
    words TEXT NOT NULL,              -- of summary, quote, names and the article's title
    tags TEXT NOT NULL                -- kind, speaker12, person12, article7, days (due on more than one)
);
CREATE VIRTUAL TABLE fact_search USING fts5 (
    words, tags, content="fact_words", content_rowid="place", tokenize="unicode61 remove_diacritics 2", detail=column
);
CREATE TABLE due_words (
    -- the same for facts with a due day, placed by their last due day
    place INTEGER PRIMARY KEY,
    words TEXT NOT NULL,
    tags TEXT NOT NULL
);
CREATE VIRTUAL TABLE due_search USING fts5 (
    words, tags, content="due_words", content_rowid="place", tokenize="unicode61 remove_diacritics 2", detail=column
);
CREATE TABLE article_words (
    -- the same for articles: title, publisher, byline and every word of the text, placed by day of publication
    place INTEGER PRIMARY KEY,
    words TEXT NOT NULL
);
CREATE VIRTUAL TABLE article_search USING fts5 (
    words, content="article_words", content_rowid="place", tokenize="unicode61 remove_diacritics 2", detail=column
);
"""

_FOLLOW = """
CREATE TRIGGER {table}_added AFTER INSERT ON {table} BEGIN
    INSERT INTO {search} (rowid, {columns}) VALUES (new.place, {new});
END;
CREATE TRIGGER {table}_removed AFTER DELETE ON {table} BEGIN
    INSERT INTO {search} ({search}, rowid, {columns}) VALUES ('delete', old.place, {old});
END;
CREATE TRIGGER {table}_changed AFTER UPDATE ON {table} BEGIN
    INSERT INTO {search} ({search}, rowid, {columns}) VALUES ('delete', old.place, {old});
    INSERT INTO {search} (rowid, {columns}) VALUES (new.place, {new});
END;
"""

_COUNTERS = """
CREATE TABLE counters (
    -- how many there are, kept by triggers: counting a million rows takes too long to ask
    name TEXT PRIMARY KEY,            -- articles, people, or a kind of fact
    value INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER articles_counted AFTER INSERT ON articles BEGIN
    INSERT INTO counters VALUES ('articles', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER people_counted AFTER INSERT ON people BEGIN
    INSERT INTO counters VALUES ('people', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER facts_counted AFTER INSERT ON facts WHEN new.status = 'standing' BEGIN
    INSERT INTO counters VALUES ('fact ' || new.kind, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER facts_recounted AFTER UPDATE OF status ON facts WHEN old.status <> new.status BEGIN
    INSERT INTO counters VALUES ('fact ' || new.kind, 0) ON CONFLICT (name) DO UPDATE SET
        value = value + (new.status = 'standing') - (old.status = 'standing');
END;
"""


def _field(path: str) -> str:
    return f"json_extract(f.detail, '$.{path}')"


def _schema() -> str:
    follow = "".join(
        _FOLLOW.format(
            table=f"{what}_words",
            search=f"{what}_search",
            columns=", ".join(columns),
            new=", ".join(f"new.{column}" for column in columns),
            old=", ".join(f"old.{column}" for column in columns),
        )
        for what, columns in (("fact", ("words", "tags")), ("due", ("words", "tags")), ("article", ("words",)))
    )
    return _TABLES + _SEARCH + follow + _COUNTERS + views(_field)


FACTS = MigrationSet(
    name="facts",
    steps=(
        ("m001_facts", script(_schema())),
        ("m003_sources", script(watch.TABLES)),
        ("m004_stories", script(STORIES)),
        ("m005_imports", script(imports.TABLES)),
        ("m006_near", script(near.TABLES)),
        ("m007_changes", script(changes.TABLES)),
        ("m008_addresses", addresses.renew),
        ("m009_near_anew", near.renew),
        ("m010_edits", script(edits.TABLES)),
        ("m011_words_lately", script(LATELY)),
        ("m012_passages", passages.renew),
    ),
)
