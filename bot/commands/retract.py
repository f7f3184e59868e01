"""/retract FACT WHY: an editor takes a fact back, for good."""

from __future__ import annotations

import re

from bot.commands.correct import reason
from bot.commands.lines import line
from bot.commands.replies import usage
from bot.commands.spec import Services, Spec
from bot.model import Command, Reply
from digests.errors import UserError

SPEC = Spec(
    name="retract",
    summary="Take a fact back for good; who has read it is told",
    usage="/retract FACT WHY",
    examples=("/retract 12 he was misquoted, the agency withdrew it",),
    aliases=("withdraw",),
    role="editor",
)
_CALL = re.compile(r"(?:fact\s+)?#?(\d{1,18})(?:[\s|:,]+(.*))?", re.IGNORECASE | re.DOTALL)


async def handle(command: Command, services: Services) -> Reply:
    called = _CALL.fullmatch(command.text.strip())
    if called is None:
        return usage(SPEC, typed=command.text)
    fact_id = int(called[1])
    found = await services.store.fact(fact_id)
    if found is None:
        return Reply(template="no_evidence", data={"id": fact_id})
    why = reason(called[2] or "", again=f"/retract {fact_id} ")
    gone = await services.store.retract(fact_id, by=command.origin.user, why=why, at=command.asked_at)
    if not gone:
        raise UserError(f"Fact {fact_id} was retracted before: see /evidence {fact_id}.")
    data = {**line(found), "edit": "retract", "why": why, "before_after": [], "also": gone[1:], "strangers": []}
    return Reply(template="edited", data=data)
