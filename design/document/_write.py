"""A Design to its canonical text.

Sections, parts and attributes stand in a fixed order and one attribute on a
line, so that a line-by-line difference of two texts is the difference of the
designs. Values that came from `defaults:` are written there, not repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from .. import kinds
from ..kinds import Attribute
from ..model import Attr, Design, Edge, Grant, Part

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./@+-]*( [A-Za-z0-9_./@+()-]+)*")
_SPOKEN_FOR: Final = frozenset({"unknown", "null", "true", "false", "yes", "no", "on", "off"})
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def dump(design: Design) -> str:
    """The canonical text: `load(dump(d))` says what `d` says, apart from lines."""
    lines = [f"model: {kinds.MODEL}", "design:", f"  id: {value_text(design.id)}"]
    lines += _attributes(design.attrs, kinds.DESIGN, "  ")
    lines += _defaults(design.defaults)
    lines += _parts("decisions", design.decisions, kinds.DECISION)
    lines += _parts("boundaries", design.boundaries, kinds.BOUNDARY)
    lines += _parts("data", design.data, kinds.DATA)
    lines += _components(design)
    lines += _edges(design)
    lines += _parts("scenarios", design.scenarios, kinds.SCENARIO)
    lines += _waivers(design)
    layout = _attributes(design.layout, kinds.LAYOUT, "  ")
    if layout:
        lines += ["layout:", *layout]
    return "\n".join(lines) + "\n"


def _defaults(defaults: Mapping[str, Mapping[str, Attr]]) -> list[str]:
    lines: list[str] = []
    for kind in sorted(defaults):
        table = kinds.EDGE
        if kind in kinds.COMPONENT_KINDS:
            table = kinds.COMPONENT_KINDS[kind].attributes
        said = _attributes(defaults[kind], table, "    ")
        lines += [f"  {kind}:", *said] if said else [f"  {kind}: {{}}"]
    return ["defaults:", *lines] if lines else []


def _parts(section: str, parts: Iterable[Part], table: Mapping[str, Attribute]) -> list[str]:
    lines: list[str] = []
    for part in parts:
        lines.append(f"  - id: {value_text(part.id)}")
        kind = getattr(part, "kind", "")
        if kind:
            lines.append(f"    kind: {kind}")
        lines += _attributes(part.attrs, table, "    ")
    return [f"{section}:", *lines] if lines else []


def _components(design: Design) -> list[str]:
    lines: list[str] = []
    for component in design.components:
        own = _own(component, (design.defaults.get(component.kind, {}),))
        lines += [f"  - id: {value_text(component.id)}", f"    kind: {component.kind}"]
        lines += _attributes(own, kinds.COMPONENT_KINDS[component.kind].attributes, "    ")
    return ["components:", *lines] if lines else []


def _edges(design: Design) -> list[str]:
    lines: list[str] = []
    for edge in design.edges:
        own = _own(edge, (design.defaults.get(edge.kind, {}), design.defaults.get("edge", {})))
        lines += [
            f"  - from: {value_text(edge.source)}",
            f"    to: {value_text(edge.target)}",
            f"    kind: {edge.kind}",
        ]
        lines += _edge_name(edge)
        lines += _attributes(own, kinds.EDGE, "    ")
    return ["edges:", *lines] if lines else []


def _edge_name(edge: Edge) -> list[str]:
    name = edge.id.partition("#")[2]
    return [f"    id: {value_text(name)}"] if name else []


def _own(part: Part, defaults: Iterable[Mapping[str, Attr]]) -> Mapping[str, Attr]:
    """The attributes that the defaults do not give already."""
    given: dict[str, Attr] = {}
    for layer in defaults:
        for path, attr in layer.items():
            given.setdefault(path, attr)
    return {
        path: attr
        for path, attr in part.attrs.items()
        if not (attr.defaulted and path in given and given[path].value == attr.value)
    }


def _waivers(design: Design) -> list[str]:
    lines: list[str] = []
    for waiver in design.waivers:
        said = _attributes(waiver.attrs, kinds.WAIVER, "    ")
        lines += [f"  - {said[0].lstrip()}", *said[1:]]
    return ["waivers:", *lines] if lines else []


def _attributes(
    attrs: Mapping[str, Attr], table: Mapping[str, Attribute], indent: str
) -> list[str]:
    """One line for each attribute or group, in the order of the table."""
    lines: list[str] = []
    groups: dict[str, int] = {}
    members: dict[str, list[str]] = {}
    for path in table:
        if path not in attrs:
            continue
        group, _, name = path.rpartition(".")
        if not group:
            lines.append(f"{indent}{name}: {value_text(attrs[path].value)}")
            continue
        if group not in groups:
            groups[group] = len(lines)
            lines.append("")
        members.setdefault(group, []).append(f"{name}: {value_text(attrs[path].value)}")
    for group, place in groups.items():
        lines[place] = f"{indent}{group}: {{{', '.join(members[group])}}}"
    return lines


def value_text(value: Any) -> str:
    """One value as it stands in a design's text."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Grant):
        actions = ", ".join(value_text(action) for action in value.actions)
        return f"{{to: {value_text(value.to)}, actions: [{actions}]}}"
    if isinstance(value, tuple):
        return f"[{', '.join(value_text(item) for item in value)}]"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _SPOKEN_FOR:
        return text
    return '"' + "".join(_escaped(c) for c in text) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character == " " or (character.isprintable() and character != "\ufeff"):
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
