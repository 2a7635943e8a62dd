"""A new id for a part, wherever the text names it."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Table
from typing import Final

from .. import kinds
from ..document import value_text
from ..kinds import Attribute, Type
from ._edits import Refused, Rename
from ._parts import TABLES, table
from ._plan import Plan
from ._sheet import Splice
from ._tree import Mapping, Node, Scalar, Sequence

_REFERS: Final = {
    "components": frozenset({"component", "subject", *kinds.COMPONENT_KINDS}),
    "boundaries": frozenset({"boundary", "subject"}),
    "data": frozenset({"data", "subject"}),
    "decisions": frozenset({"decision"}),
    "scenarios": frozenset[str](),
    "design": frozenset[str](),
}


def rename(plan: Plan, edit: Rename) -> tuple[list[Splice], dict[int, str]]:
    """What a rename changes: the pieces of text, and the new text of each scalar
    by the place where it begins. Raises Refused."""
    if edit.section not in _REFERS:
        raise Refused(edit, f"Parts under {edit.section} cannot be renamed.")
    part = plan.root.value("design") if edit.section == "design" else plan.part(edit)
    old = part.value("id") if isinstance(part, Mapping) else None
    if not isinstance(part, Mapping) or not isinstance(old, Scalar):
        raise Refused(edit, "The text gives it no id.")
    if plan.place(edit.section, edit.new) is not None or old.text == edit.new:
        raise Refused(edit, f"There is a “{edit.new}” under {edit.section} already.")
    changed = {old.start: (old, edit.new)}
    for scalar, subject in _names(plan.root, edit.section):
        new = _renamed(scalar.text, old.text, edit, subject)
        if new != scalar.text:
            changed[scalar.start] = (scalar, new)
    splices = [Splice(s.start, s.end, value_text(new)) for s, new in changed.values()]
    if "was" in TABLES.get(edit.section, {"was": None}):
        entry = part.find("was")
        said = value_text(old.text)
        splices += plan.replace(entry, said) if entry else [plan.insert(part, "was", said)]
    return splices, {start: new for start, (_, new) in changed.items()}


def _renamed(text: str, old: str, edit: Rename, subject: bool) -> str:
    if text == old:
        return edit.new
    if not subject or edit.section != "components":
        return text
    if "->" in text:
        ends, colon, rest = text.partition(":")
        source, arrow, target = ends.partition("->")
        ends = arrow.join(edit.new if end == old else end for end in (source, target))
        return ends + colon + rest
    return "+".join(sorted(edit.new if name == old else name for name in text.split("+")))


def _names(root: Mapping, section: str) -> Iterator[tuple[Scalar, bool]]:
    """Every scalar that may name a part of a section, and whether it names the
    subject of a finding, of which the part may be only a piece."""
    for entry in root.entries:
        name, node = entry.key.text, entry.value
        if name in ("design", "layout") and isinstance(node, Mapping):
            yield from _in_part(node, TABLES[name], section)
        elif name == "defaults" and isinstance(node, Mapping):
            for kind in node.entries:
                if isinstance(kind.value, Mapping):
                    yield from _in_part(kind.value, table(name, kind.key.text, ""), section)
        elif isinstance(node, Sequence) and (name in TABLES or name == "components"):
            for part in node.items:
                if isinstance(part, Mapping):
                    yield from _in_part(part, table(name, "", part.text("kind")), section)
                    if name == "edges" and section == "components":
                        for end in ("from", "to"):
                            yield from _scalars(part.value(end), False)


def _in_part(
    part: Mapping, known: Table[str, Attribute], section: str, prefix: str = ""
) -> Iterator[tuple[Scalar, bool]]:
    for entry in part.entries:
        path = prefix + entry.key.text
        attribute = known.get(path)
        if attribute is None:
            if isinstance(entry.value, Mapping):
                yield from _in_part(entry.value, known, section, path + ".")
        elif _REFERS[section].intersection(attribute.refers):
            subject = "subject" in attribute.refers
            if attribute.type is Type.GRANTS:
                items = entry.value.items if isinstance(entry.value, Sequence) else []
                for grant in items:
                    if isinstance(grant, Mapping):
                        yield from _scalars(grant.value("to"), subject)
            else:
                yield from _scalars(entry.value, subject)


def _scalars(node: Node | None, subject: bool) -> Iterator[tuple[Scalar, bool]]:
    if isinstance(node, Scalar):
        yield node, subject
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item, subject)
