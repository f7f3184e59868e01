"""The tables that search reads on PostgreSQL: an inverted list a word, in the order of places.

What would surprise a reader: none of PostgreSQL's own full-text search. A GIN index knows no order, so that "the newest
ten" of a common word reads and sorts every fact it stands in; a B-tree on (word, place) is walked from the newest and
left at the limit, for common and for rare words alike. Triggers keep it, as they keep SQLite's FTS5.
"""

from __future__ import annotations

_WORDS = """
CREATE TABLE fact_words (
    place bigint PRIMARY KEY,
    words TEXT NOT NULL,
    tags TEXT NOT NULL
);
CREATE TABLE due_words (
    place bigint PRIMARY KEY,
    words TEXT NOT NULL,
    tags TEXT NOT NULL
);
CREATE TABLE article_words (
    place bigint PRIMARY KEY,
    words TEXT NOT NULL
);
CREATE TABLE passage_words (
    place bigint PRIMARY KEY,
    article_id bigint NOT NULL REFERENCES articles (id),
    start integer NOT NULL,
    "end" integer NOT NULL,
    words TEXT NOT NULL
);
CREATE INDEX passages_by_article ON passage_words (article_id);
CREATE TRIGGER passages_counted AFTER INSERT ON passage_words FOR EACH ROW EXECUTE FUNCTION count_one('passages');
CREATE TRIGGER passages_discounted AFTER DELETE ON passage_words FOR EACH ROW EXECUTE FUNCTION discount_one('passages');
"""

_LISTS = """
CREATE TABLE {what}_search (
    word TEXT NOT NULL,
    place bigint NOT NULL,
    PRIMARY KEY (word, place)
);
ALTER TABLE {what}_search ALTER COLUMN word SET STATISTICS 1000;
CREATE FUNCTION {what}_words_listed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM {what}_search WHERE place = old.place AND word = ANY ({old});
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO {what}_search SELECT DISTINCT word, new.place FROM unnest({new}) AS word WHERE word <> '';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {what}_words_listed AFTER INSERT OR UPDATE OR DELETE ON {what}_words
    FOR EACH ROW EXECUTE FUNCTION {what}_words_listed();
"""


def listed_again(what: str, *, tags: bool) -> str:
    """The statement that fills an empty list from the words that are there, as its trigger would have."""
    return (
        f"INSERT INTO {what}_search SELECT DISTINCT word, w.place"
        f" FROM {what}_words w, unnest({_listed('w', tags=tags)}) AS word WHERE word <> '' ORDER BY word, place"
    )


def _listed(row: str, *, tags: bool) -> str:
    """All a row is found by; a tag is a word that nobody can ask for."""
    words = f"string_to_array({row}.words, ' ')"
    if not tags:
        return words
    return f"{words} || string_to_array('#' || replace({row}.tags, ' ', ' #'), ' ')"


LISTS = {"fact": True, "due": True, "article": False, "passage": False}
"""What is searched, and whether it has tags."""
SEARCH = _WORDS + "".join(
    _LISTS.format(what=what, old=_listed("old", tags=tags), new=_listed("new", tags=tags))
    for what, tags in LISTS.items()
)
