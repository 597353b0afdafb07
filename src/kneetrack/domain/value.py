"""`Value`, what every value of kneetrack is: a typing.NamedTuple to a type checker, and much cheaper to declare.

A `log` declares some forty of them, and typing.NamedTuple compiles a constructor for each: a sixth of what it costs.
"""

from typing import TYPE_CHECKING, Any, Self

__all__ = ["Value"]

if TYPE_CHECKING:
    from typing import NamedTuple as Value
else:
    try:
        from _collections import _tuplegetter as field_getter  # which collections.namedtuple uses, too
    except ImportError:  # an interpreter that is not CPython
        from operator import itemgetter

        def field_getter(place: int, doc: str) -> property:
            """Return what reads the field at a place of a value."""
            return property(itemgetter(place), doc=doc)

    class _Declared(type):
        """What makes a class of values of its annotations: its fields in their order, with their defaults.

        A class below one of values has its fields, and no others.
        """

        def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            if any(getattr(base, "_fields", ()) for base in bases):
                return super().__new__(cls, name, bases, {**namespace, "__slots__": ()})
            # From Python 3.14 on annotations are not in the namespace, but worked out by a class that has them.
            known = namespace.get("__annotations__") or type(name, (), dict(namespace)).__annotations__
            defaults = {field: namespace[field] for field in known if field in namespace}
            fields = {field: field_getter(place, field) for place, field in enumerate(known)}
            names = {"_fields": tuple(known), "_field_defaults": defaults, "__match_args__": tuple(known)}
            return super().__new__(cls, name, bases, {**namespace, **fields, **names, "__slots__": ()})

    class Value(tuple, metaclass=_Declared):
        """A tuple whose fields have names, declared and used as a typing.NamedTuple is, which has more methods."""

        __slots__ = ()

        def __new__(cls, /, *values: object, **named: object) -> Self:
            """Make a value of its fields, in their order or by name. Raises TypeError for too many or too few."""
            if named or len(values) != len(cls._fields):
                values = cls._complete(values, named)
            return tuple.__new__(cls, values)

        @classmethod
        def _complete(cls, values: tuple[object, ...], named: dict[str, object]) -> tuple[object, ...]:
            """Return every field's value: first those in order, then by name or by default. Raises TypeError."""
            defaults = cls._field_defaults
            try:
                found = [
                    named.pop(field) if field in named else defaults[field] for field in cls._fields[len(values) :]
                ]
            except KeyError as error:
                raise TypeError(f"{cls.__name__} needs a value for {error}.") from None
            if named or len(values) > len(cls._fields):
                wrong = ", ".join(named) or f"{len(values)} values"
                raise TypeError(f"{cls.__name__} has the fields {', '.join(cls._fields)}: {wrong} cannot be given.")
            return (*values, *found)

        def __repr__(self) -> str:
            """Return it as it would be written, with the names of its fields."""
            return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"

        def __getnewargs__(self) -> tuple[object, ...]:
            """Return what copying and pickling make it of."""
            return tuple(self)

        def _asdict(self) -> dict[str, Any]:
            """Return the values by the names of their fields."""
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, /, **named: object) -> Self:
            """Return it with other values of some fields. Raises TypeError for a name that is no field."""
            values = tuple(map(named.pop, self._fields, self))
            if named:
                raise TypeError(f"{type(self).__name__} has no field {', '.join(named)}.")
            return tuple.__new__(type(self), values)
