"""Replies and addresses as the JSON that lies in the database, and back.

Data of a reply is plain: strings, numbers, lists, mappings with string keys, days and moments. A tuple comes back as
a list, which templates cannot tell apart.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from bot.model import Address, Attachment, Button, Reply

_DAY = "~day"
_MOMENT = "~moment"
EDIT_BEFORE, EDIT_AFTER = "edit_before", "edit_after"
"""In the data of a row that edits another: the replies, as text, that the other one was and is from now on."""


def dumps(value: Any) -> str:
    """JSON text; days and moments are tagged. Raises ``TypeError`` for what is not plain data."""
    return _ENCODER.encode(value)


def loads(text: str) -> Any:
    """The plain data that ``dumps`` was given."""
    return json.loads(text, object_hook=_untagged)


_latest: tuple[Reply, str] | None = None


def reply_text(reply: Reply) -> str:
    """A reply as JSON text; that of the latest one is remembered, for many may be sent the same."""
    global _latest
    latest = _latest
    if latest is None or latest[0] is not reply:
        latest = _latest = (reply, _reply_text(reply))
    return latest[1]


def _reply_text(reply: Reply) -> str:
    rows = [[[button.label, button.command] for button in row] for row in reply.buttons]
    file = [reply.file.name, reply.file.text] if reply.file else None
    return dumps({"template": reply.template, "data": dict(reply.data), "buttons": rows, "file": file})


def reply_of(text: str) -> Reply:
    found = loads(text)
    rows = tuple(tuple(Button(label=label, command=command) for label, command in row) for row in found["buttons"])
    file = Attachment(name=found["file"][0], text=found["file"][1]) if found.get("file") else None
    return Reply(template=found["template"], data=found["data"], buttons=rows, file=file)


def address_text(address: Address) -> str:
    return dumps({name: value for name, value in zip(_OF_ADDRESS, _values(address), strict=True) if value})


def address_of(text: str) -> Address:
    return Address(**loads(text))


def _tagged(value: object) -> Any:
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat()}
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"a reply's data must be plain, not {type(value).__name__}")


_ENCODER = json.JSONEncoder(default=_tagged, ensure_ascii=False, separators=(",", ":"))
_OF_ADDRESS = tuple(each.name for each in fields(Address))
_values = attrgetter(*_OF_ADDRESS)


def _untagged(value: dict[str, Any]) -> Any:
    if len(value) == 1:
        if _DAY in value:
            return date.fromisoformat(value[_DAY])
        if _MOMENT in value:
            return datetime.fromisoformat(value[_MOMENT])
    return value
