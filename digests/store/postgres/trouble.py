"""What goes wrong with a PostgreSQL -> one line saying what is wrong and what to do; never with its password."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import PoolTimeout, TooManyRequests

from digests.errors import SettingsError, StoreError

_QUOTED = re.compile('".*"')


def place_of(url: str) -> str:
    """The server and database that a ``DATABASE_URL`` names, without user and password.

    Raises ``SettingsError`` where it cannot be read, or is read otherwise than it is meant: of a password with an ``@``
    or ``/`` in it the rest would be taken for the host or the database, and shown with it.

    >>> place_of("postgresql://news:secret@db.example:5432/onrecord")
    'onrecord at db.example'
    """
    try:
        known = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        # libpq quotes what it stumbles over, which may be the password: neither its words nor the cause are shown
        raise _unreadable(_QUOTED.sub("...", " ".join(str(error).split()))) from None
    database, host = str(known.get("dbname") or "postgres"), str(known.get("host") or "localhost")
    if "@" in database + host:
        raise _unreadable("there is more than one @")
    return f"{database} at {host}"


def _unreadable(why: str) -> SettingsError:
    return SettingsError(
        f"the address of the PostgreSQL cannot be read ({why}): postgresql://USER:PASSWORD@HOST/NAME, in the password"
        " %40 for @, %2F for /, %25 for %, %20 for a space; check DATABASE_URL"
    )


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Raise the database's own errors as ``StoreError`` with one line of advice."""
    try:
        yield
    except (psycopg.Error, PoolTimeout, TooManyRequests) as error:
        raise advice(error, place) from error


def advice(error: Exception, place: str) -> StoreError:
    """The error to show for one of PostgreSQL's."""
    said = " ".join(str(error).split())[:300]
    match error:
        case PoolTimeout() | TooManyRequests():
            return StoreError(f"the database {place} gave no connection in time: it is down or too busy; try again")
        case psycopg.errors.DiskFull():
            return StoreError(f"the database {place} has no space left: free some and try again; nothing is half saved")
        case psycopg.errors.ReadOnlySqlTransaction():
            return StoreError(f"the database {place} takes no changes: DATABASE_URL must name the primary")
        case psycopg.errors.AdminShutdown() | psycopg.errors.CrashShutdown() | psycopg.errors.CannotConnectNow():
            return StoreError(f"the database {place} is being restarted: try again in a moment")
        case psycopg.errors.InsufficientPrivilege():
            return StoreError(f"the database {place} refuses this: its user needs all rights on its schema ({said})")
        case psycopg.OperationalError() if not error.sqlstate:
            return StoreError(f"the database {place} cannot be reached: is it running? ({said})")
    return StoreError(f"the database {place} failed: {said}")


def in_doubt(place: str) -> StoreError:
    """The connection broke as a transaction was being kept: whether it was, the server alone knows."""
    return StoreError(
        f"the connection to the database {place} broke as a change was being kept:"
        " it may be kept or not, so look before doing it again"
    )


def unusable(error: Exception, place: str) -> SettingsError:
    """The same before anything was opened: what is set is wrong, or nothing runs there."""
    return SettingsError(f"{advice(error, place)}; check DATABASE_URL")
