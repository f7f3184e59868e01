"""The jobs' tables on PostgreSQL: procrastinate's own, and the triggers by which a row enqueues its job.

Whoever writes a row enqueues: the job is written by a trigger, in the transaction of the row itself, whatever program
and whatever function wrote it. The other way, a call beside every statement that makes something due, was rejected:
one that is forgotten is work that nobody does.

What would surprise a reader: a job says nothing but whose turn it is (``key``), and the row says what is to be done. So
a job too many finds nothing to do, and one too few is enqueued by ``onrecord_wake_missing``. For what is due later
there is no job yet, ``onrecord_wake_due`` writes it at the moment: a job that waits holds up all others with its lock,
and fetching a job would have to step over a hundred thousand that wait. Jobs have no queueing lock: procrastinate could
not put one back for a retry while another with the same waits.
"""

from __future__ import annotations

from importlib.resources import files

from bot.jobs.more_tables import HOSTS, SUBMISSIONS, SURVEY, SUSPECTS
from bot.jobs.pacing import PACING
from digests.store.postgres.migrating import PostgresMigrations


def _brought() -> tuple[tuple[str, str], ...]:
    """All that the installed procrastinate brings; a newer one adds what is new in it by itself.

    The names begin with the version, in two digits each: in the order in which they are applied.
    """
    folder = files("procrastinate.sql.migrations")
    found = {each.name: each for each in folder.iterdir() if each.name.endswith(".sql")}
    return tuple((name.removesuffix(".sql"), found[name].read_text(encoding="utf-8")) for name in sorted(found))


PROCRASTINATE = PostgresMigrations(name="procrastinate", steps=_brought())

_WAKING = """
-- keys are chats among others, which are sorted by code point: an index in another order would not be used for them.
-- What looks up by it says all else so that no other index fits: a planner that knows the table as empty, as it often
-- is, took one of those, and then read all jobs that wait for each of a hundred thousand digests
CREATE INDEX onrecord_jobs_key ON procrastinate_jobs ((args ->> 'key') COLLATE "C");
CREATE INDEX onrecord_jobs_lock ON procrastinate_jobs (lock) WHERE status IN ('todo', 'doing');

-- what was given up, with the reason; the row that it is about was told, too
CREATE TABLE parked_jobs (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,               -- fetch, extract or deliver
    about text NOT NULL,              -- its row, such as "entry 7"
    what text NOT NULL,               -- the same in words
    reason text NOT NULL,
    attempts integer NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (kind, about)
);

-- no job waits for that key any more; one that runs is left alone
CREATE FUNCTION onrecord_hush(_queue text, _key text) RETURNS integer LANGUAGE plpgsql
SET enable_seqscan = off AS $$
DECLARE
    tried integer;
BEGIN
    WITH gone AS (
        DELETE FROM procrastinate_jobs
        WHERE args ->> 'key' = _key COLLATE "C" AND queue_name || '' = _queue AND status::text = 'todo'
        RETURNING attempts)
    SELECT coalesce(max(attempts), 0) INTO tried FROM gone;
    RETURN tried;
END $$;

-- one job waits for that key if its moment (NULL: now) has come, else none; how often it was tried stays
CREATE FUNCTION onrecord_wake(_queue text, _key text, _priority bigint, _lock text, _at timestamptz)
RETURNS boolean LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    tried integer;
    made bigint[];
BEGIN
    IF _at > clock_timestamp() THEN
        PERFORM onrecord_hush(_queue, _key);
        RETURN false;
    END IF;
    IF EXISTS (SELECT FROM procrastinate_jobs WHERE args ->> 'key' = _key COLLATE "C" AND queue_name || '' = _queue
            AND status::text = 'todo' AND priority + 0 = _priority) THEN
        RETURN false;
    END IF;
    tried := onrecord_hush(_queue, _key);
    made := procrastinate_defer_jobs_v1(ARRAY[ROW(_queue, 'onrecord', _priority::integer, _lock, NULL,
        jsonb_build_object('key', _key), NULL)::procrastinate_job_to_defer_v1]);
    IF tried > 0 THEN
        UPDATE procrastinate_jobs SET attempts = tried WHERE id = ANY (made);
    END IF;
    RETURN true;
END $$;

-- the lock under which an address is fetched: one worker at a time at a host
CREATE FUNCTION onrecord_host_lock(_url text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'host ' || lower(substring(_url FROM '^[a-zA-Z]+://(?:[^/?#]*@)?([^/?#]+)'));
$$;

CREATE FUNCTION onrecord_moment(_text text) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT nullif(_text, '')::timestamptz;
$$;

-- whose job is this? waiting or running
CREATE FUNCTION onrecord_has_job(_queue text, _key text) RETURNS boolean LANGUAGE sql STABLE
SET enable_seqscan = off AS $$
    SELECT EXISTS (SELECT FROM procrastinate_jobs
        WHERE args ->> 'key' = _key COLLATE "C" AND queue_name || '' = _queue AND status::text IN ('todo', 'doing'));
$$;

-- jobs of workers that died go to others, ever later; which those were
CREATE FUNCTION onrecord_recover(_silent double precision) RETURNS TABLE (queue text, key text, tries integer)
LANGUAGE plpgsql AS $$
DECLARE
    job procrastinate_jobs;
BEGIN
    FOR job IN SELECT j.* FROM procrastinate_jobs j WHERE j.status = 'doing' AND NOT EXISTS (
            SELECT FROM procrastinate_workers w
            WHERE w.id = j.worker_id AND w.last_heartbeat >= now() - make_interval(secs => _silent))
        ORDER BY j.id FOR UPDATE OF j SKIP LOCKED LOOP
        -- while it waits it must not hold up what else goes to that host; at a chat it must
        PERFORM procrastinate_retry_job_v2(
            job.id, now() + make_interval(secs => least(300, power(2, job.attempts) - 1)), NULL, NULL,
            CASE WHEN job.lock LIKE 'host %' THEN job.queue_name || ' ' || (job.args ->> 'key') END);
        queue := job.queue_name;
        key := job.args ->> 'key';
        tries := job.attempts + 1;
        RETURN NEXT;
    END LOOP;
END $$;
"""
_NEWS = """
CREATE FUNCTION onrecord_source_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.paused <> 0 THEN
        PERFORM onrecord_hush('fetch', OLD.id::text);
    ELSE
        PERFORM onrecord_wake('fetch', NEW.id::text, 0, onrecord_host_lock(NEW.url), onrecord_moment(NEW.next_try_at));
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.paused <> NEW.paused THEN
        UPDATE source_entries SET state = state WHERE source_id = NEW.id AND state = 'waiting';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER onrecord_source_job AFTER INSERT OR UPDATE OF next_try_at, paused, url OR DELETE ON sources
    FOR EACH ROW EXECUTE FUNCTION onrecord_source_job();

CREATE FUNCTION onrecord_entry_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        IF NEW.state = 'waiting' AND EXISTS (SELECT FROM sources WHERE id = NEW.source_id AND paused = 0) THEN
            PERFORM onrecord_wake('extract', 'entry ' || NEW.id, 1,
                coalesce(onrecord_host_lock(NEW.url), 'entry ' || NEW.id), onrecord_moment(NEW.next_try_at));
            RETURN NULL;
        END IF;
    END IF;
    PERFORM onrecord_hush('extract', 'entry ' || OLD.id);
    RETURN NULL;
END $$;
CREATE TRIGGER onrecord_entry_job AFTER INSERT OR UPDATE OF state, next_try_at, url OR DELETE ON source_entries
    FOR EACH ROW EXECUTE FUNCTION onrecord_entry_job();
"""
_OUTBOX = """
-- many at once: whoever queues digests adds hundreds of chats in a statement. Those without a job, mostly all, get
-- theirs in one go
CREATE FUNCTION onrecord_heads_added() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    each record;
    made procrastinate_job_to_defer_v1[] := '{}';
BEGIN
    FOR each IN SELECT 'deliver-' || platform AS queue, chat, 10 - priority AS urgency, due_at, outgoing_id, (
            SELECT true FROM procrastinate_jobs WHERE args ->> 'key' = added.chat COLLATE "C"
            AND queue_name || '' = 'deliver-' || added.platform AND status::text = 'todo' LIMIT 1) AS has,
            (SELECT state FROM outbox WHERE id = added.outgoing_id) AS state
            FROM added ORDER BY priority, outgoing_id LOOP
        IF each.state = 'sending' THEN
            CONTINUE;
        ELSIF each.has OR each.due_at <> '' THEN
            PERFORM onrecord_wake(each.queue, each.chat, each.urgency, 'chat ' || each.chat,
                onrecord_moment(each.due_at));
        ELSE
            made := made || ROW(each.queue, 'onrecord', each.urgency, 'chat ' || each.chat, NULL,
                jsonb_build_object('key', each.chat), NULL)::procrastinate_job_to_defer_v1;
        END IF;
    END LOOP;
    IF made <> '{}' THEN
        PERFORM procrastinate_defer_jobs_v1(made);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER onrecord_heads_added AFTER INSERT ON outbox_heads
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION onrecord_heads_added();

CREATE FUNCTION onrecord_head_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM onrecord_hush('deliver-' || OLD.platform, OLD.chat);
    ELSIF (SELECT state FROM outbox WHERE id = NEW.outgoing_id) IS DISTINCT FROM 'sending' THEN
        PERFORM onrecord_wake('deliver-' || NEW.platform, NEW.chat, 10 - NEW.priority, 'chat ' || NEW.chat,
            onrecord_moment(NEW.due_at));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER onrecord_head_job AFTER UPDATE OR DELETE ON outbox_heads
    FOR EACH ROW EXECUTE FUNCTION onrecord_head_job();
"""
_DUE = """
CREATE TABLE jobs_woken (one integer PRIMARY KEY CHECK (one = 1), upto timestamptz NOT NULL);
INSERT INTO jobs_woken VALUES (1, now());

CREATE FUNCTION onrecord_text(_at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT to_char(_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00';
$$;

-- a job for every row that came due after that moment and has none; how many there were
CREATE FUNCTION onrecord_wake_since(_from text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    due text := onrecord_text(clock_timestamp());
    woken bigint;
BEGIN
    SELECT count(*) FILTER (WHERE woke) INTO woken FROM (
        SELECT onrecord_wake('fetch', id::text, 0, onrecord_host_lock(url), NULL) AS woke
        FROM sources WHERE paused = 0 AND next_try_at > _from AND next_try_at <= due
            AND NOT onrecord_has_job('fetch', id::text)
        UNION ALL
        SELECT onrecord_wake('extract', 'entry ' || e.id, 1,
            coalesce(onrecord_host_lock(e.url), 'entry ' || e.id), NULL)
        FROM source_entries e JOIN sources s ON s.id = e.source_id AND s.paused = 0
        WHERE e.state = 'waiting' AND e.next_try_at > _from AND e.next_try_at <= due
            AND NOT onrecord_has_job('extract', 'entry ' || e.id)
        UNION ALL
        SELECT onrecord_wake('deliver-' || platform, chat, 10 - priority, 'chat ' || chat, NULL)
        FROM outbox_heads WHERE due_at <> '' AND due_at > _from AND due_at <= due
            AND NOT onrecord_has_job('deliver-' || platform, chat)
    ) AS found;
    RETURN woken;
END $$;

-- the same for what came due since this was called last; whoever comes while another is at it has nothing to do
CREATE FUNCTION onrecord_wake_due() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    began timestamptz := clock_timestamp();
    stands timestamptz;
BEGIN
    SELECT upto INTO stands FROM jobs_woken FOR UPDATE SKIP LOCKED;
    IF stands IS NULL THEN
        RETURN 0;
    END IF;
    UPDATE jobs_woken SET upto = began;
    -- a row may have been written by a transaction that ended after its moment
    RETURN onrecord_wake_since(onrecord_text(stands - interval '5 seconds'));
END $$;

-- a job for whatever is due and has none: what was copied in from elsewhere, or lost its job whatever the reason
CREATE FUNCTION onrecord_wake_missing() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    woken bigint;
BEGIN
    SELECT count(*) FILTER (WHERE woke) INTO woken FROM (
        SELECT onrecord_wake('fetch', id::text, 0, onrecord_host_lock(url), NULL) AS woke
        FROM sources WHERE paused = 0 AND next_try_at IS NULL AND NOT onrecord_has_job('fetch', id::text)
        UNION ALL
        SELECT onrecord_wake('extract', 'entry ' || e.id, 1,
            coalesce(onrecord_host_lock(e.url), 'entry ' || e.id), NULL)
        FROM source_entries e JOIN sources s ON s.id = e.source_id AND s.paused = 0
        WHERE e.state = 'waiting' AND e.next_try_at IS NULL AND NOT onrecord_has_job('extract', 'entry ' || e.id)
        UNION ALL
        SELECT onrecord_wake('deliver-' || platform, chat, 10 - priority, 'chat ' || chat, NULL)
        FROM outbox_heads WHERE due_at = '' AND NOT onrecord_has_job('deliver-' || platform, chat)
            AND NOT EXISTS (SELECT FROM outbox WHERE id = outgoing_id AND state = 'sending')
    ) AS found;
    RETURN woken + onrecord_wake_since('');
END $$;
SELECT onrecord_wake_missing();
"""
_FETCHING = """
-- the next job is the first of an index; right after a hundred thousand were written the planner knows of none, reads
-- all of them and sorts them, for each that is fetched, until they are analysed a minute later
DO $$ DECLARE
    fetching regprocedure;
BEGIN
    FOR fetching IN SELECT oid FROM pg_proc WHERE proname LIKE 'procrastinate_fetch_job%' LOOP
        EXECUTE format('ALTER FUNCTION %s SET enable_sort = off', fetching);
    END LOOP;
END $$;
"""
JOBS = PostgresMigrations(
    name="bot.jobs",
    steps=(
        ("waking", _WAKING),
        ("news", _NEWS),
        ("outbox", _OUTBOX),
        ("due", _DUE),
        ("pacing", PACING),
        ("submissions", SUBMISSIONS),
        ("hosts", HOSTS),
        ("fetching", _FETCHING),
        ("suspects", SUSPECTS),
        ("survey", SURVEY),
    ),
)
