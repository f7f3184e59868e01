"""All commands, in the order /help lists them. To add one: write its module, put it here."""

from __future__ import annotations

from collections.abc import Mapping

from bot.commands import (
    about,
    add,
    correct,
    deadlines,
    digest,
    evidence,
    export,
    facts,
    feeds,
    follow,
    following,
    help,
    import_,
    invite,
    join,
    latest,
    members,
    mute,
    numbers,
    pause,
    remind,
    resume,
    retract,
    revoke,
    said,
    settings,
    sides,
    start,
    status,
    story,
    subscribe,
    timeline,
    unfollow,
    unsubscribe,
    who,
    why,
)
from bot.commands.spec import Registered

COMMANDS: tuple[Registered, ...] = (
    Registered(spec=who.SPEC, handle=who.handle),
    Registered(spec=said.SPEC, handle=said.handle),
    Registered(spec=about.SPEC, handle=about.handle),
    Registered(spec=deadlines.SPEC, handle=deadlines.handle),
    Registered(spec=numbers.SPEC, handle=numbers.handle),
    Registered(spec=sides.SPEC, handle=sides.handle),
    Registered(spec=timeline.SPEC, handle=timeline.handle),
    Registered(spec=latest.SPEC, handle=latest.handle),
    Registered(spec=digest.SPEC, handle=digest.handle),
    Registered(spec=why.SPEC, handle=why.handle),
    Registered(spec=story.SPEC, handle=story.handle),
    Registered(spec=facts.SPEC, handle=facts.handle),
    Registered(spec=evidence.SPEC, handle=evidence.handle),
    Registered(spec=follow.SPEC, handle=follow.handle),
    Registered(spec=following.SPEC, handle=following.handle),
    Registered(spec=unfollow.SPEC, handle=unfollow.handle),
    Registered(spec=mute.SPEC, handle=mute.handle),
    Registered(spec=remind.SPEC, handle=remind.handle),
    Registered(spec=add.SPEC, handle=add.handle),
    Registered(spec=correct.SPEC, handle=correct.handle),
    Registered(spec=retract.SPEC, handle=retract.handle),
    Registered(spec=feeds.SPEC, handle=feeds.handle),
    Registered(spec=import_.SPEC, handle=import_.handle),
    Registered(spec=export.SPEC, handle=export.handle),
    Registered(spec=status.SPEC, handle=status.handle),
    Registered(spec=subscribe.SPEC, handle=subscribe.handle),
    Registered(spec=unsubscribe.SPEC, handle=unsubscribe.handle),
    Registered(spec=pause.SPEC, handle=pause.handle),
    Registered(spec=resume.SPEC, handle=resume.handle),
    Registered(spec=settings.SPEC, handle=settings.handle),
    Registered(spec=join.SPEC, handle=join.handle),
    Registered(spec=members.SPEC, handle=members.handle),
    Registered(spec=invite.SPEC, handle=invite.handle),
    Registered(spec=revoke.SPEC, handle=revoke.handle),
    Registered(spec=help.SPEC, handle=help.handler(lambda: [each.spec for each in COMMANDS])),
    Registered(spec=start.SPEC, handle=start.handle),
)


def by_word(commands: tuple[Registered, ...] = COMMANDS) -> Mapping[str, Registered]:
    """Commands by every word that calls them: name and aliases."""
    return {word: each for each in commands for word in (each.spec.name, *each.spec.aliases)}
