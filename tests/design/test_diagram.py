"""Pictures: golden DOT, what the SVG may hold, limits, and positions that are kept."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import diagram
from design.compare import compare
from design.diagram import Notes, Pin, View, dot, draw, merge
from design.document import load
from design.kinds import COMPONENT_KINDS
from design.model import Attr
from design.result import evaluate

from .examples import BAD, GOOD, text

ROOT = Path(__file__).parent.parent.parent
SNAPSHOTS = ROOT / "tests" / "snapshots"
SVG = "{http://www.w3.org/2000/svg}"

HOSTILE = [
    '"];<script>alert(1)</script>',
    "<B>bold</B>",
    "<<TABLE><TR><TD>x</TD></TR></TABLE>>",
    "back\\slash\\",
    "\\N \\G \\l",
    "line\nbreak\r\n\u2028",
    "nul\x00bell\x07del\x7f",
    "\u202eright to left\u2066",
    "שלום عالم",
    "&amp; &#0; ]]> -->",
    '" onload="alert(1)',
    "\ud800",
    "x" * 4000,
    "",
]


def hostile(words):
    """A design with these words everywhere that the picture takes words from."""

    def said(part, **more):
        attrs = {path: Attr(value, part.line) for path, value in more.items()}
        return replace(part, attrs={**part.attrs, **attrs})

    design = load(GOOD)
    return replace(
        said(design, title=words),
        boundaries=tuple(said(b, region=words) for b in design.boundaries),
        components=tuple(said(c, title=words, tech=words, auth=words) for c in design.components),
        edges=tuple(said(e, title=words) for e in design.edges),
    )


def tree(svg):
    return ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def classes(svg):
    return {word for found in re.findall(r'class="([^"]*)"', svg) for word in found.split()}


class TestDot:
    @pytest.mark.parametrize(("name", "said"), [("photo-orders", GOOD), ("shop-monolith", BAD)])
    def test_the_dot_is_the_snapshot(self, name, said):
        path = SNAPSHOTS / f"{name}.dot"
        made = dot(load(said))
        if os.environ.get("SNAPSHOTS") == "write":
            path.parent.mkdir(exist_ok=True)
            path.write_text(made, encoding="utf-8")
        assert made == path.read_text(encoding="utf-8"), "read the diff, then: make snapshots"

    def test_it_says_what_the_picture_says(self):
        said = dot(load(GOOD))
        assert 'label="bill\n512 MB · 20 s"' in said
        assert re.search('label="poll 5 · ≥1" id=e\\d+ style=dashed', said)
        assert 'label="network · priv · eu-central"' in said

    def test_boundaries_are_clusters_within_clusters(self):
        said = dot(load(GOOD))
        assert said.index("cluster_cloud") < said.index("cluster_priv") < said.rindex("}")

    @pytest.mark.parametrize("id", ["node", "graph", "subgraph", "strict", "1.5", "a-b.c_d", "e0"])
    def test_words_of_the_language_are_only_names(self, id):
        design = load(text(f"  - {{id: {id}, kind: function}}\n  - {{id: zz, kind: kv}}",
                           f"edges: [{{from: {id}, to: zz, kind: write}}]\n"))  # fmt: skip
        svg = draw(design).svg
        assert f'data-subject="{id}"' in svg
        assert "edge-sync" in svg


class TestHostileWords:
    @pytest.mark.parametrize("words", HOSTILE)
    def test_they_stay_words(self, words):
        self.check(words)

    @settings(max_examples=25, deadline=None)
    @given(st.text(max_size=40))
    def test_whatever_they_are(self, words):
        self.check(words)

    def check(self, words):
        drawing = draw(hostile(words))
        root = tree(drawing.svg)
        assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {
            "svg", "title", "desc", "g", "path", "rect", "circle", "text",
        }  # fmt: skip
        plain = draw(load(GOOD))
        for part in ("node", "bound", "edge"):
            drawn = [e for e in root.iter() if part in e.get("class", "").split()]
            wanted = [e for e in tree(plain.svg).iter() if part in e.get("class", "").split()]
            assert len(drawn) == len(wanted)
        for element in root.iter():
            assert not {a for a in element.attrib if a.startswith("on")}
            for said in (element.text or "", *element.attrib.values()):
                assert said.isprintable()
        assert all(sentence.isprintable() for sentence in drawing.text)
        assert "\x00" not in dot(hostile(words))

    @pytest.mark.parametrize("words", HOSTILE)
    def test_no_label_is_markup_of_graphviz(self, words):
        """The only HTML-like labels are the empty ones that keep room for the layout."""
        assert not re.search(r"label=<", dot(hostile(words)))
        planned = diagram._scene.plan(hostile(words), View(), Notes())
        kept = re.findall(r"label=<(.*)>", diagram._dot.source(diagram._scene.scene(planned)))
        assert kept
        for label in kept:
            assert re.fullmatch(
                r'<TABLE BORDER="0" FIXEDSIZE="TRUE" WIDTH="\d+" HEIGHT="\d+">'
                r"<TR><TD></TD></TR></TABLE>.*", label
            )  # fmt: skip

    def test_an_id_given_by_a_page_is_escaped(self):
        assert tree(draw(load(text()), id='a"><script>').svg) is not None


class TestSvg:
    def test_it_holds_no_style_and_no_colour(self):
        svg = draw(load(BAD), pins=[Pin("shop", 1, "critical")]).svg
        assert not re.search(r"style=|fill=|stroke=|#[0-9a-fA-F]{3}|<style|<script|href", svg)

    def test_it_has_a_name_and_a_description(self):
        root = tree(draw(load(GOOD), id="p1").svg)
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == "p1-t p1-d"
        assert root.find(f"{SVG}title").get("id") == "p1-t"
        assert root.find(f"{SVG}title").text == load(GOOD).title
        assert "components" in root.find(f"{SVG}desc").text

    def test_two_on_a_page_share_no_id(self):
        ids = [set(re.findall(r' id="([^"]*)"', draw(load(GOOD), id=id).svg)) for id in "ab"]
        assert ids[0] and not ids[0] & ids[1]

    def test_every_kind_is_told_by_its_outline(self):
        bodies = {}
        for kind in (*COMPONENT_KINDS, "dlq"):
            body, extra = diagram._shapes.outline(kind, 0, 0, 90, 50)
            bodies.setdefault((body, extra), []).append(kind)
        # One gateway that keeps a connection and one that answers graphs: the title tells.
        assert [k for k in bodies.values() if len(k) > 1] == [["graphql", "websocket"]]

    def test_edges_are_told_by_their_line(self):
        svg = draw(load(GOOD)).svg
        assert {"edge-sync", "edge-async", "edge-change", "edge-fail"} <= classes(svg)
        filled = re.findall(r'class="edge edge-(\w+)"[^>]*><path d="[^"]*"/>'
                            r'<path class="head" d="([^"]*)"', svg)  # fmt: skip
        assert filled
        for style, head in filled:
            assert head.endswith("Z") == (style == "sync")

    @pytest.mark.parametrize(
        ("edge", "label"),
        [
            ("{from: q, to: f, kind: poll, batch_size: 5}", "poll 5 · ≥1"),
            ("{from: s, to: f, kind: change}", "change feed · ≥1"),
            ("{from: f, to: f2, kind: invoke_async}", "≥1"),
            ("{from: f, to: f2, kind: invoke_async, title: refunds}", "refunds · ≥1"),
            ("{from: f, to: q, kind: publish}", "publish"),
        ],
    )
    def test_what_may_arrive_twice_says_so(self, edge, label):
        parts = "\n".join(
            f"  - {{id: {id}, kind: {kind}}}"
            for id, kind in (("f", "function"), ("f2", "function"), ("q", "queue"), ("s", "kv"))
        )
        assert f">{label}</text>" in draw(load(text(parts, f"edges:\n  - {edge}\n"))).svg

    def test_a_long_name_breaks_at_a_hyphen(self):
        svg = draw(load(text("  - {id: reconcile-payments-nightly, kind: function}"))).svg
        assert re.findall(r'class="nt"[^>]*>([^<]*)<', svg) == ["reconcile-", "payments-nightly"]

    def test_the_way_to_a_dead_letter_queue_is_a_failure_path(self):
        assert ">after 5</text>" in draw(load(GOOD)).svg

    def test_the_subject_and_figures_are_marked(self):
        svg = draw(load(GOOD), subject="work", figures=[("bill", 3)]).svg
        assert 'class="node kind-queue subject" data-subject="work"' in svg
        assert re.search(r'class="figkey">.*?>3</text>', svg)

    def test_the_key_holds_only_what_is_shown(self):
        key = draw(load(text("  - {id: a, kind: queue}"))).key
        assert "queue" in key and "function" not in key and "edge" not in key

    def test_the_text_names_every_component(self):
        design = load(GOOD)
        said = draw(design).text
        assert len(said) == len(design.components)
        assert any(
            line.startswith("work: ") and "is polled by start-fulfil" in line for line in said
        )

    def test_an_empty_design_is_a_small_picture(self):
        assert tree(draw(replace(load(text()), components=())).svg).find(f"{SVG}g") is None

    def test_a_file_stands_alone(self):
        root = ET.fromstring(draw(load(GOOD)).standalone.encode())
        assert root.tag == f"{SVG}svg"
        assert root.find(f"{SVG}style") is not None


class TestPins:
    SHAPES = {"critical": "path", "high": "path", "medium": "path", "low": "circle",
              "unknown": "circle"}  # fmt: skip

    @pytest.mark.parametrize("severity", SHAPES)
    def test_severity_is_a_shape(self, severity):
        for place in ("work", load(BAD).edges[0].id):
            design = load(GOOD if place == "work" else BAD)
            svg = draw(design, pins=[Pin(place, 7, severity)]).svg
            found = re.search(rf'class="pin pin-{severity}"><(\w+) .*?>7</text>', svg)
            assert found and found[1] == self.SHAPES[severity]

    def test_every_severity_is_styled_on_pages_and_in_files(self):
        css = "".join(p.read_text("utf-8") for p in (ROOT / "styles").glob("*.css"))
        file = draw(load(text())).standalone
        for severity in self.SHAPES:
            assert f".pin-{severity}" in css and f".pin-{severity}" in file

    def test_a_file_can_follow_the_theme_around_it(self):
        drawn = draw(load(text()))
        auto, dark = drawn.file("auto"), drawn.file("dark")
        assert auto.startswith(drawn.file().partition("</style>")[0])
        inside = dark.partition("<style>")[2].partition("</style>")[0]
        assert f"@media(prefers-color-scheme:dark){{{inside}}}</style>" in auto

    def test_a_pin_on_an_edge_covers_no_text(self):
        design = load(BAD)
        for edge in design.edges:
            svg = draw(design, pins=[Pin(edge.id, 12, "high")]).svg
            xs = re.search(r'class="pin pin-high"><path d="M([-\d.]+) ([-\d.]+)', svg)
            x, y = float(xs[1]), float(xs[2]) + 13
            for left, top, wide in re.findall(
                r'class="mask" x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)"', svg
            ):
                beside = x + 13 <= float(left) or x - 13 >= float(left) + float(wide)
                assert beside or abs(y - float(top) - 8) >= 16

    def test_of_two_pins_on_one_place_the_first_is_shown(self):
        svg = draw(load(GOOD), pins=[Pin("work", 1, "high"), Pin("work", 2, "low")]).svg
        assert "pin-high" in svg and "pin-low" not in svg

    def test_a_pin_on_nothing_is_left_out(self):
        assert "pin" not in classes(draw(load(GOOD), pins=[Pin("nowhere", 1, "high")]).svg)


class TestComparisons:
    def test_what_changed_is_marked(self):
        comparison = compare(evaluate(load(BAD)), evaluate(load(GOOD)))
        both = merge(load(BAD), load(GOOD))
        svg = draw(both, changes=comparison.marks).svg
        assert {"mark-added", "mark-removed"} <= classes(svg)
        assert ">+</text>" in svg and ">×</text>" in svg

    def test_a_design_laid_over_itself_is_itself(self):
        design = load(GOOD)
        assert {c.id for c in merge(design, design).components} == {c.id for c in design.components}
        assert {e.id for e in merge(design, design).edges} == {e.id for e in design.edges}

    def test_a_renamed_component_stands_there_once(self):
        before = load(text("  - {id: old, kind: function}\n  - {id: s, kind: kv}",
                           "edges: [{from: old, to: s, kind: write}]\n"))  # fmt: skip
        after = load(text("  - {id: new, kind: function, was: old}\n  - {id: s, kind: kv}",
                          "edges: [{from: new, to: s, kind: write}]\n"))  # fmt: skip
        both = merge(before, after)
        assert [c.id for c in both.components] == ["new", "s"]
        assert len(both.edges) == 1


def test_the_same_bytes_under_every_hash_seed():
    code = (
        "from pathlib import Path; from design.diagram import draw; from design.document import load\n"
        "d = draw(load(Path('tests/examples/demo/shop-monolith.yaml').read_text(encoding='utf-8')))\n"
        "import hashlib; print(hashlib.sha256(repr((d.svg, d.key, d.text)).encode()).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(said) == 1
