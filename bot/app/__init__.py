"""The composition root: the only place that knows every concrete class. What is heavy is imported when needed."""

from __future__ import annotations

from bot.app.checking import check
from bot.app.services import opened
from bot.app.serving import serve

__all__ = ["check", "opened", "serve"]
