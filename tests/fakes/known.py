"""What the desk of the tests knows: five people, two articles and a fact of every kind, over memory."""

from datetime import date

from fakes.desk import Desk
from fakes.memory_store import MemoryStore
from fakes.records import SATURDAY, article, deadline, figure, found, happening, role, source, statement

from digests.model import Found, Person, SeenRole

TEXT = 'Fuat Oktay spoke in Ankara. "We will not leave post 1 in Idlib," he said. More followed.'
VICE = SeenRole(title="Vice President", of="Turkey", former=False, day=SATURDAY, fact_id=9)
PEOPLE = (
    Person(id=1, name="Fuat Oktay", aliases=("Oktay", "Oktaý"), roles=(VICE,)),
    Person(id=2, name="Recep Tayyip Erdogan", aliases=("Erdogan",)),
    Person(id=3, name="Emine Erdogan"),
    Person(id=4, name="Ali Demir", roles=(VICE,)),
    Person(id=5, name="Ali Demir"),
)


def facts() -> list[Found]:
    said = [found(statement(number, f"We will not leave post {number} in Idlib")) for number in range(1, 8)]
    return [
        *said,
        found(statement(8, "There were no strikes on Idlib", who="Kremlin", cue="denies"), publisher="Volga Post"),
        found(role(9, "Fuat Oktay", "Vice President")),
        found(deadline(10, "withdraw from Idlib", due=date(2020, 2, 29))),
        found(deadline(11, "open the road", due=date(2020, 2, 10))),
        found(deadline(12, "meet in Idlib", due=SATURDAY)),
        found(figure(13, "700,000", "people displaced", value=700_000)),
        found(figure(14, "900,000", "people displaced", value=900_000), publisher="Volga Post", day=date(2020, 2, 18)),
        found(happening(15, "A convoy was hit in Idlib", when="2020-02-10")),
    ]


def desk(**more: object) -> Desk:
    sources = [source(1), source(2, day=date(2020, 2, 18), title="Idlib: <b>more</b>", publisher="Volga Post")]
    store = MemoryStore(
        found=facts(), people=PEOPLE, sources=sources, holders={1: [*range(1, 8), 9]}, articles={1: article(TEXT)}
    )
    return Desk(store=store, **more)


EMPTY = Desk(store=MemoryStore())
