"""Fit the weights of ``digests.extract.brief`` on summaries: ``python -m bench.train_brief GOLD.jsonl... [--check]``.

Gold lines are ``{"text", "reference"}``. Ridge-penalised logistic regression by Newton steps: the same data give the
same weights. ``--check`` prints the mean overlap of a six-fold cross-validation for every file instead of writing.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from bench.labels import article_of
from digests.extract import brief
from digests.extract.brief import Candidates, Matrix

_OUT = Path(__file__).resolve().parents[1] / "digests" / "extract" / "brief.json"
_PENALTY = 3.0
_STEPS = 15
_FOLDS = 6

Example = tuple[str, Candidates, Matrix, int]


def read(path: Path) -> list[Example]:
    """Candidates of every article with how often the reference has each of their words, and its length."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        candidates = brief.candidates_of(article_of(row["text"], published=None))
        counts = brief.word_counts(row["reference"])
        wanted = np.array([counts[word] for word in candidates.vocabulary], dtype=np.float64)
        found.append((path.stem, candidates, wanted, sum(counts.values())))
    return found


def fit(examples: list[Example]) -> Matrix:
    """The weights under which the words of the references were likeliest."""
    rows, hits = [], []
    for _, candidates, wanted, _ in examples:
        for times in (1, 2, 3):
            often = candidates.counts.sum(axis=0) >= times
            rows.append(brief.with_times(candidates.features[often], times))
            hits.append(wanted[often] >= times)
    x, y = np.vstack(rows), np.concatenate(hits).astype(np.float64)
    weights = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-x @ weights))
        curvature = (x * (p * (1 - p))[:, None]).T @ x + _PENALTY * np.eye(len(weights))
        weights -= np.linalg.solve(curvature, x.T @ (p - y) + _PENALTY * weights)
    return weights


def overlap(example: Example, weights: Matrix) -> float:
    """Unigram F1 of the chosen sentences with the reference, in percent."""
    _, candidates, wanted, length = example
    chosen = candidates.counts[list(brief.choose(candidates, brief.likelihoods(candidates.features, weights)))].sum(
        axis=0
    )
    return float(200 * np.minimum(chosen, wanted).sum() / (chosen.sum() + length))


def check(examples: list[Example]) -> dict[str, float]:
    """Mean overlap by file, each article judged by weights fitted without its fold."""
    order = np.random.default_rng(0).permutation(len(examples))
    scores: dict[str, list[float]] = {}
    for fold in range(_FOLDS):
        held = set(order[fold::_FOLDS].tolist())
        weights = fit([each for at, each in enumerate(examples) if at not in held])
        for at in held:
            scores.setdefault(examples[at][0], []).append(overlap(examples[at], weights))
    return {name: round(float(np.mean(values)), 1) for name, values in scores.items()}


def main(arguments: list[str]) -> None:
    examples = [each for path in arguments if not path.startswith("--") for each in read(Path(path))]
    if "--check" in arguments:
        print(json.dumps(check(examples)))
        return
    weights = [round(float(weight), 4) for weight in fit(examples)]
    _OUT.write_text(json.dumps({"weights": weights, "articles": len(examples)}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
