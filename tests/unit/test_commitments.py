"""Commitments in sentences: what makes one, who makes it, what is cut off, and what is none."""

from datetime import date

import pytest

from digests.extract import commitments, nlp, pipeline
from digests.model import Article, Commitment
from digests.text.parts import parts_of


def found(text: str) -> list[Commitment]:
    article = Article(text=text, parts=parts_of(text), content_hash="", published_day=date(2024, 5, 15))
    (doc,) = nlp.parse([article], nlp=nlp.load())
    return [fact for fact in commitments.find(pipeline.read(article, doc)) if isinstance(fact, Commitment)]


@pytest.mark.parametrize(
    ("text", "kind", "actor", "action"),
    [
        ("The mayor promised to repair the dam.", "promise", "mayor", "repair the dam"),
        ("The mayor has promised a new dam.", "promise", "mayor", "a new dam"),
        ("The mayor's deputy, Ana Soto, promised to go.", "promise", "Ana Soto", "go"),
        ("The firm committed to rebuilding the school.", "promise", "firm", "rebuilding the school"),
        ("The firm did promise to rebuild the school.", "promise", "firm", "rebuild the school"),
        ("The firm assured workers that wages would rise.", "promise", "firm", "wages would rise"),
        ("The guards vowed to arrest the owner.", "threat", "guards", "arrest the owner"),
        ("The firm threatened the union with a lawsuit.", "threat", "firm", "a lawsuit"),
        ("The firm threatened sanctions.", "threat", "firm", "sanctions"),
        ("The court told the firm to pay.", "demand", "court", "pay"),
        ("The court ordered that the house be sold.", "demand", "court", "house be sold"),
        ("The court insisted that the owner must leave.", "demand", "court", "leave"),
        ("The envoy, Ana Soto, called on both sides to stop.", "demand", "Ana Soto", "stop"),
        ("The judge ordered the firm not to sell the land.", "demand", "judge", "not to sell the land"),
        ("Rebels gave the crew until Friday to leave the ship.", "demand", "Rebels", "leave the ship"),
        ("The crew was given two days to leave the ship by rebels.", "demand", "rebels", "leave the ship"),
        ("The general said the army was ready to help.", "offer", "army", "help"),
        ("The firm offered refunds to all.", "offer", "firm", "refunds"),
        ("The firm offered to feed the workers.", "offer", "firm", "feed the workers"),
        ("The minister said police would arrest the owner.", "threat", "police", "arrest the owner"),
        ("The minister said his government would sue the bank.", "threat", "government", "sue the bank"),
        ("“We will sue them,” the minister said.", "threat", "minister", "sue them"),
        ("The owner will be jailed, the judge said.", "threat", "judge", "be jailed"),
        ("The firm said it could close the plant if prices fell.", "threat", "firm", "close the plant"),
        ("The firm said it would lower prices if taxes fell.", "offer", "firm", "lower prices"),
        ("The firm said it would not pay the fine.", "promise", "firm", "not pay the fine"),
        ("The firm said it would not hesitate to sue.", "threat", "firm", "hesitate to sue"),
        ("The firm said it would send blankets to the town.", "promise", "firm", "send blankets to the town"),
        ("The firm said it would lend the city two boats.", "promise", "firm", "lend the city two boats"),
        ("Drivers must leave the square, the police chief said.", "demand", "police chief", "leave the square"),
        ("The square must be cleared, the mayor said.", "demand", "mayor", "square must be cleared"),
        ("Give up your guns or face an attack: so ran Ana Soto's letter.", "demand", "Ana Soto", "Give up your guns"),
        ("The mayor warned drivers to leave the square.", "demand", "mayor", "leave the square"),
        ("The mayor gave the drivers an hour to leave the square.", "demand", "mayor", "leave the square"),
        ("Ana Soto, who runs the port, promised to go.", "promise", "Ana Soto", "go"),
        ("The envoy, Ana Soto, ordered the guards to stop.", "demand", "Ana Soto", "stop"),
        ("Firms must pay taxes promised by owners, the mayor said.", "demand", "mayor", "pay taxes"),
        ("A gang calling itself the Red Hand threatened to bomb the port.", "threat", "Red Hand", "bomb the port"),
    ],
)
def test_a_commitment_has_its_kind_actor_and_action(text: str, kind: str, actor: str, action: str) -> None:
    first = found(text)[0]
    assert first.type == kind
    assert actor.lower() in first.actor.name.lower()
    assert action in first.action.text


@pytest.mark.parametrize(
    "text",
    [
        "The mayor did not promise to repair the dam.",
        "The mayor denied threatening to close the school.",
        "The mayor may offer to help.",
        "The mayor plans to promise a new dam.",
        "If the mayor promises to go, they will cheer.",
        "They were promised a new dam.",
        "The agreed price was low.",
        "The parties agreed that the dam was old.",
        "The flood threatened the village.",
        "The storm threatened to flood the village.",
        "The museum offers guided tours.",
        "The envoy offered no evidence.",
        "The team was better prepared to help.",
        "The team was not ready to help.",
        "The team was happy to help.",
        "The soup was ready to eat.",
        "The bill requires schools to report.",
        "Analysts demanded that the bank act.",
        "The firm said it would have paid the fine.",
        "The firm said it would probably sue the bank.",
        "The analyst said the army would attack.",
        "The firm said it would not comment.",
        "The firm said it will be open on Sunday.",
        "The mayor said there must be a reason.",
        "The mayor said it must be said.",
        "The mayor said the plan must be good.",
        "The mayor said the mayor should go.",
        "A neighbour said the mayor should go.",
        "They asked whether he would attack.",
        "He will attack.",
        "He promised it.",
        "The U.S. general said Russia would attack the town.",
        "The firm was given a prize to keep.",
        "The king gave the crew 2 coins to keep.",
        "The crew was ordered to leave.",
    ],
)
def test_plans_denials_forecasts_and_things_commit_to_nothing(text: str) -> None:
    assert [commitment.summary for commitment in found(text)] == []


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("The union threatened to strike unless wages rise.", "unless wages rise"),
        ("The union threatened to strike until wages rise.", "until wages rise"),
        ("If wages fall, the union will strike, its leader said.", "If wages fall"),
        ("The bank said it would reopen the branch only if rents fell.", "only if rents fell"),
        ("The bank said it would reopen the branch only when rents fell.", "only when rents fell"),
        ("The bank promised to reopen the branch when it can.", None),
        ("The union threatened to strike if wages fall by Friday.", "if wages fall by Friday"),
    ],
)
def test_the_condition_is_the_clause_with_its_if(text: str, condition: str | None) -> None:
    first = found(text)[0]
    assert (first.condition.text if first.condition else None) == condition
    assert condition is None or condition not in first.action.text


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("The bank promised to reopen the branch by the end of May.", "reopen the branch"),
        ("The bank promised to reopen the branch on Friday, May 17.", "reopen the branch"),
        ("The bank promised to cut fees and open branches.", "cut fees and open branches"),
        ("The court ordered the firm to pay or face closure.", "pay"),
        ("The bank promised to pay, its owner said.", "pay"),
    ],
)
def test_the_action_ends_before_dates_and_alternatives(text: str, action: str) -> None:
    assert found(text)[0].action.text == action


def test_the_penalty_after_or_is_a_threat_of_its_own() -> None:
    demand, threat = found("The court gave the firm until Friday to pay or face closure.")
    assert (demand.type, demand.action.text) == ("demand", "pay")
    assert (threat.type, threat.action.text) == ("threat", "face closure")


def test_a_pronoun_is_never_the_actors_name() -> None:
    (promise,) = found("Ana Soto won the vote. She promised to repair the dam.")
    assert promise.actor.name == "Ana Soto"


def test_the_speaker_stands_beside_the_acting_body() -> None:
    (threat,) = found("Defence Minister Ana Soto said the army would attack the town.")
    assert threat.said_by is not None
    assert (threat.actor.name, threat.said_by.name) == ("army", "Ana Soto")


def test_we_of_an_official_is_the_country_spoken_of_before() -> None:
    text = "Minister Ana Soto said that Norway wants peace.\n\n“We will use force if it fails,” Soto said."
    (threat,) = found(text)
    assert threat.actor.name == "Norway"


def test_evidence_and_summary_are_the_articles_words() -> None:
    text = "On Monday the union threatened to strike by June 1 unless wages rise."
    (threat,) = found(text)
    assert threat.quote == "the union threatened to strike by June 1 unless wages rise"
    assert threat.summary == "union (threat): strike, unless wages rise"
    assert text[threat.start : threat.end] == threat.quote


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Will",
        "Must must must",
        "Or else!",
        "PROMISED TO GO OR FACE ARREST",
        "promised " * 300,
        "He said she said they said it would attack " * 40,
        "☃ threatened to ☃ unless ☃",
        "“Unless\n\n”will you\n\n“",
    ],
)
def test_odd_input_is_survived(text: str) -> None:
    for commitment in found(text):
        assert text[commitment.start : commitment.end] == commitment.quote
