"""Designs made up from the table of kinds: any kind, any attribute, any value."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from design.kinds import BOUNDARY_KINDS, COMPONENT_KINDS, DATA, DESIGN, EDGE, EDGE_KINDS, Attribute
from design.kinds import Type as T
from design.model import Attr, Boundary, Component, DataItem, Decision, Design, Edge, Grant

IDS = [f"c{i}" for i in range(8)]
ITEMS = ("order", "photo")


def invented(seed: int) -> Design:
    """A design of eight components and up to sixteen edges."""
    random = Random(seed)
    components = tuple(
        Component(id=id, kind=kind, line=1, attrs=_attrs(random, COMPONENT_KINDS[kind].attributes))
        for id in IDS
        for kind in [random.choice(list(COMPONENT_KINDS))]
    )
    edges = {}
    for _ in range(random.randint(0, 16)):
        source, target = random.choice(IDS), random.choice(IDS)
        kind = random.choice(list(EDGE_KINDS))
        id = f"{source}->{target}:{kind}"
        edges[id] = Edge(
            id=id, source=source, target=target, kind=kind, line=2, attrs=_attrs(random, EDGE)
        )
    return Design(
        id="invented",
        line=1,
        attrs=_attrs(random, DESIGN),
        components=components,
        edges=tuple(edges[id] for id in sorted(edges)),
        data=tuple(DataItem(id=id, attrs=_attrs(random, DATA)) for id in ITEMS),
        boundaries=tuple(
            Boundary(id=f"b{i}", kind=random.choice(list(BOUNDARY_KINDS))) for i in range(3)
        ),
        decisions=(Decision(id="adr-1", attrs={"about": Attr(("c0", "c1"), 3)}),),
    )


def _attrs(random: Random, table: Mapping[str, Attribute]) -> dict[str, Attr]:
    share = random.choice((0.1, 0.5, 0.9))
    chosen = [a for a in table.values() if random.random() < share]
    return {a.path: Attr(_value(random, a), random.randint(1, 99)) for a in chosen}


def _value(random: Random, a: Attribute) -> Any:
    if random.random() < 0.1:
        return None
    match a.type:
        case T.INTEGER:
            return random.choice((int(a.low), int(a.low) + 1, 7, 1000, 10**12))
        case T.NUMBER:
            top = min(a.high, 1e12)
            return random.choice((a.low, min(0.3, top), min(250, top), top))
        case T.BOOLEAN | T.NOTE:
            return random.choice((True, False))
        case T.WORD:
            return random.choice(a.words)
        case T.WORDS:
            return tuple(random.sample(a.words, random.randint(0, min(3, len(a.words)))))
        case T.GRANTS:
            to = random.choice((*IDS, "*"))
            return (Grant(to, (random.choice(a.words),)),)
        case T.REFERENCE:
            return _reference(random, a)
        case T.REFERENCES:
            return random.choice(((), (_reference(random, a),)))
        case _:
            return random.choice(("", "x")) if a.type is T.TEXT else ("x",)


def _reference(random: Random, a: Attribute) -> str:
    if "boundary" in a.refers:
        return random.choice(("b0", "b1", "b2"))
    if "data" in a.refers:
        return random.choice(ITEMS)
    return random.choice(IDS)
