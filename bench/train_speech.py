"""Train the models of digests/extract/speech again: ``python bench/train_speech.py [POLNEAR_TRAIN.jsonl]``.

Needs the dependency group ``train`` (scikit-learn, python-crfsuite). Reads only the training part of PolNeAR; the same
input gives the same files. Three models: is this word a cue; which words does the cue report; is the whole right
(trained on what the first two say of articles they have not seen).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pycrfsuite
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from speech_gold import Example, examples, grid_for, is_right, labels, parsed

from digests.extract.speech import confidence, content, cues, proposals
from digests.extract.speech.grid import Grid
from digests.extract.speech.model import Binary, Chain, Models
from digests.extract.speech.speaker import speaker_of

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "digests" / "extract" / "speech"
GOLD = ROOT.parent / "shared" / "bench" / "quotes" / "polnear_train.jsonl"
FOLDS = 3
SEEN_AT_LEAST, SHARE_AT_LEAST, STRONG = 2, 0.03, 0.4
CRF = {"c1": 1.0, "c2": 0.1, "max_iterations": 140, "feature.minfreq": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    grid: Grid
    gold: list[Example]


def lexicon_of(data: list[Labelled]) -> tuple[frozenset[str], frozenset[str]]:
    """Words that are the head of a speech cue often enough, and those that nearly always are."""
    spoken: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for item in data:
        grid = item.grid
        seen.update(cues.key(grid, t) for t in range(len(grid.tag)) if grid.quote[t] < 0 and not grid.space[t])
        heads = {e.cue for e in item.gold if e.speech and e.cue is not None}
        spoken.update(cues.key(grid, t) for t in heads if grid.quote[t] < 0)
    usable = {k: n / seen[k] for k, n in spoken.items() if n >= SEEN_AT_LEAST and k.split("|")[-1] in "VNIRJ"}
    lexicon = frozenset(k for k, share in usable.items() if share >= SHARE_AT_LEAST)
    return lexicon, frozenset(k for k, share in usable.items() if share > STRONG)


def regression(rows: list[list[str]], answers: list[bool], *, strength: float, prune: float, seen: int = 3) -> Binary:
    """Logistic regression over named features; rare features and small weights are left out."""
    counts = Counter(feature for row in rows for feature in set(row))
    vectors = DictVectorizer(dtype=np.float32)
    matrix = vectors.fit_transform([{f: 1.0 for f in row if counts[f] >= seen} for row in rows])
    model = LogisticRegression(C=strength, max_iter=400, fit_intercept=False).fit(matrix, answers)
    named = zip(vectors.get_feature_names_out(), model.coef_[0], strict=True)
    return Binary(weights={name: float(weight) for name, weight in named if abs(weight) >= prune})


def train_cue(data: list[Labelled], lexicon: frozenset[str]) -> Binary:
    rows: list[list[str]] = []
    answers: list[bool] = []
    for item in data:
        spoken = {e.cue for e in item.gold if e.speech}
        other = {e.cue for e in item.gold if not e.speech} - spoken
        for token in cues.candidates(item.grid, lexicon=lexicon):
            if token not in other:  # beliefs and wishes are neither speech nor its opposite
                rows.append(cues.features(item.grid, token))
                answers.append(token in spoken)
    return regression(rows, answers, strength=0.3, prune=0.02)


def train_content(data: list[Labelled], strong: frozenset[str]) -> Chain:
    """Beliefs and wishes teach where a content ends too, though they are never cues: half a point better."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for item in data:
        grid = item.grid
        alone: dict[int, list[str]] = {}
        rivals = frozenset(t for t in range(len(grid.tag)) if grid.quote[t] < 0 and cues.key(grid, t) in strong)
        for example in item.gold:
            if example.cue is None or grid.quote[example.cue] >= 0:
                continue
            area = content.window(grid, example.cue)
            answer = labels(grid, area, example.content)
            if set(answer) == {"O"}:
                continue
            speaker = speaker_of(grid, example.cue)
            rows = content.cue_features(grid, example.cue, area, speaker=speaker, rivals=rivals)
            for unit in range(area.first, area.last):
                if unit not in alone:
                    alone[unit] = content.unit_features(grid, unit)
            trainer.append([row + alone[area.first + n] for n, row in enumerate(rows)], answer)
    trainer.select("lbfgs")
    trainer.set_params(CRF)
    with tempfile.NamedTemporaryFile(suffix=".crf") as file:
        trainer.train(file.name)
        tagger = pycrfsuite.Tagger()
        tagger.open(file.name)
        return chain_of(tagger.info())


def chain_of(info: Any) -> Chain:
    place = {label: n for n, label in enumerate(content.LABELS)}
    names = sorted({name for name, _ in info.state_features})
    rows = {name: n for n, name in enumerate(names)}
    weights = np.zeros((len(names) + 1, len(place)), dtype=np.float32)
    for (name, label), weight in info.state_features.items():
        weights[rows[name], place[label]] = weight
    transitions = np.full((len(place), len(place)), -20.0, dtype=np.float32)
    for (before, after), weight in info.transitions.items():
        transitions[place[before], place[after]] = weight
    return Chain(rows=rows, weights=weights, transitions=transitions)


def train_first(data: list[Labelled]) -> Models:
    lexicon, strong = lexicon_of(data)
    cue = train_cue(data, lexicon)
    chain = train_content(data, strong)
    return Models(lexicon=lexicon, strong=strong, cue=cue, content=chain, right=Binary(weights={}))


def train_right(data: list[Labelled]) -> Binary:
    """Trained on proposals for articles that the first two models have not seen."""
    rows: list[list[str]] = []
    answers: list[bool] = []
    for fold in range(FOLDS):
        models = train_first([item for n, item in enumerate(data) if n % FOLDS != fold])
        for item in data[fold::FOLDS]:
            made = proposals.propose(item.grid, proposals.cues_of(item.grid, models), models)
            first = [choices[0] for choices in made]
            for at, proposal in ((at, proposal) for at, choices in enumerate(made) for proposal in choices):
                right = is_right(item.grid, proposal, item.gold)
                if right is not None:
                    rows.append(confidence.features(item.grid, proposal, proposals.around(first, at)))
                    answers.append(right)
        print(f"fold {fold + 1} of {FOLDS}: {len(answers)} proposals, {sum(answers)} right", flush=True)
    return regression(rows, answers, strength=0.1, prune=0.01)


def packed(names: list[str]) -> np.ndarray:
    return np.frombuffer("\0".join(names).encode("utf-8"), dtype=np.uint8)


def save(models: Models, right: Binary) -> None:
    """Two files, each under a megabyte; weights as 16-bit numbers."""
    parts: dict[str, np.ndarray] = {
        "lexicon": packed(sorted(models.lexicon)),
        "strong": packed(sorted(models.strong)),
    }
    for name, model in (("cue", models.cue), ("right", right)):
        parts[f"{name}_names"] = packed(sorted(model.weights))
        parts[f"{name}_weights"] = np.array([model.weights[n] for n in sorted(model.weights)], dtype=np.float16)
    np.savez_compressed(HOME / "cue.npz", **parts)
    chain = models.content
    names = sorted(chain.rows)
    kept = [n for n in names if np.abs(chain.weights[chain.rows[n]]).max() >= 0.02]
    weights = chain.weights[[chain.rows[n] for n in kept]].astype(np.float16)
    np.savez_compressed(HOME / "content.npz", names=packed(kept), weights=weights, transitions=chain.transitions)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("gold", nargs="?", type=Path, default=GOLD)
    arguments.add_argument("--cache", type=Path, help="folder that keeps the parses between runs")
    given = arguments.parse_args()
    start = time.process_time()
    data = []
    for item, doc in parsed(given.gold, cache=given.cache):
        grid = grid_for(item, doc)
        data.append(Labelled(grid=grid, gold=examples(grid, item)))
    print(
        f"{len(data)} articles, {sum(len(d.gold) for d in data)} attributions, {time.process_time() - start:.0f} s",
        flush=True,
    )
    right = train_right(data)
    save(train_first(data), right)
    print(f"trained in {time.process_time() - start:.0f} s of CPU", flush=True)


if __name__ == "__main__":
    main()
