"""A drawing (SVG): its size, and what must not be in it."""

import math
import re
from contextlib import suppress
from xml.parsers import expat

from engine.pictures.reading import TAKEN


class Drawing:
    """Reads a drawing for its size in pixels. Raises ValueError for what must not be on the site.

    In an <img> nothing of a drawing runs, but its file has an address of its own.
    """

    _ACTIVE = frozenset(("script", "foreignobject", "iframe", "object", "embed", "handler"))
    _MOVING = frozenset(("animate", "animatecolor", "animatemotion", "animatetransform", "set"))
    _INSIDE = ("#", *(f"data:image/{kind}" for kind in ("png", "jpeg", "gif", "webp")))

    def __init__(self, data: bytes):
        self.size: tuple[int, int] | None = None
        self._style: list[str] | None = None
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        parser.ProcessingInstructionHandler = self._instruction
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise ValueError(
                f"the drawing cannot be read (line {error.lineno}); export it as plain SVG"
            ) from error

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, name = name.lower().rpartition(" ")
        if self.size is None:
            if (namespace, name) != ("http://www.w3.org/2000/svg", "svg"):
                raise ValueError(f"it is not an SVG drawing; save it as {TAKEN}")
            self.size = self._size_of(attributes)
        if name in self._ACTIVE:
            raise ValueError(f"the drawing holds <{name}>; export it as plain SVG, without script")
        if name in self._MOVING:
            raise ValueError("the drawing moves; export a still one")
        if name == "style":
            self._style = []
        for key, value in attributes.items():
            self._check_attribute(key.lower().rpartition(" ")[2], value.strip())

    def _check_attribute(self, key: str, value: str) -> None:
        if key.startswith("on"):
            raise ValueError(f"the drawing holds a script ({key}); export it as plain SVG")
        outside = key in ("href", "src") and value and not value.startswith(self._INSIDE)
        if outside or key == "base":
            raise ValueError(
                f"the drawing points to {value[:60]}; export it with all that it shows in it"
            )
        self._check_style(value, whole=key == "style")

    def _check_style(self, style: str, *, whole: bool) -> None:
        targets = re.findall(r"url\(\s*[\"']?\s*([^)\"']*)", style, re.I)
        if whole and ("\\" in style or "@import" in style.lower()):
            targets.append("another style sheet")
        for target in targets:
            if not target.startswith((*self._INSIDE, "data:font/")):
                raise ValueError(
                    f"the drawing points to {target[:60]}; export it with all that it shows in it"
                )
        if whole and re.search(r"@keyframes|\banimation\b", style, re.I):
            raise ValueError("the drawing moves; export a still one")

    def _end(self, _name: str) -> None:
        if self._style is not None:
            self._check_style("".join(self._style), whole=True)
            self._style = None

    def _characters(self, characters: str) -> None:
        if self._style is not None:
            self._style.append(characters)

    def _entity(self, name: str, *_declaration) -> None:
        raise ValueError(f"the drawing declares an entity ({name}); export it as plain SVG")

    def _instruction(self, target: str, _data: str) -> None:
        raise ValueError(f"the drawing holds <?{target}?>; export it as plain SVG")

    @staticmethod
    def _size_of(attributes: dict[str, str]) -> tuple[int, int]:
        number = r"\s*([0-9]*\.?[0-9]+)(?:px)?\s*"
        sizes = [re.fullmatch(number, attributes.get(name, "")) for name in ("width", "height")]
        box = re.split(r"[\s,]+", attributes.get("viewBox", "").strip())
        with suppress(ValueError, OverflowError):
            measures = [float(size[1]) for size in sizes if size]
            if len(measures) < 2 and len(box) == 4:
                measures = [float(number) for number in box[2:]]
            width, height = map(math.ceil, measures)
            if width > 0 and height > 0:
                return width, height
        raise ValueError("the drawing tells no size; export it with a viewBox")
