"""Every error the product raises on purpose, in one tree.

::

    OnrecordError
    ├── UserError              the person can fix it; shown as it is, says what to try
    │   ├── UnreadableArticle  empty, binary, too large, undecodable
    │   ├── UndatedArticle     no date found and none given
    │   ├── UnreadableFeed     what was to be a feed is none
    │   ├── FetchError         an address did not give what was wanted from it
    │   │   └── RefusedAddress it must not be fetched: not public, not http(s)
    │   └── SettingsError      a wrong or missing setting, an unusable database
    ├── EvidenceError          a fact whose quote is not in its article
    └── StoreError             the database failed (disk full, locked, newer schema)

What is foreign is wrapped once, at the edge, keeping its cause.
"""


class OnrecordError(Exception):
    """Base of all errors raised on purpose."""


class UserError(OnrecordError):
    """Something the person can fix; its text says what to do."""


class UnreadableArticle(UserError):
    """Input that holds no readable article."""


class UndatedArticle(UserError):
    """No date was found in the article and none was given."""


NO_DATE = "no date found in "
"""How the text of an ``UndatedArticle`` begins that names a file."""


class UnreadableFeed(UserError):
    """What was to be a feed is none, or a damaged one."""


class FetchError(UserError):
    """An address did not give what was wanted from it.

    ``again``: trying later may help. ``after``: seconds the server asked to wait. ``status``: HTTP's, 0 without answer.
    """

    def __init__(self, text: str, *, again: bool = True, after: float | None = None, status: int = 0) -> None:
        super().__init__(text)
        self.again = again
        self.after = after
        self.status = status


class RefusedAddress(FetchError):
    """What is asked for must not be fetched: not public, not http or https."""

    def __init__(self, text: str) -> None:
        super().__init__(text, again=False)


class SettingsError(UserError):
    """A setting is wrong or missing, or what it names cannot be used."""


class EvidenceError(OnrecordError):
    """A fact's quote does not stand at its offsets in its article."""


class StoreError(OnrecordError):
    """The database failed; the text says what to do."""
