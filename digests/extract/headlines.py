"""Headlines In Title Case as a sentence would write them: the parser takes every capital for a name.

A word keeps its capital where the article itself writes it so in mid-sentence, and loses it where the article, or a
short list of what headlines say, knows it as a common word. Length and offsets stay as they are.
"""

from __future__ import annotations

import re

from digests.text.wordlist import words

_WORD = re.compile(r"[^\W\d_]+(?:['’][a-z]+)?")
_TITLE_WORD = re.compile(r"(?<![\w'’.-])[A-Z][a-z]+(?!\w|\.\w)")
_COMMON = re.compile(r"(?<![\w'’.-])[a-z]{2,}(?!\w|\.\w)")
_NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][a-z]+(?!\w|\.\w)")
_TITLE_CASE_FROM = 0.65
_FEWEST = 4
_ALWAYS = words(
    "a an the this that these those and or but nor for so yet of in on at by to from with without over under after",
    "before as if than into about against amid between during through until up down off out it its he she they we",
    "you his her their our your him them us who whom which what when where why how is are was were be been being am",
    "do does did has have had will would can could should may might must not no all more most some any new old",
    "first last says said say tells told tell vows vow warns warn claims claim calls call accuses accuse denies",
    "deny admits admit urges urge announces announce asks ask seeks seek wants want plans plan threatens threaten",
    "slams slam rips rip blasts blast praises praise defends defend hits hit takes take makes make gives give gets",
    "get goes go backs wins win loses lose met meets meet leaves leave begins begin ends end faces face shows show",
    "sees see finds speaks speak directly pushes push attacks attack criticizes criticize mocks mock suggests",
    "suggest predicts promises",
)


def recased(headline: str, *, body: str) -> str:
    """The headline with common words in small letters, if it is in title case; same length.

    >>> recased("Norway Says It Will Close Crossing", body="It will close the crossing, Norway said.")
    'Norway says it will close crossing'
    """
    found = _WORD.findall(headline)
    capitals = sum(word[0].isupper() for word in found)
    if len(found) < _FEWEST or capitals < _TITLE_CASE_FROM * len(found):
        return headline
    names = set(_NAME.findall(body))
    common = set(_COMMON.findall(body)) | _ALWAYS

    def small(word: re.Match[str]) -> str:
        text = word.group()
        if word.start() == 0 or text in names or text.lower() not in common:
            return text
        return text.lower()

    return _TITLE_WORD.sub(small, headline)
