"""Reach, cycles, heaviest paths and rates."""

from __future__ import annotations

import operator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import document, graph
from design.model import Attr, Component, Design, Edge
from design.rates import Rate
from design.rates import rates as rates_of

from .examples import BAD, GOOD, text


def design_of(pairs, kind="call", names=()):
    ids = sorted({end for pair in pairs for end in pair} | set(names))
    edges = (Edge(id=f"{a}->{b}:{kind}", source=a, target=b, kind=kind) for a, b in pairs)
    return Design(
        id="x",
        components=tuple(Component(id=id, kind="function") for id in ids),
        edges=tuple(sorted(edges, key=lambda e: e.id)),
    )


def chain(length: int) -> Design:
    names = [f"c{i:05}" for i in range(length)]
    return design_of(list(pairwise(names)))


class TestReach:
    def test_follows_only_the_kinds_asked_for(self):
        design = document.load(GOOD)
        assert graph.reachable(design, "web", ("call",)) == {"api", "place-order"}
        assert "ledger" in graph.reachable(design, "web")

    def test_goes_backwards(self):
        design = document.load(GOOD)
        assert graph.reachable(design, "bill", ("step", "start"), backwards=True) == {
            "fulfil",
            "start-fulfil",
        }

    def test_holds_the_start_only_on_a_cycle(self):
        assert graph.reachable(design_of([("a", "b")]), "a", ("call",)) == {"b"}
        assert graph.reachable(design_of([("a", "b"), ("b", "a")]), "a", ("call",)) == {"a", "b"}


class TestCycles:
    def test_the_example_has_the_known_ones(self):
        design = document.load(BAD)
        assert graph.cycles(design, ("call",)) == (("price", "tax"),)
        assert graph.cycles(design) == (("img", "mailer"), ("jobs", "shop"), ("price", "tax"))
        assert graph.cycles(document.load(GOOD)) == ()

    def test_a_component_that_points_to_itself_is_one(self):
        assert graph.cycles(design_of([("a", "a"), ("a", "b")]), ("call",)) == (("a",),)

    def test_a_ring_of_two_thousand_does_not_recurse(self):
        names = [f"c{i:05}" for i in range(2000)]
        ring = design_of([*pairwise(names), (names[-1], names[0])])
        assert graph.cycles(ring) == (tuple(names),)

    @settings(max_examples=300, deadline=None)
    @given(
        st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), unique=True)
    )
    def test_members_of_a_cycle_reach_one_another(self, pairs):
        design = design_of(pairs)
        together = {
            tuple(sorted(a for a in "abcdefgh" if a == b or both_ways(design, a, b)))
            for b in {c.id for c in design.components}
            if b in graph.reachable(design, b)
        }
        assert graph.cycles(design) == tuple(sorted(together))


def both_ways(design, a, b):
    return b in graph.reachable(design, a) and a in graph.reachable(design, b)


class TestHeaviestPaths:
    def test_the_longest_chain_is_found_with_its_members(self):
        design = design_of([("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")])
        paths = graph.condense(design, ("call",)).heaviest(lambda _: 1)
        assert paths["a"] == graph.Path(4, ("a", "b", "c", "d"))
        assert paths["d"] == graph.Path(1, ("d",))

    def test_weights_of_edges_multiply(self):
        design = design_of([("a", "b"), ("b", "c"), ("a", "c")])
        paths = graph.condense(design, ("call",)).heaviest(lambda _: 1, lambda e: 4, operator.mul)
        assert paths["a"].weight == 16

    def test_a_cycle_counts_each_member_once(self):
        design = design_of([("a", "b"), ("b", "a"), ("b", "c")])
        paths = graph.condense(design, ("call",)).heaviest(lambda _: 1)
        assert paths["a"] == paths["b"] == graph.Path(3, ("a", "b", "c"))

    def test_edges_can_be_left_out(self):
        design = design_of([("a", "b"), ("b", "c")])
        kept = graph.condense(design, ("call",), keep=lambda e: e.target != "c")
        assert kept.heaviest(lambda _: 1)["a"].weight == 2

    def test_a_lattice_with_more_paths_than_atoms_is_answered(self):
        rows = [(f"a{i:03}", f"b{i:03}") for i in range(300)]
        pairs = [(x, y) for one, two in pairwise(rows) for x in one for y in two]
        paths = graph.condense(design_of(pairs), ("call",)).heaviest(lambda _: 1)
        assert paths["a000"].weight == 300

    def test_a_chain_of_two_thousand_does_not_recurse(self):
        paths = graph.condense(chain(2000)).heaviest(lambda _: 1)
        assert paths["c00000"].weight == 2000

    @settings(max_examples=300, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), unique=True))
    def test_without_cycles_it_is_the_longest_of_all_paths(self, pairs):
        pairs = [(a, b) for a, b in pairs if a < b]
        design = design_of(pairs)

        def longest(id):
            return 1 + max((longest(b) for a, b in pairs if a == id), default=0)

        paths = graph.condense(design).heaviest(lambda _: 1)
        for component in design.components:
            assert paths[component.id].weight == longest(component.id)
            assert len(paths[component.id].members) == longest(component.id)


class TestRates:
    def test_the_example_has_the_rates_that_one_works_out_by_hand(self):
        rates = rates_of(document.load(GOOD))
        assert rates.component["place-order"] == Rate(20, 120)
        assert rates.component["start-fulfil"].peak == pytest.approx(120 * 0.3 / 5)
        assert rates.component["bill"].peak == pytest.approx(120 * 0.3)
        assert rates.edge["bill->pay:call"].mean == pytest.approx(6)
        assert rates.items["start-fulfil"].peak == pytest.approx(36)
        assert rates.back_edges == ()

    def test_leaving_out_per_item_counts_batches(self):
        rates = rates_of(document.load(GOOD.replace("per: item, ", "")))
        assert rates.component["bill"].peak == pytest.approx(120 * 0.3 / 5)

    def test_back_edges_carry_nothing_and_are_named(self):
        rates = rates_of(document.load(BAD))
        assert rates.back_edges == ("img->mailer:change", "jobs->shop:poll", "tax->price:call")
        assert rates.edge["jobs->shop:poll"] == Rate(0, 0)

    def test_a_source_without_load_is_not_known_and_says_so_downstream(self):
        source = text(
            "  - {id: a, kind: client}\n  - {id: b, kind: function}\n"
            "  - {id: c, kind: client, load: {mean_rps: 2, peak_rps: 5}}\n  - {id: d, kind: kv}",
            "edges:\n  - {from: a, to: b, kind: call}\n  - {from: c, to: b, kind: call}\n"
            "  - {from: a, to: d, kind: write}\n",
        )
        rates = rates_of(document.load(source))
        assert rates.component["a"] is None
        assert rates.component["b"] == Rate(2, 5, complete=False)
        assert rates.component["d"] is None

    def test_a_schedule_starts_as_often_as_it_says(self):
        source = text(
            "  - {id: s, kind: schedule, every_s: 20}\n  - {id: f, kind: function}",
            "edges:\n  - {from: s, to: f, kind: subscribe, probability: 0.5}\n",
        )
        assert rates_of(document.load(source)).component["f"] == Rate(0.025, 0.025)

    def test_a_poll_without_a_batch_size_is_not_complete(self):
        source = text(
            "  - {id: q, kind: queue, load: {mean_rps: 1, peak_rps: 1}}\n  - {id: f, kind: function}",
            "edges:\n  - {from: q, to: f, kind: poll}\n",
        )
        assert rates_of(document.load(source)).component["f"] == Rate(1, 1, False)

    def test_a_dead_letter_queue_sends_nothing_by_itself(self):
        source = text(
            "  - {id: q, kind: queue, purpose: dlq}\n  - {id: f, kind: function}",
            "edges:\n  - {from: q, to: f, kind: poll, batch_size: 2}\n",
        )
        assert rates_of(document.load(source)).component["f"] == Rate(0, 0)

    def test_a_chain_of_two_thousand_does_not_recurse(self):
        long = chain(2000)
        first = Component(
            id="c00000",
            kind="function",
            attrs={"load.mean_rps": Attr(1, 1), "load.peak_rps": Attr(3, 1)},
        )
        design = Design(id="x", components=(first, *long.components[1:]), edges=long.edges)
        assert rates_of(design).component["c01999"] == Rate(1, 3)

    @settings(max_examples=200, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")), unique=True))
    def test_what_leaves_out_back_edges_has_no_cycle(self, pairs):
        design = design_of(pairs)
        back = set(rates_of(design).back_edges)
        assert not graph.cycles(design_of([p for p in pairs if f"{p[0]}->{p[1]}:call" not in back]))
