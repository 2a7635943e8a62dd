"""Ordering, matching, categorising and tables: the law of scoring on real and broken exercises."""

from __future__ import annotations

import random
from itertools import pairwise, permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios import engine
from scenarios.catalogue import BANK, catalogue
from scenarios.engine import RIGHT, WRONG, Exercise, Place, Unanswered, read_exercise


def bank(id: str) -> Exercise:
    return catalogue().exercises[id]


def text(id: str) -> str:
    (path,) = Path(BANK).glob(f"*/{id}.yaml")
    return path.read_text(encoding="utf-8")


def refused(id: str, old: str, new: str) -> str:
    """The first problem after a change to the text of an exercise."""
    changed = text(id).replace(old, new)
    assert changed != text(id)
    found, problems = read_exercise(changed, Place(f"{id}.yaml"))
    assert found is None
    return str(problems[0])


ORDER, MATCH = "q-1001-safe-consumer", "q-1002-what-broke"
BINS, TABLE = "q-1003-quarantine-or-not", "q-1001-retry-bill"


class TestOrder:
    def test_only_the_order_that_holds_is_worth_everything(self) -> None:
        found = bank(ORDER)
        right = [s.id for s in found.body.steps]
        best = [list(p) for p in permutations(right) if score(found, list(p)) == 1]
        assert best == [right]

    def test_steps_that_do_not_wait_for_one_another_may_swap(self) -> None:
        loose = text(ORDER).replace('after: [charge], why: "Marked', 'after: [claim], why: "Marked')
        loose = loose.replace("after: [finish], why", "after: [finish, charge], why")
        found, problems = read_exercise(loose, Place("q.yaml"))
        assert found, problems
        for order in ("receive claim charge finish delete", "receive claim finish charge delete"):
            assert score(found, order.split()) == 1

    @pytest.mark.parametrize("seed", range(30))
    def test_sending_the_page_unchanged_is_worth_nothing(self, seed: int) -> None:
        found = bank(ORDER)
        shown = [c.id for c in engine.present(found, seed).choices]
        assert score(found, shown) == 0

    def test_leaving_steps_out_or_extras_in_costs(self) -> None:
        found = bank(ORDER)
        right = [s.id for s in found.body.steps]
        assert 0 < score(found, right[:-1]) < 1
        assert score(found, [*right, "wait"]) == 0, "the only extra, kept"

    def test_the_first_step_that_comes_too_early_is_named_and_no_other(self) -> None:
        grade = engine.grade(
            bank(ORDER), 0, {"order": ["delete", "finish", "charge", "claim", "receive"]}
        )
        (named,) = [m for m in grade.marks if m.case == WRONG]
        assert named.id == "claim" and "first “Receive the message" in named.why

    @given(st.lists(st.sampled_from(["receive", "claim", "charge", "wait", "zz"]), max_size=8))
    def test_buttons_keep_every_step_once(self, order: list[str]) -> None:
        order = list(dict.fromkeys(order))
        for act in ("up", "down", "in"):
            after = engine.moved(order, act, "claim")
            assert sorted(after) == sorted({*order, "claim"} if act == "in" else order)
        assert "claim" not in engine.moved(order, "out", "claim")

    def test_a_circle_is_refused(self) -> None:
        said = refused(ORDER, "after: [receive]", "after: [delete]")
        assert "circle" in said

    def test_forged_steps_are_refused_without_a_grade(self) -> None:
        with pytest.raises(Unanswered):
            engine.parse(bank(ORDER), 0, {"answer": ["receive", "<b>"]})


def score(found: Exercise, order: list[str]) -> float:
    return engine.grade(found, 0, {"order": order}).score


class TestMatch:
    def test_the_same_entry_everywhere_is_worth_nothing(self) -> None:
        found = bank(MATCH)
        for entry in found.body.right:
            rows = {row.id: entry.id for row in found.body.left}
            assert engine.grade(found, 0, {"rows": rows}).score == 0

    def test_a_wrong_pair_is_told_what_it_would_fit(self) -> None:
        found = bank(MATCH)
        rows = {row.id: row.answer for row in found.body.left} | {"l2": "cold"}
        (wrong,) = [m for m in engine.grade(found, 0, {"rows": rows}).marks if m.case == WRONG]
        assert wrong.told.startswith("What you chose would fit") and wrong.why not in wrong.told

    def test_an_open_row_costs_no_try(self) -> None:
        with pytest.raises(Unanswered, match="3 rows are still open"):
            engine.parse(bank(MATCH), 0, {"answer-l1": ["front"]})

    def test_a_right_side_without_a_spare_entry_is_refused(self) -> None:
        cold = next(line for line in text(MATCH).splitlines() if "id: cold" in line)
        assert "Every entry of the right is used" in refused(MATCH, cold + "\n", "")


class TestCategorise:
    def test_one_bin_for_all_is_worth_nothing_and_neighbours_little(self) -> None:
        found = bank("q-0301-six-workloads")
        right = {item.id: item.bin for item in found.body.items}
        for bin in ("fit", "edge", "poor"):
            assert engine.grade(found, 0, {"rows": dict.fromkeys(right, bin)}).score == 0
        near = engine.grade(found, 0, {"rows": {**right, "thumbs": "edge"}}).score
        far = engine.grade(found, 0, {"rows": {**right, "thumbs": "poor"}}).score
        assert far < near < 1

    def test_random_answers_earn_next_to_nothing(self) -> None:
        found, chance = bank(BINS), random.Random(3)
        bins = [b.id for b in found.body.bins]
        scores = [
            engine.grade(
                found, 0, {"rows": {i.id: chance.choice(bins) for i in found.body.items}}
            ).score
            for _ in range(500)
        ]
        assert sum(scores) / len(scores) < 0.2

    def test_a_bin_with_a_single_item_is_refused(self) -> None:
        assert "fewer than 2" in refused(BINS, 'yesterday", bin: drop', 'yesterday", bin: retry')


class TestTable:
    def test_a_slip_costs_once(self) -> None:
        rows = {"each": 6, "second": 240, "cost": 864, "mend": "one"}
        grade = engine.grade(bank(TABLE), 0, {"rows": rows})
        cases = {m.id: m.case for m in grade.marks}
        assert cases == {"each": WRONG, "second": RIGHT, "cost": RIGHT, "mend": RIGHT}
        carried = next(m for m in grade.marks if m.id == "second")
        assert "carried on" in carried.told

    def test_filling_in_what_is_printed_is_worth_nothing(self) -> None:
        found = bank(TABLE)
        for number in (0, 1, 3, 40, 0.004):
            rows = dict.fromkeys(["each", "second", "cost"], number)
            assert engine.grade(found, 0, {"rows": rows}).score == 0

    def test_numbers_are_read_as_people_write_them(self) -> None:
        sent = {"answer-each": ["9"], "answer-cost": ["$1,296.00"], "answer-mend": [""]}
        assert engine.parse(bank(TABLE), 0, sent) == {"rows": {"each": 9, "cost": 1296}}
        with pytest.raises(Unanswered, match="not a number"):
            engine.parse(bank(TABLE), 0, {"answer-each": ["nine"]})
        with pytest.raises(Unanswered, match="at least one row"):
            engine.parse(bank(TABLE), 0, {})

    def test_a_row_may_use_only_what_stands_above_it(self) -> None:
        assert "“cost” is not known here" in refused(TABLE, 'expr: "a * b"', 'expr: "a * cost"')

    def test_a_number_that_the_prompt_does_not_tell_is_refused(self) -> None:
        said = refused(TABLE, "{{ price }} dollars a call", "some dollars a call")
        assert "does not tell “price”" in said


def test_no_list_of_items_stands_in_blocks() -> None:
    """Authors write one bin after the other. Shown so, three blocks are filled in unread."""
    found = [e for e in catalogue().live() if e.type == "categorise"]
    assert len(found) >= 10
    for exercise in found:
        bins = {item.id: item.bin for item in exercise.body.items}
        for seed in range(10):
            rows = engine.present(exercise, seed).rows
            assert sorted(row.id for row in rows) == sorted(bins)
            shown = [bins[row.id] for row in rows]
            blocks = 1 + sum(a != b for a, b in pairwise(shown))
            assert blocks > len(exercise.body.bins), (exercise.id, seed)
            order = [bin.id for bin in exercise.body.bins]
            size = len(rows) / len(order)
            unread = {row.id: order[int(i / size)] for i, row in enumerate(rows)}
            assert engine.grade(exercise, seed, {"rows": unread}).score < 0.85


@pytest.mark.parametrize("kind", ["order", "match", "categorise", "table"])
def test_the_bank_holds_one_of_each_type_and_its_key_is_worth_everything(kind: str) -> None:
    found = [e for e in catalogue().live() if e.type == kind]
    assert found
    for exercise in found:
        assert engine.solution(exercise, 0).score == 1
        assert engine.baseline(exercise, 0) <= 0.5


@given(
    st.dictionaries(
        st.sampled_from(["answer", "answer-l1", "answer-db", "answer-each"]),
        st.lists(st.text(max_size=20), max_size=4),
    )
)
def test_any_form_is_graded_or_refused(data: dict[str, list[str]]) -> None:
    for id in (ORDER, MATCH, BINS, TABLE):
        try:
            answer = engine.parse(bank(id), 0, data)
        except Unanswered:
            continue
        assert 0 <= engine.grade(bank(id), 0, answer).score <= 1
