"""matplotlib's SVG made fit to stand in a page: strict about style, dark or light, with words for who cannot see it.

A page's policy (``style-src 'self'``) forbids style in elements: here colours become classes that the style sheet
knows, all else becomes attributes. Nothing is left that could ask anybody for anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from bot.charts.layout import Tone
from digests.edition.charts.model import IDS

SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_KEPT = frozenset({"svg", "g", "path", "use", "text", "tspan", "defs"})
_ATTRIBUTES = frozenset({"d", "x", "y", "transform", "viewBox", "id", "href"})
_PROPERTIES = {
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "font-size",
    "font-weight",
    "text-anchor",
    "fill-opacity",
    "stroke-opacity",
    "opacity",
}


def tidied(svg: str, *, title: str, alt: str, tones: Mapping[Tone, str]) -> str:
    """One ``svg`` element with ``title`` and ``desc``. ``tones``: which class stands for which colour.

    Its ids begin with ``IDS``.
    """
    root = _element(ET.fromstring(svg), {colour: name for name, colour in tones.items()})  # noqa: S314 - our own
    assert root is not None
    root.attrib |= {"xmlns": SVG, "role": "img", "class": "chart", "aria-labelledby": f"{IDS}-title {IDS}-desc"}
    for place, (name, words) in enumerate((("title", title), ("desc", alt))):
        told = ET.Element(name, {"id": f"{IDS}-{name}"})
        told.text = words
        root.insert(place, told)
    return ET.tostring(root, encoding="unicode")


def _element(found: ET.Element, tones: Mapping[str, Tone]) -> ET.Element | None:
    """The element without what a page must not hold; ``None`` where nothing of it is left."""
    name = found.tag.rpartition("}")[2]
    if name not in _KEPT or (name == "g" and len(found) == 0):
        return None
    made = ET.Element(name, _attributes(found, tones))
    made.text = found.text if name in ("text", "tspan") else None
    for child in found:
        kept = _element(child, tones)
        if kept is not None:
            made.append(kept)
    return None if name == "g" and len(made) == 0 else made


def _attributes(found: ET.Element, tones: Mapping[str, Tone]) -> dict[str, str]:
    given = {key: value for key, value in found.attrib.items() if key in _ATTRIBUTES}
    if found.tag.endswith("}g"):
        given.pop("id", None)
    elif "id" in given:
        given["id"] = f"{IDS}-{given['id']}"
    if found.attrib.get(_LINK, "").startswith("#"):
        given["href"] = f"#{IDS}-{found.attrib[_LINK][1:]}"
    classes = []
    for name, value in _style(found.attrib.get("style", "")):
        if name in ("fill", "stroke") and value in tones:
            classes.append(f"{tones[value]}-{name}")
        elif name in _PROPERTIES:
            given[name] = value
    return given | ({"class": " ".join(classes)} if classes else {})


def _style(text: str) -> list[tuple[str, str]]:
    pairs = (each.partition(":") for each in text.split(";"))
    return [(name.strip(), value.strip()) for name, _, value in pairs if value]
