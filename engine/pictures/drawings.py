"""Read the size of a drawing (SVG), and refuse scripts, animations and external references."""

import math
import re
from contextlib import suppress
from xml.parsers import expat

from engine.faults import Message, ProblemError
from engine.pictures.reading import ACCEPTED_FORMATS

_AS_PLAIN_SVG = Message("export it as plain SVG")


class Drawing:
    """The size of a drawing in pixels. Raises ProblemError for forbidden content.

    A script does not run in an <img>, but it does at the own address of the file.
    """

    _ACTIVE = frozenset(("script", "foreignobject", "iframe", "object", "embed", "handler"))
    _ANIMATED = frozenset(("animate", "animatecolor", "animatemotion", "animatetransform", "set"))
    _INTERNAL = ("#", *(f"data:image/{kind}" for kind in ("png", "jpeg", "gif", "webp")))

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
            problem = Message("the drawing cannot be read (line {line})", line=error.lineno)
            raise ProblemError(problem, _AS_PLAIN_SVG) from error

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, name = name.lower().rpartition(" ")
        if self.size is None:
            if (namespace, name) != ("http://www.w3.org/2000/svg", "svg"):
                problem = Message("it is not an SVG drawing")
                raise ProblemError(
                    problem, Message("save it as {formats}", formats=ACCEPTED_FORMATS)
                )
            self.size = self._size_of(attributes)
        if name in self._ACTIVE:
            raise ProblemError(
                Message("the drawing holds <{element}>", element=name),
                Message("export it as plain SVG, without script"),
            )
        if name in self._ANIMATED:
            raise _animation_error()
        if name == "style":
            self._style = []
        for key, value in attributes.items():
            self._check_attribute(key.lower().rpartition(" ")[2], value.strip())

    def _check_attribute(self, key: str, value: str) -> None:
        if key.startswith("on"):
            problem = Message("the drawing holds a script ({attribute})", attribute=key)
            raise ProblemError(problem, _AS_PLAIN_SVG)
        outside = key in ("href", "src") and value and not value.startswith(self._INTERNAL)
        if outside or key == "base":
            raise _reference_error(value[:60])
        self._check_style(value, whole=key == "style")

    def _check_style(self, style: str, *, whole: bool) -> None:
        targets = re.findall(r"url\(\s*[\"']?\s*([^)\"']*)", style, re.I)
        if whole and ("\\" in style or "@import" in style.lower()):
            raise _reference_error(Message("another style sheet"))
        for target in targets:
            if not target.startswith((*self._INTERNAL, "data:font/")):
                raise _reference_error(target[:60])
        if whole and re.search(r"@keyframes|\banimation\b", style, re.I):
            raise _animation_error()

    def _end(self, _name: str) -> None:
        if self._style is not None:
            self._check_style("".join(self._style), whole=True)
            self._style = None

    def _characters(self, characters: str) -> None:
        if self._style is not None:
            self._style.append(characters)

    def _entity(self, name: str, *_declaration) -> None:
        problem = Message("the drawing declares an entity ({name})", name=name)
        raise ProblemError(problem, _AS_PLAIN_SVG)

    def _instruction(self, target: str, _data: str) -> None:
        problem = Message("the drawing holds <?{target}?>", target=target)
        raise ProblemError(problem, _AS_PLAIN_SVG)

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
        raise ProblemError(Message("the drawing has no size"), Message("export it with a viewBox"))


def _animation_error() -> ProblemError:
    return ProblemError(Message("the drawing moves"), Message("export a still one"))


def _reference_error(target: object) -> ProblemError:
    return ProblemError(
        Message("the drawing points to {target}", target=target),
        Message("export it with all that it shows in it"),
    )
