"""Thousands of broken texts: each is read, or refused with problems; nothing else."""

from __future__ import annotations

import random

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from design import document
from design.document import Invalid

from .examples import BAD, GOOD, without_lines

LOTS = settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SOME = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])

SCRAPS = (
    "unknown", "null", "~", "-1", "1e400", ".nan", "0x10", "{}", "[]", "[[[]]]", "{a: {b: c}}", "&a", "*a",
    "!!int 3", "<<", "? ", "|", ">", "'", '"', "# ", ": ", "- ", "\t", "\u2028", "\u0085", "\x00", "%YAML 9",
    "---", "...", "design", "a->b:call", "true", "é", "\U0001f600", "x" * 5000, "<script>", "]]]", "}}}",
)  # fmt: skip
WORDS = sorted(
    {word for line in (GOOD + BAD).split() for word in line.strip("{}[],:").split(":") if word}
)


def refused_or_read(text: str | bytes) -> None:
    """Whatever the text: a design that survives writing, or problems in order."""
    try:
        design = document.load(text)
    except Invalid as invalid:
        assert invalid.problems
        lines = [problem.line for problem in invalid.problems]
        assert lines == sorted(lines)
        assert all(problem.message for problem in invalid.problems)
        return
    written = document.dump(design)
    again = document.load(written)
    assert without_lines(again) == without_lines(design)
    assert document.dump(again) == written


@LOTS
@given(st.sampled_from([GOOD, BAD]), st.integers(0, 2**32), st.integers(1, 6))
def test_examples_with_pieces_cut_out_doubled_and_replaced(source, seed, times):
    chance = random.Random(seed)
    for _ in range(times):
        at = chance.randrange(len(source))
        to = min(len(source), at + chance.choice((1, 1, 2, 5, 20, 200)))
        piece = chance.choice(("", source[at:to] * 2, chance.choice(SCRAPS), chance.choice(WORDS)))
        source = source[:at] + piece + source[to:]
    refused_or_read(source)


@LOTS
@given(st.sampled_from([GOOD, BAD]), st.integers(0, 2**32), st.integers(1, 4))
def test_examples_with_words_exchanged(source, seed, times):
    chance = random.Random(seed)
    for _ in range(times):
        old, new = chance.choice(WORDS), chance.choice((*WORDS, *SCRAPS))
        source = source.replace(old, new, chance.choice((1, 3, -1)))
    refused_or_read(source)


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(WORDS),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.one_of(st.sampled_from(WORDS), st.text(max_size=5)), inner, max_size=4)
    ),
    max_leaves=25,
)


@SOME
@given(st.dictionaries(st.sampled_from(["model", "design", "components", "edges", "data", "boundaries",
                                        "waivers", "defaults", "layout", "decisions", "x"]), TREES))  # fmt: skip
def test_any_yaml_in_the_place_of_a_section(tree):
    refused_or_read(yaml.safe_dump({"model": "sdm/1", "design": {"id": "x"}, **tree}))


@SOME
@given(st.dictionaries(st.sampled_from([w for w in WORDS if w.isidentifier()]), TREES, max_size=6))
def test_any_yaml_in_the_place_of_an_attribute(tree):
    part = {"id": "a", "kind": "function", **tree}
    edge = {"from": "a", "to": "a", "kind": "call", **tree}
    whole = {"model": "sdm/1", "design": {"id": "x"}, "components": [part], "edges": [edge]}
    refused_or_read(yaml.safe_dump(whole))


@SOME
@given(st.one_of(st.text(max_size=300), st.text("[]{}:,-?#&*!|>'\"%@` \n\tab", max_size=300)))
def test_any_text(text):
    refused_or_read(text)


@SOME
@given(st.binary(max_size=300), st.integers(0, len(GOOD)))
def test_any_bytes(junk, at):
    refused_or_read(junk)
    refused_or_read(GOOD.encode()[:at] + junk + GOOD.encode()[at:])
