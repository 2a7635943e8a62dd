"""A part as a form: its attributes as fields, and what was typed as edits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ..document import value_text
from ..kinds import DESIGN, Attribute, Type, table_of
from ..model import Design, Grant, Part
from ._edits import Drop, Edit, Set, Value

_LISTS: Final = (Type.WORDS, Type.TEXTS, Type.REFERENCES)
_HIDDEN: Final = frozenset({"was", "id", "title", "tags"})
MOST: Final = 2_000
"""Characters that one field may hold."""


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute in a form. `value` is what stands there now, as one would type it: a list
    with commas between its entries, grants one a line as ``orders: read, write``. `choices`
    are the words to choose from where there are such."""

    path: str
    meaning: str
    type: Type
    value: str
    choices: tuple[str, ...]
    unit: str
    expects: str

    @property
    def label(self) -> str:
        return self.path.replace("_", " ").replace(".", ", ")


class Unreadable(ValueError):
    """What was typed into a field cannot be a value of its attribute."""


def part_of(design: Design, subject: str) -> tuple[str, Part] | None:
    """The section and the part with this id: a component, an edge or ``design``."""
    if subject == "design":
        return "design", design
    if component := design.find(subject):
        return "components", component
    edge = next((e for e in design.edges if e.id == subject), None)
    return ("edges", edge) if edge else None


def attributes_of(part: Part) -> Mapping[str, Attribute]:
    kind = getattr(part, "kind", "")
    return (table_of(kind) if kind else DESIGN) or {}


def fields(design: Design, subject: str) -> tuple[Field, ...]:
    """Every attribute that a part may have, those that it states first. Empty for no such part."""
    found = part_of(design, subject)
    if found is None:
        return ()
    _, part = found
    made = [
        _field(design, part, attribute)
        for path, attribute in attributes_of(part).items()
        if path not in _HIDDEN and attribute.type is not Type.RANKS
    ]
    return tuple(sorted(made, key=lambda one: not part.attrs.get(one.path)))


def _field(design: Design, part: Part, attribute: Attribute) -> Field:
    attr = part.attrs.get(attribute.path)
    return Field(
        path=attribute.path,
        meaning=attribute.meaning,
        type=attribute.type,
        value=_typed(attr.value) if attr else "",
        choices=_choices(design, attribute),
        unit=attribute.unit,
        expects=attribute.expects,
    )


def _typed(value: object) -> str:
    if isinstance(value, tuple):
        if value and isinstance(value[0], Grant):
            return "\n".join(f"{grant.to}: {', '.join(grant.actions)}" for grant in value)
        return ", ".join(str(item) for item in value)
    return value if isinstance(value, str) else value_text(value)


def _choices(design: Design, attribute: Attribute) -> tuple[str, ...]:
    if attribute.type is Type.WORD:
        return attribute.words
    if attribute.type is Type.BOOLEAN:
        return ("true", "false")
    if attribute.type is Type.REFERENCE:
        return tuple(_named(design, attribute.refers))
    return ()


def _named(design: Design, refers: Iterable[str]) -> Iterable[str]:
    """The ids that a reference may name."""
    for what in refers:
        if what == "boundary":
            yield from (b.id for b in design.boundaries)
        elif what == "data":
            yield from (d.id for d in design.data)
        elif what == "component":
            yield from (c.id for c in design.components)
        else:
            yield from (c.id for c in design.of_kind(what))


def changes(design: Design, subject: str, typed: Mapping[str, str]) -> list[Edit]:
    """The edits that lead from what a part says to what was typed, by path. An empty field takes
    the attribute out; a path that is not typed stays. Raises Unreadable with every problem."""
    found = part_of(design, subject)
    if found is None:
        raise Unreadable(f"There is no “{subject[:60]}” in the design.")
    section, _ = found
    edits: list[Edit] = []
    problems = []
    name = "" if section == "design" else subject
    for field in fields(design, subject):
        text = typed.get(field.path, field.value).replace("\r\n", "\n").strip()
        if text == field.value:
            continue
        if not text:
            edits.append(Drop(section, name, field.path))
            continue
        try:
            edits.append(Set(section, name, field.path, value_of(field, text)))
        except Unreadable as unreadable:
            problems.append(str(unreadable))
    if problems:
        raise Unreadable(" ".join(problems))
    return edits


def value_of(field: Field, text: str) -> Value:
    """What was typed as a value of the attribute. Raises Unreadable, naming the field."""
    if text == "unknown":
        return None
    if len(text) > MOST:
        raise Unreadable(f"“{field.label}” takes at most {MOST:,} characters.")
    if field.type in (Type.NUMBER, Type.INTEGER):
        return _number(field, text)
    if field.type is Type.BOOLEAN or (field.type is Type.NOTE and text in ("true", "false")):
        return _flag(field, text)
    if field.type in _LISTS:
        return tuple(dict.fromkeys(item.strip() for item in text.split(",") if item.strip()))
    if field.type is Type.GRANTS:
        return tuple(_grant(field, line) for line in text.splitlines() if line.strip())
    return text


def _number(field: Field, text: str) -> int | float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Unreadable(f"“{field.label}” expects {field.expects}; “{text[:30]}” is none.")
    return int(value) if value.is_integer() else value


def _flag(field: Field, text: str) -> bool:
    if text not in ("true", "false"):
        raise Unreadable(f"“{field.label}” expects true or false; “{text[:30]}” is neither.")
    return text == "true"


def _grant(field: Field, line: str) -> Grant:
    to, colon, actions = line.partition(":")
    listed = tuple(a.strip() for a in actions.split(",") if a.strip())
    if not colon or not to.strip() or not listed:
        raise Unreadable(f"“{field.label}” expects lines such as “orders: read, write”.")
    return Grant(to.strip(), listed)
