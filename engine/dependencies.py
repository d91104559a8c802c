"""Record what a page reads while it is rendered, and describe it: two builds can then compare it.

A page reads variables by their names (`RecordingContext`), attributes of texts (`RecordedObject`),
entries of tables (`RecordedTable`) and results that pages share (`SharedResults`). All other values
are plain: they are compared as a whole, with the variable or the attribute that holds them. A value
of another type, or a function with a state of its own, cannot be read: `describe` refuses it.
"""

import datetime
import hashlib
import types
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import PurePath
from typing import TypeVar
from zoneinfo import ZoneInfo

from jinja2 import Template
from jinja2.runtime import Context, missing
from markupsafe import Markup

Result = TypeVar("Result")
# A longer text is described by its digest.
_LONG_TEXT = 200


class Reads:
    """What was read: the names of variables of this page (`own`) and of all pages (`names`), the
    attributes of objects by their `id`, and the reads of shared results (`shared`)."""

    def __init__(self):
        self.own: set[str] = set()
        self.names: set[str] = set()
        self.attributes: dict[int, set[str]] = defaultdict(set)
        self.shared: list[Reads] = []

    def has_read(self, objects: Collection[int]) -> bool:
        """Whether one of the objects, given by their `id`, was read."""
        return not self.attributes.keys().isdisjoint(objects) or any(
            shared.has_read(objects) for shared in self.shared
        )


# A process renders one page at a time, and an attribute cannot ask which.
_present: Reads | None = None


def record(work: Callable[[], Result]) -> tuple[Result, Reads]:
    """Call `work`; return its result and what it read."""
    global _present  # noqa: PLW0603 - see above
    outer, reads = _present, Reads()
    _present = reads
    try:
        return work(), reads
    finally:
        _present = outer


class RecordingContext(Context):
    """Jinja's context, which notes each variable that a template or a function reads.

    Those of all pages are the environment's globals. They are not copied into the context of each
    page, nor of each partial.
    """

    def __init__(self, environment, parent, name, blocks, globals=None):  # noqa: A002 - Jinja's
        # It would only keep the names, to see that a template has no globals of its own.
        super().__init__(environment, parent, name, blocks)

    def resolve_or_missing(self, key: str) -> object:
        """Return the value of a variable, else `missing`."""
        if key in self.vars:
            return self.vars[key]
        if key in self.parent:
            if _present is not None:
                _present.own.add(key)
            return self.parent[key]
        if _present is not None:
            _present.names.add(key)
        return self.environment.globals.get(key, missing)


def render(template: Template, values: dict[str, object]) -> str:
    """Render a template with the variables of a page; `Template.render` would copy those of all.

    Raises what templates raise, with their lines in the traceback.
    """
    try:
        context = template.new_context(values, shared=True)
        return template.environment.concat(template.root_render_func(context))
    except Exception:
        template.environment.handle_exception()


class RecordedObject:
    """An object of the site, whose attributes are noted one by one as they are read.

    `record_name` is its name in all builds.
    """

    __slots__ = ()
    record_name: str
    # Property -> the one that describes it, in less time.
    described_by: Mapping[str, str] = types.MappingProxyType({})

    def __getattribute__(self, name: str) -> object:
        """Return an attribute, and note it."""
        if _present is not None:
            _present.attributes[id(self)].add(name)
        return object.__getattribute__(self, name)


class RecordedTable:
    """A function of templates that looks up a key; each entry is noted as it is read.

    `name` is the same in all builds, and that of no other table.
    """

    def __init__(self, name: str, entries: Mapping[str, object], default: object = None):
        self.record_name, self._entries, self._default = name, entries, default

    def __call__(self, key: str) -> object:
        """Return the value of a key, else the default."""
        if _present is not None:
            _present.attributes[id(self)].add(key)
        return self.look_up(key)

    def look_up(self, key: str) -> object:
        """Return the value of a key without noting it."""
        return self._entries.get(key, self._default)


class SharedResults:
    """Results that several pages share: what one reads counts for each page that uses it."""

    def __init__(self):
        self._results: dict[Hashable, tuple[object, Reads]] = {}

    def get(self, key: Hashable, make: Callable[[], Result], own: Collection[str] = ()) -> Result:
        """Return the result of a key, made the first time.

        `own` are the variables of a page that the key determines. Raises TypeError if the result
        depends on others.
        """
        if key not in self._results:
            self._results[key] = record(make)
            if others := self._results[key][1].own.difference(own):
                raise TypeError(f"pages share a result that depends on {', '.join(others)}")
        result, reads = self._results[key]
        if _present is not None:
            _present.shared.append(reads)
        return result

    def forget(self, objects: Collection[int]) -> None:
        """Forget the results that have read one of the objects, given by their `id`."""
        results = self._results.items()
        self._results = {key: held for key, held in results if not held[1].has_read(objects)}


def describe(value: object) -> object:
    """Return a value of builtin types, whose `repr` is the same for equal values in all builds.

    An object that is recorded by its attributes is described by its name. Raises TypeError for a
    type that is not known, and for a function with a state.
    """
    kind = type(value)
    if kind is str:
        return value if len(value) < _LONG_TEXT else _long_text(value)
    try:
        description = _DESCRIPTIONS[kind]
    except KeyError:
        description = _DESCRIPTIONS[kind] = _description_of(kind)
    return description(value) if description else value


def digest_of(described: str) -> bytes:
    """Return the digest of the `repr` of a described value."""
    return hashlib.sha256(described.encode("utf-8", "surrogatepass")).digest()[:16]


def _long_text(value: str) -> tuple:
    # A lone surrogate cannot be encoded; its page is refused when it is written.
    return ("text", hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest())


def _bytes(value: bytes) -> object:
    return value if len(value) < _LONG_TEXT else ("bytes", hashlib.sha256(value).digest())


def _markup(value: Markup) -> tuple:
    return ("markup", describe(str(value)))


def _list(value: list) -> list:
    return list(map(describe, value))


def _tuple(value: tuple) -> tuple:
    return tuple(map(describe, value))


def _mapping(value: Mapping) -> tuple:
    return ("mapping", *((describe(key), describe(held)) for key, held in value.items()))


def _set(value: set) -> tuple:
    return ("set", *sorted(repr(describe(held)) for held in value))


def _function(value: types.FunctionType) -> tuple:
    if value.__closure__ or value.__name__ == "<lambda>":
        raise TypeError(
            f"{value.__module__}.{value.__qualname__}: a function that templates call must be a"
            " function of a module, and read what it needs from its arguments (pass_context)"
        )
    return ("function", value.__module__, value.__qualname__)


def _name(value: RecordedObject) -> tuple:
    return ("object", object.__getattribute__(value, "record_name"))


def _identity(value: object) -> tuple:
    return (type(value).__name__,)


def _state(value: object) -> tuple:
    return (type(value).__name__, describe(value.describe()))


_DESCRIPTIONS: dict[type, Callable | None] = {
    **dict.fromkeys((bool, int, float, types.NoneType)),
    **dict.fromkeys(
        (datetime.date, datetime.datetime, datetime.time, datetime.timedelta, ZoneInfo)
    ),
    bytes: _bytes,
    Markup: _markup,
    list: _list,
    tuple: _tuple,
    dict: _mapping,
    types.MappingProxyType: _mapping,
    set: _set,
    frozenset: _set,
    types.FunctionType: _function,
}
# Of a subclass, the first that suits.
_BASES = (
    (RecordedObject, _name),
    (RecordedTable, _name),
    (SharedResults, _identity),
    (Enum, lambda value: (type(value).__qualname__, value.name)),
    (PurePath, lambda value: ("path", str(value))),
    (datetime.datetime, lambda value: ("datetime", value.isoformat(), repr(value.tzinfo))),
    (list, _list),
    (dict, _mapping),
)


def _description_of(kind: type) -> Callable:
    for base, description in _BASES:
        if issubclass(kind, base):
            return description
    if is_dataclass(kind):
        names = [each.name for each in fields(kind)]
        title = f"{kind.__module__}.{kind.__qualname__}"
        return lambda value: (title, *[describe(getattr(value, name)) for name in names])
    if hasattr(kind, "describe"):
        return _state
    raise TypeError(
        f"{kind.__module__}.{kind.__qualname__}: a template reads a value of this type, which the"
        " record of a page cannot describe (engine/dependencies.py)"
    )
