"""Builds digests/text/data/first_names.txt from the name lists of the Faker package (MIT).

Run once, by hand: ``uv run --with faker python bench/build_first_names.py``. Names are folded; a name that is also a
country, a capital, a weekday or a month is left out; gender is the one under which more locales list it.
"""

from __future__ import annotations

import importlib
import pkgutil
import textwrap
from collections import Counter
from pathlib import Path
from typing import Any

from digests.extract.people import lexicon
from digests.text.countries import place
from digests.text.folding import fold
from digests.text.wordlist import words

TARGET = Path(__file__).resolve().parents[1] / "digests" / "text" / "data" / "first_names.txt"
SPELT_WITH_VOWELS = words(
    "az bg cs da de el en es et fi fr ga ha hr hu hy id ig is it ka lt lv mk nl no pl pt ro ru sk sl sv sw tr tw uk uz "
    "vi yo zu"
)
"""Languages whose names survive transliteration; Arabic, Hebrew, Chinese and Japanese lists do not."""
NOT_NAMES = words(
    "monday friday sunday saturday april may june august london paris sydney dallas denver houston boston chelsea "
    "america asia brooklyn austin hope faith grace joy royal prince king queen major general baby unknown male female "
    "you the van so do no in son bay long manh chi ha so an my le la al de do north south"
)
KEPT = {"victoria", "florence", "alexandria", "orlando", "virginia", "georgia", "adelaide", "medina"}
OURS = {
    "male": "recep tayyip bashar vladimir volodymyr mevlut hulusi fuat sergei sergey dmitry mohammed mohamed muhammad "
    "mohammad hassan hussein ali omar ahmed khalid abdullah nawaz imran narendra manmohan rahul amit shinzo fumio "
    "yoshihide jair luiz nicolas emmanuel boris keir rishi barack joe donald ayman saddam benjamin bibi yair ehud "
    "hosni abdel moon jong xi jinping hu jintao li keqiang kim ban antonio jens olaf",
    "female": "theresa angela ursula hillary kamala nancy jacinda sanna aung suu kyi tsai ing wen nikki condoleezza "
    "benazir indira sheikh hasina dilma cristina michelle christine kristalina greta malala fatima aisha khadija",
}


def first_names() -> dict[str, str]:
    """Folded name -> m or f."""
    votes: dict[str, Counter[str]] = {}
    persons: Any = importlib.import_module("faker.providers.person")
    for module in pkgutil.iter_modules(persons.__path__):
        if module.name.split("_")[0] not in SPELT_WITH_VOWELS:
            continue
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for gender, attribute in (("m", "first_names_male"), ("f", "first_names_female")):
            for name in getattr(provider, attribute, ()):
                key = fold(name)
                if len(key) > 1 and " " not in key:
                    votes.setdefault(key, Counter())[gender] += 1
    taken = (
        NOT_NAMES
        | lexicon.ORG_HEADS
        | lexicon.PLACE_HEADS
        | lexicon.CLOSED
        | lexicon.COMPANY_NOUNS
        | {fold(city) for city in lexicon.CITIES} - KEPT
    )
    genders = {
        key: count.most_common(1)[0][0]
        for key, count in votes.items()
        if key not in taken and len(key) > 2 and place(key.title()) is None
    }
    for gender, listed in OURS.items():
        genders.update(dict.fromkeys(listed.split(), gender[0]))
    return genders


def main() -> None:
    genders = first_names()
    lines = ["# Folded first names by gender; built by bench/build_first_names.py from Faker (MIT) and our own list"]
    for letter, title in (("m", "male"), ("f", "female")):
        lines.append(f"[{title}]")
        lines += textwrap.wrap(" ".join(sorted(key for key, gender in genders.items() if gender == letter)), 118)
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
