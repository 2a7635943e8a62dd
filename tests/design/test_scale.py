"""What must hold however large or hostile a design is. How fast it is, `make bench` tells."""

from __future__ import annotations

import gc
import itertools
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from design import document, export, graph
from design.document import LOCAL, WEB, Invalid, Limits
from design.result import evaluate
from design.rules import Verdict

from .examples import BAD
from .large import large

ROOT = Path(__file__).resolve().parents[2]
HEAD = "model: sdm/1\ndesign: {id: worst}\ncomponents:\n"


def functions(names):
    return "".join(f"  - {{id: {name}, kind: function, sla_pct: 99.9}}\n" for name in names)


def calls(pairs):
    return "edges:\n" + "".join(f"  - {{from: {a}, to: {b}, kind: call}}\n" for a, b in pairs)


def check(text, limits=WEB):
    result = evaluate(document.load(text, limits))
    assert not result.of(Verdict.ERROR)
    return result


class TestTheSameBytes:
    def report(self, text):
        return re.sub(
            r'"line": \d+', '"line": 0', export.json.render(evaluate(document.load(text)))
        )

    def test_the_order_of_the_text_has_no_say(self):
        text = large(60)
        head, _, rest = text.partition("components:\n")
        parts, _, edges = rest.partition("edges:\n")
        chance = random.Random(1)
        blocks = re.findall(r"  - .*\n(?:    .*\n)*", parts)
        wanted = self.report(text)
        for _ in range(3):
            lines = edges.splitlines(keepends=True)
            chance.shuffle(blocks)
            chance.shuffle(lines)
            turned = f"{head}components:\n{''.join(blocks)}edges:\n{''.join(lines)}"
            assert turned != text
            assert self.report(turned) == wanted

    def test_the_seed_of_hashes_has_no_say(self, tmp_path):
        (tmp_path / "bad.yaml").write_text(BAD, encoding="utf-8")
        said = set()
        for seed in ("0", "1", "4242"):
            done = subprocess.run(
                [sys.executable, "-m", "design", "check", str(tmp_path / "bad.yaml"),
                 "--format", "json", "--pack", "privacy", "--today", "2026-01-01"],
                cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True,
            )  # fmt: skip
            assert done.returncode == 1, done.stderr
            said.add(done.stdout)
        assert len(said) == 1


class TestLimits:
    def test_the_webs_are_the_usual_ones(self):
        assert (document.MAX_COMPONENTS, document.MAX_EDGES) == (2_000, 5_000)

    @pytest.mark.parametrize(
        ("limits", "said"),
        [
            (Limits(bytes=50, events=10**6, components=100, edges=100), "at most 50 are read"),
            (Limits(bytes=10**6, events=20, components=100, edges=100), "more than 20 parts"),
            (Limits(bytes=10**6, events=10**6, components=2, edges=100), "at most 2 are read"),
            (Limits(bytes=10**6, events=10**6, components=100, edges=1), "at most 1 are read"),
        ],
    )
    def test_each_is_kept(self, limits, said):
        text = HEAD + functions("abc") + calls(["ab", "bc"])
        assert document.load(text)
        with pytest.raises(Invalid, match=said):
            document.load(text, limits)

    def test_an_owner_reads_more(self):
        text = HEAD + functions(f"f{n}" for n in range(2_100))
        with pytest.raises(Invalid, match="at most 2,000 are read"):
            document.load(text)
        assert len(document.load(text, LOCAL).components) == 2_100


class TestTheWorst:
    """Each of these would not end in this universe if paths were followed one by one."""

    def test_a_lattice_of_a_million_paths(self):
        layers = [(f"a{n}", f"b{n}") for n in range(21)]
        pairs = [(x, y) for up, down in itertools.pairwise(layers) for x in up for y in down]
        result = check(HEAD + functions(name for pair in layers for name in pair) + calls(pairs))
        assert [f for f in result.of(Verdict.FAIL) if f.rule == "ANT05"]

    def test_all_calling_all(self):
        names = [f"f{n}" for n in range(40)]
        result = check(
            HEAD + functions(names) + calls((a, b) for a in names for b in names if a != b)
        )
        (cycle,) = [f for f in result.of(Verdict.FAIL) if f.rule == "ANT09"]
        assert cycle.subject == "+".join(sorted(names))

    def test_a_chain_as_long_as_a_design_may_be(self):
        names = [f"f{n:04}" for n in range(2_000)]
        result = check(HEAD + functions(names) + calls(itertools.pairwise(names)))
        assert len(result.of(Verdict.FAIL)) > 1

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("a" * WEB.bytes, "A design begins with"),
            ("[" * WEB.bytes, "nested more than 64 levels"),
            ("a: " * 300_000, "mapping values are not allowed"),
            ("model: sdm/1\ncomponents:\n" + "  - {kind: q}\n" * 60_000, "more than 200,000 parts"),
            ("a0: &a0 [x]\n" + "".join(
                f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
            ), "is not allowed"),
        ],
        ids=["word", "brackets", "colons", "lines", "bomb"],
    )  # fmt: skip
    def test_a_text_that_is_made_to_hurt(self, text, said):
        with pytest.raises(Invalid) as bad:
            document.load(text)
        assert any(said in str(problem) for problem in bad.value.problems)
        assert len(bad.value.problems) <= 201


class TestReach:
    def test_what_can_be_reached_is_what_walking_reaches(self):
        chance = random.Random(3)
        names = [f"f{n:02}" for n in range(30)]
        pairs = {tuple(chance.sample(names, 2)) for _ in range(60)}
        design = document.load(HEAD + functions(names) + calls(sorted(pairs)))
        place = {name: number for number, name in enumerate(names)}
        for members, mask in graph.condense(design, {"call"}).reaches(place):
            for member in members:
                walked = graph.reachable(design, member, {"call"}) | {member}
                found = {names[number] for number in graph.lowest_bits(mask, len(names))}
                assert found == walked

    def test_the_lowest_bits(self):
        assert list(graph.lowest_bits(0b10110, 2)) == [1, 2]
        assert list(graph.lowest_bits(0b10110, 9)) == [1, 2, 4]
        assert list(graph.lowest_bits(0, 3)) == []


def test_the_process_of_the_command_leaves_garbage_alone():
    """`main` inside another program must not switch its collector off."""
    from design.__main__ import main

    assert main(["kinds"]) == 0
    assert gc.isenabled()
