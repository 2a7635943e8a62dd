"""A scene as DOT: sizes and connections, with every name quoted.

Outlines, labels and badges are drawn later by us; Graphviz only has to leave room for them.
"""

from __future__ import annotations

import graphviz

from ._fold import SYNC
from ._scene import Line, Node, Scene
from ._words import clean

_PER_INCH = 72
_STROKES = {"change": "dotted", "stub": "dotted", "deploy": "solid", SYNC: "solid"}


def source(made: Scene, *, words: bool = False) -> str:
    """The DOT source, the same text for the same scene: what Graphviz needs to place the parts,
    or with `words` a file that others can draw, too."""
    graph = graphviz.Digraph(
        graph_attr={"rankdir": "LR", "nodesep": "0.42", "ranksep": "0.3", "margin": "0"},
        node_attr={"shape": "box", "fixedsize": "true"},
        edge_attr={"arrowsize": "0.8"},
    )
    if words:
        graph.attr(label=graphviz.escape(clean(made.title)), labelloc="t")
    inside: dict[str | None, list[Node]] = {}
    known = {id for id, *_ in made.bounds}
    for node in made.nodes:
        inside.setdefault(node.boundary if node.boundary in known else None, []).append(node)
    within: dict[str | None, list[str]] = {}
    for id, parent, *_ in made.bounds:
        within.setdefault(parent, []).append(id)
    labels = {id: label for id, _, label, _ in made.bounds}
    if made.ranks:
        graph.attr(newrank="true")
    _fill(graph, None, inside, within, labels if words else None)
    for rank in made.ranks:
        with graph.subgraph() as part:
            part.attr(rank="same")
            for id in rank:
                part.node(id)
    index = {node.id: n for n, node in enumerate(made.nodes)}
    for n, line in enumerate(made.lines):
        if line.source in index and line.target in index:
            more = _spoken(line) if words else _room(line)
            graph.edge(line.source, line.target, id=f"e{n}", **more)
    return str(graph.source)


def _fill(
    graph: graphviz.Digraph,
    boundary: str | None,
    inside: dict[str | None, list[Node]],
    within: dict[str | None, list[str]],
    labels: dict[str, str] | None,
) -> None:
    for node in inside.get(boundary, ()):
        size = {"width": _inches(node.width), "height": _inches(node.height)}
        label = graphviz.escape(clean(node.title[0]))
        if labels is not None:
            rows = (*node.title, *([node.note] if node.note else ()))
            label = graphviz.escape("\n".join(clean(row) for row in rows))
        graph.node(node.id, label=label, **size)
    for child in within.get(boundary, ()):
        with graph.subgraph(name=f"cluster_{child}") as part:
            # The label is ours; the room for it is a line of text.
            label = graphviz.escape(clean(labels[child])) if labels else " "
            part.attr(margin="18", label=label, labeljust="l", fontsize="11")
            _fill(part, child, inside, within, labels)


def _room(line: Line) -> dict[str, str]:
    """An empty label of the size that ours will have. It holds nothing that a user wrote."""
    if not line.label_width:
        return {}
    size = f'FIXEDSIZE="TRUE" WIDTH="{line.label_width:.0f}" HEIGHT="{22 if line.chips else 18}"'
    return {"label": f'<<TABLE BORDER="0" {size}><TR><TD></TD></TR></TABLE>>'}


def _spoken(line: Line) -> dict[str, str]:
    said = {"style": _STROKES.get(line.style, "dashed")}
    return said | ({"label": graphviz.escape(clean(line.label))} if line.label else {})


def _inches(points: float) -> str:
    return f"{points / _PER_INCH:.3f}"
