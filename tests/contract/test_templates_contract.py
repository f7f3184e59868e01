"""Every template, on every platform, with hostile data: within every limit, nothing lost, nothing injected."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.books.shown import fact_of, mappings_in
from bot.model import Button, Reply
from bot.render import Canvas, Message, Renderer, templates_dir
from bot.render.markup import seen
from bot.render.plain import shown
from bot.render.split import GOES_ON, WENT_ON, units

RENDERER = Renderer()
URL = "https://wire.example/a?b=1&c=2"
HOSTILE = {
    "plain words": "Turkey says it met its duties",
    "tags": "<b>x</b> <script>alert(1)</script> 5 < 6 & \"7\" '8' &amp; &nbsp;",
    "mentions": "<!channel> <@U1> <#C1|x> @here @everyone <https://evil.example|click>",
    "formats": "*bold* _it_ ~no~ `code` ```pre``` > quote [a](http://evil.example) :tada: #tag",
    "template": "{{ 7 * 7 }} {% raw %} {# no #}",
    "marks": "\x10Bbold\x10b \x10S \x10Qq \x10L/evil\x10Mx\x10l \x10",
    "controls": "a\x00b\x1b[2Jc\x07d\x7fe\x9bf\x1eg",
    "bidi": "\u202eevil\u202c \u2066iso\u2069 \u200b\ufeff",
    "lines": "one\ntwo\r\nthree\u2028four\n\n\n# five\n/start",
    "emoji": "👩\u200d👩\u200d👧 🇹🇷 é e\u0301 " * 20,
    "long": "word " * 1000,
    "long without a blank": "x" * 5000,
    "long emoji": "😀" * 5000,
    "long escapes": "<&>" * 1700,
    "long lines": "line of a list\n" * 350,
}
ACTION_ID = re.compile(r"[a-z0-9_]{1,255}")


def line(h: str) -> dict[str, Any]:
    """A fact's line, every text of it hostile."""
    return {
        "id": 12,
        "kind": "statement",
        "who": h,
        "summary": h,
        "quote": h,
        "status": "corrected",
        "proposed": True,
        "press": "/evidence 12",
        "article": 1,
        "title": h,
        "source": h,
        "url": URL,
        "day": "2020-02-15",
    }


def due(h: str) -> dict[str, Any]:
    dates = {
        "due_from": "2020-02-29",
        "due_to": "2020-03-01",
        "boundary": "by",
        "standing": "passed",
        "distance": "ago",
    }
    texts = {"actor": h, "action": h, "condition": h, "task": h, "sources": [line(h)] * 2}
    return {**line(h), **dates, **texts, "kind": "deadline"}


def history(h: str) -> list[dict[str, Any]]:
    """What editors said about a fact."""
    changes = [
        {"what": "summary", "before": h, "after": ""},
        {"what": "due", "before": ["2020-02-29"], "after": ["2020-03-01", "2020-03-02"]},
    ]
    told = {"by": h, "why": h, "day": "2020-02-16", "time": "09:30", "line": h}
    return [{"kind": "correct", "changes": changes, **told}, {"kind": "retract", "changes": [], **told}]


def marks(h: str) -> list[dict[str, Any]]:
    """What a line of a message that was put right says of it."""
    told = {"why": h, "after": h, "changes": history(h)[0]["changes"]}
    bare: dict[str, Any] = {"why": "", "after": "", "changes": []}
    kinds = ("corrected", "retracted", "gone", "restored")
    return [{"kind": kind, **each} for kind in kinds for each in (told, bare)]


def marked(data: Any) -> Any:
    """A reply's data with every line of a fact marked as retracted."""
    if isinstance(data, Mapping):
        made = {key: marked(each) for key, each in data.items()}
        return made | ({"mark": {**marks("")[3], "why": "a slip"}} if fact_of(made) is not None else {})
    return [marked(each) for each in data] if isinstance(data, list) else data


def feed(h: str, state: str) -> dict[str, Any]:
    texts = {"title": h, "url": URL, "address": h, "error": h, "read": "5 min ago", "new": "2 days ago"}
    return {"id": 3, "state": state, "since": "2020-02-15", "next": "in 3 h", **texts}


def follow(h: str, kind: str = "words", muted: str = "until") -> dict[str, Any]:
    words = {"any_of": [h, h], "all_of": [h], "none_of": [h]}
    flags = {"urgent": True, "remind": "2 days", "muted": muted, "muted_day": "2020-02-16", "muted_time": "09:00"}
    return {"id": 3, "kind": kind, "label": h, "story": 12, **words, **flags}


def wanted(h: str) -> dict[str, Any]:
    return {"people": [h, h], "words": [h], "must": [h], "without": [h], "sources": [h]}


def ordered(h: str, frequency: str = "daily", paused: str = "") -> dict[str, Any]:
    """A subscription, every text of it hostile."""
    times = {"time": "08:00", "minute": "00", "next_time": "08:00", "paused_time": "12:00"}
    days = {"weekday": "Monday", "next_day": "2020-02-16", "paused_day": "2020-02-18"}
    how = {"length": "short", "silent": True, "elsewhere": h, "held": True, "zone": h}
    return {"id": 7, "frequency": frequency, "paused": paused, **wanted(h), **times, **days, **how}


def shared_story(h: str) -> dict[str, Any]:
    """Who tells a story."""
    return {"articles": 3, "outlets": 2, "origins": 1, "named": [h]}


def digest(h: str) -> dict[str, Any]:
    """A digest with every section and every kind of line."""
    reasons = [{"points": 1.5, "text": h}, {"points": -0.5, "text": h}]
    shared = {"number": 3, "tag": "new", "office": h, "outlets": 3, "origins": 1, "reasons": reasons, "score": 1.0}
    said = {**line(h), **shared, "quotes": [h], "other": None}
    beside = {**said, "measure": h, "other": {**line(h), "measure": h, "quotes": [h]}}
    story = {**line(h), **shared, "quotes": [h, h], "articles": 2, "story_outlets": 2, "story_origins": 1, "named": [h]}
    revised = {**line(h), **shared, "tag": "retracted", "before": h, "after": h, "by": h, "why": h}
    items = {
        "top": [story, {**story, "articles": 1, "short": {"text": h, "model": h}}],
        "record": [said],
        "ahead": [{**due(h), **shared, "quotes": [h]}],
        "passed": [{**due(h), **shared, "quotes": []}],
        "figures": [{**beside, "note": {"kind": kind}} for kind in ("older", "copy", "contradiction")],
        "denials": [said, beside],
        "changes": [revised, {**revised, "by": ""}, {**revised, "before": "", "by": "", "id": 0}],
    }
    return {
        "day": "2020-02-15",
        "first": "2020-02-15",
        "since": "2020-02-14",
        "composed": "changes",
        "articles": 9,
        "outlets": 5,
        "stories": 1,
        "older": 1,
        "skipped": 2,
        "topic": h,
        "newest": "2020-02-15",
        "preview": True,
        "sections": [{"name": name, "items": lines, "more": 2} for name, lines in items.items()],
        "troubles": [feed(h, state) for state in ("failing", "silent")],
        "more_troubles": 2,
    }


def person(h: str) -> dict[str, Any]:
    return {"id": 1, "name": h, "type": "person", "role": h, "day": "2020-02-15"}


@cache
def samples(h: str) -> Mapping[str, Mapping[str, Any]]:
    """Data for every template there is."""
    note = {"measure": h, "source": h, "day": "2020-02-15", "own": h, "other": h}
    notes = [{"kind": kind, "scope": "place", **note} for kind in ("contradiction", "scope", "older", "copy")]
    notes += [{"kind": "scope", "scope": "place", **note, side: ""} for side in ("own", "other")]
    scope = {"topic": h, "story": 7, "since": "2020-02-01", "until": "2020-02-15", "page": 2}
    spent = {"requests": 12, "cached": 1, "failed": 2, "tokens": 3456, "price": "0.0123"}
    count = {"articles": 2, "facts": 3000, "newest": "2020-02-15", "oldest": "2020-02-01", "today": "2020-02-15"}
    timed = {
        **line(h),
        "from": "2020-02-15",
        "to": "2020-02-16",
        "standing": "ahead",
        "distance": "soon",
        "told": "2020-02-15",
    }
    told = {"articles": 9, "outlets": 5, "origins": 4, "named": [h] * 3, "first": "2020-02-01", "last": "2020-02-15"}
    role = {"text": h, "day": "2020-02-15", "since": "2020-02-01", "press": "/evidence 3", "source": h, "url": URL}
    passages = [{"before": h, "quote": h, "after": h}] * 2
    usage = {"name": "said", "summary": h, "usage": h, "examples": [h, h], "aliases": [h], "typed": h, "role": "editor"}
    return {
        "about": {"lines": [line(h)] * 5, **scope},
        "add_refused": {"why": "undated", "link": h},
        "added": {
            "article": 3,
            "title": h,
            "source": h,
            "day": "2020-02-15",
            "outcome": "new",
            "kinds": [{"kind": "figure", "count": 2}],
            "article_language": "en",
            "cut": True,
            "press": "/facts 3",
        },
        "apology": {"id": "ab12", "detail": h, "store": True},
        "deadlines": {"today": "2020-02-15", "dues": [due(h)] * 6, **scope},
        "digest": {**digest(h), "web": URL},
        "error": {"text": h},
        "evidence": {
            **due(h),
            "passages": passages,
            "published": "2020-02-15",
            "origin": "grammar",
            "versions": {
                "older": 1,
                "newer": 2,
                "state": "changed",
                "before": [{"text": h, "changed": True}, {"text": h, "changed": False}],
                "after": [{"text": h, "changed": False}, {"text": h, "changed": True}],
            },
            "edits": history(h),
            "web": URL,
        },
        "evidence_refused": line(h),
        "link_ended": {"ended": True},
        "web_address": {
            "what": "feed",
            "state": "made",
            "url": URL,
            "about": h,
            "kinds": ["statement", "figure"],
            "since": "2020-02-15",
            "again": "/atom new",
            "off": "/atom off",
        },
        "evidence_retracted": {**line(h), "edits": history(h), "web": URL},
        "correction": {"lines": [{**line(h), "before": h, "mark": each} for each in marks(h)], "day": "2020-02-15"},
        "edited": {
            **line(h),
            "edit": "retract",
            "why": h,
            "before_after": history(h)[0]["changes"],
            "also": [12, 13],
            "strangers": [h],
        },
        "facts": {
            **line(h),
            "lines": [line(h)] * 8,
            "copy": {"article": 12, "source": h, "percent": 94, "verbatim": True, "press": "/facts 12"},
            "page": 2,
        },
        "expired": {},
        "feeds": {
            "lines": [feed(h, state) for state in ("ok", "new", "failing", "trouble", "silent", "paused")],
            "sources": 6,
            "failing": 2,
            "paused": 1,
            "waiting": 3,
            "undated": [h] * 5,
            "undated_more": True,
            "page": 2,
            "adds": True,
        },
        "file_left": {"name": h},
        "feed_said": {"what": "added", "entries": 12, **feed(h, "new")},
        "exported": {"what": "facts", "count": 2000, "clipped": True},
        "alert": {
            "waited": True,
            "articles": 4,
            "sections": [
                {
                    "id": 3,
                    "label": h,
                    "kind": "story",
                    "urgent": True,
                    "articles": 2,
                    "count": 9,
                    "more": 6,
                    "lines": [{**due(h), "quotes": [h]}, {**line(h), "quotes": [h, h]}],
                    "ask": "/story 12",
                }
            ]
            * 2,
        },
        "follow_said": {"line": follow(h), "what": "followed", "nobody": h, "told": True},
        "following": {
            "lines": [follow(h), follow(h, "story", "forever"), follow(h, "person", ""), follow(h, "deadlines")],
            "reminders": [{**due(h), "remind": 3, "at_day": "2020-02-28", "at_time": "09:00"}] * 2,
            "count": 9,
            "page": 2,
        },
        "which_follow": {"typed": h, "labels": [{"id": 3, "label": h}] * 8},
        "no_such_story": {"number": 12},
        "reminder": {"lines": [{**due(h), "quotes": [h]}] * 3, "more": 2},
        "reminder_changed": {"what": "moved", "line": {**due(h), "quotes": [h]}, "lead": "1 day", "was": "2020-02-28"},
        "reminder_said": {
            "what": "set",
            "line": {**due(h), "quotes": [h]},
            "lead": "1 day",
            "told": False,
            "at_day": "2020-02-28",
            "at_time": "09:00",
        },
        "too_many_follows": {"most": 200},
        "imported": {"new": 12, "known": 1, "refused": [{"url": h, "reason": h}] * 10, "more": 3},
        "help": {"lines": [{"usage": h, "summary": h, "name": "x"}] * 15},
        "joined": {"outcome": "admitted", "kind": "person", "role": "editor", "platform": "telegram"},
        "invited": {
            "too_much": False,
            "kind": "chat",
            "role": "editor",
            "until": "2020-02-22",
            "slack": True,
            "secret": {"code": "abcde-fghij-klmno-pqrst", "link": URL},
        },
        "members": {
            "lines": [{"name": "telegram:7", "called": h, "role": "editor", "by": h, "day": "2020-02-15"}] * 15,
            "page": 1,
        },
        "member_said": {"what": "revoked", "name": "telegram:7", "called": h, "role": "editor"},
        "audit": {
            "lines": [
                {
                    "at": "2020-02-15T12:00+00:00",
                    "day": "2020-02-15",
                    "time": "12:00",
                    "who": h,
                    "chat": "telegram:7",
                    "did": h,
                    "outcome": "added",
                }
            ]
            * 15,
            "page": 1,
        },
        "only_private": {"command": "members"},
        "slow_down": {},
        "latest": {"lines": [{**line(h), **told}] * 8, **scope},
        "no_evidence": {"id": 12},
        "no_facts": {
            "number": h,
            "page": 1,
            "article_language": "de",
            "head": {"title": h, "source": h, "url": URL, "day": "2020-02-15"},
        },
        "no_such_link": {"link": h},
        "no_such_help": {"typed": h, "names": [h]},
        "nobody": {"name": h, "similar": [person(h)] * 5},
        "not_allowed": {"command": "add", "user": h, "role": "reader", "needs": "editor"},
        "nothing": {"what": "statements", "who": h, "tries": [h], **scope},
        "numbers": {
            "groups": [
                {"unit": h, "verdict": verdict, "lines": [{**line(h), "measure": h, "note": note, "carried": 2}] * 4}
                for verdict, note in (
                    ("contradiction", notes[0]),
                    ("scope", notes[1]),
                    ("older", notes[2]),
                    ("copy", notes[3]),
                    (None, None),
                )
            ],
            "clipped": 60,
            "few": True,
            **scope,
        },
        "numbers_chart": {
            "groups": [
                {"unit": h, "verdict": verdict, "lines": [{**line(h), "measure": h, "number": 3}] * 4, "left": 2}
                for verdict in ("contradiction", "scope", "older", "copy", None)
            ],
            "clipped": 60,
            **scope,
        },
        "ask": {
            "question": h,
            "understood": {"kept": [h, h], "question": h},
            "shape": "changed",
            "since": "2020-02-14",
            "facts": [{**line(h), "number": 1}] * 2,
            "sentence": None,
            "disagree": True,
            "nearest": [{**line(h), "text": h, "number": 3}],
            "as_of": "2020-02-15",
            "worded": {"model": h, "sentences": [{"text": h, "passages": [1, 3]}] * 2},
        },
        "brief": {
            "title": h,
            "head": {**line(h), "press": None, "quotes": [h, h, h]},
            "whole": {"first": "2020-02-14", "last": "2020-02-15", **shared_story(h)},
            "copy": None,
            "added": True,
            "story": 3,
            "people": [{"name": h, "text": h, "day": "2020-02-15", "press": "/evidence 12"}] * 5,
            "numbers": [{**line(h), "measure": h}] * 5,
            "more_numbers": 3,
            "dues": [due(h)] * 4,
            "more_dues": 2,
        },
        "compare": {
            "sides": [
                {
                    "name": h,
                    "kind": "person",
                    "office": h,
                    "denies": True,
                    "claims": [{**line(h), "denies": True}] * 3,
                    "more": 3,
                    "figures": [{**line(h), "measure": h, "note": each} for each in (notes[0], None)],
                },
                {"name": h, "kind": "outlet", "office": "", "denies": False, "claims": [], "more": 0, "figures": []},
            ],
            **scope,
        },
        "ask_whom": {"pronoun": h, "question": h, "by_reply": True},
        "plain_text": {"typed": h},
        "refused": {"private": False, "chat": h, "user": h},
        "said": {"name": h, "lines": [line(h)] * 5, **scope},
        "no_such_subscription": {"number": h},
        "not_manager": {"command": "settings", "platform": "slack"},
        "ordered_digest": {
            **digest(h),
            "ordered": wanted(h),
            "dropped": [{"day": "2020-02-15", "time": "08:00"}, {"day": "2020-02-16", "time": ""}],
        },
        "paused": {"what": "paused", "lines": [ordered(h, paused=each) for each in ("", "until", "for good")]},
        "subscribe_who": {"name": h, "several": True, "people": [person(h)] * 3},
        "subscribed": {"what": "new", "town": h, "s": ordered(h)},
        "subscriptions": {
            "lines": [ordered(h, each) for each in ("hourly", "daily", "weekdays", "weekly")],
            "most": 20,
        },
        "unsubscribed": {"lines": [ordered(h)] * 2, "left": 1},
        "settings": {
            "zone": h,
            "article_language": "de",
            "language_name": h,
            "today": "2020-02-15",
            "time": "12:00",
            "quiet_from": "22:00",
            "quiet_to": "07:00",
            "length": "full",
            "silent": True,
            "changed": False,
        },
        "settings_unknown": {"typed": h, "near": [h]},
        "story": {**line(h), **told, "lines": [{**line(h), "origin": h}] * 8, **scope},
        "sides": {
            "sides": [{"name": h, "denies": True, "claims": [{**line(h), "denies": True}] * 3, "more": 2}] * 3,
            "disputes": [{**line(h), "measure": h, "note": each} for each in notes],
            "clipped": 60,
            "alone": True,
            **scope,
        },
        "start": count,
        "chats_paused": {"chats": [{"chat": h, "reason": h}] * 3, "more": 2},
        "status": {
            **count,
            "people": 4,
            "stories": 2,
            "sources": 9,
            "paused": 1,
            "unread": 3,
            "given_up": 2,
            "ill": [feed(h, state) for state in ("failing", "silent")] * 2,
            "more_ill": 4,
            "kinds": [{"kind": h, "count": 2}],
            "pending": 1,
            "failed": 0,
            "parked": 2,
            "oldest_minutes": 3,
            "last_minute": 900,
            "unreachable": 4,
            "work": {"kinds": [{"kind": h, "waiting": 3, "running": 1}], "minutes": 4, "parked": 2},
            "troubles": [{"what": h, "reason": h, "count": 2, "day": "2020-02-15"}] * 10,
        },
        "cost": {
            "configured": True,
            "budget": 50000,
            "left": 1234,
            "today": spent,
            "month": spent,
            "days": 30,
            "all": spent,
            "chats": [{"chat": h, **spent}] * 10,
        },
        "timeline": {"today": "2020-02-15", "lines": [timed] * 8, "clipped": 60, "few": 2, **scope},
        "timeline_chart": {
            "today": "2020-02-15",
            "lines": [
                {**timed, "number": 3, "shape": shape, "doubt": doubt}
                for shape in ("deadline", "event", "happened", "reported")
                for doubt in ("", "2020-02-08")
            ],
            "clipped": 60,
            **scope,
        },
        "too_long": {"name": "who", "length": 4000, "longest": 300, "usage": h, "examples": [h]},
        "unknown": {"typed": h, "meant": h},
        "usage": usage,
        "which": {"name": h, "people": [person(h)] * 8, "more": 3},
        "why": {
            "number": 3,
            "section": "record",
            "title": h,
            "day": "2020-02-15",
            "reasons": [{"points": 1.5, "text": h}, {"points": -0.5, "text": h}],
            "total": 1.0,
            "f": {"source": h, "url": URL, "day": "2020-02-15"},
        },
        "why_none": {"lines": 3},
        "who": {
            "name": h,
            "type": "person",
            "aliases": [h] * 3,
            "roles": [role] * 3,
            "said": [line(h)] * 3,
            "more": True,
        },
    }


CASES = [(template, kind) for kind in HOSTILE for template in samples("")]
EVERY = pytest.mark.parametrize(
    ("template", "kind"),
    [pytest.param(*case, marks=pytest.mark.no_cover if case[1].startswith("long") else ()) for case in CASES],
    scope="module",
)
"""All canvases of a case run one after the other. Long texts run no line that short ones do not: they go uncounted."""
QUOTING = ("about", "digest", "evidence", "numbers", "said", "sides", "who")


@lru_cache(maxsize=8)
def drawn(template: str, kind: str, canvas: Canvas) -> list[Message]:
    h = HOSTILE[kind]
    buttons = tuple((Button(label=h, command=f"/who {h}"[:300]),) for _ in range(8))
    return RENDERER.render(Reply(template=template, data=samples(h)[template], buttons=buttons), canvas)


class TelegramHtml(HTMLParser):
    """Telegram's parser: five tags, properly nested, no attribute but a link's href; anything else is refused."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.quotes, self.links, self.entities = "", [""], [], 0
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("b", "i", "a", "code", "blockquote"), tag
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
        assert tag not in self._open
        self.links += [value for _, value in attrs]
        self.entities += 1
        self._open.append(tag)
        if tag == "blockquote":
            self.quotes.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "blockquote" in self._open:
            self.quotes[-1] += data

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    handle_comment = handle_pi = unknown_decl = handle_decl


def letters(text: str) -> str:
    """What must not be lost: everything but blanks, what cannot be seen, and the mark of a quotation."""
    return "".join(seen(text).replace(">", "").replace("\u2400", "\ufffd").split())


def without_marks(text: str) -> str:
    return text.replace(GOES_ON.text, "").replace(WENT_ON.text, "")


@lru_cache(maxsize=8)
def whole(template: str, kind: str) -> str:
    """All that is to be read, as plain text has it in one piece."""
    (message,) = RENDERER.render(Reply(template=template, data=samples(HOSTILE[kind])[template]), "plain")
    return message.text


def test_every_template_is_held_to_the_contract() -> None:
    assert {path.stem for path in templates_dir().glob("[!_]*.j2")} == set(samples(""))


@EVERY
def test_telegram(template: str, kind: str) -> None:
    messages = drawn(template, kind, "telegram")
    read = [TelegramHtml(message.text) for message in messages]
    for message, each in zip(messages, read, strict=True):
        assert each.text.strip()
        assert 1 <= units(each.text) <= 4096
        assert 1 <= units(message.plain) <= 4096
        assert each.entities <= 100
        assert set(each.links) <= {URL}
        assert "&nbsp;" not in message.text.replace("&amp;nbsp;", "")
    assert all(units(button.label) <= 64 for row in messages[-1].buttons for button in row)
    assert not any(message.buttons for message in messages[:-1])
    if template in QUOTING and "\x00" not in HOSTILE[kind]:
        assert set("".join("".join(each.quotes) for each in read).split(HOSTILE[kind])) == {""}
    text = letters(shown(without_marks("".join(each.text for each in read))))
    assert re.sub(r"_(12|3|1)", r"\1", text) == re.sub(r"_(12|3|1)", r"\1", letters(whole(template, kind)))


@EVERY
def test_slack(template: str, kind: str) -> None:
    messages = drawn(template, kind, "slack")
    for message in messages:
        assert 1 <= len(message.blocks) <= 50
        assert units(json.dumps(message.blocks, ensure_ascii=False)) <= 13_200
        assert message.text.strip()
        assert not re.search("[<>]", message.text)
        for block in message.blocks:
            check_block(block)
        for text, markup in slack_texts(message.blocks):
            assert text.strip()
            if markup:
                check_mrkdwn(text)
    if template in QUOTING:
        texts = [text for message in messages for text, markup in slack_texts(message.blocks) if not markup]
        assert HOSTILE[kind] in without_marks("".join(texts))
    plain = without_marks("".join(message.plain for message in messages))
    assert letters(shown(plain)) == letters(whole(template, kind))


@pytest.mark.parametrize("canvas", ["plain", "terminal"])
@EVERY
def test_a_terminal_is_never_steered(template: str, kind: str, canvas: Canvas) -> None:
    (message,) = drawn(template, kind, canvas)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", message.text)
    if message.rich is not None:
        assert message.rich.plain == message.text


def slack_texts(blocks: tuple[Mapping[str, Any], ...]) -> Iterator[tuple[str, bool]]:
    """The texts of all blocks but buttons, and whether they are parsed."""
    for block in blocks:
        if "text" in block:
            yield block["text"]["text"], block["text"]["type"] == "mrkdwn"


def check_block(block: Mapping[str, Any]) -> None:
    match block["type"]:
        case "header":
            assert block["text"]["type"] == "plain_text"
            assert units(block["text"]["text"]) <= 150
        case "section":
            assert units(block["text"]["text"]) <= 3000
            if "accessory" in block:
                check_button(block["accessory"])
        case "actions":
            assert 1 <= len(block["elements"]) <= 5
            assert len({each["action_id"] for each in block["elements"]}) == len(block["elements"])
            for each in block["elements"]:
                check_button(each)
        case other:
            raise AssertionError(other)


def check_button(button: Mapping[str, Any]) -> None:
    assert button["type"] == "button"
    assert button["text"]["type"] == "plain_text"
    assert 1 <= units(button["text"]["text"]) <= 75
    assert 1 <= units(button["value"]) <= 2000
    assert ACTION_ID.fullmatch(button["action_id"])


def check_mrkdwn(text: str) -> None:
    """No mention, no link but ours, no format but ours."""
    assert set(re.findall(r"<([^>|]*)", text)) <= {URL.replace("&", "&amp;")}
    assert "&" not in re.sub(r"&(?:amp|lt|gt);", "", text)
    assert not re.search(r"\*bold\*|_it_|~no~|``|:tada:|evil\.example\|", text)


UNMARKED = {"edited", "evidence_refused", "evidence_retracted", "why", "following", "reminder_said", "story", "latest"}
"""What is said about articles, or of one fact at one moment: nobody takes it for the record."""


@pytest.mark.parametrize("canvas", ["telegram", "slack", "plain"])
@pytest.mark.parametrize("template", sorted(set(samples("")) - UNMARKED))
def test_every_line_of_a_fact_can_be_marked_as_retracted(template: str, canvas: Canvas) -> None:
    data = samples("plain words")[template]
    if not any(fact_of(each) is not None for each in mappings_in(data)):
        return
    messages = RENDERER.render(Reply(template=template, data=marked(data)), canvas)
    assert "RETRACTED (a slip)" in "\n".join(message.plain for message in messages)
