"""People over articles: whether somebody in an article is somebody already known.

Spellings and transliterations are joined; two who share a surname are not, when given name, role or country disagree.
When in doubt they stay apart: a reader can join two lines, but cannot take one apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rapidfuzz.distance import OSA

from digests.model import EntityType, Extraction, Person, Role, SeenRole, with_entities
from digests.text.countries import country, demonym
from digests.text.names import fold, name_parts, sound_key
from digests.text.nicknames import nicknames
from digests.text.organisations import organisation_keys, same_organisation
from digests.text.wordlist import words

_FIELDS = {
    word: kind
    for kind, listed in {
        "politics": words(
            "president premier minister chancellor secretary governor mayor senator congressman congresswoman speaker",
            "representative ambassador envoy lawmaker mp king queen prince lawmaker legislator councillor commissioner",
        ),
        "sport": words(
            "coach striker midfielder defender goalkeeper winger captain player footballer quarterback pitcher golfer",
            "boxer sprinter runner swimmer skier skater cyclist jockey batsman bowler referee athlete champion",
        ),
        "stage": words("actor actress singer rapper musician guitarist drummer dancer comedian filmmaker composer"),
    }.items()
    for word in listed
}
"""Walks of life between which one does not change within the news of a few weeks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """All mentions of one person, organisation or place in one article, with the roles the article gives."""

    entity: int
    name: str
    type: EntityType
    aliases: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()


def clusters(extraction: Extraction) -> list[Cluster]:
    """Everybody whom an article names, in order of first mention."""
    names: dict[int, dict[str, None]] = {}
    heads: dict[int, tuple[str, EntityType]] = {}
    for mention in extraction.people:
        heads.setdefault(mention.entity, (mention.name, mention.type))
        if mention.kind == "name":
            names.setdefault(mention.entity, {})[mention.text] = None
    roles: dict[int, list[Role]] = defaultdict(list)
    for fact in extraction.facts:
        if isinstance(fact, Role) and fact.entity is not None:
            roles[fact.entity].append(fact)
    return [
        Cluster(entity=entity, name=name, type=kind, aliases=tuple(names[entity]), roles=tuple(roles[entity]))
        for entity, (name, kind) in heads.items()
        if entity in names
    ]


def link(cluster: Cluster, candidates: Sequence[Person]) -> Person | None:
    """The candidate whom the cluster means, or None when nobody fits or several fit alike."""
    fitting = [(score, person) for person in candidates if (score := likeness(cluster, person)) > 0]
    if not fitting:
        return None
    best = max(score for score, _ in fitting)
    top = [person for score, person in fitting if score == best]
    return top[0] if len(top) == 1 or cluster.type != "person" or best >= 3 else None


def likeness(cluster: Cluster, person: Person) -> float:
    """0: somebody else; 1: one name fits; 2: full names fit; 3: full names are equal; 0.5 more: roles agree."""
    if cluster.type != person.type:
        return 0
    known = (person.name, *person.aliases)
    if cluster.type == "organisation":
        return 3.0 * any(same_organisation(a, b) for a in _long((cluster.name, *cluster.aliases)) for b in _long(known))
    if cluster.type == "place":
        return 3.0 * (fold(cluster.name) in {fold(name) for name in known})
    score = _likeness_of_names((cluster.name, *cluster.aliases), known)
    if score == 0 or _disagree(cluster, person):
        return 0
    return score + 0.5 * _agree(cluster, person)


def _long(names: Iterable[str]) -> list[str]:
    """The names that can be compared: the fullest, and acronyms only if there is nothing else."""
    unique = list(dict.fromkeys(names))
    return [name for name in unique if len(name.split()) > 1 or not name.isupper()] or unique


def _likeness_of_names(a: Iterable[str], b: Iterable[str]) -> float:
    left, right = _keys(a), _keys(b)
    full_left, full_right = [k for k in left if len(k) > 1], [k for k in right if len(k) > 1]
    if full_left and full_right:
        if set(full_left) & set(full_right):
            return 3.0
        return 2.0 * any(same_full_name(x, y) for x in full_left for y in full_right)
    if full_left or full_right:
        lone = left if not full_left else right
        full = full_left or full_right
        return 1.0 * any(single[0] in (sound[-1], sound[0]) for single in lone for sound in full)
    return 1.0 * bool(set(left) & set(right))


def _keys(names: Iterable[str]) -> list[tuple[str, ...]]:
    found = {tuple(name_parts(name)): None for name in names}
    return [key for key in found if key]


def same_full_name(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two full names may be spellings of one: surnames sound alike, no given name speaks against it."""
    if not _alike(a[-1], b[-1]):
        return sorted(a) == sorted(b) or "".join(a) == "".join(b)
    short, long = (a[:-1], b[:-1]) if len(a) <= len(b) else (b[:-1], a[:-1])
    return all(any(_given_alike(x, y) for y in long) for x in short)


def _alike(a: str, b: str) -> bool:
    if a == b:
        return True
    x, y = sound_key(a), sound_key(b)
    return x == y or (min(len(a), len(b)) >= 6 and OSA.distance(x, y, score_cutoff=1) <= 1)


def _given_alike(a: str, b: str) -> bool:
    if len(a) == 1 or len(b) == 1:
        return a[0] == b[0]
    if a == b or sound_key(a) == sound_key(b) or nicknames(a) & nicknames(b):
        return True
    return min(len(a), len(b)) >= 3 and (a.startswith(b) or b.startswith(a))


def _disagree(cluster: Cluster, person: Person) -> bool:
    """Whether the roles are of different countries or walks of life."""
    ours, theirs = _lands(cluster.roles), _lands(person.roles)
    if ours and theirs and not ours & theirs:
        return True
    ours, theirs = _walks(cluster.roles), _walks(person.roles)
    return bool(ours and theirs and not ours & theirs)


def _agree(cluster: Cluster, person: Person) -> bool:
    ours, theirs = _lands(cluster.roles), _lands(person.roles)
    titles = {fold(role.title) for role in cluster.roles} & {fold(role.title) for role in person.roles}
    return bool(ours & theirs or titles)


def _lands(roles: Iterable[Role | SeenRole]) -> set[str]:
    lands = {country(role.of) or demonym(role.of) for role in roles if role.of}
    return {land for land in lands if land}


def _walks(roles: Iterable[Role | SeenRole]) -> set[str]:
    heads = (fold(role.title).split()[-1:] for role in roles)
    return {_FIELDS[head[0]] for head in heads if head and head[0] in _FIELDS}


class Directory:
    """Everybody met in one run, in memory: gives each a number at first sight, never changed by a later article."""

    def __init__(self) -> None:
        self._people: dict[int, Person] = {}
        self._index: dict[tuple[str, str], dict[int, None]] = defaultdict(dict)

    def take_in(self, extraction: Extraction, *, day: date | None = None) -> Extraction:
        """The extraction with run-wide entity ids; whom it names is known from now on."""
        mapping: dict[int, int] = {}
        for cluster in clusters(extraction):
            names = (cluster.name, *cluster.aliases)
            asked = sorted(asked_keys(cluster.type, names))
            near = dict.fromkeys(each for key in asked for each in self._index[cluster.type, key])
            person = link(cluster, [self._people[each] for each in near])
            merged = self._merged(person or self._new(cluster), cluster, day or date.min)
            mapping[cluster.entity] = merged.id
            for key in kept_keys(cluster.type, names):
                self._index[cluster.type, key][merged.id] = None
        return with_entities(extraction, mapping)

    def _new(self, cluster: Cluster) -> Person:
        return Person(id=len(self._people) + 1, name=cluster.name, type=cluster.type)

    def _merged(self, person: Person, cluster: Cluster, day: date) -> Person:
        roles = (
            SeenRole(title=role.title, of=role.of, former=role.former, day=day, fact_id=0) for role in cluster.roles
        )
        aliases = dict.fromkeys((*person.aliases, cluster.name, *cluster.aliases))
        merged = replace(
            person, aliases=tuple(aliases), roles=(*person.roles, *(r for r in roles if r not in person.roles))
        )
        self._people[person.id] = merged
        return merged


def lookup_keys(kind: EntityType, names: Iterable[str]) -> set[str]:
    """Keys of which two spellings of one name share at least one: to keep people under and to find candidates with."""
    return kept_keys(kind, names) | asked_keys(kind, names)


def kept_keys(kind: EntityType, names: Iterable[str]) -> set[str]:
    """Keys to keep somebody under; fewer than ``lookup_keys``, for who asks with ``asked_keys``."""
    return _keys_of(kind, names, asking=False)


def asked_keys(kind: EntityType, names: Iterable[str]) -> set[str]:
    """Keys to find candidates with that were kept under ``kept_keys``."""
    return _keys_of(kind, names, asking=True)


def _keys_of(kind: EntityType, names: Iterable[str], *, asking: bool) -> set[str]:
    if kind == "place":
        return {fold(name) for name in names}
    if kind == "organisation":
        return {key for name in names for key in organisation_keys(name, asking=asking)}
    return {sound_key(part) for name in names if (parts := name_parts(name)) for part in (parts[-1], parts[0])}
