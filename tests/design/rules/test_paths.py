"""Rules over paths and cycles: where a chain begins, and that the work is bounded."""

from __future__ import annotations

import operator
from itertools import pairwise

import pytest

from design import graph
from design.document import load
from design.model import Attr, Component, Design, Edge
from design.rules import Finding, Verdict, check

RETRIES = {
    "retries.max": Attr(3, 1),
    "retries.backoff": Attr("exponential", 1),
    "retries.jitter": Attr(True, 1),
}


def chain(*kinds: str, retries: int = 3) -> tuple[Finding, ...]:
    """ANT04 on a chain of these kinds with this many retries on each edge, in
    front of a store."""
    ids = [f"n{i}" for i in range(len(kinds))]
    lines = [f"  - {{id: {id}, kind: {kind}}}" for id, kind in zip(ids, kinds, strict=True)]
    edges = [
        f"  - {{from: {a}, to: {b}, kind: call, retries: {{max: {retries}}}}}"
        for a, b in pairwise(ids)
    ]
    edges.append(f"  - {{from: {ids[-1]}, to: db, kind: read, retries: {{max: {retries}}}}}")
    text = "\n".join(
        ("model: sdm/1", "design: {id: x}", "components:", *lines, "  - {id: db, kind: kv}",
         "edges:", *edges, "")
    )  # fmt: skip
    return tuple(f for f in check(load(text)) if f.rule == "ANT04")


def failed(findings: tuple[Finding, ...]) -> list[str]:
    return [f.subject for f in findings if f.verdict is Verdict.FAIL]


@pytest.mark.parametrize(
    "kind", ["client", "cdn", "api", "graphql", "websocket", "workflow", "container", "vm"]
)
def test_retries_multiply_from_any_caller(kind: str):
    # 4 × 4 attempts from the caller, 4 from the function
    findings = chain(kind, "function")
    assert failed(findings) == ["n0"]
    assert "16 attempts at the end of n0 → n1 → db" in findings[0].message


def test_a_chain_that_a_function_begins_is_found_there_alone():
    assert failed(chain("client", "api", "function", "function")) == ["n2"]


def test_callers_behind_one_another_have_one_finding():
    assert failed(chain("client", "api", "container")) == ["n1"]


def test_few_attempts_pass_at_every_caller():
    findings = chain("client", "api", "function", retries=1)  # 2 × 2 × 2
    assert {f.subject for f in findings} == {"n0", "n1", "n2"}
    assert {f.verdict for f in findings} == {Verdict.PASS}


def layered(layers: int, width: int = 2) -> Design:
    """Each function calls all of the next layer: width ** layers paths."""
    rows = [[f"r{layer:02}-{place}" for place in range(width)] for layer in range(layers + 1)]
    entry = Component(id="gate", kind="api", line=1)
    functions = [
        Component(id=id, kind="function", line=1, attrs={"duration_ms.p99": Attr(100, 1)})
        for row in rows
        for id in row
    ]
    pairs = [("gate", id) for id in rows[0]]
    pairs += [(a, b) for one, two in pairwise(rows) for a in one for b in two]
    return Design(
        id="layered",
        line=1,
        attrs={"goals.p99_ms": Attr(500, 1)},
        components=tuple(sorted((entry, *functions), key=lambda c: c.id)),
        edges=_edges(pairs),
    )


def _edges(pairs: list[tuple[str, str]]) -> tuple[Edge, ...]:
    edges = (
        Edge(id=f"{a}->{b}:call", source=a, target=b, kind="call", line=2, attrs=dict(RETRIES))
        for a, b in pairs
    )
    return tuple(sorted(edges, key=lambda e: e.id))


def test_a_million_paths_are_answered_by_one_look_at_each_edge():
    design = layered(20)
    condensed = graph.condense(design, frozenset({"call"}))
    looks: list[str] = []

    def attempts(edge: Edge) -> float:
        looks.append(edge.id)
        return 4.0

    paths = condensed.heaviest(lambda id: 1.0, attempts, operator.mul)
    assert len(looks) == len(set(looks)) == len(design.edges)
    assert paths.weight("r00-0") == 4.0**20


def test_every_rule_ends_on_a_million_paths():
    found = check(layered(20))
    messages = {(f.rule, f.subject): f.message for f in found if f.verdict is Verdict.FAIL}
    assert "1,048,576 attempts" in messages["ANT04", "r10-0"]  # 4 ** 10
    assert "21 functions stand in one synchronous chain" in messages["ANT05", "r00-0"]
    assert "2,000 ms" in messages["PRF02", "gate"]  # 20 functions behind the first
    assert not [f for f in found if f.verdict is Verdict.ERROR]


def test_every_rule_ends_on_a_dense_cycle():
    ids = [f"f{i:02}" for i in range(60)]
    design = Design(
        id="dense",
        line=1,
        components=tuple(Component(id=id, kind="function", line=1) for id in ids),
        edges=_edges([(a, b) for a in ids for b in ids if a != b]),
    )
    assert graph.cycles(design) == (tuple(ids),)
    found = check(design)
    assert [f.subject for f in found if f.rule == "ANT09"] == ["+".join(ids)]
    assert not [f for f in found if f.verdict is Verdict.ERROR]


def test_naming_all_paths_of_a_long_chain_takes_a_few_steps_each():
    ids = [f"c{i:05}" for i in range(3000)]
    design = Design(
        id="long",
        components=tuple(Component(id=id, kind="function") for id in ids),
        edges=_edges(list(pairwise(ids))),
    )
    paths = graph.condense(design, frozenset({"call"})).heaviest(lambda id: 1.0)
    looks: list[str] = []

    def even(id: str) -> bool:
        looks.append(id)
        return id[-1] in "02468"

    outline = paths.outlines(even)
    assert len(looks) == len(ids)
    named = {id: outline(id) for id in ids}
    assert len(looks) == len(ids)
    assert named["c00001"] == ("c00002", "c00004", "c00006", "…", "c02996", "c02998")
    assert named["c02989"] == ("c02990", "c02992", "c02994", "c02996", "c02998")
    assert named["c02999"] == ()


def test_an_outline_names_what_the_path_holds():
    condensed = graph.condense(layered(3), frozenset({"call"}))
    paths = condensed.heaviest(lambda id: 1.0)
    for id in condensed.group_of:
        assert paths.outlines()(id) == paths[id].members
