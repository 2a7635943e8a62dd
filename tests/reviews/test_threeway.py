"""Two texts that grew from one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.threeway import MAX_LINES, TooLong, merge

BASE = "a\nb\nc\nd\ne\n"

texts = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d: 1\n", "\n"]), max_size=12).map("".join)


def test_changes_in_different_places_are_both_kept() -> None:
    made = merge(BASE, BASE.replace("a", "A"), BASE.replace("e", "E"))
    assert made.clean and made.text == "A\nb\nc\nd\nE\n"


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    new = BASE.replace("c", "C")
    made = merge(BASE, new, new)
    assert made.clean and made.text == new
    assert [c.how for c in made.chunks] == ["same", "agreed", "same"]


def test_a_line_that_both_changed_is_chosen_by_somebody() -> None:
    made = merge(BASE, BASE.replace("c", "mine"), BASE.replace("c", "theirs"))
    assert not made.clean and len(made.conflicts) == 1
    assert made.text == "a\nb\nmine\nd\ne\n"
    assert made.chosen({0: "theirs"}) == "a\nb\ntheirs\nd\ne\n"
    assert made.chosen({0: "both"}) == "a\nb\nmine\ntheirs\nd\ne\n"
    assert made.conflicts[0].line == 3 and made.conflicts[0].base == ("c\n",)


def test_neighbouring_lines_are_judged_one_by_one() -> None:
    made = merge(BASE, BASE.replace("b", "B"), BASE.replace("c", "C"))
    assert made.clean and made.text == "a\nB\nC\nd\ne\n"
    assert [c.how for c in made.chunks] == ["same", "mine", "theirs", "same"]


def test_one_removes_what_the_other_changes() -> None:
    made = merge(BASE, BASE.replace("c\n", ""), BASE.replace("c", "C"))
    assert [c.how for c in made.chunks] == ["same", "conflict", "same"]
    assert made.text == "a\nb\nd\ne\n" and made.chosen({0: "theirs"}) == "a\nb\nC\nd\ne\n"


def test_a_missing_last_line_end_joins_no_lines() -> None:
    assert merge("a\n", "a\nmine", "a\ntheirs\n").chosen({0: "both"}) == "a\nmine\ntheirs\n"
    assert merge("a\nb", "a\nb", "a\nb\nc").text == "a\nb\nc"


def test_texts_that_are_too_long_are_refused() -> None:
    with pytest.raises(TooLong):
        merge("a\n" * (MAX_LINES + 1), "", "")


@given(texts, texts)
def test_an_untouched_side_gives_the_other(base: str, changed: str) -> None:
    assert merge(base, changed, base).text == changed
    assert merge(base, base, changed).text == changed
    assert merge(base, changed, changed).text == changed
    assert merge(base, changed, base).clean and merge(base, base, changed).clean


@given(texts, texts, texts)
def test_chunks_put_together_are_the_texts(base: str, mine: str, theirs: str) -> None:
    made = merge(base, mine, theirs)
    assert "".join(line for c in made.chunks for line in c.base) == base
    assert "".join(line for c in made.chunks for line in c.mine) == mine
    assert "".join(line for c in made.chunks for line in c.theirs) == theirs
    turned = merge(base, theirs, mine)
    assert made.clean == turned.clean
    if made.clean:
        assert made.text == turned.text
