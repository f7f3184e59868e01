"""The one-time codes of invitations."""

from __future__ import annotations

import hashlib
import secrets

_CODE = 20
"""Letters of 5 bits each: 100 bits, which nobody guesses."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def new_code() -> str:
    """Five by five, to be read aloud; Telegram's links take it as it is."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_CODE))
    return "-".join(letters[at : at + 5] for at in range(0, _CODE, 5))


def hashed(code: str) -> str:
    """What is kept of a code and looked up: how long that takes tells nothing about the codes there are."""
    return hashlib.sha256(code.replace("-", "").casefold().encode()).hexdigest()
