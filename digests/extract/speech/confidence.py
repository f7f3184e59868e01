"""What the second look at a finished attribution is told: is all of it right?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from digests.extract.speech.content import Window, routes
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
    def sure(self) -> float: ...


_LENGTHS = (1, 2, 3, 4, 6, 9, 14, 20, 30, 50, 80)


def _bucket(value: float, edges: tuple[float, ...]) -> int:
    return sum(value > edge for edge in edges)


def features(grid: Grid, made: ProposalLike, rest: Sequence[ProposalLike]) -> list[str]:
    """What is told of one proposal; ``rest`` are all proposals of the text."""
    cue = made.cue
    token, units = cue.token, made.units
    own = key(grid, token)
    likely = _bucket(math.log(cue.probability / max(1e-6, 1 - cue.probability)), (-1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 4, 5))
    sure = _bucket(-made.sure, (0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1, 1.3, 1.7, 2.2, 3, 4))
    quoted = sum(grid.last[u] - grid.first[u] + 1 for u in units if grid.is_quote(u))
    length = sum(grid.last[u] - grid.first[u] + 1 for u in units)
    style = "d" if quoted >= length - 1 else "m" if quoted else "i"
    pieces = 1 + sum(b != a + 1 for a, b in pairwise(units))
    size = _bucket(length, _LENGTHS)
    first, last = grid.core[units[0]], grid.core[units[-1]]
    ways = routes(grid, token, [first, last])
    found = ["b", f"p{likely}", f"s{sure}", f"ps{likely}.{sure}", f"y{style}", f"ys{style}{sure}", f"yp{style}{likely}"]
    found += [f"k{own}", f"l{size}", f"ly{size}{style}", f"n{min(pieces, 4)}{style}", f"t{grid.tag[token]}{style}"]
    for name, way, at in (("f", ways[0], first), ("e", ways[1], last)):
        dep = grid.dep[way.branch] if way.up >= 0 else "X"
        found += [
            f"{name}r{min(3, way.up)}{dep}{style}",
            f"{name}t{grid.tag[at]}{style}",
            f"{name}u{min(3, way.up)}{style}",
        ]
        found += [f"k{own}{name}{dep}"]
    found.append(f"side{style}{units[0] < grid.unit[token]}{units[-1] > grid.unit[token]}")
    found.append(f"q{bool(quote_before(grid, token))}{bool(quote_after(grid, token))}{style}")
    found += _edges(grid, made, style)
    found += _speaker(grid, made, style)
    found += _overlap(made, rest, style)
    return found


def _edges(grid: Grid, made: ProposalLike, style: str) -> list[str]:
    first, last = made.units[0], made.units[-1]
    before = grid.lower[grid.last[first - 1]] if first else "P"
    after = grid.lower[grid.first[last + 1]] if last + 1 < len(grid.first) else "P"
    out = [f"eb{style}{before if not before.isalpha() or len(before) < 6 else 'w'}"]
    out.append(f"ea{style}{after if not after.isalpha() or len(after) < 6 else grid.tag[grid.first[last + 1]]}")
    inner = {grid.tag[grid.core[u]] for u in made.units if not grid.is_quote(u)}
    out.append(f"verb{style}{bool(inner & {'VBD', 'VBZ', 'VBP', 'MD'})}{bool(inner & {'VB', 'VBG', 'TO'})}")
    return out


def _speaker(grid: Grid, made: ProposalLike, style: str) -> list[str]:
    speaker = made.cue.speaker
    if speaker is None:
        return [f"sp0{style}", f"sp0{grid.tag[made.cue.token]}"]
    head, start, end = speaker
    out = [
        f"sp{grid.tag[head]}{style}",
        f"spd{grid.dep[head]}{style}",
        f"spl{grid.lemma[head] if grid.tag[head] != 'NNP' else ''}",
    ]
    out.append(f"spdir{head < made.cue.token}{min(4, abs(head - made.cue.token) // 3)}")
    inside = any(start <= grid.first[u] <= end for u in made.units)
    return [*out, f"spin{inside}{style}", f"spown{grid.head[head] == made.cue.token}{style}"]


def _overlap(made: ProposalLike, rest: Sequence[ProposalLike], style: str) -> list[str]:
    """Whether another cue's content holds this cue, or claims the same units with more right."""
    mine = set(made.units)
    out = set()
    for other in rest:
        if (
            other.cue.token == made.cue.token
            or other.units[-1] < made.units[0] - 40
            or other.units[0] > made.units[-1] + 40
        ):
            continue
        shared = len(mine.intersection(other.units))
        if shared * 2 > len(mine):
            better = other.cue.probability + other.sure > made.cue.probability + made.sure
            same = shared * 10 >= 8 * len(mine | set(other.units))
            out.add(f"ov{style}{better}{same}")
    return sorted(out) or [f"ov0{style}"]
