"""Names that must exist, and boundaries that must not contain themselves."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from ..kinds import CHANNELS, COMPONENT_KINDS
from ..model import WHOLE, Boundary, Design
from ._problems import Collector, quote
from ._values import Reference

_RULE: Final = re.compile(r"[A-Z][A-Z0-9]{1,7}\d{2}")


def check_references(design: Design, references: list[Reference], problems: Collector) -> None:
    """Notes every name that nothing has, and what else only the whole shows."""
    names = _names(design)
    known: dict[tuple[str, ...], set[str]] = {}
    for reference in references:
        if reference.name in problems.unread:
            continue
        for_sure = known.get(reference.refers)
        if for_sure is None:
            for_sure = set().union(*(names.get(refers, ()) for refers in reference.refers))
            known[reference.refers] = for_sure
        if "subject" in reference.refers:
            if not _is_subject(reference.name, names):
                _dangling(reference, names["component"], problems)
        elif reference.name not in for_sure:
            _dangling(reference, for_sure, problems)
    _nesting(design.boundaries, problems)
    for waiver in design.waivers:
        rule = waiver.get("rule")
        if not _RULE.fullmatch(rule):
            message = f"Found {quote(rule)}; expected the id of a rule, such as EVT01."
            problems.add(waiver.line_of("rule"), "waivers.rule", message)
    _directions(design, problems)


def _names(design: Design) -> dict[str, Collection[str]]:
    names: dict[str, Collection[str]] = {
        "component": {c.id for c in design.components},
        "boundary": {b.id for b in design.boundaries},
        "data": {d.id for d in design.data},
        "decision": {d.id for d in design.decisions},
        "edge": {e.id for e in design.edges},
    }
    for kind in COMPONENT_KINDS:
        names[kind] = {c.id for c in design.of_kind(kind)}
    return names


def _is_subject(name: str, names: Mapping[str, Collection[str]]) -> bool:
    if name == WHOLE or "*" in name:
        return True
    if any(name in names[kind] for kind in ("component", "boundary", "data", "edge")):
        return True
    return "+" in name and all(member in names["component"] for member in name.split("+"))


def _dangling(reference: Reference, names: Collection[str], problems: Collector) -> None:
    what = " or ".join(reference.refers)
    if what == "subject":
        what = "component, edge, boundary or data item"
    elif what == "data":
        what = "data item"
    message = f"There is no {what} {quote(reference.name)}."
    hint = problems.suggest(reference.name, names)
    problems.add(reference.line, reference.problem_path, message, hint)


def _nesting(boundaries: tuple[Boundary, ...], problems: Collector) -> None:
    """Notes each boundary that ends up inside itself, once for each ring."""
    parents = {b.id: b.parent for b in boundaries}
    lines = {b.id: b.line_of("parent") for b in boundaries}
    done: set[str] = set()
    for start in parents:
        trail: list[str] = []
        here: str | None = start
        while here is not None and here in parents and here not in done and here not in trail:
            trail.append(here)
            here = parents[here]
        if here in trail:
            ring = trail[trail.index(here) :]
            message = f"Boundaries contain one another: {', '.join(sorted(ring)[:10])}."
            problems.add(lines[min(ring)], f"boundaries[{min(ring)}].parent", message)
        done.update(trail)


def _directions(design: Design, problems: Collector) -> None:
    """An edge points where the event travels; a poll drawn backwards is the
    mistake that everybody makes once."""
    kinds = {c.id: c.kind for c in design.components}
    for edge in design.edges:
        if edge.kind not in ("poll", "subscribe"):
            continue
        source, target = kinds.get(edge.source), kinds.get(edge.target)
        if source in CHANNELS | {"schedule", None} or target not in CHANNELS:
            continue
        message = f"A {edge.kind} edge goes from the {target} to its consumer."
        where = f"edges[{edge.source}->{edge.target}]"
        problems.add(edge.line, where, message, "Swap from and to.")
