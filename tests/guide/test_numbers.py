"""Arithmetic of the number blocks."""

from __future__ import annotations

import pytest

from guide.numbers import Mistake, agrees, check, evaluate


def test_lines_use_earlier_names() -> None:
    lines, mistakes = check("rate = 2 * 3 = 6\nshare = round(rate / 4, 1) = 1.5\n\n# note\n")
    assert [line.name for line in lines] == ["rate", "share"]
    assert mistakes == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("a = 2 * 3 = 7", "a: 2 * 3 is 6, not 7."),
        ("a = b + 1 = 2", "not a name from an earlier line"),
        ("a = 1 / 0 = 1", "divides by zero"),
        ("a = 2 ** 9 = 512", "is not allowed"),
        ("a = (1).real = 1", "is not allowed"),
        ("a = __import__('os') = 1", "is not allowed"),
        ("a = max(*[1, 2]) = 2", "is not allowed"),
        ("a = 1 + = 2", "cannot be read"),
        ("nonsense", "is not “name = expression = value”"),
        ("a = 1 = one", "is not a number"),
        ("a = 9e99 * 9e99 = 1", "too large"),
        ("a = " + "(" * 150 + "1" + ")" * 150 + " = 1", "characters"),
    ],
)
def test_every_mistake_has_a_sentence(line: str, says: str) -> None:
    _, mistakes = check("ok = 1 = 1\n" + line)
    assert len(mistakes) == 1
    assert mistakes[0][0] == 1
    assert says in mistakes[0][1]


def test_a_name_is_defined_once() -> None:
    assert "defined twice" in check("a = 1 = 1\na = 2 = 2")[1][0][1]


def test_a_value_may_be_rounded_as_far_as_it_shows_decimals() -> None:
    assert agrees(1 / 3, "0.33") and agrees(1234.5, "1234.5")
    assert not agrees(1 / 3, "0.34")
    assert not agrees(876.9, "877")


def test_the_functions() -> None:
    assert evaluate("ceil(1.2) + floor(1.8) + min(3, 2) + max(1, 2) - round(2.4)", {}) == 5


def test_deep_nesting_is_a_mistake_and_no_crash() -> None:
    with pytest.raises(Mistake):
        evaluate("-" * 299 + "x", {})
