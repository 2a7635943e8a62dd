"""Numbers in evidence and messages as a reader writes them."""

from __future__ import annotations

import pytest

from design.rules._show import show


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (99.99, "%", "99.99%"),
        (99.95, "%", "99.95%"),
        (-99.5, "%", "-99.5%"),
        (99, "%", "99%"),
        (100.4, "ms", "100 ms"),
        (1500.0, "", "1,500"),
        (0.3333, "s", "0.333 s"),
        (float("inf"), "", "more than a trillion"),
    ],
)
def test_a_number_keeps_what_matters(value: float, unit: str, shown: str) -> None:
    assert show(value, unit) == shown
