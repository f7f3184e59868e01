"""Which words may say that somebody says something, and what a linear model is told about each of them."""

from __future__ import annotations

from collections.abc import Container, Iterator

from digests.extract.speech.grid import Grid

_CLAUSES = ("ccomp", "xcomp", "dobj", "prep", "parataxis", "advcl", "dative", "oprd", "acl", "pobj", "attr", "agent")
_MARKS = frozenset('"“”')


def key(grid: Grid, token: int) -> str:
    """Lemma and kind of word: ``say|V``, ``claim|N``."""
    return f"{grid.lemma[token]}|{grid.tag[token][0]}"


def candidates(grid: Grid, *, lexicon: Container[str]) -> Iterator[int]:
    """Tokens outside quotations that are in the lexicon, or verbs that govern a clause or touch a quotation."""
    for token, tag in enumerate(grid.tag):
        if grid.quote[token] >= 0 or grid.space[token]:
            continue
        if key(grid, token) in lexicon or (tag[0] == "V" and _may_report(grid, token)):
            yield token


def _may_report(grid: Grid, token: int) -> bool:
    return grid.has(token, "ccomp", "parataxis") is not None or bool(
        quote_before(grid, token) or quote_after(grid, token)
    )


def quote_before(grid: Grid, token: int) -> str:
    """How a quotation stands before the cue in its paragraph: its last character inside the marks and the distance."""
    unit = grid.unit[token]
    for back in range(unit - 1, max(-1, unit - 12), -1):
        if grid.para[grid.first[back]] != grid.para[token] or grid.lower[grid.first[back]] in (".", "?", "!"):
            return ""
        if grid.is_quote(back):
            inside = grid.text[grid.start(back) : grid.end(back)].rstrip("\"”'’»")
            after = grid.lower[grid.first[back + 1]]
            mark = "w" if inside[-1:].isalnum() else inside[-1:]
            return f"{mark}{',' if after == ',' else ''}{min(3, (unit - back) // 2)}"
    return ""


def quote_after(grid: Grid, token: int) -> str:
    """How a quotation stands after the cue: the mark before it and the distance; also after a colon's break."""
    unit = grid.unit[token]
    for ahead in range(unit + 1, min(len(grid.first), unit + 16)):
        same = grid.para[grid.first[ahead]] == grid.para[token]
        if not same and grid.lower[grid.last[ahead - 1]] != ":":
            return ""
        if grid.is_quote(ahead):
            before = grid.lower[grid.last[ahead - 1]]
            mark = before if before in (",", ":", "that") else "w"
            return f"{mark}{min(3, (ahead - unit) // 2)}{'' if same else 'p'}"
        if grid.lower[grid.first[ahead]] in (".", "?", "!"):
            return ""
    return ""


def features(grid: Grid, token: int) -> list[str]:
    """What the cue model sees of a candidate."""
    lemma, tag, dep = grid.lemma[token], grid.tag[token], grid.dep[token]
    own = key(grid, token)
    found = ["b", f"k={own}", f"kt={lemma}|{tag}", f"t={tag}", f"d={dep}", f"td={tag}|{dep}", f"kd={own}|{dep}"]
    found += [f"h={grid.lemma[grid.head[token]]}", f"kh={own}|{grid.lemma[grid.head[token]]}"]
    kids = grid.children[token]
    present = set()
    for child in kids:
        relation = grid.dep[child]
        present.add(relation)
        if relation in _CLAUSES:
            side = "<" if child < token else ">"
            what = grid.lower[child] if relation == "prep" else relation + side
            found += [f"c={what}", f"kc={own}|{what}", f"ct={relation}{side}{grid.tag[child]}"]
            if relation in ("dobj", "xcomp", "oprd", "attr"):
                found += [f"cl={relation}|{grid.lemma[child]}", f"kcl={own}|{grid.lemma[child]}"]
            if relation in ("ccomp", "advcl", "acl"):
                mark = grid.has(child, "mark")
                found += [f"cm={relation}{side}{grid.lower[mark] if mark is not None else ''}"]
        elif relation in ("aux", "neg", "prt", "auxpass"):
            found += [f"a={grid.lower[child]}", f"ka={own}|{grid.lower[child]}"]
        else:
            found.append(f"c={relation}")
    found += [f"no{relation}" for relation in ("nsubj", "ccomp", "dobj", "xcomp") if relation not in present]
    found += [f"kno={own}|{relation}" for relation in ("ccomp", "dobj", "nsubj") if relation not in present]
    found += _subject(grid, token, own)
    found += _around(grid, token, own)
    return found


def _subject(grid: Grid, token: int, own: str) -> list[str]:
    subject = grid.has(token, "nsubj", "nsubjpass", "poss", "agent")
    if subject is None:
        return []
    tag, dep = grid.tag[subject], grid.dep[subject]
    word = grid.lemma[subject] if tag[0] in "NPWD" and tag != "NNP" else tag
    return [f"s={dep}|{word}", f"st={dep}|{tag}", f"ks={own}|{tag}", f"sq={grid.quote[subject] >= 0}"]


def _around(grid: Grid, token: int, own: str) -> list[str]:
    before = quote_before(grid, token)
    after = quote_after(grid, token)
    found = [f"qb={before}", f"qa={after}", f"kqb={own}|{bool(before)}{bool(after)}", f"qq={bool(before)}{bool(after)}"]
    lower, tag = grid.lower, grid.tag
    for step in (-2, -1, 1, 2):
        at = token + step
        inside = 0 <= at < len(lower) and grid.para[at] == grid.para[token]
        word = lower[at] if inside and grid.quote[at] < 0 else "Q" if inside else "P"
        found += [f"w{step}={word}", f"t{step}={tag[at] if inside else 'P'}"]
        if step in (-1, 1):
            found.append(f"kw{step}={own}|{word}")
    return found
