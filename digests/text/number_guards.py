"""Numbers that are no figures: quantities of time, ages, days, ordinals, clock times, labels ("Flight 370")."""

from __future__ import annotations

import re

_SOFT = (
    "more|working|business|consecutive|straight|full|calendar|fiscal|financial|long|whole|additional|other|extra|past"
)
_TIME_AFTER = re.compile(
    rf"(?:[- ]|\s)(?:(?:{_SOFT}|further|trading|school|solid|successive)[- ])?(?:and[- ]a[- ]half[- ])?"
    r"(?:(?:milli)?seconds?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|weekends?|fortnights?|months?|years?|yrs?"
    r"|decades?|centur(?:y|ies)|millennia|[ap]\.?m\b\.?|o['’]clock|GMT|noon|BST|CET|EST|UTC)(?!\w)",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:Jan(?:uary|\.)|Feb(?:ruary|\.)|March|Mar\.|April|Apr\.|May|June|July|Aug(?:ust|\.)|Sept?(?:ember|\.)"
    r"|Oct(?:ober|\.)|Nov(?:ember|\.)|Dec(?:ember|\.))"
)
_MONTH_BEFORE = re.compile(rf"\b{_MONTH}\s+(?:\d{{1,2}}\s*(?:,|to|and|or|-|–)\s*)?\Z")
_MONTH_AFTER = re.compile(rf"(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b")
_AGE_BEFORE = re.compile(
    r"\b(?:age[ds]?|aged\sbetween|age\sof|turn(?:ed|s|ing)|aged\sbetween\s[\w-]+\sand|age[ds]\s[\w-]+\sto)\s+\Z",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(r"[A-ZÀ-Þ][\w'’.-]*,\s\Z")
_LABEL_BEFORE = re.compile(
    r"(?:\b(?:No\.?|Nos\.?|Number|Category|Article|Articles|Section|Chapter|Page|Room|Flight|Route|Highway|Interstate"
    r"|Phase|Level|Stage|Tier|Grade|Type|Class|Unit|Block|Gate|Terminal|Platform|Reactor|Resolution|Rule|Title|Part"
    r"|Apollo|Boeing|Airbus|Channel|Radio|Pier|Line|Zone|District|Ward|Region|Area|Proposition|Prop\.|Amendment|Formula"
    r"|Day|Week|Round|Game|Lap|Volume|Episode|Season|Bowl|iPhone|Windows|Galaxy|Protocol|Lot|Exhibit|Bus|Sector|Covid"
    r"|Annex|Clause|Law|Decree|Order|Operation|Soyuz|Falcon|Group\sof|number|category|article|section|chapter|page|room"
    r"|phase|level|stage|round|version|episode|grade|type)|#)[ -]?\Z"
)
_LABEL_AFTER = re.compile(
    r"\s(?:Downing|(?:[A-Z]\w+\s){1,2}(?:Street|Road|Avenue|Lane|Square)\b)|-?(?:st|nd|rd|th|s)\b|[:/]\d"
)


def is_other(text: str, *, start: int, core: int, end: int, small: bool) -> bool:
    """Whether the words around a bare number show it to be no figure.

    ``start`` is where its qualifier starts, ``core`` where the number itself does; ``small``: exact and below 120, so
    that between commas after a name it is an age.
    """
    before = text[max(0, core - 30) : core]
    if _TIME_AFTER.match(text, end) or _LABEL_AFTER.match(text, end) or _MONTH_AFTER.match(text, end):
        return True
    if _MONTH_BEFORE.search(before) or _AGE_BEFORE.search(text[max(0, start - 30) : start]):
        return True
    if _LABEL_BEFORE.search(before):
        return True
    aside = text[end : end + 1] in (",", ".", ";", ")") or text.startswith((" and ", " who "), end)
    return aside and small and bool(_NAME_BEFORE.search(before))
