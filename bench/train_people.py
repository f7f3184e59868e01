"""Trains digests/extract/people/kinds.npz: which names are persons, organisations, places.

``python -m bench.train_people`` reads the development texts of ../shared/bench (PolNeAR train, the ask articles, ECB+),
takes what spaCy's own entity recogniser says of each name as its kind (voted over the mentions), adds the people
benchmark's gold names (``--folds 6`` leaves them out part by part and prints how the rest is told), and writes the
weights. The result is the same for the same texts and versions. About five minutes; ``--keep FILE`` saves the parsed
texts for the next run.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.tokens import Doc, DocBin

from bench.labels import article_of
from digests.extract import nlp
from digests.extract.people import kinds, model
from digests.extract.people.candidate import Candidate
from digests.extract.people.runs import candidates
from digests.extract.people.words import Words, words_of
from digests.text.folding import fold

SHARED = Path(__file__).resolve().parents[2] / "shared" / "bench"
TARGET = Path(__file__).resolve().parents[1] / "digests" / "extract" / "people" / "kinds.npz"
KIND_OF_LABEL = {"PERSON": 0, "ORG": 1, "GPE": 2, "LOC": 2, "FAC": 2}
PERSON = 0
GOLD_WEIGHT = 3.0
SILVER_WEIGHT = 0.15
EPOCHS = 6
RATE = 0.15
DECAY = 2e-6

Example = tuple[list[int], int, float]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", type=Path)
    options.add_argument("--folds", type=int, default=0)
    given = options.parse_args()
    silver = list(_silver(_parsed(given.keep)))
    gold = list(_gold())
    print(f"{len(silver)} names from spaCy, {sum(len(each) for each in gold)} from the people benchmark")
    if given.folds:
        _cross_validate(silver, gold, given.folds)
        return
    TARGET.write_bytes(packed(learn(silver + [example for each in gold for example in each])))


def texts() -> Iterator[str]:
    """Every third development text: enough, and three times as fast."""
    for line in (SHARED / "quotes/polnear_train.jsonl").read_text(encoding="utf-8").splitlines()[::3]:
        yield json.loads(line)["text"]
    with gzip.open(SHARED / "ask/articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in list(lines)[::3]:
            yield json.loads(line)["text"]
    for line in (SHARED / "stories/ecbplus.jsonl").read_text(encoding="utf-8").splitlines()[::2]:
        yield json.loads(line)["text"]


def _prepared(text: str) -> str:
    """The text as the pipeline parses it."""
    return nlp.masked(article_of(text, published=None))


def _parsed(keep: Path | None) -> list[Doc]:
    """The texts with tags, tree and spaCy's entities."""
    full = spacy.load(nlp.MODEL, exclude=["lemmatizer"])
    if keep is not None and keep.exists():
        return list(DocBin().from_disk(keep).get_docs(full.vocab))
    docs = list(full.pipe(_prepared(text[:8000]) for text in texts()))
    if keep is not None:
        DocBin(docs=docs, attrs=["TAG", "DEP", "HEAD", "SENT_START", "ENT_IOB", "ENT_TYPE"]).to_disk(keep)
    return docs


def _silver(docs: Iterable[Doc]) -> Iterator[Example]:
    """Candidates with the kind spaCy most often gives their name, in the document and, less, in all of them.

    What a table knows (countries, well-known organisations) overrules spaCy, a person's last name is a person; names
    about which spaCy cannot make up its mind are left out.
    """
    per_doc = [[(each, _silver_kind(doc, each)) for each in candidates(words_of(doc))] for doc in docs]
    everywhere: dict[str, Counter[int]] = defaultdict(Counter)
    for doc, found in zip(docs, per_doc, strict=True):
        for each, kind in found:
            everywhere[fold(kinds.name_of(words_of(doc), each))][kind] += 1
    for doc, found in zip(docs, per_doc, strict=True):
        yield from _agreed(words_of(doc), found, everywhere)


def _agreed(words: Words, found: list[tuple[Candidate, int]], everywhere: dict[str, Counter[int]]) -> Iterator[Example]:
    here: dict[str, Counter[int]] = defaultdict(Counter)
    for each, kind in found:
        here[fold(kinds.name_of(words, each))][kind] += 1
    families = {
        name.split()[-1] for name, count in here.items() if " " in name and count.most_common(1)[0][0] == PERSON
    }
    for each, _ in found:
        features = list(kinds.features(words, each))
        indices = [model.bucket(feature) for feature in features]
        known = _tabled(set(features))
        name = fold(kinds.name_of(words, each))
        votes = {kind: here[name][kind] + 0.3 * everywhere[name][kind] for kind in everywhere[name]}
        kind = max(votes, key=lambda each: votes[each])
        if known is not None:
            yield indices, known, SILVER_WEIGHT
        elif name in families and kind != 2:
            yield indices, PERSON, SILVER_WEIGHT
        elif votes[kind] >= 0.6 * sum(votes.values()):
            yield indices, kind, SILVER_WEIGHT


def _tabled(features: set[str]) -> int | None:
    """The kind that our own tables give the name, if they know it and no title speaks against it."""
    if "honorific" in features or {"role_before", "words=2"} <= features:
        return PERSON if not features & {"organisation_head", "organisation_suffix"} else None
    if "title" in features:
        return None
    if "known_organisation" in features:
        return 1
    if features & {"country", "capital", "known_place", "seat"}:
        return 2
    return 3 if features & {"thing", "demonym"} else None


def _silver_kind(doc: Doc, each: Candidate) -> int:
    labels = [token.ent_type_ for token in doc[each.first : each.last]]
    most = max(sorted(set(labels)), key=labels.count)
    return KIND_OF_LABEL.get(most, 3)


def _gold() -> Iterator[list[Example]]:
    """The people benchmark's examples, document by document; only what is annotated."""
    rows = [json.loads(line) for line in (SHARED / "people/people_dev.jsonl").read_text(encoding="utf-8").splitlines()]
    pipe = nlp.load()
    for row, doc in zip(rows, pipe.pipe(_prepared(row["text"]) for row in rows), strict=True):
        words = words_of(doc)
        yield [
            (_indices(words, each), kind, GOLD_WEIGHT)
            for each in candidates(words)
            if (kind := _gold_kind(row, words.start[each.first], words.end[each.last - 1], words, each)) is not None
        ]


def _gold_kind(row: dict[str, Any], start: int, end: int, words: Words, each: Candidate) -> int | None:
    for kind, key in enumerate(("people", "orgs")):
        for mention in row[key]:
            if mention["kind"] == "name" and mention["start"] < end and start < mention["end"]:
                return None if mention.get("opt") else kind
    if start >= row["annotated_until"]:
        return None
    place = any(feature in {"country", "capital", "seat", "known_place"} for feature in kinds.features(words, each))
    return 2 if place else 3


def _indices(words: Words, each: Candidate) -> list[int]:
    return [model.bucket(feature) for feature in kinds.features(words, each)]


def learn(examples: list[Example]) -> NDArray[np.float64]:
    """Softmax regression by AdaGrad over shuffled examples."""
    weights = np.zeros((model.BUCKETS, len(kinds.KINDS)))
    seen = np.full((model.BUCKETS, 1), 1e-3)
    random = np.random.default_rng(7)
    for _ in range(EPOCHS):
        for batch in np.array_split(random.permutation(len(examples)), max(1, len(examples) // 64)):
            _step(weights, seen, [examples[i] for i in batch.tolist()])
    weights[np.abs(weights) < 0.5 / model.SCALE] = 0
    return weights


def packed(learnt: NDArray[np.float64]) -> bytes:
    """Learnt weights as the file's bytes, the same for the same weights."""
    out = BytesIO()
    np.savez_compressed(out, weights=np.clip(np.rint(learnt * model.SCALE), -127, 127).astype(np.int8))
    return out.getvalue()


def _step(weights: NDArray[np.float64], seen: NDArray[np.float64], batch: list[Example]) -> None:
    sizes = [len(indices) for indices, _, _ in batch]
    flat = np.concatenate([np.asarray(indices) for indices, _, _ in batch])
    rows = np.repeat(np.arange(len(batch)), sizes)
    logits = np.add.reduceat(weights[flat], np.cumsum([0, *sizes[:-1]]), axis=0)
    logits -= logits.max(axis=1, keepdims=True)
    odds = np.exp(logits)
    error = odds / odds.sum(axis=1, keepdims=True)
    error[np.arange(len(batch)), [kind for _, kind, _ in batch]] -= 1
    error *= np.asarray([[weight] for _, _, weight in batch])
    unique, back = np.unique(flat, return_inverse=True)
    gradient = np.zeros((len(unique), weights.shape[1]))
    np.add.at(gradient, back, error[rows])
    gradient += DECAY * len(batch) * weights[unique]
    seen[unique] += (gradient**2).mean(axis=1, keepdims=True)
    weights[unique] -= RATE * gradient / np.sqrt(seen[unique])


def _cross_validate(silver: list[Example], gold: list[list[Example]], folds: int) -> None:
    right = np.zeros((4, 4), dtype=int)
    for part in range(folds):
        rest = [example for i, each in enumerate(gold) if i % folds != part for example in each]
        weights = learn(silver + rest)
        for i, each in enumerate(gold):
            if i % folds == part:
                for indices, kind, _ in each:
                    right[kind, int(weights[indices].sum(axis=0).argmax())] += 1
    print("rows: gold, columns: learnt\n", right)


if __name__ == "__main__":
    main()
