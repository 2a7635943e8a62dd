"""Agreement coefficients against published worked examples, and what must hold for any marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.judging.statistics import (
    ac2,
    alpha,
    band,
    interval,
    leniency,
    score,
    spread,
    weighted_kappa,
)

# Krippendorff 2011, example C: four observers, twelve units, marks 1 to 5, some missing. The same
# ratings are `raw4raters` of Gwet's irrCAC.
_OBSERVERS = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
KRIPPENDORFF = [
    [int(mark) - 1 for mark in column if mark != "."]
    for column in zip(*(line.split() for line in _OBSERVERS.split("\n") if line), strict=True)
]
# Gwet's `cont3x3abstractors`: two abstractors, 100 patients, three classes.
ABSTRACTORS = [
    (a, b)
    for a, row in enumerate([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
    for b, count in enumerate(row)
    for _ in range(count)
]

MARK = st.integers(0, 4)
UNITS = st.lists(st.lists(MARK, max_size=5), max_size=12)


class TestPublished:
    def test_alpha_of_krippendorffs_example(self) -> None:
        """0.815 with ordinal distances, as in the paper."""
        assert alpha(KRIPPENDORFF) == pytest.approx(0.815, abs=0.0005)

    def test_alpha_of_two_observers_with_two_classes(self) -> None:
        """Example A of the same paper: ten units, alpha 0.095; two classes have one distance."""
        meg = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
        owen = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
        assert alpha(list(zip(meg, owen, strict=True)), 2) == pytest.approx(0.095, abs=0.0005)

    def test_ac2_of_four_raters_with_quadratic_weights(self) -> None:
        assert ac2(KRIPPENDORFF) == pytest.approx(0.914, abs=0.0005)

    def test_quadratic_kappa_of_two_abstractors(self) -> None:
        assert weighted_kappa(ABSTRACTORS, 3) == pytest.approx(0.8921569, abs=1e-7)

    def test_ac2_of_two_classes_is_ac1(self) -> None:
        """Gwet 2008: 118 of 125 agree on yes, 5 and 2 differ; AC1 is 0.94 where kappa is -0.02."""
        units = [(1, 1)] * 118 + [(1, 0)] * 5 + [(0, 1)] * 2
        assert ac2(units, 2) == pytest.approx(0.94, abs=0.005)
        assert weighted_kappa(units, 2) == pytest.approx(-0.0234, abs=0.0005)


class TestUndefined:
    def test_a_single_design_has_no_alpha(self) -> None:
        assert alpha([[3, 3, 2]]) is None and interval([[[3, 2]]]) is None

    def test_equal_marks_have_no_alpha_and_a_perfect_ac2(self) -> None:
        units = [[3, 3], [3, 3], [3, 3]]
        assert alpha(units) is None and ac2(units) == 1
        assert weighted_kappa([(3, 3)] * 3) is None

    def test_a_mark_off_the_scale_is_refused(self) -> None:
        with pytest.raises(ValueError, match="0 to 4"):
            alpha([[1, 5], [2, 2]])

    def test_nothing_gives_nothing(self) -> None:
        assert (spread([]), score([]), ac2([]), alpha([]), weighted_kappa([])) == (None,) * 5


class TestOneDesign:
    def test_the_spread_counts_pairs(self) -> None:
        found = spread([1, 3, 3])
        assert found and (found.median, found.range, found.disputed) == (3, 2, True)
        assert found.exact == found.adjacent == pytest.approx(1 / 3)

    def test_the_score_is_the_mean_of_medians_times_25(self) -> None:
        assert score([3, 3.5, 3, 2.5, 2, 3, 2, 2.5]) == pytest.approx(67.19, abs=0.01)

    @pytest.mark.parametrize(
        ("value", "word"),
        [(0.8, "reliable"), (0.67, "tentative"), (0.66, "not reliable"), (None, "undefined")],
    )
    def test_bands(self, value: float | None, word: str) -> None:
        assert band(value) == word

    def test_leniency_is_what_lies_above_the_median(self) -> None:
        found = leniency([{"a": 3, "b": 2, "c": 2}, {"a": 4, "b": 3, "c": 3}, {"a": 0}])
        assert (found["a"].mean, found["a"].consistency, found["a"].count) == (1, 0, 2)
        assert found["b"].mean == 0


class TestAlways:
    @given(UNITS)
    def test_alpha_is_at_most_1_and_knows_no_order(self, units: list[list[int]]) -> None:
        value = alpha(units)
        assert value is None or value <= 1
        mirrored = [[4 - mark for mark in reversed(unit)] for unit in reversed(units)]
        assert alpha(mirrored) == (None if value is None else pytest.approx(value))

    @given(st.lists(st.tuples(MARK, st.integers(2, 4)), min_size=2))
    def test_who_always_agrees_has_alpha_1(self, given_: list[tuple[int, int]]) -> None:
        units = [[mark] * people for mark, people in given_]
        distinct = len({mark for mark, _ in given_}) > 1
        assert alpha(units) == (pytest.approx(1) if distinct else None)
        assert ac2(units) == pytest.approx(1)

    @given(UNITS)
    def test_a_lonely_mark_changes_no_alpha(self, units: list[list[int]]) -> None:
        assert alpha([*units, [2]]) == alpha(units)

    @given(st.lists(st.tuples(MARK, MARK), min_size=1))
    def test_kappa_is_symmetric(self, pairs: list[tuple[int, int]]) -> None:
        value = weighted_kappa(pairs)
        swapped = weighted_kappa([(b, a) for a, b in pairs])
        assert swapped == (None if value is None else pytest.approx(value))

    def test_the_interval_holds_the_estimate_and_repeats(self) -> None:
        clusters = [[unit] for unit in KRIPPENDORFF]
        found = interval(clusters)
        assert found and found[0] <= 0.815 <= found[1] <= 1
        assert interval(clusters) == found
        assert interval(clusters, seed=2) != found
