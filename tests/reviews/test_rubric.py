"""The rubric is complete, and its samples are designs that exist."""

from __future__ import annotations

import copy

import pytest
import yaml

from design.scoring import PILLARS
from reviews.judging import rubric as module
from reviews.judging.rubric import parse, rubric
from reviews.workflow import DEMONSTRATION


def raw() -> dict:
    return yaml.safe_load(module.FILE.read_text(encoding="utf-8"))


def test_eight_criteria_have_five_different_levels_and_an_example() -> None:
    assert len(rubric().criteria) == 8
    for criterion in rubric().criteria:
        assert len(set(criterion.levels)) == 5 and criterion.example and criterion.asks
        assert all(level.endswith(".") for level in criterion.levels), criterion.id


def test_a_criterion_stands_beside_a_pillar_that_exists() -> None:
    assert {c.pillar for c in rubric().criteria if c.pillar} <= set(PILLARS)


def test_samples_are_designs_of_the_guide_marked_on_every_criterion() -> None:
    assert len(rubric().samples) == 2
    for sample in rubric().samples:
        assert (DEMONSTRATION / f"{sample.design}.yaml").exists()
        assert list(sample.marks) == [c.id for c in rubric().criteria]
        assert all(said.reason for said in sample.marks.values())


@pytest.mark.parametrize(
    ("break_", "said"),
    [
        (lambda d: d["criteria"][2]["levels"].pop(), "decomposition has 4 levels"),
        (lambda d: d["criteria"].append(copy.deepcopy(d["criteria"][0])), "share an id"),
        (lambda d: d["calibration"][0]["marks"].pop("fit"), "photo-orders"),
        (lambda d: d["calibration"][1]["marks"]["fit"].update(mark=5), "outside 0 to 4"),
    ],
)
def test_an_incomplete_rubric_is_refused_by_name(break_, said: str) -> None:
    data = raw()
    break_(data)
    with pytest.raises(ValueError, match=said):
        parse(data)
