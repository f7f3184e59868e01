"""The platform of each outbox row in a column of its own, so that finding and counting rows reads no address.

What only rows that were sent or failed are looked up by is indexed when they are: queueing a hundred thousand is quick.
"""

from __future__ import annotations

_HEAD = """BEGIN
    INSERT INTO outbox_heads (chat, platform, outgoing_id, priority, due_at)
    SELECT chat, platform, id, priority, COALESCE(CASE state WHEN 'sending' THEN lease_until ELSE not_before END, '')
    FROM outbox WHERE chat = {one}.chat AND state IN ('pending', 'sending') ORDER BY priority, id LIMIT 1
    ON CONFLICT (chat) DO UPDATE SET platform = excluded.platform, outgoing_id = excluded.outgoing_id,
        priority = excluded.priority, due_at = MAX(excluded.due_at, waits_until);
    DELETE FROM outbox_heads WHERE chat IN (OLD.chat, {one}.chat) AND NOT EXISTS (
        SELECT 1 FROM outbox o WHERE o.chat = outbox_heads.chat AND o.state IN ('pending', 'sending'));
END;"""
COLUMN = f"""
ALTER TABLE outbox ADD COLUMN platform TEXT NOT NULL DEFAULT '';
UPDATE outbox SET platform = COALESCE(json_extract(address, '$.platform'), '');
DROP INDEX outbox_waiting;
CREATE INDEX outbox_waiting ON outbox (platform, state, queued_at) WHERE state IN ('pending', 'sending');
DROP INDEX outbox_gone;
CREATE INDEX outbox_gone ON outbox (ended_at, platform) WHERE state = 'sent';
DROP INDEX outbox_states;
CREATE INDEX outbox_states ON outbox (state, ended_at) WHERE ended_at IS NOT NULL;
DROP INDEX outbox_chat;
CREATE INDEX outbox_chat ON outbox (chat, id) WHERE state = 'sent';

DROP TRIGGER outbox_head_queued;
CREATE TRIGGER outbox_head_queued AFTER INSERT ON outbox WHEN NEW.state = 'pending' BEGIN
    INSERT INTO outbox_heads (chat, platform, outgoing_id, priority, due_at)
    VALUES (NEW.chat, NEW.platform, NEW.id, NEW.priority, COALESCE(NEW.not_before, ''))
    ON CONFLICT (chat) DO UPDATE SET platform = excluded.platform, outgoing_id = excluded.outgoing_id,
        priority = excluded.priority, due_at = MAX(excluded.due_at, waits_until)
    WHERE excluded.priority < outbox_heads.priority;
END;
DROP TRIGGER outbox_head_changed;
CREATE TRIGGER outbox_head_changed AFTER UPDATE OF state, priority, not_before, lease_until, chat ON outbox
{_HEAD.format(one="NEW")}
DROP TRIGGER outbox_head_deleted;
CREATE TRIGGER outbox_head_deleted AFTER DELETE ON outbox WHEN OLD.state IN ('pending', 'sending')
{_HEAD.format(one="OLD")}
"""
"""The triggers that keep ``outbox_heads`` (see ``outgoing``) do as before."""
