"""What keeps ``outbox_heads`` on PostgreSQL, where several may write to a chat's outbox at once.

The row of a chat in ``outbox_heads`` is the chat's lock: whoever changes what is open for a chat first holds it (or
adds it) until the transaction ends, and only then looks what is open. Each statement of a trigger sees what was
committed before it began (READ COMMITTED), so whoever waited for the lock sees what the other one did. A head's row
that is gone by then is added anew by whoever queues.
"""

from __future__ import annotations

TRIGGERS = """
CREATE FUNCTION outbox_heads_queued() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO outbox_heads (chat, platform, outgoing_id, priority, due_at)
    SELECT DISTINCT ON (chat) chat, platform, id, priority, COALESCE(not_before, '')
    FROM queued WHERE state = 'pending' ORDER BY chat, priority, id
    ON CONFLICT (chat) DO UPDATE SET platform = excluded.platform, outgoing_id = excluded.outgoing_id,
        priority = excluded.priority, due_at = GREATEST(excluded.due_at, outbox_heads.waits_until)
    WHERE excluded.priority < outbox_heads.priority;
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_heads_queued AFTER INSERT ON outbox
    REFERENCING NEW TABLE AS queued FOR EACH STATEMENT EXECUTE FUNCTION outbox_heads_queued();

CREATE FUNCTION outbox_head_of(changed text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    was outbox_heads;
    due text;
    following record;
BEGIN
    SELECT * INTO was FROM outbox_heads WHERE chat = changed FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO outbox_heads (chat, platform, outgoing_id, priority, due_at)
        SELECT chat, platform, id, priority, ''
        FROM outbox WHERE chat = changed AND state IN ('pending', 'sending') LIMIT 1
        ON CONFLICT (chat) DO UPDATE SET platform = outbox_heads.platform RETURNING * INTO was;
        IF NOT FOUND THEN
            RETURN;
        END IF;
    END IF;
    SELECT platform, id, priority, COALESCE(CASE state WHEN 'sending' THEN lease_until ELSE not_before END, '') AS at
    INTO following
    FROM outbox WHERE chat = changed AND state IN ('pending', 'sending') ORDER BY priority, id LIMIT 1;
    IF NOT FOUND THEN
        DELETE FROM outbox_heads WHERE chat = changed;
        RETURN;
    END IF;
    due := GREATEST(following.at, was.waits_until);
    IF (was.platform, was.outgoing_id, was.priority, was.due_at)
            IS DISTINCT FROM (following.platform, following.id, following.priority, due) THEN
        UPDATE outbox_heads SET platform = following.platform, outgoing_id = following.id,
            priority = following.priority, due_at = due WHERE chat = changed;
    END IF;
END $$;

CREATE FUNCTION outbox_head_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM outbox_head_of(NEW.chat);
    IF OLD.chat <> NEW.chat THEN
        PERFORM outbox_head_of(OLD.chat);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_head_changed AFTER UPDATE OF state, priority, not_before, lease_until, chat ON outbox
    FOR EACH ROW WHEN (OLD.state IN ('pending', 'sending') OR NEW.state IN ('pending', 'sending'))
    EXECUTE FUNCTION outbox_head_changed();

CREATE FUNCTION outbox_head_deleted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM outbox_head_of(OLD.chat);
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_head_deleted AFTER DELETE ON outbox FOR EACH ROW
    WHEN (OLD.state IN ('pending', 'sending')) EXECUTE FUNCTION outbox_head_deleted();
"""
