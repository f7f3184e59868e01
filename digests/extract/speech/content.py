"""What exactly is said at a cue: every unit around it is labelled by a linear-chain model.

Labels are O, B, I, E, S (outside; first, inner, last, only unit of a stretch). What the model is told of a unit: the
way through the tree from it to the cue, its side, quotation marks, edges of clauses, and the words that open and close
clauses.
"""

from __future__ import annotations

from dataclasses import dataclass

from digests.extract.speech.cues import key
from digests.extract.speech.grid import Grid
from digests.extract.speech.speaker import Speaker

LABELS = ("O", "B", "I", "E", "S")
BACK, AHEAD = 90, 110
"""Units looked at before and after a cue: a paragraph of a news story fits."""
DEEPEST = 40
"""Steps climbed in a tree: no sentence of a newspaper is deeper, a broken parse of a word list is."""
_CLOSED = frozenset({"IN", "CC", "WDT", "WP", "WRB", "TO", "DT", "MD", "RB", "PRP", "WP$", "EX", "RP"})
_CLAUSE = frozenset(
    {"ccomp", "advcl", "relcl", "acl", "conj", "prep", "xcomp", "parataxis", "appos", "npadvmod", "mark", "cc"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The units ``first`` to ``last`` (exclusive) that may belong to what is said at a cue."""

    first: int
    last: int


def window(grid: Grid, cue: int) -> Window:
    """The cue's paragraph, and a quotation that opens the next one after a colon."""
    unit, para = grid.unit[cue], grid.para[cue]
    first = last = unit
    while first > 0 and unit - first < BACK and grid.para[grid.first[first - 1]] == para:
        first -= 1
    last = unit + 1
    while last < len(grid.first) and last - unit < AHEAD and grid.para[grid.first[last]] == para:
        last += 1
    if last < len(grid.first) and grid.lower[grid.last[last - 1]] == ":" and grid.is_quote(last):
        last += 1
    return Window(first=first, last=last)


def unit_features(grid: Grid, unit: int) -> list[str]:
    """What is told of a unit whatever the cue."""
    token = grid.core[unit]
    if grid.is_quote(unit):
        found = _quotation_features(grid, unit)
    else:
        lower, tag = grid.lower[token], grid.tag[token]
        found = [f"t={tag}", f"d={grid.dep[token]}"]
        if tag in _CLOSED or not lower.isalnum():
            found.append(f"w={lower}")
        found += _edge_features(grid, token)
    for step in (-1, 1):
        found += _neighbour(grid, unit, step)
    return found


def _quotation_features(grid: Grid, unit: int) -> list[str]:
    length = grid.last[unit] - grid.first[unit] - 1
    size = next(n for n, most in enumerate((2, 4, 7, 12, 10**9)) if length <= most)
    inside = grid.text[grid.start(unit) : grid.end(unit)].strip("\"“”'’‘`«» ")
    shape = f"{inside[:1].isupper()}{inside[-1:] if not inside[-1:].isalnum() else 'w'}"
    return ["Q", f"Q{size}", f"Q{size}{shape}", f"Q{shape}", f"Qd={grid.dep[grid.core[unit]]}"]


def _edge_features(grid: Grid, token: int) -> list[str]:
    """Of which clauses this token is the first or the last."""
    found = []
    at = token
    for _ in range(DEEPEST):
        if grid.head[at] == at or (grid.left[at] != token and grid.right[at] != token):
            break
        if grid.dep[at] in _CLAUSE and grid.left[at] != grid.right[at]:
            if grid.left[at] == token:
                found.append(f"L={grid.dep[at]}")
            if grid.right[at] == token:
                found.append(f"R={grid.dep[at]}")
        at = grid.head[at]
    return found


def _neighbour(grid: Grid, unit: int, step: int) -> list[str]:
    at = unit + step
    if not 0 <= at < len(grid.first) or grid.para[grid.first[at]] != grid.para[grid.first[unit]]:
        return [f"n{step}=P"]
    if grid.is_quote(at):
        return [f"n{step}=Q"]
    token = grid.core[at]
    lower, tag = grid.lower[token], grid.tag[token]
    found = [f"nt{step}={tag}"]
    if tag in _CLOSED or not lower.isalnum():
        found.append(f"n{step}={lower}")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """From a token to the cue: how far the cue climbs to the common ancestor, and the branches down to the token."""

    up: int
    branch: int
    second: int
    down: int


def routes(grid: Grid, cue: int, tokens: list[int]) -> list[Route]:
    """The routes of some tokens; ``up`` is -1 for tokens of other sentences."""
    ancestors: dict[int, int] = {}
    at, up = cue, 0
    while at not in ancestors and up < DEEPEST:
        ancestors[at] = up
        at, up = grid.head[at], up + 1
    known: dict[int, Route] = {a: Route(up=u, branch=a, second=a, down=0) for a, u in ancestors.items()}
    found = []
    for token in tokens:
        path: list[int] = []
        at = token
        while at not in known and grid.head[at] != at and len(path) < DEEPEST:
            path.append(at)
            at = grid.head[at]
        base = known.get(at, Route(up=-1, branch=at, second=at, down=1))
        known.setdefault(at, base)
        for step in reversed(path):
            down = base.down + 1
            branch = step if down == 1 else base.branch
            second = step if down <= 2 else base.second
            base = Route(up=base.up, branch=branch, second=second, down=down)
            known[step] = base
        found.append(base)
    return found


def cue_features(
    grid: Grid, cue: int, area: Window, *, speaker: Speaker | None, rivals: frozenset[int]
) -> list[list[str]]:
    """What is told of each unit in the window about its relation to the cue."""
    own = key(grid, cue)
    cores = [grid.core[unit] for unit in range(area.first, area.last)]
    found: list[list[str]] = []
    place = grid.unit[cue]
    passed = _passed(grid, area, place, rivals)
    before: Route | None = None
    for offset, (token, route) in enumerate(zip(cores, routes(grid, cue, cores), strict=True)):
        unit = area.first + offset
        if unit == place:
            found.append(["CUE", f"CUE{grid.tag[cue]}"])
            before = route
            continue
        side = "<" if unit < place else ">"
        features = _route_features(grid, route, side, own, before)
        distance = abs(unit - place)
        near = distance if distance < 4 else 4 + (distance > 6) + (distance > 12) + (distance > 25)
        features += [side, f"D{side}{near}", f"D{side}{min(near, 3)}{grid.tag[token]}", f"V{side}{passed[offset]}"]
        gap = grid.sent[token] - grid.sent[cue]
        features.append(f"G{max(-3, min(3, gap))}{'Q' if grid.is_quote(unit) else ''}")
        if speaker is not None and speaker[1] <= token <= speaker[2]:
            features.append("SPK")
        elif speaker is not None and speaker[1] - 1 <= token <= speaker[2] + 1:
            features.append("BYSPK")
        if grid.is_quote(unit):
            features += [f"QK{side}{own}", f"QG{side}{near}", f"QV{side}{passed[offset]}"]
        found.append(features)
        before = route
    return found


def _route_features(grid: Grid, route: Route, side: str, own: str, before: Route | None) -> list[str]:
    if route.up < 0:
        return [f"X{side}"]
    up = min(route.up, 3)
    dep, second = grid.dep[route.branch], grid.dep[route.second]
    left = "l" if route.second < route.branch else "r" if route.second > route.branch else "="
    down = min(route.down, 3)
    found = [
        f"r{up}{side}{dep}",
        f"r{up}{side}{dep}{down}",
        f"r{up}{side}{dep}.{left}{second}",
        f"rt{up}{side}{dep}{grid.tag[route.branch]}",
        f"rs{up}{side}{dep}.{left}{second}{grid.tag[route.second]}",
    ]
    if up == 0:
        found += [f"k{own}{side}{dep}", f"k{own}{side}{dep}{left}{second}"]
    else:
        found.append(f"k{own}{side}{up}")
    if before is None:
        found.append("NEW0")
    elif (before.up, before.branch) != (route.up, route.branch):
        was = grid.dep[before.branch] if before.up >= 0 else "X"
        found += [f"NEW{up}{dep}", f"NEW{min(before.up, 3)}{was}>{up}{dep}"]
    elif before.second != route.second:
        found += [f"NEXT{up}{dep}.{left}{second}", f"NEXT{grid.dep[before.second]}>{second}"]
    return found


def _passed(grid: Grid, area: Window, place: int, rivals: frozenset[int]) -> list[str]:
    """For each unit, what lies between it and the cue: other cues, quotations, ends of sentences, commas."""
    found = [""] * (area.last - area.first)
    for step in (-1, 1):
        cues = quotes = stops = commas = 0
        unit = place + step
        while area.first <= unit < area.last:
            found[unit - area.first] = f"{min(cues, 2)}{min(quotes, 2)}{min(stops, 2)}{min(commas, 2)}"
            token = grid.first[unit]
            if grid.is_quote(unit):
                quotes += 1
                stops += grid.text[grid.end(unit) - 2 : grid.end(unit) - 1] in ".?!"
            else:
                lower = grid.lower[token]
                cues += token in rivals
                stops += lower in (".", "?", "!")
                commas += lower in (",", "--", "—", ";", ":")
            unit += step
    return found
