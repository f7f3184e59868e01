"""What is measured: which set, whose prediction, which scorer, which figure of it, and what the rivals reach.

``owed`` and ``aim`` are what the project set itself; the rivals' figures are from the yardsticks' own README.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench.scoring import Row, Scorer

QUOTES = Scorer(program="quotes/score_quotes.py", options=("--boot", "400", "--json"), to_file=True)
TIMES = Scorer(program="timex/score_timex.py", options=("--ci", "--json"))
PEOPLE = Scorer(program="people/tools/score_people.py", draws=60)
EVENTS = Scorer(program="people/tools/score_events.py", draws=40)
LABELS = Scorer(program="labels/score_labels.py", draws=60)
NAMES = Scorer(program="names/score_names.py", options=(), draws=100)
STORIES = Scorer(program="stories/score_stories.py", options=())
BRIEF = Scorer(program="brief/score_brief.py", options=(), draws=8)
ASK = Scorer(program="ask/score_ask.py", options=(), draws=100)
ROLES = Scorer(program="people/tools/score_roles.py", options=(), text=True, draws=60)
SPEAKERS = Scorer(program="people/tools/score_speakers.py", options=(), text=True, draws=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """``figure``: the path of the number in the scorer's output; percent where ``times`` makes it so.

    ``given``: the file predictions are made from, where that is not the gold itself. ``interval``: the path of the
    scorer's own interval, where it has one. ``resampled``: false where documents drawn twice would flatter it.
    """

    name: str
    gold: str
    predict: str
    scorer: Scorer
    figure: str
    times: float = 1.0
    given: str = ""
    interval: str = ""
    resampled: bool = True
    extra: tuple[str, ...] = ()
    rival: str = ""
    owed: float | None = None
    aim: float | None = None

    def value_in(self, scores: Row) -> float:
        return self.times * float(_at(scores, self.figure))

    def interval_in(self, scores: Row) -> tuple[float, float] | None:
        """The scorer's own interval in percent."""
        if not self.interval:
            return None
        low, high = _at(scores, self.interval)
        return self.times * low, self.times * high


def _at(scores: Row, path: str) -> Any:
    found: Any = scores
    for step in path.split("."):
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found


def _quotes(name: str, gold: str, figure: str, rival: str, owed: float, aim: float, *extra: str) -> Measure:
    return Measure(
        name=f"who said what: {name}",
        gold=f"quotes/{gold}",
        predict="bench.quotes:predict",
        scorer=QUOTES,
        figure=figure,
        interval="ci95.joint" if figure == "all.joint.F1" else "",
        extra=extra,
        rival=rival,
        owed=owed,
        aim=aim,
    )


def _times(name: str, gold: str, rival: str, owed: float, aim: float, *extra: str) -> Measure:
    return Measure(
        name=f"dates: {name}, value F1",
        gold=f"timex/{gold}",
        predict="bench.times:predict",
        scorer=TIMES,
        figure="value_f1",
        interval="value_f1_ci",
        times=100,
        extra=extra,
        rival=rival,
        owed=owed,
        aim=aim,
    )


def _labels(name: str, figure: str, owed: float, aim: float) -> Measure:
    return Measure(
        name=f"labels: {name}",
        gold="labels/labels_dev.jsonl",
        given="labels/passages_dev.jsonl",
        predict="bench.labels:predict",
        scorer=LABELS,
        figure=figure,
        extra=("--passages", "labels/passages_dev.jsonl"),
        rival="none",
        owed=owed,
        aim=aim,
    )


def _people(name: str, figure: str, rival: str, owed: float, aim: float) -> Measure:
    return Measure(
        name=f"who is who: {name}",
        gold="people/people_dev.jsonl",
        predict="bench.people:predict",
        scorer=PEOPLE,
        figure=figure,
        times=100,
        resampled=".detection." in figure,
        rival=rival,
        owed=owed,
        aim=aim,
    )


def _stories(name: str, gold: str, rival: str, owed: float, aim: float) -> Measure:
    return Measure(
        name=f"stories: {name}, B-cubed F1",
        gold=f"stories/{gold}",
        predict="bench.stories:predict",
        scorer=STORIES,
        figure="b3_f1",
        times=100,
        resampled=False,
        rival=rival,
        owed=owed,
        aim=aim,
    )


def _ask(name: str, figure: str, rival: str, owed: float, aim: float, *, times: float = 100) -> Measure:
    return Measure(
        name=f"asking: {name}",
        gold="ask/questions.jsonl",
        predict="bench.ask:predict",
        scorer=ASK,
        figure=figure,
        times=times,
        resampled=figure != "answered",
        rival=rival,
        owed=owed,
        aim=aim,
    )


def _brief(name: str, gold: str, rival: str, owed: float, aim: float) -> Measure:
    return Measure(
        name=f"summaries: {name}, ROUGE-1",
        gold=f"brief/{gold}",
        predict="bench.brief:predict",
        scorer=BRIEF,
        figure="ours.0",
        rival=rival,
        owed=owed,
        aim=aim,
    )


MEASURES: tuple[Measure, ...] = (
    _quotes("PolNeAR dev, joint F1", "polnear_dev.jsonl", "all.joint.F1", "43.4 GenderGapTracker", 73, 78),
    _quotes("the same, quoted view", "polnear_dev.jsonl", "all.joint.F1", "81", 93, 96, "--view", "quoted"),
    _quotes("the same, indirect only", "polnear_dev.jsonl", "indirect.joint.F1", "53", 64, 72),
    _quotes("GUM news dev, joint F1", "gum_news_dev.jsonl", "all.joint.F1", "51.3 GenderGapTracker", 58, 66),
    _times("MEANTIME dev", "meantime_dev.jsonl", "74.0 HeidelTime", 82, 85),
    _times("TBAQ dev", "tbaq_dev.jsonl", "77.0 HeidelTime", 82, 86),
    _times("MEANTIME dev, future days", "meantime_dev_future.jsonl", "64.3 HeidelTime", 78, 90, "--future"),
    _times("TBAQ dev, future days", "tbaq_dev_future.jsonl", "69.9 HeidelTime", 88, 93, "--future"),
    _times("MEANTIME dev, calendar", "meantime_dev.jsonl", "80.2 HeidelTime", 88, 91, "--calendar"),
    _times("TBAQ dev, calendar", "tbaq_dev.jsonl", "82.8 HeidelTime", 87, 91, "--calendar"),
    _labels("dates surfaced, F1", "F1.dates_surfaced.F1", 92, 96),
    _labels("due day exact (class D)", "accuracy.due_D.acc", 92, 96),
    _labels("commitments, F1", "F1.commitments.F1", 70, 85),
    _labels("figures, F1", "F1.figures.F1", 88, 95),
    _labels("roles, F1", "F1.roles.F1", 88, 95),
    _people("person names found, F1", "people.detection.f1", "83 spaCy", 88, 93),
    _people("organisations found, F1", "orgs.detection.f1", "76 spaCy", 82, 88),
    _people("people linked over articles, b3 entity", "people.b3_entity.f1", "98", 98.5, 99),
    _people("the same, shared surnames only", "people.shared.f1", "85", 92, 97),
    _people("organisations linked, b3 entity", "orgs.b3_entity.f1", "89", 93, 96),
    Measure(
        name="roles: title, F1",
        gold="people/roles_dev.jsonl",
        predict="bench.people:predict_roles",
        scorer=ROLES,
        figure="title",
        times=100,
        rival="75",
        owed=86,
        aim=92,
    ),
    Measure(
        name="roles: title and organisation, F1",
        gold="people/roles_dev.jsonl",
        predict="bench.people:predict_roles",
        scorer=ROLES,
        figure="pair",
        times=100,
        rival="60",
        owed=78,
        aim=88,
    ),
    Measure(
        name="speakers that are a pronoun or a role, named",
        gold="people/speakers_dev.jsonl",
        predict="bench.people:predict_speakers",
        scorer=SPEAKERS,
        figure="named",
        times=100,
        rival="76",
        owed=85,
        aim=92,
    ),
    Measure(
        name="all pronouns, named",
        gold="people/pronouns_dev.jsonl",
        predict="bench.people:predict_speakers",
        scorer=SPEAKERS,
        figure="named",
        times=100,
    ),
    Measure(
        name="happenings: arg@entity F1",
        gold="people/events_dev.jsonl",
        predict="bench.happenings:predict",
        scorer=EVENTS,
        figure="arg@entity.f1",
        times=100,
        rival="58",
        owed=66,
        aim=74,
    ),
    Measure(
        name="names: same person?, F1",
        gold="names/persons.jsonl",
        predict="bench.names:predict",
        scorer=NAMES,
        figure="f1",
        times=100,
        rival="83 token alignment",
        owed=88,
        aim=93,
    ),
    _stories("ECB+", "ecbplus.jsonl", "83 TF-IDF fitted to the set", 84, 88),
    _stories("Google News", "gnews.jsonl", "89 TF-IDF fitted to the set", 90, 93),
    _ask("answer in the first passage", "hits1", "54.1 FTS5", 60, 64),
    _ask("in the first four", "hits4", "71.4 FTS5", 78, 82),
    _ask("in the first ten", "hits10", "80.6 FTS5", 87, 90),
    _ask("MRR of ten", "mrr10", "62.9 FTS5", 69, 72),
    _ask("short answers, F1 where given", "answer_f1", "47 search engine and a large model, on all", 45, 50),
    _ask("short answers given, of 100 questions", "answered", "", 40, 50, times=100 / 169),
    _brief("REALSumm", "realsumm.jsonl", "40.8 lead-3", 40.8, 46),
    _brief("Newsroom", "newsroom.jsonl", "24.2 lead-3", 24.2, 25),
    _brief("GUM Wikinews", "gum.jsonl", "46.2 lead-3", 46.2, 47),
)
