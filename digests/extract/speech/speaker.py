"""Who speaks at a cue: its subject, its agent, the object of "according to", or whoever an ancestor has for a subject.

A speaker is given as (head token, first token, last token) of the whole noun phrase, trailing commas left out.
"""

from __future__ import annotations

from digests.extract.speech.grid import Grid
from digests.text.names import ARTICLES

Speaker = tuple[int, int, int]

_CLIMBS = frozenset({"conj", "xcomp", "advcl", "acl", "relcl", "pcomp", "prep", "ccomp", "dep", "parataxis", "aux"})
_NAMES = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP", "WP", "DT", "CD", "WDT", "JJ", "EX", "PRP$", "WP$"})
_TENSED = frozenset({"VBD", "VBZ", "VBP", "VBN"})
_OBJECTS = frozenset({"it", "him", "them", "me", "us"})
_NOMINAL = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP"})
_REACH = 14
_WIDEST = 60
"""Words of a speaker before and after the head: a longer phrase is a broken parse."""
_HYPHENS = frozenset("-‐‑")
_NAMING = frozenset({"NN", "NNP", "NNPS", "HYPH"})


def speaker_of(grid: Grid, cue: int) -> Speaker | None:
    """The noun phrase that speaks at a cue, or None where nobody is named."""
    head = _head(grid, cue)
    return None if head is None else phrase(grid, head, cue=cue)


def _head(grid: Grid, cue: int) -> int | None:
    if grid.tag[cue][0] == "N":
        return _of_noun(grid, cue)
    if grid.lower[cue] in ("according", "per"):
        return _according(grid, cue)
    beside = _after_quotation(grid, cue)
    if beside is not None:
        return beside
    return _climb(grid, cue)


def _of_noun(grid: Grid, cue: int) -> int | None:
    """ "Russia's criticism", "the claim by officials", else the subject of the verb that carries the noun."""
    owner = grid.has(cue, "poss")
    if owner is not None:
        return owner
    for child in grid.children[cue]:
        if grid.dep[child] == "prep" and grid.lower[child] in ("by", "from") and grid.children[child]:
            return grid.children[child][0]
    parent = grid.head[cue]
    if grid.dep[cue] in ("dobj", "pobj", "attr") and parent != cue:
        while grid.tag[parent][0] != "V" and grid.head[parent] != parent:
            parent = grid.head[parent]
        if grid.tag[parent][0] == "V" and grid.has(parent, "nsubj") is not None:
            return grid.has(parent, "nsubj")
    return None


def _according(grid: Grid, cue: int) -> int | None:
    for child in grid.children[cue]:
        if grid.dep[child] == "pobj":
            return child
        if grid.dep[child] == "prep":
            return grid.has(child, "pobj")
    to = cue + 2
    return next((t for t in range(to, min(to + 8, len(grid.tag))) if grid.tag[t] in _NOMINAL), None)


def _after_quotation(grid: Grid, cue: int) -> int | None:
    """In "..." said X the first name or pronoun to the right speaks, whatever the parser says."""
    unit = grid.unit[cue]
    before = unit - 1
    if before >= 0 and grid.lower[grid.first[before]] == "," and grid.marked[before] < 0:
        before -= 1
    if (
        before < 0
        or not grid.is_quote(before)
        or grid.has(cue, "aux") is not None
        or grid.tag[cue] not in ("VBD", "VBZ", "VBP")
    ):
        return None
    subject = grid.has(cue, "nsubj")
    if subject is not None and grid.quote[subject] < 0:
        return subject
    for token in range(cue + 1, min(cue + 8, len(grid.tag))):
        if grid.quote[token] >= 0 or grid.lower[token] in (".", ",", ";", ":") or grid.para[token] != grid.para[cue]:
            return None
        if grid.tag[token] in _NOMINAL:
            while grid.head[token] > token and grid.dep[token] in ("compound", "amod", "nmod", "poss"):
                token = grid.head[token]
            return token
    return None


def _climb(grid: Grid, cue: int) -> int | None:
    """The subject of the cue, of a verb it is coordinated with or hangs from; the agent of a passive."""
    token = cue
    for _ in range(_REACH):
        subject = _own(grid, token, cue)
        if subject is not None:
            return subject
        relation, parent = grid.dep[token], grid.head[token]
        if parent == token or _is_passive(grid, token):
            return _nearby(grid, cue) if parent == token and not _is_passive(grid, token) else None
        if relation in ("acl", "relcl") and grid.tag[parent][0] in "NPD" and grid.quote[parent] < 0:
            return parent
        if relation not in _CLIMBS and grid.tag[parent][0] not in "VM":
            return None
        token = parent
    return None


def _own(grid: Grid, token: int, cue: int) -> int | None:
    if _is_passive(grid, token):
        agent = grid.has(token, "agent")
        return grid.has(agent, "pobj") if agent is not None else None
    for child in grid.children[token]:
        if (
            grid.dep[child] in ("nsubj", "csubj")
            and child != cue
            and grid.quote[child] < 0
            and grid.tag[child] in _NAMES
        ):
            return child
    return None


def _is_passive(grid: Grid, token: int) -> bool:
    return grid.has(token, "auxpass", "nsubjpass") is not None


def _nearby(grid: Grid, cue: int) -> int | None:
    """The parser found no subject: the nearest name or pronoun just before the cue, else just after it."""
    if grid.tag[cue] not in _TENSED:
        return None
    near: list[int] = [*range(cue - 1, max(-1, cue - 4), -1), *range(cue + 1, min(cue + 4, len(grid.tag)))]
    for token in near:
        if (
            grid.quote[token] >= 0
            or grid.para[token] != grid.para[cue]
            or grid.lower[token] in (",", ".", ":", ";", "and")
        ):
            continue
        if grid.tag[token] in ("NNP", "NNPS", "PRP") and grid.lower[token] not in _OBJECTS:
            return token
    return None


def phrase(grid: Grid, head: int, *, cue: int) -> Speaker:
    """The whole noun phrase of a head, without the cue's own clause, a quotation, or trailing marks; no word is cut."""
    return _whole(grid, _phrase(grid, head, cue=cue), cue=cue)


def _phrase(grid: Grid, head: int, *, cue: int) -> Speaker:
    first, last = max(grid.left[head], head - _WIDEST), min(grid.right[head], head + _WIDEST)
    if grid.tag[head] in ("WP", "WDT", "PRP", "WP$", "PRP$"):
        return head, head, head
    if grid.tag[cue][0] == "N":
        last = min(
            [last, *(grid.left[c] - 1 for c in grid.children[head] if c > head and grid.dep[c] in ("relcl", "acl"))]
        )
    if first <= cue <= last:
        first, last = (first, cue - 1) if head < cue else (cue + 1, last)
    while first < head and (
        grid.space[first] or grid.quote[first] >= 0 or grid.lower[first] in (",", ":", ";", "-", "--", "and", "but")
    ):
        first += 1
    cut = next((t for t in range(head + 1, last + 1) if grid.para[t] != grid.para[head]), last + 1)
    last = cut - 1
    first = next((t for t in range(head, first - 1, -1) if grid.para[t] != grid.para[head]), first - 1) + 1
    while last > head and (
        grid.space[last]
        or grid.tag[last] == "POS"
        or grid.lower[last] in (",", ":", ";", "-", "--", ".", "and", "—", "–")
    ):
        last -= 1
    return _with_name(grid, (head, min(first, head), last), cue=cue)


def _whole(grid: Grid, found: Speaker, *, cue: int) -> Speaker:
    """A speaker with the whole of its first and last word: the parser may take "Bashar al-Assad" apart at the hyphen.

    What stands before and after an Arabic article belongs to one name ("Salah ad-Din"), which then is the head.
    """
    head, first, last = found
    end = _word_end(grid, last, cue=cue)
    while _is_article(grid, end + 1) and not end < cue <= end + 3:
        end = _word_end(grid, end + 1, cue=cue)
    while _glued(grid, first - 1) and first - 2 != cue:
        first -= 2
    if _is_article(grid, first):
        while first and first - 1 != cue and grid.tag[first - 1] == "NNP" and grid.quote[first - 1] < 0:
            first -= 1
    if end > last and all(grid.tag[t] in _NAMING or grid.lower[t] in _HYPHENS for t in range(head + 1, end + 1)):
        head = end
    return head, first, end


def _word_end(grid: Grid, last: int, *, cue: int) -> int:
    while _glued(grid, last + 1) and last + 2 != cue:
        last += 2
    return last


def _is_article(grid: Grid, at: int) -> bool:
    return 0 <= at < len(grid.tag) and grid.lower[at] in ARTICLES and _glued(grid, at + 1)


def _glued(grid: Grid, at: int) -> bool:
    """Whether a token is a hyphen inside a word, outside quotations."""
    if not 0 < at < len(grid.tag) - 1 or grid.lower[at] not in _HYPHENS:
        return False
    joined = grid.ends[at - 1] == grid.starts[at] and grid.ends[at] == grid.starts[at + 1]
    return joined and max(grid.quote[at - 1 : at + 2]) < 0


def _with_name(grid: Grid, found: Speaker, *, cue: int) -> Speaker:
    """ "co-founder Mark Zuckerberg said": the small parser often makes the title alone the subject."""
    head, first, last = found
    end = last
    while end + 1 < len(grid.tag) and grid.tag[end + 1] in ("NNP", "NNPS") and grid.quote[end + 1] < 0:
        end += 1
    if (
        end == last
        or last != head
        or grid.tag[head] not in ("NN", "NNP")
        or end + 1 >= len(grid.tag)
        or end >= cue > head
    ):
        return found
    after = grid.lower[end + 1]
    if end + 1 == cue or after in (",", ".") or grid.head[end + 1] == cue:
        return end, first, end
    return found
