"""The tree, put right where a small parser is known to go wrong around speech.

"She said she would run and warned that ...": the parser hangs "warned" under "run"; who reads knows that it goes on
from "said". On the training part of PolNeAR the outer verb's subject spoke in 62 of 70 such places.
"""

from __future__ import annotations

from digests.text.wordlist import words

REPORTS = words(
    "say tell add note argue insist claim warn suggest call accuse describe predict ask urge vow announce declare deny",
    "acknowledge admit assert maintain contend charge complain criticize praise dismiss write tweet explain stress",
    "emphasize point cite recall recount promise pledge threaten repeat reiterate conclude concede confirm respond",
    "reply remark observe mention quip joke caution demand propose blame defend question refer state agree",
)
"""Verbs that report speech more often than not."""
_FINITE = frozenset({"VBD", "VBZ", "VBP", "VBG"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj"})
_REACH = 10


def repaired(head: list[int], *, dep: list[str], tag: list[str], lemma: list[str], lower: list[str]) -> list[int]:
    """Heads in which a reporting verb without a subject hangs from the reporting verb it goes on from."""
    found = head.copy()
    subjects = {head[token] for token, relation in enumerate(dep) if relation in _SUBJECTS}
    for verb, relation in enumerate(dep):
        if relation not in ("conj", "advcl") or verb in subjects or not _reports(verb, lemma, tag):
            continue
        if relation == "advcl" and (tag[verb] != "VBG" or "," not in lower[max(0, verb - 2) : verb]):
            continue
        outer = _outer(found, head[verb], dep=dep, tag=tag, lemma=lemma)
        if outer is not None and outer < verb:
            found[verb] = outer
            before = verb - 1
            while before > outer and lower[before] in ("and", "but", ",", "also", "then"):
                found[before] = outer
                before -= 1
    return found


def _reports(token: int, lemma: list[str], tag: list[str]) -> bool:
    return tag[token] in _FINITE and lemma[token] in REPORTS


def _outer(head: list[int], inner: int, *, dep: list[str], tag: list[str], lemma: list[str]) -> int | None:
    """The reporting verb in whose clause a word stands."""
    at = inner
    for _ in range(_REACH):
        parent = head[at]
        if parent == at:
            return None
        if dep[at] == "ccomp" and tag[parent][0] == "V" and lemma[parent] in REPORTS:
            return parent
        at = parent
    return None


def edges(head: list[int]) -> tuple[list[int], list[int]]:
    """First and last token of each token's subtree; linear in the number of tokens."""
    left, right = list(range(len(head))), list(range(len(head)))
    for token in _leaves_first(head):
        parent = head[token]
        left[parent] = min(left[parent], left[token])
        right[parent] = max(right[parent], right[token])
    return left, right


def _leaves_first(head: list[int]) -> list[int]:
    """Tokens so ordered that each comes before its head."""
    waiting = [0] * len(head)
    for token, parent in enumerate(head):
        if parent != token:
            waiting[parent] += 1
    ready = [token for token, children in enumerate(waiting) if not children]
    for token in ready:
        parent = head[token]
        if parent != token:
            waiting[parent] -= 1
            if not waiting[parent]:
                ready.append(parent)
    return ready
