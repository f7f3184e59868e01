"""An OPML list -> watched sources: each address checked, nothing fetched yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from digests.errors import RefusedAddress
from digests.sources.address import check_url
from digests.sources.opml import read_opml
from digests.store.base import Store
from digests.watch import Imported


async def import_list(data: bytes, *, store: Store, now: datetime, name: str = "") -> Imported:
    """Watch every feed of a list. Raises ``UnreadableFeed`` or ``UnreadableArticle`` when it is none."""
    counted = {True: 0, False: 0}
    refused = []
    for source in read_opml(data, name=name):
        try:
            where = check_url(source.url)
        except RefusedAddress as error:
            refused.append((source.url[:200], str(error)))
        else:
            _, new = await store.add_source(replace(source, url=where), at=now)
            counted[new] += 1
    return Imported(new=counted[True], known=counted[False], refused=tuple(refused))
