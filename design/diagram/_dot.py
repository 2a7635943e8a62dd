"""A scene as DOT: sizes and connections, with every name quoted.

Outlines, labels and badges are drawn later by us; Graphviz only has to leave room for them.
"""

from __future__ import annotations

import graphviz

from ._scene import Line, Node, Scene

_PER_INCH = 72


def source(made: Scene) -> str:
    """The DOT source, the same text for the same scene."""
    graph = graphviz.Digraph(
        graph_attr={"rankdir": "LR", "nodesep": "0.42", "ranksep": "0.3", "margin": "0"},
        node_attr={"shape": "box", "fixedsize": "true"},
        edge_attr={"arrowsize": "0.8"},
    )
    inside: dict[str | None, list[Node]] = {}
    known = {id for id, *_ in made.bounds}
    for node in made.nodes:
        inside.setdefault(node.boundary if node.boundary in known else None, []).append(node)
    within: dict[str | None, list[str]] = {}
    for id, parent, *_ in made.bounds:
        within.setdefault(parent, []).append(id)
    if made.ranks:
        graph.attr(newrank="true")
    _fill(graph, None, inside, within)
    for rank in made.ranks:
        with graph.subgraph() as part:
            part.attr(rank="same")
            for id in rank:
                part.node(id)
    index = {node.id: n for n, node in enumerate(made.nodes)}
    for n, line in enumerate(made.lines):
        if line.source in index and line.target in index:
            graph.edge(line.source, line.target, id=f"e{n}", **_room(line))
    return str(graph.source)


def _fill(
    graph: graphviz.Digraph,
    boundary: str | None,
    inside: dict[str | None, list[Node]],
    within: dict[str | None, list[str]],
) -> None:
    for node in inside.get(boundary, ()):
        size = {"width": _inches(node.width), "height": _inches(node.height)}
        graph.node(node.id, label=graphviz.escape(node.title[0]), **size)
    for child in within.get(boundary, ()):
        with graph.subgraph(name=f"cluster_{child}") as part:
            # The label is ours; the room for it is a line of text.
            part.attr(margin="18", label=" ", labeljust="l", fontsize="11")
            _fill(part, child, inside, within)


def _room(line: Line) -> dict[str, str]:
    """An empty label of the size that ours will have. It holds nothing that a user wrote."""
    if not line.label_width:
        return {}
    size = f'FIXEDSIZE="TRUE" WIDTH="{line.label_width:.0f}" HEIGHT="{22 if line.chips else 18}"'
    return {"label": f'<<TABLE BORDER="0" {size}><TR><TD></TD></TR></TABLE>>'}


def _inches(points: float) -> str:
    return f"{points / _PER_INCH:.3f}"
