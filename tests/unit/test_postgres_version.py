"""A PostgreSQL that is too old is named as such, before anything in it is changed."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from digests.errors import SettingsError
from digests.store.postgres.migrating import migrate


async def test_a_postgresql_that_is_too_old_is_named() -> None:
    old = cast(Any, SimpleNamespace(info=SimpleNamespace(server_version=160_014)))
    with pytest.raises(SettingsError, match=r"db\.example is a PostgreSQL 16: version 17 or newer is needed"):
        await migrate(old, [], place="onrecord at db.example")
