"""``match`` for programs: pairs of person names as JSON lines -> whether they may be one person's. Loads no spaCy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from digests.jsonl.encoded import OutLine, failed, line
from digests.jsonl.given import BadLine, names_in
from digests.text.names import same_name


def match_lines(lines: Iterable[bytes]) -> Iterator[OutLine]:
    """``same`` and ``score`` (0 to 1) of each line's two names."""
    for raw in lines:
        if not raw.strip():
            continue
        try:
            given = names_in(raw)
        except BadLine as bad:
            yield failed(bad.line_id, str(bad))
        else:
            same, score = same_name(given.a, given.b)
            yield OutLine(text=line({"id": given.line_id, "same": same, "score": score}))
