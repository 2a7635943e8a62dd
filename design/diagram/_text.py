"""A design in sentences: good enough to work from without the picture."""

from __future__ import annotations

from design.kinds import COMPONENT_KINDS, EDGE_KINDS
from design.model import Component, Design, Edge

from ._words import clean, node_note


def description(design: Design) -> str:
    """One sentence, for the `desc` of the SVG."""
    parts = [f"{len(design.components)} components"]
    if design.edges:
        parts.append(f"{len(design.edges)} edges")
    if design.boundaries:
        parts.append(f"{len(design.boundaries)} boundaries")
    return ", ".join(parts) + ". The text version below the drawing tells each of them."


def sentences(design: Design) -> tuple[str, ...]:
    """One sentence for each component: what it is, where it stands, what leaves it."""
    return tuple(_sentence(design, c) for c in design.components)


def _sentence(design: Design, c: Component) -> str:
    kind = "dead-letter queue" if c.is_dlq else COMPONENT_KINDS[c.kind].title
    parts = [kind]
    if note := node_note(c):
        parts.append(note)
    if around := design.boundary_chain(c):
        parts.append("in " + ", in ".join(clean(b.id) for b in around))
    name = c.id if c.title == c.id else f"{clean(c.title)} ({c.id})"
    text = f"{name}: {', '.join(parts)}."
    leaving = [_leaving(e) for e in design.out_edges(c.id)]
    if c.get("dlq"):
        leaving.append(f"sets failed messages aside in {clean(c.get('dlq'))}")
    return f"{text} It {'; '.join(leaving)}." if leaving else text


def _leaving(e: Edge) -> str:
    kind = EDGE_KINDS[e.kind]
    details = []
    if kind.delivery == "at_least_once":
        details.append("at least once")
    for path, pattern in (("batch_size", "batches of {}"), ("timeout_s", "waits {} s at most")):
        if value := e.get(path):
            details.append(pattern.format(value))
    if to := e.get("on_failure"):
        details.append(f"failures go to {clean(to)}")
    return f"{kind.title} {e.target}" + (f" ({', '.join(details)})" if details else "")
