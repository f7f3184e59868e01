"""What looks like a date and is none: May and March as words, names, ages, rates, titles, counts."""

from __future__ import annotations

import re

_BARE_MONTH = re.compile(
    r"(jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|march|may|april|june|august)\.?$", re.IGNORECASE
)
_CUES_BEFORE = re.compile(
    r"(?:\b(?:in|by|until|till|since|from|to|for|of|this|last|next|early|late|mid|during|before|after"
    r"|between|through|and|or|end|"
    r"every|each|around|about|on|throughout|beginning|starting|ending|as|was|is|late|its|ended|the"
    r"|past|coming|late)|[-,(])\W{0,2}$",
    re.IGNORECASE,
)
_NAME_AFTER = re.compile(
    r"\s+(?!(?:The|In|On|At|He|She|It|They|We|I|But|And|A|An|If|For|As|By|When|While|After|Before|No"
    r"|To|With|Court)\b)[A-Z][a-z]+"
)
_COUNT_AFTER = re.compile(
    r"(?:[ -](?:people|troops|soldiers|men|women|children|jobs|workers|employees|miles|feet|meters"
    r"|metres|km|kilometers|kilometres|tons|tonnes|"
    r"dollars|euros|pounds|percent|per cent|shares|points|votes|police|cases|deaths|homes|houses"
    r"|civilians|migrants|refugees|"
    r"hours|GMT|UTC|years|days|times|pages|members|companies|others|more|units|barrels|vehicles|cars"
    r"|students|passengers)\b|\s?%|,\d{3})"
)
_MONEY_BEFORE = re.compile(
    r"(?:[$£€#]|\bNo\. ?|\b(?:US|A|C)\$|\bRs\.? ?|\b(?:flight|route|model|section|room|page|boeing"
    r"|airbus|article|than|least|some|most|nearly|almost|approximately|roughly) )$",
    re.IGNORECASE,
)


def is_no_date(text: str, start: int, end: int, rule: str) -> bool:
    """Whether a match is not a time expression after all."""
    words = text[start:end]
    check = _CHECKS.get(rule)
    return bool(check and check(text, start, end, words))


def _month(text: str, start: int, end: int, words: str) -> bool:
    if " " in words or "-" in words:
        return words.islower() and words.split()[-1] in {"may", "march"}
    if not _BARE_MONTH.match(words):
        return False
    if words.islower():
        return True
    short = words.rstrip(".").lower()
    before, after = text[max(0, start - 24) : start], text[end : end + 24]
    cued = bool(_CUES_BEFORE.search(before))
    if short in {"jan", "mar", "may", "april", "june", "august", "dec", "sep", "march"} and _NAME_AFTER.match(after):
        return not re.search(r"\b(?:in|since|until|by|during|last|this|next|late|early)\W$", before, re.IGNORECASE)
    if short in {"may", "march"} or len(short) == 3:
        return not cued
    return False


def _year(text: str, start: int, end: int, words: str) -> bool:
    before, after = text[max(0, start - 24) : start], text[end : end + 16]
    if re.fullmatch(r"\d{4}", words):
        if _COUNT_AFTER.match(after) or _MONEY_BEFORE.search(before):
            return True
        if (
            before[-1:] in {".", ":", "/", "-", "+", "_"}
            and before[-2:-1].isalnum()
            and not before.endswith(("mid-", "post-", "pre-"))
        ):
            return True
        return after[:1] in {"/", ":", "_"} or bool(re.match(r"-\d", after))
    return False


def _quarter(text: str, _start: int, end: int, _words: str) -> bool:
    return bool(
        re.match(r"\s*(?:-| of a |finals?\b|of the (?:bill|game|match|population|votes?))", text[end : end + 20])
    ) and not re.match(r"-(?:to|end|on)", text[end : end + 4])


def _the_period(text: str, _start: int, end: int, words: str) -> bool:
    after = text[end : end + 14]
    plain = re.fullmatch(r"the (?:day|week|month|year|decade|century)", words, re.IGNORECASE)
    return bool(plain and re.match(r"\s(?:of|when|that|before|after|he|she|it|they|we|I|to|ahead)\b", after))


def _plural(_text: str, _start: int, _end: int, words: str) -> bool:
    return words.lower().startswith("quarter")


def _season(text: str, start: int, end: int, words: str) -> bool:
    """Fall and spring as verbs; "Summer" in a name."""
    before = text[max(0, start - 16) : start]
    single = re.fullmatch(r"(?:the )?(?:spring|fall|summer|winter|autumn)", words, re.IGNORECASE)
    if not single:
        return False
    if words.lower() == "fall" or words.lower() == "spring":
        return not re.search(
            r"\b(?:in|by|until|since|during|of|every|each|next|last|this|before|after|through)\s$",
            before,
            re.IGNORECASE,
        )
    after = text[end : end + 20]
    return bool(re.match(r"\s(?:of the (?!year)|Olympic|Games|Palace|camp|school|job|house|home|rental)", after)) or (
        words[0].isupper() and bool(re.match(r"\s[A-Z][a-z]", after))
    )


def _duration(text: str, start: int, end: int, words: str) -> bool:
    before, after = text[max(0, start - 12) : start], text[end : end + 14]
    if re.match(r"(?:1[5-9]|20)\d\d ", words) or (words.lower() == "24 hours" and after.startswith(" a day")):
        return True
    if re.search(r"-quarters?$", words, re.IGNORECASE) or re.search(
        r"\b(?:a|one|two|three|over a|than a) quarters? of\b", words + after[:3]
    ):
        return True
    if re.match(r"[- ](?:olds?|of[- ]age)\b|\s?(?:'s)? old\b", after) or re.search(
        r"\b(?:aged?|turned) $", before, re.IGNORECASE
    ):
        return True
    return bool(re.fullmatch(r"(?:one|a|1|half a)\b.*second", words, re.IGNORECASE))


def _clock(text: str, start: int, _end: int, words: str) -> bool:
    """A bare 16:08 is a time only if it is not a score or a ratio; 9.15 alone is a number."""
    if re.fullmatch(r"\d{1,2}\.\d\d(?:\.\d\d)?\s?", words):
        return True
    if re.fullmatch(r"\d{1,2}:\d\d(?::\d\d)?\s?", words):
        return not re.search(
            r"\b(?:at|by|until|before|after|from|about|around|to|since|and|,)\s$", text[max(0, start - 8) : start]
        )
    return False


def _decade(text: str, start: int, _end: int, words: str) -> bool:
    """His 60s and the low 80s are no decades."""
    before = text[max(0, start - 14) : start]
    short = re.fullmatch(r"(?:the )?(?:mid-?|early |late )?\d0s", words)
    return bool(short and not text[max(0, start - 1) : start + 8].count("'")) and bool(
        re.search(r"\b(?:his|her|their|my|our|low|mid|high|upper|lower|in) $", before)
    )


def _relative(text: str, start: int, _end: int, words: str) -> bool:
    """ "This Week" in capitals is a programme's name unless it is a headline's."""
    return bool(re.fullmatch(r"This (?:Week|Year|Day|Morning|Month)", words)) and text[max(0, start - 1) : start] in {
        '"',
        "\u201c",
        "`",
        "'",
    }


def _deictic(text: str, _start: int, end: int, words: str) -> bool:
    """ "today's youth" is no day."""
    return words.lower() == "today" and bool(
        re.match(
            r"['\u2019]s (?:youth|world|generation|society|young|standards?|children|politics)\b", text[end : end + 14]
        )
    )


_CHECKS = {
    "relative": _relative,
    "deictic": _deictic,
    "month": _month,
    "year": _year,
    "quarter": _quarter,
    "the_period": _the_period,
    "season": _season,
    "plural": _plural,
    "amount": _duration,
    "range": _duration,
    "some": _duration,
    "article": _duration,
    "clock": _clock,
    "decade": _decade,
}
