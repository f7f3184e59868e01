"""The platforms' limits kept by all workers together: who sends next takes a slot, in one statement of PostgreSQL.

The rule is that of ``bot.outbox.pace``, with the server's clock; a test holds the two to the same slots. The tables are
not logged: after a crash of the server all have waited longer than any limit lasts.
"""

from __future__ import annotations

PACING = """
CREATE UNLOGGED TABLE sending_chats (
    chat text PRIMARY KEY, free_at timestamptz NOT NULL DEFAULT '-infinity', given timestamptz[] NOT NULL DEFAULT '{}');
CREATE INDEX sending_chats_free ON sending_chats (free_at);
CREATE UNLOGGED TABLE sending_platforms (
    platform text PRIMARY KEY, given timestamptz[] NOT NULL DEFAULT '{}',
    halted_until timestamptz NOT NULL DEFAULT '-infinity', slower double precision NOT NULL DEFAULT 0,
    refused text NOT NULL DEFAULT '', refused_at timestamptz NOT NULL DEFAULT 'epoch');

-- the next slot for a message to a chat. taken: it is; then wait: seconds until it, next: from then until the chat's
-- next one. Not taken: wait so long and ask again, for the chat's sake or for the platform's
CREATE FUNCTION onrecord_slot(_platform text, _chat text, _gap double precision, _group_a_minute integer,
    _a_second integer, _second double precision, _spread boolean, _patience double precision, _now timestamptz)
RETURNS TABLE (taken boolean, wait double precision, for_chat boolean, next double precision) LANGUAGE plpgsql AS $$
DECLARE
    c sending_chats;
    p sending_platforms;
    at timestamptz;
    slot timestamptz;
    many integer;
    whole double precision;
BEGIN
    INSERT INTO sending_chats (chat) VALUES (_chat) ON CONFLICT DO NOTHING;
    SELECT * INTO c FROM sending_chats WHERE chat = _chat FOR UPDATE;
    at := coalesce(_now, clock_timestamp());
    slot := greatest(at, c.free_at);
    IF cardinality(c.given) >= _group_a_minute THEN
        slot := greatest(slot, c.given[1] + interval '60 seconds');
    END IF;
    IF slot > at THEN
        RETURN QUERY SELECT false, extract(epoch FROM slot - at)::double precision, true, 0::double precision;
        RETURN;
    END IF;
    INSERT INTO sending_platforms (platform) VALUES (_platform) ON CONFLICT DO NOTHING;
    IF _a_second IS NULL THEN
        SELECT * INTO p FROM sending_platforms WHERE platform = _platform;
    ELSE
        SELECT * INTO p FROM sending_platforms WHERE platform = _platform FOR UPDATE;
    END IF;
    at := coalesce(_now, clock_timestamp());
    slot := greatest(at, p.halted_until);
    many := cardinality(p.given);
    IF many > 0 THEN
        whole := _second + p.slower;
        IF many >= _a_second THEN
            slot := greatest(slot, p.given[many - _a_second + 1] + make_interval(secs => whole));
        END IF;
        IF _spread AND _a_second IS NOT NULL THEN
            slot := greatest(slot, p.given[many] + make_interval(secs => whole / _a_second));
        END IF;
    END IF;
    IF slot > at + make_interval(secs => _patience) THEN
        RETURN QUERY SELECT false, extract(epoch FROM slot - at)::double precision, false, 0::double precision;
        RETURN;
    END IF;
    IF _a_second IS NOT NULL THEN
        UPDATE sending_platforms SET given = ARRAY(SELECT unnest(p.given || slot) ORDER BY 1 OFFSET
            greatest(0, many + 1 - _a_second)) WHERE platform = _platform;
    END IF;
    c.given := CASE WHEN _group_a_minute IS NULL THEN '{}'
        ELSE (c.given || slot)[greatest(1, cardinality(c.given) + 2 - _group_a_minute):] END;
    c.free_at := slot + make_interval(secs => _gap);
    UPDATE sending_chats SET given = c.given, free_at = c.free_at WHERE chat = _chat;
    IF cardinality(c.given) >= _group_a_minute THEN
        c.free_at := greatest(c.free_at, c.given[1] + interval '60 seconds');
    END IF;
    RETURN QUERY SELECT true, extract(epoch FROM slot - at)::double precision, false,
        extract(epoch FROM c.free_at - slot)::double precision;
END $$;

-- a platform told us to wait: once is meant for that chat, another chat right after for all, and all are slower then
CREATE FUNCTION onrecord_refused(_platform text, _chat text, _wait double precision, _together double precision,
    _slower double precision, _slowest double precision, _now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    at timestamptz := coalesce(_now, clock_timestamp());
    until timestamptz := at + make_interval(secs => _wait);
BEGIN
    INSERT INTO sending_chats AS c (chat, free_at) VALUES (_chat, until)
        ON CONFLICT (chat) DO UPDATE SET free_at = greatest(c.free_at, excluded.free_at);
    INSERT INTO sending_platforms (platform) VALUES (_platform) ON CONFLICT DO NOTHING;
    UPDATE sending_platforms
        SET halted_until = greatest(halted_until, until), slower = least(_slowest, slower + _slower)
        WHERE platform = _platform AND refused <> _chat AND at - refused_at <= make_interval(secs => _together);
    UPDATE sending_platforms SET refused = _chat, refused_at = at WHERE platform = _platform;
END $$;

-- what is being sent to a chat (own: by that worker; living: its worker lives), and with a due_at what goes next to it.
-- Whatever else the transaction asks is about single rows: it need not be planned anew each time
CREATE FUNCTION onrecord_turn(_chat text, _owner text, _silent double precision, _now text)
RETURNS TABLE (id bigint, own boolean, living boolean, due_at text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('plan_cache_mode', 'auto', true);
    RETURN QUERY SELECT o.id, o.owner = _owner, CASE WHEN o.owner ~ '^[0-9]{1,18}$' THEN EXISTS (
            SELECT 1 FROM procrastinate_workers w
            WHERE w.id = o.owner::bigint AND w.last_heartbeat >= now() - make_interval(secs => _silent))
        ELSE o.lease_until > _now END, NULL FROM outbox o WHERE o.chat = _chat AND o.state = 'sending'
    UNION ALL SELECT h.outgoing_id, NULL, NULL, h.due_at FROM outbox_heads h WHERE h.chat = _chat;
END $$;

CREATE FUNCTION onrecord_forget_paces() RETURNS void LANGUAGE sql AS $$
    DELETE FROM sending_chats WHERE free_at < now() - interval '2 minutes';
$$;
"""
