"""How a message that was delivered is replaced by what it says now: which of its parts are edited. Pure.

Only parts that read otherwise are edited. Where the platform cannot edit, or the parts are no longer as many as were
sent, a message that tells what changed goes out in reply.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.books import codec
from bot.model import Address, Outgoing, Reply
from bot.render.message import Message

Draw = Callable[[Reply, Address], Sequence[Message]]
"""How a reply becomes messages on the platform it goes to."""
_FOR_ONCE = frozenset({"response", "home"})
"""What Slack takes in without telling a message's name."""


def messages_of(row: Outgoing, draw: Draw) -> Sequence[Message]:
    """What a row sends: its reply, or edits of what another row sent, each with the answer that may stand in for it."""
    if row.edits is None:
        return draw(row.reply, row.address)
    if not row.places:
        return []  # nobody has read it
    notice = draw(row.reply, row.address)
    before, after = (codec.reply_of(row.reply.data[name]) for name in (codec.EDIT_BEFORE, codec.EDIT_AFTER))
    parts = changed(draw(before, row.address), draw(after, row.address), delivered=len(row.places))
    if parts is None or not editable(row):
        return notice
    return [replace(message, part=part, instead=tuple(notice)) for part, message in parts]


def changed(before: Sequence[Message], after: Sequence[Message], *, delivered: int) -> list[tuple[int, Message]] | None:
    """Of the parts that were delivered those that read otherwise now; ``None`` when they cannot be told apart."""
    if len(before) != len(after) or delivered > len(before):
        return None
    return [(part, after[part]) for part in range(delivered) if before[part] != after[part]]


def editable(row: Outgoing) -> bool:
    """Whether the platform lets a bot edit what a row's target sent: in Slack not what one person alone was shown."""
    if row.address.platform == "telegram":
        return True
    whispered = bool(row.address.user) and not row.address.chat.startswith(("slack:D", "slack:U", "slack:W"))
    return row.address.platform == "slack" and not whispered and not _FOR_ONCE & set(row.places)


def answering(row: Outgoing) -> Address:
    """Where a row's message goes: of one that tells of a correction, in reply to what it corrects."""
    address = row.address
    if row.edits is None or not row.places:
        return address
    if address.platform == "telegram":
        return replace(address, reply_to=row.places[0])
    if address.platform == "slack" and editable(row):
        return replace(address, thread=address.thread or row.places[0])
    return address
