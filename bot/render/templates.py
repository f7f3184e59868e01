"""The Jinja2 environment: one template per reply for all platforms, plain text with neutral marks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from bot.render import days, markup

_PACKAGE = Path(__file__).resolve().parents[1]


def templates_dir() -> Path:
    """Where the templates are: beside ``bot`` in a checkout, inside it in an installed wheel."""
    installed = _PACKAGE / "_templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


def environment(folder: Path) -> Environment:
    """Templates of a folder with the marks as filters; an unknown name in a template is an error."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(enabled_extensions=()),  # palettes escape; marks cannot be forged (markup.encode)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=lambda value: "" if value is None else value,
    )
    made.filters.update(
        bold=markup.bold,
        italic=markup.italic,
        code=markup.code,
        command=markup.command,
        heading=markup.heading,
        quote=markup.quote,
        link=markup.link,
        press=markup.press,
        day=_day,
        weekday=_weekday,
        number=_number,
    )
    made.globals["item"] = markup.SEPARATOR
    return made


def rendered(made: Environment, template: str, data: Mapping[str, Any]) -> str:
    """A template filled with encoded data."""
    text: str = made.get_template(f"{template}.j2").render(markup.encode(data))
    return text


@pass_context
def _day(context: Context, iso: object) -> str:
    return markup.encoded(days.day(markup.decode(str(iso)), str(context.get("language", "en"))))


@pass_context
def _weekday(context: Context, iso: object) -> str:
    return markup.encoded(days.weekday(markup.decode(str(iso)), str(context.get("language", "en"))))


def _number(value: float) -> str:
    """A number with its thousands parted: ``3,600,000``, ``3.5``."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.10g}"
