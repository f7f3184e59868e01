"""Time zones by IANA name or city, and languages of dates by code or name. Pure; tables are read when first asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

from digests.text.folding import fold
from digests.text.wordlist import words

_CITIES: Mapping[str, str] = {
    "abuja": "Africa/Lagos",
    "ankara": "Europe/Istanbul",
    "barcelona": "Europe/Madrid",
    "beijing": "Asia/Shanghai",
    "boston": "America/New_York",
    "brasilia": "America/Sao_Paulo",
    "cape town": "Africa/Johannesburg",
    "delhi": "Asia/Kolkata",
    "edinburgh": "Europe/London",
    "frankfurt": "Europe/Berlin",
    "geneva": "Europe/Zurich",
    "hamburg": "Europe/Berlin",
    "hanoi": "Asia/Ho_Chi_Minh",
    "houston": "America/Chicago",
    "islamabad": "Asia/Karachi",
    "kiev": "Europe/Kyiv",
    "milan": "Europe/Rome",
    "montreal": "America/Toronto",
    "mumbai": "Asia/Kolkata",
    "munich": "Europe/Berlin",
    "new delhi": "Asia/Kolkata",
    "ottawa": "America/Toronto",
    "pretoria": "Africa/Johannesburg",
    "rio de janeiro": "America/Sao_Paulo",
    "san francisco": "America/Los_Angeles",
    "st petersburg": "Europe/Moscow",
    "tel aviv": "Asia/Jerusalem",
    "the hague": "Europe/Amsterdam",
    "washington": "America/New_York",
}
"""Cities people name that have no zone of their own name in the IANA database."""
_AREAS = words("Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific")
LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "ar": ("arabic", "العربية"),
    "cs": ("czech", "čeština"),
    "da": ("danish", "dansk"),
    "de": ("german", "deutsch"),
    "el": ("greek", "ελληνικά"),
    "en": ("english",),
    "es": ("spanish", "español", "castellano"),
    "fa": ("persian", "farsi", "فارسی"),
    "fi": ("finnish", "suomi"),
    "fr": ("french", "français"),
    "he": ("hebrew", "עברית"),
    "hu": ("hungarian", "magyar"),
    "it": ("italian", "italiano"),
    "ja": ("japanese", "日本語"),
    "ko": ("korean", "한국어"),
    "nb": ("norwegian", "norsk", "no"),
    "nl": ("dutch", "nederlands"),
    "pl": ("polish", "polski"),
    "pt": ("portuguese", "português"),
    "ro": ("romanian", "română"),
    "ru": ("russian", "русский"),
    "sv": ("swedish", "svenska"),
    "tr": ("turkish", "türkçe"),
    "uk": ("ukrainian", "українська"),
    "zh": ("chinese", "中文"),
}
"""Languages dates are written in, by code, with the names people give them."""


def zone_named(text: str) -> str | None:
    """The IANA zone of that name or city, or None. ``UTC`` and ``GMT`` are UTC; an offset is no zone.

    >>> zone_named("istanbul"), zone_named("europe/berlin"), zone_named("New York")
    ('Europe/Istanbul', 'Europe/Berlin', 'America/New_York')
    """
    return _zones().get(_key(text))


def zones_like(text: str, *, limit: int = 3) -> list[str]:
    """The zones whose name or city is spelt most like the text."""
    from rapidfuzz import fuzz, process

    zones = _zones()
    near = process.extract(_key(text), list(zones), scorer=fuzz.ratio, limit=limit * 2, score_cutoff=65)
    return list(dict.fromkeys(zones[name] for name, _, _ in near))[:limit]


def language_named(text: str) -> str | None:
    """The code of a language by code or name, or None: ``German``, ``deutsch`` and ``de-AT`` are ``de``."""
    wanted = fold(text)
    code = re.split(r"[-_]", text.strip().casefold())[0]
    for each, names in LANGUAGES.items():
        if each in (wanted, code) or wanted in (fold(name) for name in names):
            return each
    return None


def _key(text: str) -> str:
    return " ".join(re.sub(r"[_\s,.]+", " ", fold(text)).split())


@cache
def _zones() -> Mapping[str, str]:
    """Zones by folded full name and by city; Europe first, since Asia/Istanbul is but an old alias."""
    names = sorted(available_timezones(), key=lambda name: (not name.startswith("Europe/"), name))
    zones = {_key(name): name for name in names}
    for name in names:
        area, _, city = name.rpartition("/")
        if area.split("/")[0] in _AREAS:
            zones.setdefault(_key(city), name)
    zones |= {city: zone for city, zone in _CITIES.items() if zone in names}
    return zones | {"utc": "UTC", "gmt": "UTC", "z": "UTC"}
