"""Who says what: attributions of a text, found by grammar and small linear models.

Speech only: what somebody believes, wants or supports is not an attribution here.
"""

from __future__ import annotations

from digests.extract.reading import Attribution, Reading
from digests.extract.speech.attributions import attributions_of
from digests.extract.speech.grid import grid_of
from digests.extract.speech.model import models


def find(reading: Reading) -> tuple[Attribution, ...]:
    """All attributions worth showing, in order of their contents."""
    grid = grid_of(reading.doc, text=reading.article.text, quotations=reading.quotations)
    return attributions_of(grid, models())
