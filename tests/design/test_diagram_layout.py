"""Positions: limits, what is drawn when Graphviz cannot, and what is kept on disk."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest

from design import diagram
from design.diagram import LayoutFailed, Layouts, Notes, Pin, TooLarge, View, _layout, _scene, draw
from design.document import load

from .examples import GOOD, text
from .large import large


def scene_of(design):
    return _scene.scene(_scene.plan(design, View(), Notes()))


class TestLimits:
    @pytest.fixture
    def no_graphviz(self, monkeypatch):
        def run(_):
            raise AssertionError("Graphviz was asked")

        monkeypatch.setattr(_layout, "_run", run)

    def test_two_thousand_components_are_drawn(self):
        svg = draw(load(large(2000))).svg
        assert svg.count('class="node ') == 2000

    def test_more_are_refused_with_both_limits(self, monkeypatch):
        monkeypatch.setattr(diagram, "MAX_COMPONENTS", 9)
        with pytest.raises(TooLarge, match=r"10 components .* it shows 9 and 5,000"):
            draw(load(large(10)))

    def test_a_crowded_graph_is_placed_without_graphviz(self, no_graphviz):
        parts = "\n".join(f"  - {{id: f{n}, kind: function}}" for n in range(60))
        ways = "\n".join(
            f"  - {{from: f{a}, to: f{b}, kind: call}}"
            for a in range(60)
            for b in range(60)
            if a != b and (a * 7 + b) % 5 == 0
        )
        drawing = draw(load(text(parts, f"edges:\n{ways}\n")))
        assert drawing.svg.count('class="node ') == 60
        assert drawing.svg.count('class="edge ') == ways.count("\n") + 1

    def test_what_takes_too_long_is_placed_by_us(self, monkeypatch):
        def slow(*args, **kwargs):
            raise subprocess.TimeoutExpired("graphviz-pure", 10)

        monkeypatch.setattr(subprocess, "run", slow)
        design = load(GOOD)
        drawing = draw(design, pins=[Pin("work", 1, "high")])
        root = ET.fromstring(drawing.svg)
        assert len([e for e in root.iter() if "node" in e.get("class", "").split()]) == len(
            design.components
        )

    def test_our_own_places_keep_parts_apart_and_inside_their_boundary(self, monkeypatch):
        made = scene_of(load(GOOD))
        placed = _layout._placed(diagram._layered.layered(made))
        boxes = {
            n.id: (placed.nodes[n.id][0] - n.width / 2, placed.nodes[n.id][1] - n.height / 2,
                   placed.nodes[n.id][0] + n.width / 2, placed.nodes[n.id][1] + n.height / 2)
            for n in made.nodes
        }  # fmt: skip
        found = sorted(boxes.items())
        for i, (_, a) in enumerate(found):
            for _, b in found[i + 1 :]:
                assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        for node in made.nodes:
            x, y, w, h = placed.bounds[node.boundary]
            a = boxes[node.id]
            assert x <= a[0] and y <= a[1] and a[2] <= x + w and a[3] <= y + h

    def test_a_long_chain_is_folded_and_nothing_lies_on_anything(self):
        parts = "\n".join(f"  - {{id: f{n}, kind: function}}" for n in range(120))
        ways = "\n".join(f"  - {{from: f{n}, to: f{n + 1}, kind: call}}" for n in range(119))
        made = scene_of(load(text(parts, f"edges:\n{ways}\n")))
        placed = _layout._placed(diagram._layered.layered(made))
        assert 1 < placed.width / placed.height < 4
        spots = sorted(placed.nodes.values(), key=lambda spot: (spot[1], spot[0]))
        for (x, y), (to_x, to_y) in pairwise(spots):
            assert to_y > y + 30 or to_x > x + 60

    def test_what_graphviz_draws_as_a_strip_is_folded(self):
        parts = "\n".join(f"  - {{id: f{n}, kind: function}}" for n in range(400))
        ways = "\n".join(f"  - {{from: f{n}, to: f{n + 1}, kind: call}}" for n in range(399))
        drawing = draw(load(text(parts, f"edges:\n{ways}\n")))
        assert drawing.svg.count('class="edge ') == 399
        assert 0.25 < drawing.width / drawing.height < 4

    def test_a_tree_of_any_size_is_not_crowded_and_a_tangle_is(self):
        assert not _layout._crowded(scene_of(load(large(500))))
        parts = "\n".join(f"  - {{id: f{n}, kind: function}}" for n in range(80))
        ways = "\n".join(
            f"  - {{from: f{n % 80}, to: f{(n * 37 + n // 80 + 11) % 80}, kind: call, id: n{n}}}"
            for n in range(400)
        )
        assert _layout._crowded(scene_of(load(text(parts, f"edges:\n{ways}\n"))))

    def test_cycles_and_loops_are_placed_too(self, monkeypatch):
        monkeypatch.setattr(_layout, "_crowded", lambda made: True)
        parts = "\n".join(f"  - {{id: {id}, kind: function}}" for id in "abc")
        ways = "edges: [{from: a, to: b, kind: call}, {from: b, to: a, kind: call},"
        ways += " {from: c, to: c, kind: invoke_async}]\n"
        assert draw(load(text(parts, ways))).svg.count('class="edge ') == 3

    def test_what_graphviz_fails_at_is_placed_by_us(self, monkeypatch):
        """It loses edges between clusters that lie in a cycle, in small graphs too."""
        done = subprocess.CompletedProcess([], 1, "", "lost a b edge")
        monkeypatch.setattr(subprocess, "run", lambda *a, **k: done)
        assert draw(load(GOOD)).svg.count('class="node ') == len(load(GOOD).components)

    @pytest.mark.parametrize("output", ["", "{}", "[]", "null", "[" * 100_000])
    def test_output_that_cannot_be_read_is_a_fault(self, monkeypatch, output):
        done = subprocess.CompletedProcess([], 0, output, "")
        monkeypatch.setattr(subprocess, "run", lambda *a, **k: done)
        with pytest.raises(LayoutFailed, match="cannot be read"):
            draw(load(GOOD))

    def test_without_graphviz_it_says_what_to_install(self, monkeypatch):
        monkeypatch.setattr(_layout.shutil, "which", lambda *a, **k: None)
        with pytest.raises(LayoutFailed, match="graphviz-pure"):
            draw(load(GOOD))

    def test_the_program_has_its_limits(self, monkeypatch):
        given = {}

        def run(command, **options):
            given.update(options, command=command)
            raise subprocess.TimeoutExpired(command, 10)

        monkeypatch.setattr(subprocess, "run", run)
        draw(load(GOOD))
        assert given["timeout"] == 10
        assert given["preexec_fn"] is _layout._limit
        assert "shell" not in given


class TestKeptPositions:
    @pytest.fixture
    def kept(self, tmp_path):
        return Layouts(tmp_path / "layouts")

    @pytest.fixture
    def runs(self, monkeypatch):
        made = []
        real = _layout._run
        monkeypatch.setattr(_layout, "_run", lambda source: made.append(1) or real(source))
        return made

    def test_a_design_is_placed_once(self, kept, runs):
        first = draw(load(GOOD), layouts=kept)
        assert draw(load(GOOD), layouts=kept).svg == first.svg == draw(load(GOOD)).svg
        assert len(runs) == 2  # the last one was not kept

    @pytest.mark.parametrize(
        "broken",
        ["", "{}", "[]", "null", '{"bb":1}', "[" * 100_000,
         '{"bb":"0,0,1,1","objects":[],"edges":[]}', b"\xff\xfe".decode("latin-1")],
    )  # fmt: skip
    def test_a_broken_file_is_made_again(self, kept, runs, broken):
        first = draw(load(GOOD), layouts=kept)
        (file,) = kept.folder.rglob("*.json")
        file.write_text(broken, encoding="latin-1")
        assert draw(load(GOOD), layouts=kept).svg == first.svg
        assert draw(load(GOOD), layouts=kept).svg == first.svg
        assert len(runs) == 2

    def test_a_lost_or_unwritable_folder_changes_nothing(self, tmp_path):
        (tmp_path / "layouts").write_text("a file where the folder should be")
        assert draw(load(GOOD), layouts=Layouts(tmp_path / "layouts")).svg == draw(load(GOOD)).svg

    def test_no_half_file_is_left(self, kept, monkeypatch):
        def full(self, target):
            raise OSError("No space left on device")

        monkeypatch.setattr(Path, "replace", full)
        draw(load(GOOD), layouts=kept)
        assert not [p for p in kept.folder.rglob("*") if p.is_file()]

    def test_another_version_of_graphviz_places_anew(self, kept, runs, monkeypatch):
        draw(load(GOOD), layouts=kept)
        monkeypatch.setattr(_layout, "_engine", lambda: "another")
        draw(load(GOOD), layouts=kept)
        assert len(runs) == 2

    def test_pins_move_to_another_design_only_with_their_room(self, kept, runs):
        draw(load(GOOD), layouts=kept)
        draw(load(GOOD), pins=[Pin("work", 1, "high")], layouts=kept)
        assert len(runs) == 1  # a pin on a component needs no room
