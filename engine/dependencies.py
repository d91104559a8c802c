"""Record what a page reads while it is rendered, and describe it, so that two builds can compare it.

A page reads variables by their names (`RecordingContext`), attributes of texts (`RecordedObject`),
entries of tables (`RecordedTable`) and results that pages share (`SharedResults`). All other values
are plain: they are compared as a whole, with the variable or the attribute that holds them. A value
of another type, or a function with a state of its own, cannot be read: `describe` refuses it.
"""

import datetime
import hashlib
import types
from collections import deque
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from pathlib import PurePath
from typing import TypeVar
from zoneinfo import ZoneInfo

from jinja2.runtime import Context, missing
from markupsafe import Markup

Result = TypeVar("Result")
# A longer text is described by its digest.
_LONG_TEXT = 200


@dataclass(frozen=True)
class Reads:
    """What was read: the names of variables; pairs of the `id` of an object and an attribute."""

    names: set[str] = field(default_factory=set)
    attributes: set[tuple[int, str]] = field(default_factory=set)


# Where nothing is recorded: a deque that keeps nothing.
_nothing: deque = deque(maxlen=0)
_note_name: Callable[[str], None] = _nothing.append
_note_attribute: Callable[[tuple[int, str]], None] = _nothing.append
_note_names: Callable = _nothing.extend
_note_attributes: Callable = _nothing.extend


def record(work: Callable[[], Result]) -> tuple[Result, Reads]:
    """Call `work`; return its result and what it read.

    The functions that note a read are names of this module, since an attribute of an object cannot
    ask which page is rendered; a process renders one page at a time.
    """
    global _note_name, _note_names, _note_attribute, _note_attributes  # noqa: PLW0603
    outer = _note_name, _note_names, _note_attribute, _note_attributes
    reads = Reads()
    _note_name, _note_names = reads.names.add, reads.names.update
    _note_attribute, _note_attributes = reads.attributes.add, reads.attributes.update
    try:
        return work(), reads
    finally:
        _note_name, _note_names, _note_attribute, _note_attributes = outer


class RecordingContext(Context):
    """Jinja's context, which notes each variable that a template or a function reads."""

    def resolve_or_missing(self, key: str) -> object:
        """Return the value of a variable, else `missing`."""
        if key in self.vars:
            return self.vars[key]
        _note_name(key)
        return self.parent.get(key, missing)


class RecordedObject:
    """An object of the site, whose attributes are noted one by one as they are read.

    `record_name` is its name in all builds.
    """

    __slots__ = ()
    record_name: str

    def __getattribute__(self, name: str) -> object:
        """Return an attribute, and note it."""
        _note_attribute((id(self), name))
        return object.__getattribute__(self, name)


class RecordedTable:
    """A function of templates that looks up a key; each entry is noted as it is read.

    `name` is the same in all builds, and that of no other table.
    """

    def __init__(self, name: str, entries: Mapping[str, object], default: object = None):
        self.record_name, self._entries, self._default = name, entries, default

    def __call__(self, key: str) -> object:
        """Return the value of a key, else the default."""
        _note_attribute((id(self), key))
        return self._entries.get(key, self._default)


class SharedResults:
    """Results that several pages share: what one reads counts for each page that uses it.

    A result must not depend on variables of one page that are not in its key.
    """

    def __init__(self):
        self._results: dict[Hashable, tuple[object, Reads]] = {}

    def get(self, key: Hashable, make: Callable[[], Result]) -> Result:
        """Return the result of a key, made the first time."""
        if key not in self._results:
            self._results[key] = record(make)
        result, reads = self._results[key]
        _note_names(reads.names)
        _note_attributes(reads.attributes)
        return result


def describe(value: object) -> object:
    """Return a value of builtin types, whose `repr` is the same for equal values in all builds.

    An object that is recorded by its attributes is described by its name. Raises TypeError for a
    type that is not known, and for a function with a state.
    """
    try:
        described = _DESCRIPTIONS[type(value)]
    except KeyError:
        described = _DESCRIPTIONS[type(value)] = _description_of(type(value))
    return described(value) if described else value


def digest_of(described: object) -> bytes:
    """Return the digest of a described value."""
    return hashlib.blake2b(repr(described).encode("utf-8", "replace"), digest_size=16).digest()


def _text(value: str) -> object:
    return value if len(value) < _LONG_TEXT else _long_text(value)


def _long_text(value: str) -> tuple:
    # A lone surrogate cannot be encoded; its page is refused when it is written.
    return ("text", hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest())


def _markup(value: Markup) -> tuple:
    return ("markup", _text(str(value)))


def _items(value: list | tuple) -> list | tuple:
    return type(value)(map(describe, value)) if type(value) in (list, tuple) else _list(value)


def _list(value: list) -> tuple:
    return ("list", *map(describe, value))


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
    return ("object", value.record_name)


def _identity(value: object) -> tuple:
    return (type(value).__name__,)


def _state(value: object) -> tuple:
    return (type(value).__name__, describe(value.describe()))


_DESCRIPTIONS: dict[type, Callable | None] = {
    **dict.fromkeys((bool, int, float, bytes, types.NoneType)),
    **dict.fromkeys(
        (datetime.date, datetime.datetime, datetime.time, datetime.timedelta, ZoneInfo)
    ),
    str: _text,
    Markup: _markup,
    list: _items,
    tuple: _items,
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
