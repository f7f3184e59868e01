"""What a command module declares, and what its handler is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.access import NO_GROUPS, Groups
from bot.books.base import Books
from bot.books.conversations import Conversations
from bot.books.corrections import Corrections
from bot.books.costs import Costs
from bot.books.deliveries import Deliveries
from bot.books.follows import Follows
from bot.books.jobs import Jobs
from bot.books.members import Members
from bot.books.previews import Previews
from bot.books.reminders import Reminders
from bot.books.secrets import Secrets
from bot.books.subscriptions import Subscriptions
from bot.books.turns import ALONE, Turns
from bot.model import Command, Reply, Role
from digests.llm.guard import Passage
from digests.llm.wording import Worded
from digests.store.base import Store
from digests.watch import Imported, Subscribed

if TYPE_CHECKING:
    from digests.ingest.add import Proposes


class WordsAnswers(Protocol):
    """The language model as a command sees it: nothing unfounded, nothing late, no errors."""

    async def word(self, question: str, passages: Sequence[Passage], *, chat: str, seconds: float) -> Worded | None:
        """The answer in the model's words, each founded in a passage; ``None``: it is to be given without a model."""
        ...

    async def warm(self) -> None:
        """Load what the first question would wait for."""
        ...


class Shortens(Protocol):
    """The language model as a digest sees it: nothing unfounded, nothing late, no errors."""

    @property
    def name(self) -> str: ...

    async def shorten(self, passages: Sequence[Passage], *, seconds: float) -> str:
        """One sentence that one of the passages says; "" where there is none."""
        ...


class AddsArticles(Protocol):
    """The ingest service as a command sees it: runs extraction off the event loop."""

    async def add_text(self, text: str, *, published: str | None = None, url: str = "") -> AddedArticle: ...

    async def add_link(self, url: str, *, published: str | None = None) -> AddedArticle:
        """Fetch a page and add its article. Raises ``FetchError``, ``UserError`` saying what to do."""
        ...

    async def add_file(self, data: bytes, *, name: str, published: str | None = None) -> AddedArticle:
        """Add the article in a file: text, Markdown, HTML or PDF. Raises ``UserError`` saying what to do."""
        ...

    async def import_list(self, data: bytes, *, name: str = "") -> Imported:
        """Watch the feeds of an OPML list. Raises ``UserError`` when it is none."""
        ...

    async def import_link(self, url: str) -> Imported:
        """The same with the list at an address. Raises as ``add_link`` does."""
        ...

    async def subscribe(self, url: str) -> Subscribed:
        """Watch a feed, named by its address or a page of its site. Raises as ``add_link`` does."""
        ...


class Links(Protocol):
    """Addresses of pages on the web, each good for some days."""

    def evidence(self, fact_id: int, *, at: datetime) -> str: ...

    async def digest(self, reply: Reply, *, at: datetime) -> str:
        """Keep what a digest says; the address of its page."""
        ...

    async def end(self, url: str) -> bool:
        """Let a page's link, and older ones to that page, work no more; ``False`` for one that was not made here."""
        ...

    def calendar(self, secret: str) -> str:
        """The address of a chat's calendar."""
        ...

    def feed(self, secret: str) -> str:
        """The address of a chat's feed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedArticle:
    """What became of an article that was given. ``outcome``: new, known (same text), or changed."""

    article_id: int
    title: str
    publisher: str
    published_day: str
    outcome: str
    facts_by_kind: tuple[tuple[str, int], ...]
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What the language model may cost: tokens a chat and day, and the prices of a million read and written."""

    tokens_a_day: int = 0
    million_in: float = 0.0
    million_out: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """All a handler may use.

    ``model``: None without a configured one; ``links``: None where there is no web side. ``groups``: who runs which
    group, asked of the platforms (see ``access.may_manage``). ``proposes``: who is asked for facts of new
    articles beside the grammar; ``shortens``: who for the sentences of digests. ``jobs``: what workers have to do, None
    where all is done in one process; ``turns``: what one process of several does at a time.
    """

    store: Store
    books: Books
    ingest: AddsArticles
    members: Members
    deliveries: Deliveries
    follows: Follows
    reminders: Reminders
    subscriptions: Subscriptions
    previews: Previews
    corrections: Corrections
    costs: Costs
    secrets: Secrets
    conversations: Conversations
    model: WordsAnswers | None = None
    prices: Prices = Prices()
    groups: Groups = NO_GROUPS
    links: Links | None = None
    proposes: Proposes | None = None
    shortens: Shortens | None = None
    jobs: Jobs | None = None
    turns: Turns = ALONE


def reads_only(_: Command) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """``usage`` and ``examples`` feed /help and the empty-argument answer. ``role``: the least that it takes to use it;
    a command of which only some words take more asks ``access.allowed`` itself, where it has understood them.

    ``changes``: whether what was typed changes anything; then it is written into the audit log. What takes more than a
    reader always is.
    """

    name: str
    summary: str
    usage: str
    examples: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    role: Role = "reader"
    changes: Callable[[Command], bool] = reads_only


Handler = Callable[[Command, Services], Awaitable[Reply]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    spec: Spec
    handle: Handler
