"""Parts of the speech layer alone: speakers, verb groups, repaired trees, draws, summaries."""

from __future__ import annotations

import numpy as np
import pytest
from spacy.tokens import Doc

from digests.errors import SettingsError
from digests.extract import nlp
from digests.extract.reading import Attribution
from digests.extract.speech.attributions import cue_group, without_doubles
from digests.extract.speech.content import Window
from digests.extract.speech.decode import decode
from digests.extract.speech.grid import Grid, grid_of
from digests.extract.speech.proposals import Cue, Proposal
from digests.extract.speech.repair import edges
from digests.extract.speech.speaker import speaker_of
from digests.extract.speech.summary import summary_of
from digests.model import Actor, Article, Span
from digests.text.parts import parts_of
from digests.text.quotations import quotations


def grid(text: str) -> Grid:
    article = Article(text=text, parts=parts_of(text), content_hash="x")
    (doc,) = nlp.parse([article], nlp=nlp.load())
    return grid_of(doc, text=text, quotations=quotations(text, [(0, len(text))]))


def speaker(text: str, cue: str) -> str | None:
    read = grid(text)
    found = speaker_of(read, read.lower.index(cue))
    return None if found is None else text[read.starts[found[1]] : read.ends[found[2]]]


@pytest.mark.parametrize(
    ("text", "cue", "expected"),
    [
        ("The mayor said the bridge was safe.", "said", "The mayor"),
        ('"It is safe," said Ana Lopes, the mayor.', "said", "Ana Lopes, the mayor"),
        ('"It is safe," she said.', "said", "she"),
        ("Drivers were told by the police that the road was shut.", "told", "the police"),
        ("Drivers were told that the road was shut.", "told", None),
        ("The mayor criticised the plan, saying it was too costly.", "saying", "The mayor"),
        ("The mayor, who said the plan was costly, left.", "said", "who"),
        ("The minister spoke on Monday and warned that prices would rise.", "warned", "The minister"),
        ("According to the police, nobody was hurt.", "according", "the police"),
        ("According to", "according", None),
        ("Norway's claim that the border is safe was met with doubt.", "claim", "Norway"),
        ("The criticism by teachers that pay is low has grown.", "criticism", "teachers"),
        ("The senator made the claim that taxes fell.", "claim", "The senator"),
        ("A claim that taxes fell was false.", "claim", None),
        ("He wanted to say that it was over.", "say", "He"),
        ("Say it again.", "say", None),
        ("Syrian President Bashar al-Assad said the army would go on.", "said", "Syrian President Bashar al-Assad"),
        ("The army would go on, Syrian President Bashar al-Assad said.", "said", "Syrian President Bashar al-Assad"),
        ("Salah ad-Din al-Bitar said the party was finished.", "said", "Salah ad-Din al-Bitar"),
        ("A talk with co-founder Jean-Yves Le Drian said little.", "said", "A talk with co-founder Jean-Yves Le Drian"),
    ],
)
def test_who_speaks_at_a_cue(text: str, cue: str, expected: str | None) -> None:
    assert speaker(text, cue) == expected


@pytest.mark.parametrize(
    ("text", "cue", "expected"),
    [
        ("Turkey has said it will wait.", "said", "has said"),
        ("Turkey did not say it would wait.", "say", "did not say"),
        ("Turkey pointed out that it had waited.", "pointed", "pointed out"),
        ("According to Turkey, it waited.", "according", "According to"),
        ("Turkey later said it waited.", "said", "said"),
    ],
)
def test_the_cue_is_the_whole_verb_group(text: str, cue: str, expected: str) -> None:
    read = grid(text)
    first, last = cue_group(read, read.lower.index(cue))
    assert text[read.starts[first] : read.ends[last]] == expected


def test_edges_are_those_of_the_subtrees() -> None:
    assert edges([1, 1, 1, 2]) == ([0, 0, 2, 3], [0, 3, 3, 3])


def test_the_same_scores_always_give_the_same_contents_and_the_likeliest_comes_first() -> None:
    rng = np.random.default_rng(1)
    sequences = [rng.normal(size=(length, 5)).astype(np.float32) * 3 for length in (3, 30, 12)]
    words = [[1] * len(sequence) for sequence in sequences]
    flat = np.zeros((5, 5), dtype=np.float32)
    found = decode(sequences, flat, weights=words)
    assert found == decode(sequences, flat, weights=words)
    for choices, sequence in zip(found, sequences, strict=True):
        assert all(0 <= place < len(sequence) for choice in choices for place in choice.places)
        assert [c.near for c in choices] == sorted((c.near for c in choices), reverse=True)
    assert decode([], flat, weights=[]) == []


def attribution(cue: str | None, content: str, *, at: int = 50) -> Attribution:
    spoken = None if cue is None else Span(start=20, end=20 + len(cue), text=cue)
    said = Span(start=at, end=at + len(content), text=content)
    return Attribution(speaker=None, cue=spoken, contents=(said,), style="indirect")


@pytest.mark.parametrize(
    ("cue", "content", "said_to", "expected"),
    [
        ("said", "it was over", None, "Ana Lopes said: it was over"),
        ("Says", "It Is Over", None, "Ana Lopes says: It Is Over"),
        ("adding", "it was over", None, "Ana Lopes added: it was over"),
        ("saying", "it was\n over", None, "Ana Lopes said: it was over"),
        ("replying", "no", None, "Ana Lopes replied: no"),
        ("threatened", "to leave", None, "Ana Lopes threatened to leave"),
        ("told", "no", "reporters", "Ana Lopes told reporters: no"),
        ("told", "no", None, "Ana Lopes said: no"),
        ("According to", "no", None, "Ana Lopes: no"),
        (":", "no", None, "Ana Lopes: no"),
        (None, "no", None, "Ana Lopes: no"),
        ("said", "x" * 400, None, "Ana Lopes said: " + "x" * 263 + "…"),
    ],
)
def test_a_summary_is_one_line_a_person_can_read(
    cue: str | None, content: str, said_to: str | None, expected: str
) -> None:
    who = Actor(start=0, end=5, text="Lopes", name="Ana Lopes")
    assert summary_of(attribution(cue, content), speaker=who, said_to=said_to) == expected


def test_a_summary_without_a_speaker_says_so() -> None:
    assert summary_of(attribution("said", "no"), speaker=None) == "Unnamed said: no"


def test_a_missing_model_package_says_what_to_install() -> None:
    with pytest.raises(SettingsError, match="pip install no-such-model"):
        nlp.load("no_such_model")


def tree(words: str, heads: list[int], deps: str, tags: str) -> Grid:
    """A grid of a parse made by hand; a head of -1 is the word itself."""
    vocab = nlp.load().vocab
    own = [n if head < 0 else head for n, head in enumerate(heads)]
    lemmas = [{"said": "say", "warned": "warn"}.get(word, word) for word in words.split()]
    doc = Doc(vocab, words=words.split(), heads=own, deps=deps.split(), tags=tags.split(), lemmas=lemmas)
    return grid_of(doc, text=doc.text, quotations=quotations(doc.text, [(0, len(doc.text))]))


@pytest.mark.parametrize(
    ("words", "heads", "deps", "tags", "cue", "expected"),
    [
        # the parser took the speaker for an object
        ('" No " said Ana Lopes', [1, 3, 1, -1, 5, 3],
         "punct dobj punct ROOT compound dobj", "'' UH '' VBD NNP NNP", 3, (4, 5)),
        ('" No " said Ana Lopes', [1, 3, 1, -1, 5, 3],
         "punct dobj punct ROOT amod dobj", "'' UH '' VBD NN NNP", 3, (4, 5)),
        ('" No " said , then', [1, 3, 1, -1, 3, 3], "punct dobj punct ROOT punct advmod", "'' UH '' VBD , RB", 3, None),
        # no subject anywhere: the name beside the verb
        ("Lopes said no", [1, -1, 1], "dep ROOT dobj", "NNP VBD UH", 1, (0, 0)),
        ("no said , Lopes", [1, -1, 1, 1], "dobj ROOT punct npadvmod", "UH VBD , NNP", 1, (3, 3)),
        ("no said then today", [1, -1, 1, 1], "dobj ROOT advmod npadvmod", "UH VBD RB NN", 1, None),
        # the title alone became the subject
        ("founder Ana Lopes said no", [3, 2, 3, -1, 3],
         "nsubj compound dobj ROOT dobj", "NN NNP NNP VBD UH", 3, (0, 2)),
        ("founder Ana Lopes once said", [4, 2, 4, 4, -1],
         "nsubj compound dobj advmod ROOT", "NN NNP NNP RB VBD", 4, (0, 2)),
        # according without a tree to speak of
        ("according to the police no", [4, 4, 3, 4, -1], "dep dep det dep ROOT", "VBG IN DT NN UH", 0, (2, 3)),
        ("per officials no", [2, 0, -1], "prep pobj ROOT", "IN NNS UH", 0, (1, 1)),
        # a relative clause: the antecedent speaks
        ("officials saying no", [-1, 0, 1], "ROOT acl dobj", "NNS VBG UH", 1, (0, 0)),
        # an adverb's verb has the subject
        ("he sat quietly saying no", [1, -1, 1, 2, 3], "nsubj ROOT advmod dep dobj", "PRP VBD RB VBG UH", 3, (0, 0)),
        ("yes quietly saying no", [-1, 0, 1, 2], "ROOT npadvmod npadvmod dobj", "UH RB VBG UH", 2, None),
        # a noun at the end of a chain without a verb
        ("word of a claim", [-1, 0, 3, 1], "ROOT prep det pobj", "NN IN DT NN", 3, None),
    ],
)  # fmt: skip
def test_who_speaks_in_a_broken_parse(
    words: str, heads: list[int], deps: str, tags: str, cue: int, expected: tuple[int, int] | None
) -> None:
    found = speaker_of(tree(words, heads, deps, tags), cue)
    assert (None if found is None else found[1:]) == expected


def test_a_reporting_verb_goes_on_from_the_one_before_and_takes_its_conjunction_along() -> None:
    read = tree(
        "She said he ran and warned us",
        [1, -1, 3, 1, 3, 3, 5],
        "nsubj ROOT nsubj ccomp cc conj dobj",
        "PRP VBD PRP VBD CC VBD PRP",
    )
    assert (read.head[5], read.head[4]) == (1, 1)
    assert read.right[3] == 3


def test_a_verb_without_an_outer_report_stays_where_it_is() -> None:
    read = tree("He ran and warned us", [1, -1, 1, 1, 3], "nsubj ROOT cc conj dobj", "PRP VBD CC VBD PRP")
    assert read.head[3] == 1


def test_of_two_cues_that_claim_the_same_words_the_likelier_keeps_them() -> None:
    area = Window(first=0, last=9)

    def proposal(token: int, units: tuple[int, ...], confidence: float) -> Proposal:
        cue = Cue(token=token, probability=0.9, speaker=None, area=area)
        return Proposal(cue=cue, units=units, near=1.0, same=1.0, confidence=confidence)

    weak, strong, apart = proposal(1, (3, 4, 5, 6), 0.5), proposal(2, (3, 4, 5), 0.9), proposal(7, (8,), 0.6)
    assert without_doubles([weak, strong, apart]) == [strong, apart]
