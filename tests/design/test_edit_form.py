"""Parts as forms: what a field shows, and the edits that typing makes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.document import load, read
from design.edit import Drop, Refused, Set, Unreadable, apply, changes, fields
from design.kinds import Type
from design.model import Grant

TEXT = Path("guide/content/designs/photo-orders.yaml").read_text(encoding="utf-8")
DESIGN = load(TEXT)
SUBJECTS = ["design", *(c.id for c in DESIGN.components), *(e.id for e in DESIGN.edges)]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_form_sent_back_as_it_came_changes_nothing(subject: str) -> None:
    typed = {field.path: field.value for field in fields(DESIGN, subject)}
    assert typed
    assert changes(DESIGN, subject, typed) == []


def test_what_is_typed_becomes_a_value_of_the_attributes_type() -> None:
    typed = {
        "timeout_s": "7.5",
        "tracing": "false",
        "alarms": "errors, duration",
        "grants": "orders: write\nsecrets: read, list",
        "owner": "",
    }
    assert set(changes(DESIGN, "place-order", typed)) == {
        Set("components", "place-order", "timeout_s", 7.5),
        Set("components", "place-order", "tracing", False),
        Set("components", "place-order", "alarms", ("errors", "duration")),
        Set(
            "components",
            "place-order",
            "grants",
            (Grant("orders", ("write",)), Grant("secrets", ("read", "list"))),
        ),
        Drop("components", "place-order", "owner"),
    }


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(Unreadable) as caught:
        changes(DESIGN, "place-order", {"timeout_s": "soon", "tracing": "maybe", "grants": "x"})
    for label in ("timeout s", "tracing", "grants"):
        assert f"“{label}”" in str(caught.value)


def test_a_reference_offers_what_it_may_name() -> None:
    by_path = {field.path: field for field in fields(DESIGN, "work")}
    assert "work-dead" in by_path["dlq"].choices and "orders" not in by_path["dlq"].choices


def test_an_unknown_part_has_no_form() -> None:
    assert fields(DESIGN, "nobody") == ()
    with pytest.raises(Unreadable, match="nobody"):
        changes(DESIGN, "nobody", {})


@given(st.sampled_from(SUBJECTS), st.data())
def test_whatever_is_typed_gives_edits_that_apply_or_a_sentence(
    subject: str, data: st.DataObject
) -> None:
    form = fields(DESIGN, subject)
    field = data.draw(st.sampled_from(form))
    words = [*field.choices, "unknown", "12", "-1", "1e9", "a, b", "true", ""]
    typed = data.draw(st.sampled_from(words) | st.text(max_size=20))
    try:
        edits = changes(DESIGN, subject, {field.path: typed})
        text = apply(TEXT, edits)
    except (Unreadable, Refused) as refused:
        assert str(refused)
        return
    changed, problems = read(text)
    if changed is None:
        assert problems
    elif edits and field.type is Type.WORD:
        again = {one.path: one.value for one in fields(changed, subject)}
        assert again[field.path] == typed.strip()
