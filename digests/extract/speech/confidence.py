"""What the second look at a finished attribution is told: is all of it right, or would another content do better?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from digests.extract.speech.content import Route, Window, routes
from digests.extract.speech.cues import key, quote_after, quote_before
from digests.extract.speech.grid import Grid
from digests.extract.speech.speaker import Speaker


class CueLike(Protocol):
    @property
    def token(self) -> int: ...
    @property
    def probability(self) -> float: ...
    @property
    def speaker(self) -> Speaker | None: ...
    @property
    def area(self) -> Window: ...


class ProposalLike(Protocol):
    @property
    def cue(self) -> CueLike: ...
    @property
    def units(self) -> tuple[int, ...]: ...
    @property
    def near(self) -> float: ...
    @property
    def same(self) -> float: ...
    @property
    def rank(self) -> int: ...


_LENGTHS = (1, 2, 3, 4, 6, 9, 14, 20, 30, 50, 80)
_ODDS = (-1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 4, 5)
_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.96, 0.99)
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_BARE = frozenset({"VB", "VBG", "TO", "VBN"})


def _bucket(value: float, edges: tuple[float, ...]) -> int:
    return sum(value > edge for edge in edges)


def features(grid: Grid, made: ProposalLike, rest: Sequence[ProposalLike]) -> list[str]:
    """What is told of one proposal; ``rest`` are the best ones of the cues around it."""
    token, units = made.cue.token, made.units
    own, style = key(grid, token), _style(grid, units)
    odds = made.cue.probability / max(1e-6, 1 - made.cue.probability)
    likely, near = _bucket(math.log(odds), _ODDS), _bucket(made.near, _SHARES)
    same, size = _bucket(made.same, _SHARES), _bucket(sum(grid.words[unit] for unit in units), _LENGTHS)
    pieces = min(4, 1 + sum(b != a + 1 for a, b in pairwise(units)))
    side = f"{units[0] < grid.unit[token]}{units[-1] > grid.unit[token]}"
    found = ["b", f"p{likely}", f"s{near}", f"ps{likely}.{near}", f"y{style}", f"ys{style}{near}", f"yp{style}{likely}"]
    found += [f"e{same}", f"ye{style}{same}", f"R{made.rank}", f"Ry{made.rank}{style}", f"Rs{made.rank}{near}"]
    found += [f"k{own}", f"l{size}", f"ly{size}{style}", f"n{pieces}{style}", f"t{grid.tag[token]}{style}"]
    found += [f"side{style}{side}", f"ksz{own}{min(size, 4)}", f"kst{own}{style}"]
    found.append(f"q{bool(quote_before(grid, token))}{bool(quote_after(grid, token))}{style}")
    found += _ends(grid, made, own, style)
    found += _shape(grid, made, own, style)
    found += _speaker(grid, made, style)
    found += _overlap(made, rest, style)
    return found


def _style(grid: Grid, units: tuple[int, ...]) -> str:
    quoted = [grid.is_quote(unit) for unit in units if grid.words[unit]]
    return "d" if all(quoted) else "m" if any(quoted) else "i"


def _ends(grid: Grid, made: ProposalLike, own: str, style: str) -> list[str]:
    """The first and the last unit, and what stands on the other side of the edges."""
    first, last = made.units[0], made.units[-1]
    cores = [grid.core[first], grid.core[last]]
    found = []
    for name, way, at in zip("fe", routes(grid, made.cue.token, cores), cores, strict=True):
        up, branch = _way(grid, way)
        found += [
            f"{name}r{up}{branch}{style}",
            f"{name}t{grid.tag[at]}{style}",
            f"{name}u{up}{style}",
            f"k{own}{name}{branch}",
        ]
    before = _word(grid, first - 1, grid.para[grid.first[first]])
    after = _word(grid, last + 1, grid.para[grid.last[last]])
    found += [f"eb{style}{before}", f"ea{style}{after}", f"ew{style}{_word(grid, first, -1)}"]
    token = grid.core[last]
    closes = [grid.dep[at] for at in (token, grid.head[token], grid.head[grid.head[token]]) if grid.right[at] == token]
    opens = [grid.dep[at] for at in _line(grid, grid.core[first]) if grid.left[at] == grid.core[first]]
    found += [f"cl{style}{','.join(closes[-1:])}", f"op{style}{','.join(opens[-1:])}"]
    return found


def _line(grid: Grid, token: int) -> list[int]:
    return [token, grid.head[token], grid.head[grid.head[token]]]


def _way(grid: Grid, way: Route) -> tuple[int, str]:
    return min(3, way.up), grid.dep[way.branch] if way.up >= 0 else "X"


def _word(grid: Grid, unit: int, para: int) -> str:
    """A mark or short word as it is, else a tag; P beyond the paragraph ``para`` (-1: any), Q for a quotation."""
    if not 0 <= unit < len(grid.first) or (para >= 0 and grid.para[grid.first[unit]] != para):
        return "P"
    if grid.is_quote(unit):
        return "Q"
    token = grid.first[unit]
    return grid.tag[token] if len(grid.lower[token]) > 5 else grid.lower[token]


def _shape(grid: Grid, made: ProposalLike, own: str, style: str) -> list[str]:
    """How much of a piece the content is: loose ends, sentences crossed, verbs and subjects, clauses cut."""
    inside = set(made.units)
    cores = [grid.core[unit] for unit in made.units if grid.words[unit]]
    loose = [t for t in cores if grid.unit[grid.head[t]] not in inside or grid.head[t] == t]
    hung = sorted({f"{grid.dep[t]}{'C' if grid.head[t] == made.cue.token else ''}" for t in loose})
    stops = sum(grid.lower[grid.first[unit]] in (".", "?", "!") for unit in made.units[:-1])
    cut = {
        grid.dep[c] for t in cores for c in grid.children[t] if grid.unit[c] not in inside and grid.words[grid.unit[c]]
    }
    cut -= {"punct"}
    tags = {grid.tag[t] for t in cores if grid.quote[t] < 0}
    subject = any(grid.dep[t] in ("nsubj", "nsubjpass") for t in cores)
    found = [f"lo{min(5, len(loose))}{style}", f"hu{'+'.join(hung[:3])}{style}", f"st{min(3, stops)}{style}"]
    found += [f"cut{relation}{style}" for relation in cut] + [f"hu1{relation}{style}" for relation in hung]
    found.append(f"verb{style}{bool(tags & _FINITE)}{bool(tags & _BARE)}{subject}")
    found.append(f"kv{own}{bool(tags & _FINITE)}{bool(tags & _BARE)}")
    found.append(f"q{style}{min(4, sum(grid.is_quote(unit) for unit in made.units))}")
    return found


def _speaker(grid: Grid, made: ProposalLike, style: str) -> list[str]:
    speaker = made.cue.speaker
    if speaker is None:
        return [f"sp0{style}", f"sp0{grid.tag[made.cue.token]}"]
    head, start, end = speaker
    lemma = grid.lemma[head] if grid.tag[head] != "NNP" else ""
    found = [f"sp{grid.tag[head]}{style}", f"spd{grid.dep[head]}{style}", f"spl{lemma}"]
    found.append(f"spdir{head < made.cue.token}{min(4, abs(head - made.cue.token) // 3)}")
    inside = any(start <= grid.first[unit] <= end for unit in made.units)
    return [*found, f"spin{inside}{style}", f"spown{grid.head[head] == made.cue.token}{style}"]


def _overlap(made: ProposalLike, rest: Sequence[ProposalLike], style: str) -> list[str]:
    """Whether another cue's content holds this cue, or claims the same units with more right."""
    mine = set(made.units)
    found = set()
    for other in rest:
        if other.cue.token == made.cue.token:
            continue
        theirs = set(other.units)
        shared = len(mine & theirs)
        if shared * 2 > len(mine):
            better = other.cue.probability * other.near > made.cue.probability * made.near
            found.add(f"ov{style}{better}{shared * 10 >= 8 * len(mine | theirs)}")
        elif shared:
            found.add(f"ovs{style}")
    return sorted(found) or [f"ov0{style}"]
