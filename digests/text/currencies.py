"""Currencies as newspapers write them: signs, codes and words, to ISO 4217 codes.

A bare "pesos" belongs to whichever country the text names most; without one the commonest currency of the name.
"""

from __future__ import annotations

import re

_SIGNS = {
    "$": "USD", "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD",
    "S$": "SGD", "NT$": "TWD", "R$": "BRL", "Z$": "ZWL", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB",
    "₩": "KRW", "₺": "TRY", "₪": "ILS", "₴": "UAH", "₦": "NGN", "₱": "PHP", "₫": "VND", "฿": "THB",
    "Rs": "INR", "Rs.": "INR", "Rp": "IDR", "RM": "MYR",
}  # fmt: skip
_CODES = (
    "USD EUR GBP JPY CHF CNY RMB INR RUB BRL ZAR TRY AUD CAD NZD SEK NOK DKK PLN CZK HUF RON BGN UAH ILS SAR AED QAR "
    "KWD EGP NGN KES GHS MXN ARS CLP COP PEN PHP IDR MYR SGD THB VND KRW TWD HKD PKR BDT LKR"
)
_WORDS = {
    "dollar": "USD", "buck": "USD", "greenback": "USD", "euro": "EUR", "pound": "GBP", "quid": "GBP", "yen": "JPY",
    "yuan": "CNY", "renminbi": "CNY", "rupee": "INR", "ruble": "RUB", "rouble": "RUB", "won": "KRW", "lira": "TRY",
    "real": "BRL", "reais": "BRL", "rand": "ZAR", "franc": "CHF", "krona": "SEK", "kronor": "SEK", "krone": "DKK",
    "kroner": "DKK", "koruna": "CZK", "zloty": "PLN", "zlotys": "PLN", "zlotych": "PLN", "forint": "HUF",
    "lei": "RON", "leu": "RON", "lev": "BGN", "leva": "BGN", "hryvnia": "UAH", "hryvnias": "UAH", "shekel": "ILS",
    "riyal": "SAR", "rial": "IRR", "toman": "IRT", "dirham": "AED", "dinar": "KWD", "naira": "NGN", "cedi": "GHS",
    "shilling": "KES", "kwacha": "ZMW", "birr": "ETB", "metical": "MZN", "meticais": "MZN", "pula": "BWP",
    "dalasi": "GMD", "baht": "THB", "ringgit": "MYR", "rupiah": "IDR", "dong": "VND", "taka": "BDT", "kyat": "MMK",
    "riel": "KHR", "kip": "LAK", "tugrik": "MNT", "tenge": "KZT", "som": "KGS", "manat": "AZN", "lari": "GEL",
    "dram": "AMD", "afghani": "AFN", "peso": "MXN", "sol": "PEN", "soles": "PEN", "boliviano": "BOB",
    "guarani": "PYG", "guaranies": "PYG", "bolivar": "VES", "bolivares": "VES", "quetzal": "GTQ", "lempira": "HNL",
    "cordoba": "NIO", "gourde": "HTG", "ouguiya": "MRU", "leone": "SLE",
}  # fmt: skip
_NATIONAL = {
    "dollar": {
        "american": "USD", "u.s.": "USD", "us": "USD", "canad": "CAD", "austral": "AUD", "new zealand": "NZD",
        "hong kong": "HKD", "singapor": "SGD", "taiwan": "TWD", "zimbabw": "ZWL", "jamaic": "JMD", "namibia": "NAD",
        "trinidad": "TTD", "fiji": "FJD", "barbad": "BBD", "guyan": "GYD", "liberia": "LRD", "baham": "BSD",
    },
    "peso": {
        "argentin": "ARS", "mexic": "MXN", "chile": "CLP", "colombia": "COP", "philippin": "PHP", "filipin": "PHP",
        "urugua": "UYU", "cuba": "CUP", "dominican": "DOP",
    },
    "rupee": {
        "india": "INR", "pakistan": "PKR", "sri lanka": "LKR", "nepal": "NPR", "mauriti": "MUR", "seychell": "SCR",
    },
    "franc": {
        "swiss": "CHF", "switzerland": "CHF", "congo": "CDF", "rwanda": "RWF", "burund": "BIF", "guinea": "GNF",
        "djibout": "DJF", "senegal": "XOF", "ivor": "XOF", "mali": "XOF", "niger": "XOF", "benin": "XOF", "togo": "XOF",
        "burkina": "XOF", "cameroon": "XAF", "chad": "XAF", "gabon": "XAF", "cfa": "XOF", "french": "FRF",
    },
    "pound": {
        "british": "GBP", "sterling": "GBP", "egypt": "EGP", "syria": "SYP", "leban": "LBP", "south sudan": "SSP",
        "sudan": "SDG",
    },
    "shilling": {"kenya": "KES", "tanzania": "TZS", "uganda": "UGX", "somali": "SOS"},
    "dinar": {
        "kuwait": "KWD", "iraq": "IQD", "jordan": "JOD", "serbia": "RSD", "algeria": "DZD", "tunisia": "TND",
        "libya": "LYD", "bahrain": "BHD", "macedonia": "MKD",
    },
    "lira": {"turk": "TRY", "leban": "LBP", "syria": "SYP", "ital": "ITL"},
    "riyal": {"saudi": "SAR", "qatar": "QAR", "oman": "OMR", "yemen": "YER", "iran": "IRR"},
    "rial": {"iran": "IRR", "oman": "OMR", "yemen": "YER", "saudi": "SAR", "qatar": "QAR"},
    "dirham": {"emirat": "AED", "uae": "AED", "morocc": "MAD"},
    "krone": {"danish": "DKK", "denmark": "DKK", "norw": "NOK", "swed": "SEK"},
    "krona": {"swed": "SEK", "iceland": "ISK"},
    "real": {"brazil": "BRL"},
    "won": {"south korea": "KRW", "north korea": "KPW"},
    "kwacha": {"zambia": "ZMW", "malawi": "MWK"},
    "leu": {"romania": "RON", "moldova": "MDL"},
    "som": {"kyrgyz": "KGS", "uzbek": "UZS"},
    "manat": {"azer": "AZN", "turkmen": "TMT"},
    "crown": {"czech": "CZK", "swed": "SEK", "danish": "DKK", "norw": "NOK", "iceland": "ISK"},
    "mark": {"bosnia": "BAM", "german": "DEM", "deutsche": "DEM"},
}  # fmt: skip
_SINGULAR = {"kronor": "krona", "kroner": "krone", "reais": "real", "lei": "leu"}

_NATION = r"(?:[A-Z][A-Za-z.]*\s){0,2}"
_NAMES = "|".join(sorted({*_WORDS, *_NATIONAL}, key=len, reverse=True))
SIGN_BEFORE = re.compile(
    "(?:"
    + "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True) if not sign[0].isalpha())
    + r"|(?<![A-Za-z])(?:"
    + "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True) if sign[0].isalpha())
    + "|"
    + _CODES.replace(" ", "|")
    + r"))\s?\Z"
)
"""A sign or code that ends right before a number: ``$``, ``US$ ``, ``EUR ``."""
WORD_AFTER = re.compile(
    rf"(?:[ \u00a0-]|\s?(?=[€£$]))(?:of\s)?"
    rf"(?P<money>{_NATION}(?:{_NAMES})s?(?!\w)|(?:{_CODES.replace(' ', '|')})\b|[€£$](?!\d))"
)
"""A currency that follows a number: `` euros``, `` Zimbabwe dollars``, `` EUR``, ``€``."""


def code_of_sign(sign: str) -> str:
    """ISO code of a sign or code before a number."""
    sign = sign.strip()
    return _SIGNS.get(sign) or _iso(sign)


def code_of_words(words: str, *, around: str) -> str:
    """ISO code of a currency named after a number; ``around`` is the text that tells whose pesos they are.

    >>> code_of_words("Zimbabwe dollars", around="")
    'ZWL'
    >>> code_of_words("pesos", around="Chile's copper miners ...")
    'CLP'
    """
    if words in _SIGNS:
        return _SIGNS[words]
    if words.isupper():
        return _iso(words)
    *nation, name = words.lower().split()
    name = _singular(name)
    table = _NATIONAL.get(name, {})
    named = _first_nation(" ".join(nation), table)
    if named is None and name not in ("dollar", "pound", "mark"):
        named = _most_named(around.lower(), table)
    return named or _WORDS.get(name, "") or next(iter(table.values()))


def _iso(code: str) -> str:
    return "CNY" if code == "RMB" else code


def _singular(name: str) -> str:
    if name in _SINGULAR:
        return _SINGULAR[name]
    return name if name in _WORDS or name in _NATIONAL else name.removesuffix("s")


def _first_nation(words: str, table: dict[str, str]) -> str | None:
    return next((code for stem, code in table.items() if words and stem in words), None)


def _most_named(text: str, table: dict[str, str]) -> str | None:
    counts = {stem: text.count(stem) for stem in table}
    best = max(counts, key=lambda stem: counts[stem], default=None)
    return table[best] if best is not None and counts[best] else None
