"""Designs as people in the field write them: clean ones, and the same with planted flaws.

``NAME.clean.yaml`` raises nothing. ``NAME.yaml`` is the same design after somebody has
planted what its first lines list, and raises that and nothing else.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import document
from design.model import Design
from design.result import Result, evaluate
from design.rules import RULES, Verdict, check
from design.scoring import score

FIELD = Path(__file__).parents[1] / "examples" / "field"
NAMES = sorted(file.stem for file in FIELD.glob("*.yaml") if ".clean" not in file.name)
FILES = [f"{name}{kind}" for name in NAMES for kind in (".clean", "")]
FIRST_EDITION = {
    f"{area}{number:02}"
    for area, last in {
        "FIT": 4, "FUN": 6, "API": 9, "EVT": 13, "DAT": 8, "WFL": 5, "REL": 9, "SEC": 14,
        "OBS": 6, "PRF": 3, "CST": 3, "DEL": 4, "ANT": 9,
    }.items()
    for number in range(1, last + 1)
}  # fmt: skip
"""The rules that the flaws were planted for; later ones may find more in a flawed design."""


def text(name: str) -> str:
    return (FIELD / f"{name}.yaml").read_text("utf-8")


@cache
def design(name: str) -> Design:
    return document.load(text(name))


@cache
def _result(name: str) -> Result:
    return evaluate(design(name))


def planted(name: str) -> set[tuple[str, str]]:
    return set(re.findall(r"^# planted: (\w+) (\S+)$", text(name), re.MULTILINE))


def failures(design: Design) -> dict[tuple[str, str], str]:
    found = check(design)
    assert all(finding.verdict is not Verdict.ERROR for finding in found)
    return {(f.rule, f.subject): f.message for f in found if f.verdict is Verdict.FAIL}


@pytest.mark.parametrize("name", NAMES)
def test_a_clean_design_raises_nothing(name):
    assert failures(design(f"{name}.clean")) == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_flawed_design_raises_what_was_planted_and_nothing_else(name):
    found = {key for key in failures(design(name)) if key[0] in FIRST_EDITION}
    assert found - planted(name) == set(), "found and not planted"
    assert planted(name) - found == set(), "planted and not found"


def test_every_rule_of_the_first_edition_is_planted_in_two_designs_or_more():
    counts = Counter(rule for name in NAMES for rule in {rule for rule, _ in planted(name)})
    assert set(counts) == FIRST_EDITION
    assert min(counts.values()) >= 2, [rule for rule, n in counts.items() if n < 2]


@pytest.mark.parametrize("name", NAMES)
def test_a_flawed_design_scores_lower_than_the_clean_one(name):
    flawed, clean = evaluate(design(name)).score, evaluate(design(f"{name}.clean")).score
    assert flawed.total < clean.total == 100


# -- what must always be true of a score, on these designs ------------------------

SELECT = {
    "ordering", "polls_status", "protocol", "retries.max", "retention_days", "residency",
    "slo.availability_pct", "slo.p99_ms", "timeout_s", "load.mean_rps", "load.peak_rps",
}  # fmt: skip
"""Attributes whose presence makes a part a subject of a rule, or whose absence is the fault
itself: taking them away takes an open question away, or answers it with a failure."""


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_taking_an_attribute_away_never_raises_coverage(name, data):
    whole = design(name)
    group = data.draw(st.sampled_from(("components", "edges", "design", "data", "boundaries")))
    parts = (whole,) if group == "design" else getattr(whole, group)
    part = data.draw(st.sampled_from(parts))
    paths = sorted(set(part.attrs) - SELECT)
    if not paths:
        return
    path = data.draw(st.sampled_from(paths))
    bare = replace(part, attrs={p: attr for p, attr in part.attrs.items() if p != path})
    less = bare if group == "design" else _with(whole, group, bare)
    assert evaluate(less).score.coverage <= _result(name).score.coverage, (part.id, path)


def _with(whole: Design, group: str, part) -> Design:
    return replace(
        whole, **{group: tuple(part if p.id == part.id else p for p in getattr(whole, group))}
    )


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(FILES), st.randoms(use_true_random=False))
def test_the_order_of_the_file_never_matters(name, chance):
    turned = document.load(_shuffled(text(name), chance))
    there, here = evaluate(turned), _result(name)
    assert there.text_hash == here.text_hash
    assert there.score == here.score
    assert [(f.rule, f.subject, f.verdict, f.message) for f in there.findings] == [
        (f.rule, f.subject, f.verdict, f.message) for f in here.findings
    ]


def _shuffled(source: str, chance: random.Random) -> str:
    """The text with its sections, and the entries of each list, in another order."""
    sections: list[list[str]] = []
    for line in source.splitlines(keepends=True):
        if re.match(r"[a-z]", line):
            sections.append([line])
        elif sections:
            sections[-1].append(line)
    chance.shuffle(sections)
    return "".join(head + "".join(_entries(rest, chance)) for head, *rest in sections)


def _entries(lines: list[str], chance: random.Random) -> list[str]:
    dash = next((re.match(r" *- ", line) for line in lines if re.match(r" *- ", line)), None)
    if dash is None:
        return lines
    entries: list[str] = []
    for line in lines:
        if line.startswith(dash.group()) or not entries:
            entries.append(line)
        else:
            entries[-1] += line
    chance.shuffle(entries)
    return entries


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(NAMES), st.randoms(use_true_random=False))
def test_repairing_what_was_planted_never_lowers_the_score(name, chance):
    """Part by part from the flawed design to the clean one: a part whose repair only
    clears findings never costs points."""
    here, clean = design(name), design(f"{name}.clean")
    order = [(g, p) for g in ("components", "edges") for p in getattr(clean, g)]
    chance.shuffle(order)
    before = evaluate(here)
    for group, part in order[: len(order) // 2]:
        if all(p.id != part.id for p in getattr(here, group)):
            continue
        here = _with(here, group, part)
        after = evaluate(here)
        worse = _not_good(after.findings) - _not_good(before.findings)
        same = {f[:2] for f in _subjects(before)} == {f[:2] for f in _subjects(after)}
        if not worse and same:
            assert after.score.total >= before.score.total, part.id
        before = after


def _not_good(findings) -> set[tuple[str, str]]:
    return {(f.rule, f.subject) for f in findings if f.verdict in (Verdict.FAIL, Verdict.UNKNOWN)}


def _subjects(result) -> set[tuple[str, str]]:
    return {(f.rule, f.subject) for f in result.findings if f.verdict is not Verdict.NOT_APPLICABLE}


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_a_finding_that_turns_into_a_pass_never_lowers_the_score(name, data):
    findings = check(design(name))
    open_ = [i for i, f in enumerate(findings) if f.verdict in (Verdict.FAIL, Verdict.UNKNOWN)]
    if not open_:
        return
    place = data.draw(st.sampled_from(open_))
    fixed = (
        *findings[:place],
        replace(findings[place], verdict=Verdict.PASS),
        *findings[place + 1 :],
    )
    before, after = score(findings, design(name)), score(fixed, design(name))
    assert after.total >= before.total
    assert after.coverage >= before.coverage


UNRELATED = """
  - {id: zz-logs, kind: log_sink, retention_days: 30, encrypted: true, public: false}
  - {id: zz-keys, kind: secret_store, rotation_days: 30, encrypted: true, public: false}
  - {id: zz-identity, kind: identity, mfa: true, token_minutes: 15}
"""


@pytest.mark.parametrize("name", FILES)
def test_adding_clean_components_that_touch_nothing_never_lowers_the_score(name):
    whole, before = design(name), _result(name).score
    source = f"model: sdm/1\ndesign: {{id: x}}\ncomponents:{UNRELATED}"
    for apart in document.load(source).components:
        more = replace(whole, components=(*whole.components, apart))
        assert set(failures(more)) <= set(failures(whole)), apart.id
        assert evaluate(more).score.total >= before.total, apart.id


@pytest.mark.parametrize("name", FILES)
def test_the_canonical_text_of_a_design_is_checked_alike(name):
    again = document.load(document.dump(design(name)))
    assert failures(again) == failures(design(name))
    assert {rule for rule, _ in failures(again)} <= set(RULES)
