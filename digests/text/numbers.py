"""The grammar of numbers in English news: digits, words, magnitudes, money, percentages, fractions, ranges.

Pure and without a parser: what is counted, and whether a bare "2010" is a year, is for ``digests.extract.figures``.
Quantities of time, ages, ordinals, clock times, scores and labels ("BR-116", "Category 4") are left out where their own
words show what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from digests.model import Qualifier
from digests.text import currencies, number_guards, number_words

_WORD, _BIG, _DIGITS, _PART = number_words.WORD, number_words.BIG, number_words.DIGITS, number_words.PART
_ATOM = re.compile(
    rf"""(?<![\w$€£])(?:
      (?P<vague>(?:(?:tens|hundreds|dozens)\sof\s)?(?:dozens|hundreds|thousands|millions|billions|trillions)
        |scores(?=\sof\s)|(?:several|a\sfew|many)\s(?:dozen|{_BIG})s?)
     |(?P<chance>one\s(?:in|out\sof)\s(?:every\s)?(?:{_WORD}|\d+))
     |(?P<scaled>(?:half|(?:a|one|three)[ -]quarters?(?:\sof)?)\sa\s(?:dozen|{_BIG}))
     |(?P<part>(?:an?|{_WORD})[ -](?:{_PART})|half(?=\s(?:of|the|its|their|his|her|our|all|what|that)\b)
        |(?:(?<=by\s)|(?<=than\s)|(?<=about\s)|(?<=nearly\s)|(?<=almost\s))half(?!-|\san?\s|\stime|\spast))
     |(?P<words>(?:an?\s(?:further\s|record\s|whopping\s)?(?:dozen|{_BIG})
          |{_WORD})(?:(?:[ -]|\sand\s(?!one\b))(?:{_WORD}|dozen|{_BIG}))*(?:[ -]and[ -]a[ -](?:half|quarter))?)
     |(?P<times>twice|thrice|{_WORD}fold|(?:double|triple)(?=\s(?:the|that|its|their|his|her|last|what)\b))
    )\b
    |(?<![A-Za-z_])(?<![A-Za-z][-/.])(?<!\d[.,:/])(?<!\d)
      (?P<digits>{_DIGITS})(?P<glyph>[ ]?(?:[½¼¾⅓⅔]|\b[1-7]/[2-8]\b))?
      (?:(?P<gap>[ \u00a0-]?)(?P<mag>dozen|{_BIG}|lakh|crore|trn|tn|bn|mln|mn|m|k)\b)?
    |(?P<lone>[½¼¾⅓⅔]|(?<![\w/])[1-5]/[2-8](?![\w/]))""",
    re.VERBOSE | re.IGNORECASE,
)
_QUALIFIERS: dict[str, Qualifier] = {
    "more than": "more_than", "greater than": "more_than", "higher than": "more_than", "over": "more_than",
    "well over": "more_than", "just over": "more_than", "little over": "more_than", "slightly more than": "more_than",
    "above": "more_than", "upwards of": "more_than", "in excess of": "more_than", "upward of": "more_than",
    "fewer than": "less_than", "less than": "less_than", "lower than": "less_than", "under": "less_than",
    "just under": "less_than", "below": "less_than", "little under": "less_than", "shy of": "less_than",
    "about": "about", "some": "about", "around": "about", "roughly": "about", "nearly": "about", "almost": "about",
    "barely": "about", "approximately": "about", "approx.": "about", "close to": "about", "an estimated": "about",
    "estimated": "about", "circa": "about", "an average of": "about", "more or less": "about", "virtually": "about",
    "at least": "at_least", "no fewer than": "at_least", "no less than": "at_least", "not less than": "at_least",
    "not fewer than": "at_least", "a minimum of": "at_least", "minimum of": "at_least",
    "up to": "at_most", "no more than": "at_most", "not more than": "at_most", "as much as": "at_most",
    "as many as": "at_most", "at most": "at_most", "a maximum of": "at_most", "maximum of": "at_most",
}  # fmt: skip
_QUALIFIER = re.compile(
    r"\b(" + "|".join(re.escape(words) for words in sorted(_QUALIFIERS, key=len, reverse=True)) + r")\s+\Z",
    re.IGNORECASE,
)
_OPEN_ENDED = re.compile(r"\+|(?:[ -]|\s)(?:plus\b)|\sor\s(?:more|higher|greater|above)\b", re.IGNORECASE)
_OR_SO = re.compile(r"\sor\sso\b|-(?:odd|ish)\b", re.IGNORECASE)
_OR_LESS = re.compile(r"\sor\s(?:less|fewer|lower|under|below)\b", re.IGNORECASE)
_PERCENT = re.compile(
    r"\s?%|[ -](?:per\s?cent|pct)\b(?!age)|(?P<points>[ -](?:percentage|basis)[ -]points?\b)", re.IGNORECASE
)
_JOINED = re.compile(r"\s?(?P<dash>[-–—])\s?|\s(?P<word>to|and|or)\s", re.IGNORECASE)
_MONEY_JUST_BEFORE = re.compile(r"[$€£]\d[\d.,]*(?:m|bn)?\s?(?:to|and|or|from|-|–)\s?\Z")
_CARRIED = re.compile(
    r",?\s(?:(?:up|down)\s)?(?:from|to|against|versus|vs\.?|compared\s(?:with|to))\s(?:an?\s)?", re.IGNORECASE
)
_MOVED = re.compile(
    r"\b(?:rose|risen?|rising|f[ae]ll(?:en|ing)?|cut|cuts|rais\w+|increas\w+|drop\w*|gr[eo]w\w*|climb\w*|slip\w*"
    r"|jump\w*|went|gone|lower\w*|widen\w*|narrow\w*|eas\w+|expand\w*|shr[aiu]nk\w*|trim\w*|reduc\w+|chang\w+|mov\w+"
    r"|slid\w*|swing|swung|doubl\w+|tripl\w+|up|down|soar\w*|surg\w+|plung\w+|declin\w+|improv\w+|lift\w*|revis\w+)\b",
    re.IGNORECASE,
)
_VOTE_BEFORE = re.compile(
    r"\b(?:vot\w+|rul\w+|won|lost|pass\w*|approv\w+|defeat\w*|reject\w*|by|decided)\s+\Z", re.IGNORECASE
)
_DASHED_VOTE_BEFORE = re.compile(r"\b(?:voted|votes|voting|ruled|decided|approved|rejected)\s+\Z", re.IGNORECASE)
_VOTE_AFTER = re.compile(r"\s(?:vot\w+|ruling|decision|majority|split|verdict|margin)\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"\s(?!(?:in|on|at|over|against|to|after|with|and|but|by|win|defeat|victory|loss|draw|lead|thriller|thrashing|home"
    r"|away|aggregate|triumph|rout|scoreline|success|from|for|last|the|this)\b)[a-z]"
)
_ATTACHED = re.compile(r"[- ]?(km/h|kph|mph|km|kg|cm|mm|ft|lbs?|GWh|MWh|kWh|TWh|GW|MW|kW|ha|m|[CF])\b(?!\.)")
_RATE = re.compile(
    r"\s(?P<per>a|an|per|every|each)\s(?P<what>year|month|week|day|hour|minute|second|night|head|person|household|barrel"
    r"|tonne|ton|litre|liter|gallon|share|unit|ounce|kilo|kilogram|kilometre|kilometer|mile|capita|child|family|passenger)\b"
    r"(?!\s(?:ago|earlier|later|before|after|from)\b)"
    r"|\s(?P<adverb>annually|yearly|monthly|weekly|daily|hourly)\b"
)
_ADVERBS = {
    "annually": "year",
    "yearly": "year",
    "monthly": "month",
    "weekly": "week",
    "daily": "day",
    "hourly": "hour",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number that may count or measure: ``start:end`` holds qualifier, currency, number, magnitude and percent sign.

    ``value``, or ``low`` and ``high`` for a range. ``unit``: an ISO currency code, ``percent``, ``fraction``,
    ``times``, a measure written to it (``km``), or empty when a counted noun follows. ``core``: where the number proper
    starts. ``rate``: ``a year`` when the number is so much a year.
    """

    start: int
    end: int
    core: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    qualifier: Qualifier = "exact"
    unit: str = ""
    rate: str = ""
    bare_year: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Atom:
    """One number before its neighbours are looked at; ``plain``: without magnitude, currency and percent sign."""

    number: Number
    magnitude: float = 1.0
    plain: bool = True
    dashed: bool = False


def numbers(text: str) -> list[Number]:
    """Every number of ``text`` that may count or measure, in order, without overlaps; linear in its length.

    >>> [(text[n.start : n.end], n.value, n.unit) for text in ["at least $4 million a day"] for n in numbers(text)]
    [('at least $4 million', 4000000.0, 'USD')]
    """
    atoms = [atom for match in _ATOM.finditer(text) if (atom := _atom(match, text)) is not None]
    return [number for number in _joined(atoms, text) if not _is_other(number, text)]


def _atom(match: re.Match[str], text: str) -> _Atom | None:
    kind = match.lastgroup
    if match["digits"]:
        return _digit_atom(match, text)
    if match["lone"]:
        return _dressed(match.start(), match.end(), text, value=number_words.fraction(match["lone"]), unit="fraction")
    words = match[0].lower()
    if match["vague"]:
        low, high = number_words.vague(words)
        return _dressed(match.start(), match.end(), text, low=low, high=high)
    if match["times"]:
        value = {"twice": 2.0, "double": 2.0, "thrice": 3.0, "triple": 3.0}.get(words) or number_words.value_of_words(
            words[:-4]
        )
        return _dressed(match.start(), match.end(), text, value=value, unit="times")
    if match["scaled"]:
        return _dressed(match.start(), match.end(), text, value=number_words.scaled(words))
    if match["chance"] or match["part"]:
        return _part_atom(match, text)
    if words == "one" or _inside_a_name(match, text):
        return None if kind != "words" or not _measured(match.end(), text, words) else _words_atom(match, text)
    return _words_atom(match, text)


def _words_atom(match: re.Match[str], text: str) -> _Atom:
    return _dressed(match.start(), match.end(), text, value=number_words.value_of_words(match[0]))


def _measured(end: int, text: str, words: str) -> bool:
    """ "One percent" is a figure though "one" is none."""
    return words == "one" and bool(_PERCENT.match(text, end) or currencies.WORD_AFTER.match(text, end))


def _inside_a_name(match: re.Match[str], text: str) -> bool:
    """Capitalised in mid-sentence, as in "the Group of Seven"."""
    if not match[0][0].isupper() or match[0].isupper():
        return False
    before = text[max(0, match.start() - 3) : match.start()].rstrip(" \"'“‘(")
    return bool(before) and (before[-1].isalnum() or before[-1] in ",'’")


def _digit_atom(match: re.Match[str], text: str) -> _Atom | None:
    end = match.end()
    magnitude = (match["mag"] or "").lower()
    signed = any(
        pattern.search(text, max(0, match.start() - 16), match.start())
        for pattern in (currencies.SIGN_BEFORE, _MONEY_JUST_BEFORE)
    )
    if magnitude in ("m", "k") and not signed and not currencies.WORD_AFTER.match(text, end):
        magnitude, end = "", match.start("gap")
    value = float(match["digits"].replace(",", ""))
    if match["glyph"]:
        value += number_words.fraction(match["glyph"].strip())
    atom = _dressed(
        match.start(),
        end,
        text,
        value=value * number_words.MAGNITUDES.get(magnitude, 1.0),
        magnitude=number_words.MAGNITUDES.get(magnitude, 1.0),
    )
    if text[end : end + 1].isalpha() and not atom.number.unit:
        return None
    year = bool(re.fullmatch(r"(?:1[5-9]|20)\d\d", match["digits"])) and not magnitude
    dashed = text[match.start() - 1 : match.start()] in ("-", "–")
    return replace(atom, number=replace(atom.number, bare_year=year and not atom.number.unit), dashed=dashed)


def _part_atom(match: re.Match[str], text: str) -> _Atom | None:
    words = match[0].lower()
    if match["chance"]:
        last = words.split()[-1]
        size = float(last) if last.isdigit() else number_words.value_of_words(last)
        return _dressed(match.start(), match.end(), text, value=1 / size, unit="fraction") if size > 1 else None
    if re.search(
        r"\b(?:first|second|other|latter|final|last|third|fourth)\s\Z", text[max(0, match.start() - 8) : match.start()]
    ):
        return None
    head, _, tail = words.replace("-", " ").rpartition(" ")
    several = head not in ("", "a", "an")
    if (
        not several
        and head
        and not re.match(
            r"\s(?:of\s(?!a\s(?:percentage|century))|(?:more|less|fewer|higher|lower)\b)", text[match.end() :][:24]
        )
    ):
        return None
    count = number_words.value_of_words(head) if several else 1.0
    return _dressed(
        match.start(), match.end(), text, value=count / number_words.PARTS[number_words.part_of(tail)], unit="fraction"
    )


def _dressed(
    start: int,
    end: int,
    text: str,
    *,
    value: float | None = None,
    low: float | None = None,
    high: float | None = None,
    unit: str = "",
    magnitude: float = 1.0,
) -> _Atom:
    """The number with the currency, percent sign or measure beside it."""
    core, plain = start, magnitude == 1.0
    if sign := currencies.SIGN_BEFORE.search(text, max(0, start - 5), start):
        start, unit, plain = sign.start(), currencies.code_of_sign(sign[0]), False
    elif percent := _PERCENT.match(text, end):
        unit = percent["points"].strip(" -").lower().replace("-", " ") if percent["points"] else "percent"
        end, plain = (end if percent["points"] else percent.end()), False
    elif money := currencies.WORD_AFTER.match(text, end):
        unit, end, plain = currencies.code_of_words(money["money"], around=text[:20_000]), money.end(), False
    elif attached := _ATTACHED.match(text, end):
        unit = unit or attached[1]
    number = Number(start=start, end=end, core=core, value=value, low=low, high=high, unit=unit)
    if low is not None:
        number = replace(number, qualifier="range")
    return _Atom(number=number, magnitude=magnitude, plain=plain)


def _joined(atoms: list[_Atom], text: str) -> Iterator[Number]:
    """Ranges put together, units carried over, qualifiers and rates added."""
    at = 0
    carried: _Atom | None = None
    while at < len(atoms):
        first = atoms[at]
        second = atoms[at + 1] if at + 1 < len(atoms) else None
        if carried is not None:
            first = _carry(carried, first, text)
        between = text[first.number.end : second.number.start] if second is not None else ""
        if second is not None and (joint := _JOINED.fullmatch(between)):
            second = _shared(second, first)
            first = _shared(first, second)
            if _is_range(first, second, joint, text):
                yield _finished(_range(first.number, second.number, text), text)
                carried, at = second, at + 2
                continue
            if joint["dash"] and not _is_vote(first, second, text):
                carried, at = None, at + 2
                continue
            atoms[at + 1] = second
        yield _finished(first.number, text)
        carried, at = first, at + 1


def _shared(one: _Atom, other: _Atom) -> _Atom:
    """``one`` with the magnitude and unit that only ``other`` states: "2 to 2.5 billion euros", "$40-$45 million"."""
    number = one.number
    if number.value is None or other.number.value is None or (number.unit and number.unit != other.number.unit):
        return one
    scale = other.magnitude if one.magnitude == 1.0 and number.value < 1000 else 1.0
    if scale > 1.0 and one.number.start < other.number.start:
        number = replace(number, value=number.value * scale)
    if one.plain and not number.unit and other.number.unit not in ("fraction", "times"):
        number = replace(number, unit=other.number.unit, bare_year=number.bare_year and not other.number.unit)
    return replace(one, number=number)


def _carry(before: _Atom, atom: _Atom, text: str) -> _Atom:
    """ "rose to 60 million euros from about 50 million": the currency holds for both."""
    number, unit = atom.number, before.number.unit
    if number.unit or not unit or unit in ("fraction", "times") or _COUNTED.match(text, number.end):
        return atom
    between = text[before.number.end : number.start]
    if len(between) > 60 or number.bare_year:
        return atom
    between = _QUALIFIER.sub("", between)
    if not _CARRIED.search(between[-30:]) or re.search(r"[.;:!?]\s", between):
        return atom
    return replace(atom, number=replace(number, unit=unit), plain=False)


def _is_range(first: _Atom, second: _Atom, joint: re.Match[str], text: str) -> bool:
    a, b = first.number, second.number
    if a.value is None or b.value is None or not a.value < b.value or (a.unit != b.unit and a.unit and b.unit):
        return False
    if a.bare_year or b.bare_year:
        return False
    before = text[max(0, a.start - 60) : a.start]
    if joint["dash"]:
        return not _VOTE_AFTER.match(text, b.end) and (bool(b.unit) or bool(_COUNTED.match(text, b.end)))
    word = joint["word"].lower()
    if word == "and":
        return bool(re.search(r"\bbetween\s(?:about\s|roughly\s)?\Z", before, re.IGNORECASE))
    if word == "or":
        return b.value <= 2 * a.value
    if re.search(r"\bfrom\s(?:about\s|around\s|some\s|roughly\s|nearly\s)?\Z", before, re.IGNORECASE):
        return not _MOVED.search(re.split(r"[.;]\s", before)[-1])
    return not _VOTE_BEFORE.search(before)


def _is_vote(first: _Atom, second: _Atom, text: str) -> bool:
    before = text[max(0, first.number.start - 20) : first.number.start]
    return bool(_VOTE_AFTER.match(text, second.number.end) or _DASHED_VOTE_BEFORE.search(before))


def _range(a: Number, b: Number, text: str) -> Number:
    opening = re.search(r"\b(?:between|from)\s\Z", text[max(0, a.start - 9) : a.start], re.IGNORECASE)
    start = a.start - len(opening[0]) if opening else a.start
    unit = a.unit or b.unit
    return Number(start=start, end=b.end, core=a.core, low=a.value, high=b.value, qualifier="range", unit=unit)


def _finished(number: Number, text: str) -> Number:
    """The number with its qualifier, inside its span, and its rate."""
    qualifier, start, end = number.qualifier, number.start, number.end
    if before := _QUALIFIER.search(text, max(0, start - 24), start):
        start = before.start()
        if qualifier == "exact":
            qualifier = _QUALIFIERS[re.sub(r"\s+", " ", before[1].lower())]
    if qualifier in ("exact", "about"):
        for pattern, meaning in _AFTERTHOUGHTS:
            if after := pattern.match(text, end):
                end, qualifier = after.end(), meaning
    rate = _RATE.match(text, end)
    said = "" if rate is None else (f"{rate['per']} {rate['what']}" if rate["per"] else f"a {_ADVERBS[rate['adverb']]}")
    said = "an hour" if said == "a hour" else said
    return replace(number, start=start, end=end, qualifier=qualifier, rate=said)


_AFTERTHOUGHTS: tuple[tuple[re.Pattern[str], Qualifier], ...] = (
    (_OPEN_ENDED, "at_least"),
    (_OR_SO, "about"),
    (_OR_LESS, "at_most"),
)


def _is_other(number: Number, text: str) -> bool:
    if number.unit not in ("", "fraction", "times", "m", "C", "F"):
        return False
    small = number.qualifier == "exact" and number.value is not None and number.value < 120
    return number_guards.is_other(text, start=number.start, core=number.core, end=number.end, small=small)
