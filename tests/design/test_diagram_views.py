"""Views of a design: what each says, boundaries shut, a focus, the account, and the files."""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as ET
from html import escape
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from design import diagram
from design.compare import compare
from design.diagram import (
    FORMATS,
    VIEWS,
    BadView,
    Notes,
    Pin,
    TooLarge,
    Unavailable,
    View,
    _fold,
    _layout,
    _legend,
    _raster,
    dot,
    draw,
    merge,
    render,
    tell,
)
from design.document import load
from design.kinds import BOUNDARY_KINDS, COMPONENT_KINDS, DATA_CLASSES, EDGE_KINDS
from design.model import Attr, Boundary, Component, DataItem, Design, Edge
from design.result import evaluate

from .examples import BAD, GOOD, text
from .large import large
from .test_diagram import HOSTILE, SNAPSHOTS, SVG, hostile, tree

ROOT = Path(__file__).parent.parent.parent
CSS = "".join(p.read_text("utf-8") for p in (ROOT / "styles").glob("*.css"))


def drawn(source, view="structure", **more):
    options = {key: more.pop(key) for key in ("focus", "hops", "collapse") if key in more}
    return draw(load(source), View(view, **options), **more)


def words(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def chips(svg):
    return re.findall(r'class="chip (?:chip-data )?chip-([a-z-]+)"', svg)


def edge(svg, subject):
    """The classes of the line of an edge."""
    subject = re.escape(escape(subject))
    found = re.search(rf'class="edge ([^"]*)" data-subject="{subject}"', svg)
    return set(found[1].split()) if found else None


def node(svg, subject):
    found = re.search(rf'class="node ([^"]*)" data-subject="{re.escape(subject)}"', svg)
    return set(found[1].split()) if found else None


# -- any design, in every view ----------------------------------------------------------


def attrs(**more):
    return {path: Attr(value, 1) for path, value in more.items() if value is not None}


TITLES = st.none() | st.text(max_size=12) | st.sampled_from(HOSTILE)
RATES = st.none() | st.floats(0, 1e12) | st.integers(0, 10**6)


@st.composite
def designs(draw):
    """Designs with everything that the views read, in every combination of kinds."""
    boundary_ids = [f"b{n}" for n in range(draw(st.integers(0, 4)))]
    boundaries = tuple(
        Boundary(
            id,
            attrs(title=draw(TITLES), parent=draw(st.sampled_from([None, *boundary_ids[:n]]))),
            1,
            draw(st.sampled_from(sorted(BOUNDARY_KINDS))),
        )
        for n, id in enumerate(boundary_ids)
    )
    data = tuple(
        DataItem(f"d{n}", attrs(**{"class": draw(st.sampled_from([None, *DATA_CLASSES]))},
                                personal=draw(st.sampled_from([None, True, False]))))
        for n in range(draw(st.integers(0, 3)))
    )  # fmt: skip
    ids = [f"c{n}" for n in range(draw(st.integers(1, 7)))]
    some_data = st.none() | st.lists(
        st.sampled_from([item.id for item in data]), max_size=2
    ).map(tuple) if data else st.none()  # fmt: skip
    components = tuple(
        Component(
            id,
            attrs(
                title=draw(TITLES),
                boundary=draw(st.sampled_from([None, *boundary_ids])),
                public=draw(st.sampled_from([None, True, False])),
                auth=draw(st.sampled_from([None, "none", "jwt"])),
                holds=draw(some_data),
                dlq=draw(st.sampled_from([None, *ids])),
                every_s=draw(st.none() | st.integers(1, 100)),
                purpose=draw(st.sampled_from([None, "dlq", "work"])),
                **{"load.mean_rps": draw(RATES), "throttle.rps": draw(RATES)},
            ),
            1,
            draw(st.sampled_from(sorted(COMPONENT_KINDS))),
        )
        for id in ids
    )
    ends = st.tuples(*[st.sampled_from(ids)] * 2, st.sampled_from(sorted(EDGE_KINDS)))
    edges = tuple(
        Edge(
            f"{a}->{b}:{kind}",
            attrs(
                title=draw(TITLES),
                data=draw(some_data),
                protocol=draw(st.sampled_from([None, "https"])),
                on_failure=draw(st.sampled_from([None, *ids])),
                batch_size=draw(st.none() | st.integers(1, 9)),
            ),
            1,
            a,
            b,
            kind,
        )
        for a, b, kind in sorted(draw(st.sets(ends, max_size=9)))
    )
    return Design("any", attrs(title=draw(TITLES)), 1, boundaries, data, components, edges)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(designs(), st.data())
def test_any_design_is_drawn_and_told_in_every_view(design, data):
    ids = [c.id for c in design.components]
    focus = data.draw(st.sampled_from(["", *ids]))
    shut = data.draw(st.sets(st.sampled_from([b.id for b in design.boundaries] or [None])))
    collapse = tuple(sorted(shut - {None}))
    hops = data.draw(st.integers(0, 3))
    marked = {id: how for id, how in zip(ids, ("added", "removed", "changed"), strict=False)}
    marked |= {e.id: "changed" for e in design.edges[:2]}
    pins = [Pin(ids[0], 1, "critical", "<b>"), *(Pin(e.id, 2, "low") for e in design.edges[:1])]
    for name in VIEWS:
        view = View(name, focus, hops, collapse)
        with patch.object(_layout, "_crowded", lambda made: True):
            made = draw(
                design, view, pins=pins, changes=marked, links=lambda id: f"?a=1&focus={id}"
            )
        shown = _fold.fold(design, view)
        for source in (made.svg, made.plain, made.file("dark"), f"<p>{made.key}</p>"):
            root = ET.fromstring(source) if source.startswith("<?xml") else tree(source)
            for element in root.iter():
                assert element.tag.removeprefix(SVG) in {
                    "svg", "title", "desc", "g", "a", "path", "rect", "circle", "text", "style",
                    "p", "span",
                }  # fmt: skip
                assert not [a for a in element.attrib if a.startswith(("on", "style"))]
        assert set(re.findall(r' data-subject="(c\d)"', made.plain)) == {
            c.id for c in shown.components
        }
        assert made.svg.count('class="edge ') - made.svg.count("edge-stub") == len(shown.bundles)
        assert "<a " not in made.plain and "<a " not in made.file()
        told(made.account, design, shown)


def told(account, design, shown):
    """Every component and every edge of the picture is in its text."""
    said = str(account)
    for c in shown.components:
        assert re.search(rf"^- (.* \({c.id}\)|{c.id}): ", said, re.M)
    for box in shown.boxes:
        assert all(re.search(rf"\b{id} \(", said) for id in box.members)
    ways = [way for group in account.groups for entry in group.entries for way in entry.ways]
    for bundle in shown.bundles:
        for tie in bundle.ties:
            verb = EDGE_KINDS[tie.edge.kind].title if tie.edge else "sets failed messages aside in"
            assert any(f"{verb} {tie.target}" in way.words for way in ways)
    assert sum(len(b.ties) for b in shown.bundles) + len(shown.stubs) == len(ways)
    assert said.isprintable() or all(line.isprintable() for line in said.splitlines())


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_words_stay_words_in_every_view(name, said):
    design = hostile(said)
    with patch.object(_layout, "_crowded", lambda made: True):
        made = draw(design, View(name, collapse=("priv",)), changes={"api": "changed"},
                    said={"api": [said]})  # fmt: skip
    assert tree(made.svg) is not None
    assert "<script" not in made.file() and "<B>" not in made.file()
    assert "<script" not in made.key
    assert "\x00" not in dot(design, View(name))


@pytest.mark.parametrize("name", VIEWS)
def test_the_order_of_the_file_never_matters(name):
    lines = BAD.splitlines()
    at = lines.index("edges:")
    end = next(
        (n for n, line in enumerate(lines) if n > at and not line.startswith(" ")), len(lines)
    )
    turned = "\n".join([*lines[: at + 1], *lines[at + 1 : end][::-1], *lines[end:]]) + "\n"
    assert turned != BAD
    first, second = (drawn(source, name) for source in (BAD, turned))
    assert (first.svg, first.key, str(first.account)) == (
        second.svg,
        second.key,
        str(second.account),
    )


class TestSnapshots:
    @pytest.mark.parametrize("name", [n for n in VIEWS if n != "compare"])
    @pytest.mark.parametrize(("file", "source"), [("photo-orders", GOOD), ("shop-monolith", BAD)])
    def test_the_account_is_the_snapshot(self, file, source, name):
        design = load(source)
        self.same(f"{file}.{name}.txt", str(tell(design, View(name), Notes(pins=_pins(design)))))

    def test_the_account_of_a_comparison_is_the_snapshot(self):
        before, after = evaluate(load(GOOD)), evaluate(load(_changed()))
        made = compare(before, after)
        both = merge(made.before.design, made.after.design)
        notes = Notes(changes=made.marks, said=made.said)
        self.same("photo-orders.compare.txt", str(tell(both, View("compare"), notes)))

    @pytest.mark.parametrize("name", ["events", "trust", "load"])
    def test_the_dot_of_a_view_is_the_snapshot(self, name):
        self.same(f"photo-orders.{name}.dot", dot(load(GOOD), View(name, "bill", 1, ("priv",))))

    def same(self, name, made):
        path = SNAPSHOTS / name
        if os.environ.get("SNAPSHOTS") == "write":
            path.write_text(made, encoding="utf-8")
        assert made == path.read_text(encoding="utf-8"), "read the diff, then: make snapshots"


def _pins(design):
    return [Pin(design.components[0].id, 1, "critical", "the worst"),
            Pin(design.components[0].id, 3, "low", "another one"),
            Pin(design.edges[0].id, 2, "high", "on the way")]  # fmt: skip


def _changed():
    after = GOOD.replace("memory_mb: 256", "memory_mb: 512").replace(
        "timeout_s: 6,", "timeout_s: 9,"
    )
    after = after.replace(
        "  - {id: bus, kind", "  - {id: audit, kind: log_sink}\n  - {id: bus, kind"
    )
    return after.replace("edges:\n", "edges:\n  - {from: bill, to: audit, kind: write}\n")


# -- what each view says ----------------------------------------------------------------


class TestEvents:
    def test_roles_are_told_in_words(self):
        said = words(drawn(GOOD, "events").svg)
        assert "source" in said and "consumer" in said and "channel" in said
        assert "failure destination · 14 d" in said

    def test_what_waits_is_in_the_background(self):
        svg = drawn(GOOD, "events").svg
        assert "quiet" in edge(svg, "api->place-order:call")
        assert "strong" in edge(svg, "orders->bus:change")
        assert "quiet" in node(svg, "api") and "quiet" not in node(svg, "work")

    def test_an_event_without_a_failure_destination_is_marked(self):
        parts = "  - {id: f, kind: function}\n  - {id: g, kind: function}"
        way = "edges: [{from: f, to: g, kind: invoke_async%s}]\n"
        assert chips(drawn(text(parts, way % ""), "events").svg) == ["loose"]
        assert not chips(drawn(text(parts, way % ", on_failure: f"), "events").svg)

    def test_a_queue_with_a_dead_letter_queue_has_one(self):
        parts = ("  - {id: q, kind: queue, dlq: d}\n  - {id: d, kind: queue, purpose: dlq}\n"
                 "  - {id: f, kind: function}")  # fmt: skip
        assert not chips(
            drawn(text(parts, "edges: [{from: q, to: f, kind: poll}]\n"), "events").svg
        )

    def test_a_design_without_events_says_so(self):
        assert "every edge waits" in str(drawn(text(), "events").account)

    def test_order_and_filter_are_on_the_line(self):
        parts = "  - {id: q, kind: topic}\n  - {id: f, kind: function}"
        way = "edges: [{from: q, to: f, kind: subscribe, ordering: key, filter: true}]\n"
        assert "≥1 · key order · filtered" in words(drawn(text(parts, way), "events").svg)


class TestTrust:
    def test_a_crossing_says_how_many_boundaries_what_and_how(self):
        svg = drawn(GOOD, "trust").svg
        assert "order · https · jwt" in words(svg) and "photo · https · signed" in words(svg)
        assert "strong" in edge(svg, "web->api:call")
        gates = re.findall(r'chip-gate">.*?>(\d)</text>', svg)
        assert sorted(gates) == ["1", "1", "2", "2", "3"]

    def test_what_is_not_stated_is_asked(self):
        svg = drawn(GOOD, "trust").svg
        assert "protocol ?" in words(svg)
        assert "data-unknown" in chips(svg)

    @pytest.mark.parametrize("name", DATA_CLASSES)
    def test_a_class_is_a_letter_with_bars(self, name):
        source = text("  - {id: s, kind: kv, holds: [d]}", f"data: [{{id: d, class: {name}}}]\n")
        svg = drawn(source, "trust").svg
        assert chips(svg) == [f"data-{name}"]
        assert f">{name[0].upper()}</text>" in svg
        bars = re.search(r'class="bars" d="([^"]*)"', svg)
        assert (bars[1].count("M") if bars else 0) == DATA_CLASSES.index(name)

    def test_personal_data_has_a_dot_and_a_word(self):
        source = text("  - {id: s, kind: kv, holds: [d]}",
                      "data: [{id: d, class: internal, personal: true}]\n")  # fmt: skip
        made = drawn(source, "trust")
        assert 'class="dot"' in made.svg and "about a person" in made.key
        assert "holds d (internal, personal)" in str(made.account)

    def test_who_is_reached_from_outside_is_an_entry(self):
        made = drawn(GOOD, "trust")
        assert chips(made.svg).count("entry") == 2
        assert "2 public entry points: api, uploads." in made.account.summary

    def test_a_team_is_no_trust_boundary(self):
        parts = "  - {id: a, kind: function, boundary: t}\n  - {id: b, kind: function}"
        ways = "boundaries: [{id: t, kind: team}]\nedges: [{from: a, to: b, kind: call}]\n"
        made = drawn(text(parts, ways), "trust")
        assert not chips(made.svg) and "bound strong" not in made.svg
        assert "0 edges cross a trust boundary." in made.account.summary


class TestLoad:
    def test_the_width_follows_the_rate_and_the_rate_is_written(self):
        svg = drawn(GOOD, "load").svg
        assert "w5" in edge(svg, "web->api:call")
        assert "w2" in edge(svg, "bill->secrets:read") or "w1" in edge(svg, "bill->secrets:read")
        assert "20/s, peak 120" in words(svg)

    def test_the_hottest_path_is_numbered_and_told(self):
        made = drawn(GOOD, "load")
        steps = re.findall(r'chip-hot">.*?>(\d)</text>', made.svg)
        assert steps and sorted(steps) == [str(n + 1) for n in range(len(steps))]
        path = next(s for s in made.account.summary if s.startswith("Hottest path: "))
        assert path.startswith("Hottest path: web, then api, then place-order")

    def test_the_path_with_most_load_wins_over_the_longer_one(self):
        parts = "\n".join(f"  - {{id: {id}, kind: function}}" for id in ("b", "c", "d", "e"))
        ways = ("edges: [{from: a, to: b, kind: call}, {from: b, to: c, kind: call},"
                " {from: a, to: d, kind: call, calls_per_request: 9}]\n")  # fmt: skip
        source = text(f"  - {{id: a, kind: client, load: {{mean_rps: 1}}}}\n{parts}", ways)
        svg = drawn(source, "load").svg
        assert "strong" in edge(svg, "a->d:call") and "strong" not in edge(svg, "a->b:call")

    def test_what_is_above_its_limit_is_marked(self):
        parts = ("  - {id: a, kind: client, load: {mean_rps: 5, peak_rps: 50}}\n"
                 "  - {id: x, kind: external, rate_limit_rps: %s}")  # fmt: skip
        way = "edges: [{from: a, to: x, kind: call}]\n"
        assert chips(drawn(text(parts % 20, way), "load").svg) == ["hot", "over"]
        assert "above its limit at the peak" in str(drawn(text(parts % 20, way), "load").account)
        assert chips(drawn(text(parts % 50, way), "load").svg) == ["hot"]

    def test_an_unknown_rate_is_a_question_and_part_of_one_is_at_least(self):
        parts = ("  - {id: a, kind: client, load: {mean_rps: 5}}\n  - {id: b, kind: client}\n"
                 "  - {id: f, kind: function}\n  - {id: s, kind: kv}")  # fmt: skip
        ways = ("edges: [{from: a, to: f, kind: call}, {from: b, to: f, kind: call},"
                " {from: f, to: s, kind: write}]\n")  # fmt: skip
        made = drawn(text(parts, ways), "load")
        assert "? /s" in words(made.svg) and "≥5/s" in words(made.svg)
        assert "The rate is not known for b." in made.account.summary

    def test_a_design_without_load_says_what_to_state(self):
        assert "state load on a client" in str(drawn(text(), "load").account)

    def test_no_load_at_all_is_a_known_rate(self):
        parts = "  - {id: a, kind: client, load: {mean_rps: 0, peak_rps: 0}}\n  - {id: f, kind: function}"
        made = drawn(text(parts, "edges: [{from: a, to: f, kind: call}]\n"), "load")
        assert "0/s" in words(made.svg) and "peak" not in made.key

    def test_a_cycle_is_named(self):
        parts = "  - {id: a, kind: client, load: {mean_rps: 5}}\n  - {id: f, kind: function}"
        ways = "edges: [{from: a, to: f, kind: call}, {from: f, to: a, kind: call}]\n"
        assert "closes a cycle" in words(drawn(text(parts, ways), "load").svg)


class TestCompare:
    @pytest.fixture
    def made(self):
        comparison = compare(evaluate(load(GOOD)), evaluate(load(_changed())))
        both = merge(comparison.before.design, comparison.after.design)
        return draw(both, View("compare"), changes=comparison.marks, said=comparison.said)

    def test_what_stayed_is_in_the_background(self, made):
        assert "quiet" in node(made.svg, "orders") and "quiet" not in node(made.svg, "audit")
        assert "added" in edge(made.svg, "bill->audit:write")

    def test_what_changed_is_written_on_it(self, made):
        assert "timeout_s 6 → 9" in words(made.svg) and "memory_mb 256 → 512" in words(made.svg)
        assert "Of components and edges: 2 added, 2 changed." in made.account.summary

    def test_named_edges_of_one_kind_are_told_apart(self):
        way = "{from: a, to: b, kind: call, id: %s}"
        parts = "  - {id: a, kind: function}\n  - {id: b, kind: function}"
        before = load(text(parts, f"edges: [{way % 'one'}, {way % 'two'}]\n"))
        after = load(text(parts, f"edges: [{way % 'two'}]\n"))
        assert [e.id for e in merge(before, after).edges] == ["a->b:call#one", "a->b:call#two"]


# -- boundaries shut, and a focus ---------------------------------------------------------


class TestCollapse:
    def test_a_shut_boundary_is_one_box_with_its_count(self):
        made = drawn(GOOD, collapse=("priv",))
        assert node(made.svg, "priv") >= {"kind-boundary"}
        assert node(made.svg, "bill") is None
        assert "3 components" in words(made.svg)
        assert "one box for 3 components: bill (function), ledger" in str(made.account)
        assert "boundary as one box" in made.key

    def test_the_text_says_which(self):
        source = GOOD.rstrip() + "\n  collapse: [priv]\n"
        assert node(drawn(source).svg, "priv")
        assert node(drawn(source, collapse=()).svg, "priv") is None

    def test_one_within_another_is_part_of_it(self):
        svg = drawn(GOOD, collapse=("cloud", "priv")).svg
        assert node(svg, "priv") is None and "14 components" in words(svg)

    def test_edges_are_merged_with_their_count(self):
        made = drawn(GOOD, collapse=("cloud",))
        assert "2 edges" in words(made.svg)
        assert made.svg.count('class="edge ') == 2
        ways = [str(w) for g in made.account.groups for e in g.entries for w in e.ways]
        assert any(w.startswith("calls api in cloud") for w in ways)

    def test_the_worst_finding_inside_is_pinned_on_the_box(self):
        pins = [Pin("ledger", 4, "low"), Pin("bill->pay:call", 3, "high"), Pin("bill", 2, "medium")]
        svg = drawn(GOOD, collapse=("priv",), pins=pins).svg
        assert re.findall(r'class="pin pin-(\w+)">.*?>(\d)</text>', svg) == [
            ("high", "3"), ("medium", "2"),
        ]  # fmt: skip

    def test_load_and_data_of_merged_edges_are_summed(self):
        assert any("2 edges · 26/s, peak 156" in w for w in words(
            drawn(GOOD, "load", collapse=("cloud",)).svg
        ))  # fmt: skip
        assert "data-confidential" in chips(drawn(GOOD, "trust", collapse=("cloud",)).svg)

    def test_a_shut_design_of_any_size_is_drawn(self, monkeypatch):
        monkeypatch.setattr(diagram, "MAX_COMPONENTS", 90)
        source = large(100).replace(
            "components:", "boundaries: [{id: all, kind: account}]\ncomponents:", 1
        )
        source = re.sub(r"(\{id: [a-z]+-\d+, kind: \w+,)", r"\1 boundary: all,", source)
        source = re.sub(r"(    kind: function\n)", r"\1    boundary: all\n", source)
        design = load(source)
        assert "100 components" in words(draw(design, View(collapse=("all",))).svg)
        with pytest.raises(TooLarge, match="Shut some boundaries"):
            draw(design)


class TestFocus:
    def test_the_neighbourhood_is_shown_with_what_is_hidden(self):
        made = drawn(GOOD, focus="bus", hops=1)
        shown = set(re.findall(r'data-subject="([a-z-]+)"', made.svg))
        assert shown == {"bus", "orders", "work", "bus-dead"}
        assert words(made.svg).count("before, not shown") == 1
        assert "Shown is bus with what is within 1 hop; 12 components are not shown." in (
            made.account.summary
        )
        assert "components not shown" in made.key
        assert "subject" in node(made.svg, "bus")

    def test_more_hops_show_more(self):
        counts = [drawn(GOOD, focus="bus", hops=n).svg.count('class="node ') for n in (0, 1, 2)]
        assert counts == sorted(counts) and counts[0] == 3
        assert "ghost" not in drawn(GOOD, focus="bus", hops=20).svg

    def test_stubs_say_how_many(self):
        said = str(drawn(BAD, focus="shop", hops=0).account)
        assert re.search(r"leads on to \d+ components not shown \(", said)
        assert re.search(r"is reached from \d+ components not shown", said)

    def test_a_boundary_around_the_focus_is_open(self):
        svg = drawn(GOOD, focus="bill", hops=1, collapse=("cloud", "net")).svg
        assert node(svg, "bill") and node(svg, "net")

    def test_a_large_design_is_looked_at_in_part(self):
        source = large(2000)
        assert drawn(source, focus="serve-7", hops=2).svg.count('class="node ') < 40


class TestWrongViews:
    @pytest.mark.parametrize(
        ("view", "said"),
        [
            (View("strukture"), "no view “strukture”. Did you mean structure"),
            (View(focus="bil"), "no component “bil”. Did you mean bill"),
            (View(collapse=("nowhere",)), "no boundary “nowhere”. There is net, cloud, priv"),
            (View(focus="bill", hops=-1), "-1 hops; it takes 0 to 99"),
        ],
    )
    def test_it_says_what_there_is(self, view, said):
        for make in (draw, dot, tell):
            with pytest.raises(BadView) as error:
                make(load(GOOD), view)
            message = str(error.value)
            if "There is net" in said:
                assert "no boundary “nowhere”" in message and "priv" in message
            else:
                assert said in message


# -- legend, styles, files ------------------------------------------------------------------


class TestLegend:
    @pytest.mark.parametrize("name", VIEWS)
    def test_it_lists_only_what_occurs(self, name):
        key = drawn(text("  - {id: a, kind: queue}"), name).key
        assert re.findall(r"</svg>([^<]*)</span>", key) == ["queue"]

    def test_pins_marks_and_chips_are_in_it(self):
        pins = [Pin("work", 1, "critical"), Pin("bill", 2, "unknown")]
        key = drawn(GOOD, "trust", pins=pins, changes={"api": "removed"}).key
        for said in ("finding by its number, critical", "finding by its number, unknown", "removed",
                     "public entry point", "crosses so many trust boundaries", "trust boundary"):  # fmt: skip
            assert f"{said}</span>" in key
        assert "medium" not in key and "added" not in key

    def test_every_chip_has_words_and_is_styled_on_pages_and_in_files(self):
        file = drawn(text()).file()
        for kind in _legend._CHIPS:
            if kind not in ("data-public", "data-internal", "data-confidential"):
                assert f".chip-{kind}" in CSS and f".chip-{kind}" in file
        for css in ("quiet", "strong", "ghost", "w5", "bound.strong", "edge-deploy", "edge-stub"):
            assert css.replace("bound.strong", "strong rect") in CSS
            assert css in file


class TestFiles:
    @pytest.mark.parametrize("form", FORMATS)
    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_every_format_is_made(self, form, theme):
        made = render(load(GOOD), form, View("events"), theme=theme)
        start = {"svg": b"<?xml", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-", "dot": b"digraph",
                 "txt": b"Photo print orders: event flow\n"}  # fmt: skip
        assert made.startswith(start[form])

    def test_a_file_has_title_legend_and_colours(self):
        for theme, ink in (("light", "#1B2420"), ("dark", "#E3E6DE")):
            file = drawn(GOOD, "load").file(theme)
            assert "Photo print orders: load" in file and "step of the hottest path" in file
            assert ink in file and "var(" not in file and "[" not in file.split("</style>")[0]

    def test_a_picture_with_links_has_none_in_its_file(self):
        made = drawn(GOOD, links=lambda id: f"?focus={id}")
        assert '<a href="?focus=bill">' in made.svg and 'role="group"' in made.svg
        assert "href" not in made.file() and 'role="img"' in made.file()

    def test_pixels_are_bounded(self, monkeypatch):
        assert self.pixels() > 1_000_000
        monkeypatch.setattr(_raster, "_PIXELS", 200_000)
        assert 190_000 < self.pixels() < 204_000

    def pixels(self):
        made = _raster.png(drawn(GOOD))
        return int.from_bytes(made[16:20], "big") * int.from_bytes(made[20:24], "big")

    def test_words_of_strangers_and_letters_we_have_no_font_for_are_printed(self):
        for said in ("שלום 漢字 ✈", "#set page() $x$ */ //", "\ud800"):
            assert render(hostile(said), "pdf").startswith(b"%PDF-")

    def test_without_typst_it_says_what_to_install(self, monkeypatch):
        def missing(name):
            raise ImportError(name)

        monkeypatch.setattr(_raster, "import_module", missing)
        for form in ("png", "pdf"):
            with pytest.raises(Unavailable, match="install the package typst"):
                render(load(GOOD), form)

    def test_what_typst_refuses_is_told(self, monkeypatch):
        monkeypatch.setattr(_raster, "_PAGE", "#nonsense()")
        with pytest.raises(Unavailable, match="The PDF could not be made"):
            render(load(GOOD), "pdf")
