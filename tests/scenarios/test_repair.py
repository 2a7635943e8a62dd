"""Repairs: what edits are worth, what is refused, and the workbench as a learner uses it."""

from __future__ import annotations

import html
import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from design.edit import Edit, Remove, Set
from scenarios import engine
from scenarios.catalogue import BANK, catalogue
from scenarios.engine import Exercise, Place, Unanswered, _harness, read_exercise, repair
from scenarios.models import Attempt

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
ID = "r-0100-sale"
OTHER = Set("components", "orders-db", "http_api", True)
"""A repair that is not the author's."""


def sale() -> Exercise:
    return catalogue().exercises[ID]


def text() -> str:
    return (Path(BANK) / "serverless-fundamentals" / f"{ID}.yaml").read_text(encoding="utf-8")


def repairs() -> list[Exercise]:
    return [e for e in catalogue().live() if e.type == "repair"]


def score(found: Exercise, edits: list[Edit]) -> float:
    return engine.grade(found, 0, {"edits": [repair.stored(edit) for edit in edits]}).score


@pytest.mark.parametrize("found", repairs(), ids=lambda e: e.id)
class TestEveryRepair:
    def test_each_edit_of_the_reference_matters(self, found: Exercise) -> None:
        body = found.body
        best = repair.judge(body, body.reference, 0).score
        assert best >= 0.95
        for answer in repair.spoiled(found, 0):
            rest = repair.restore_all(answer["edits"])
            assert repair.judge(body, rest, 0).score <= best - 0.10

    def test_traps_and_shortcuts_are_worth_little(self, found: Exercise) -> None:
        for trap in found.body.traps:
            assert repair.judge(found.body, trap.edits, 0).score <= trap.at_most
        for name, edits in repair.shortcuts(found.body).items():
            assert score(found, list(edits)) == 0, name

    def test_trying_buttons_at_random_is_worth_little(self, found: Exercise) -> None:
        assert _harness.by_chance(found.body, walks=60) <= _harness.MOST_BY_CHANCE


class TestJudging:
    def test_another_repair_than_the_authors_counts_in_full(self) -> None:
        """A data interface without connections in place of a proxy."""
        assert score(sale(), [OTHER]) == 1

    def test_a_broken_flow_holds_the_score_down_and_is_named(self) -> None:
        edits: list[Edit] = [Remove("edges", "place->orders-db:write")]
        found = repair.judge(sale().body, edits, 0)
        assert found.score <= repair.GATE_CAP
        assert found.broken[0] == "An order no longer gets from browser to orders-db."

    def test_what_is_no_longer_told_is_not_repaired(self) -> None:
        from design.edit import Drop

        edits: list[Edit] = [Drop("components", "orders-db", "max_connections")]
        assert "REL04" not in repair.judge(sale().body, edits, 0).cleared

    def test_wasteful_repairs_cost_a_little(self) -> None:
        many = [Set("components", "place", "memory_mb", 512 + n) for n in range(12)]
        assert score(sale(), [*many, OTHER]) < score(sale(), [OTHER])

    def test_more_edits_than_allowed_break_a_gate(self) -> None:
        many: list[Edit] = [Set("components", "place", "memory_mb", 512 + n) for n in range(17)]
        assert any("are more than" in gate for gate in repair.judge(sale().body, many, 0).broken)

    @pytest.mark.parametrize(
        "edits",
        [
            [],
            [{"act": "set"}],
            [{"act": "rename", "section": "components", "subject": "place"}],
            [{"act": "remove", "section": "waivers", "subject": "x"}],
            [{"act": "add", "section": "components", "subject": "x", "attributes": {"kind": {}}}],
            [{"act": "remove", "section": "components", "subject": "nobody"}],
            [{"act": "set", "section": "components", "subject": "place", "path": "p", "value": 1}],
            [None],
            ["set"],
            [{"act": "remove", "section": "edges", "subject": "x"}] * 61,
        ],
    )
    def test_forged_and_impossible_edits_are_refused(self, edits: list[Any]) -> None:
        with pytest.raises(Unanswered):
            engine.parse(sale(), 0, {"edits": edits})

    @settings(max_examples=40)
    @given(
        st.lists(
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.text(max_size=8),
                lambda inner: st.dictionaries(
                    st.sampled_from(["act", "section", "subject", "path", "value", "attributes"]),
                    inner | st.sampled_from(["set", "add", "components", "edges", "place"]),
                ),
                max_leaves=8,
            ),
            max_size=4,
        )
    )
    def test_any_answer_is_graded_or_refused(self, edits: list[Any]) -> None:
        try:
            answer = engine.parse(sale(), 0, {"edits": edits})
        except Unanswered:
            return
        assert 0 <= engine.grade(sale(), 0, answer).score <= 1


class TestLoading:
    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("must_clear: [REL04, REL05]", "must_clear: [REL04, EVT01]", "does not fail EVT01"),
            ("must_clear: [REL04, REL05]", "must_clear: [REL99]", "no rule “REL99”"),
            ("max_connections: 90", "max_connections: 20", "The reference scores"),
            ("locked: [browser", "locked: [bruwser", "not a component of the model"),
            ('{remove: "place->orders-db:write"}', "{delete: x}", "An edit is one of"),
            ("to: 300}]", "to: 4000}]", "scores 0.25"),
            (
                "concurrency.max, to: 1000}",
                "memory_mb, to: 600}, {set: orders-db.http_api, to: true}",
                "scores 1.00",
            ),
            ("kind: sql,", "kind: sqll,", "sqll"),
        ],
    )
    def test_what_cannot_be_proved_is_refused(self, old: str, new: str, said: str) -> None:
        assert old in text()
        found, problems = read_exercise(text().replace(old, new), Place(f"{ID}.yaml"))
        assert found is None
        assert any(said in str(p) for p in problems), problems


@pytest.mark.django_db
class TestWorkbench:
    def send(self, client: Client, act: str, edits: list[Any] | None = None, **data: Any) -> Any:
        sent = {"attempt": str(uuid.uuid4()), "act": act, "edits": json.dumps(edits or []), **data}
        return client.post(f"/practice/{ID}/", sent, **HERE)

    def edits(self, response: Any) -> list[Any]:
        found = re.search(r'name="edits" value="([^"]*)"', response.content.decode())
        assert found
        return list(json.loads(html.unescape(found[1])))

    def test_settings_are_changed_as_one_types_them(self, client: Client) -> None:
        opened = self.send(client, "edit:place")
        assert 'name="v-concurrency.max" value="400"' in opened.content.decode()
        saved = self.send(client, "save:place", **{"v-concurrency.max": "60", "v-timeout_s": ""})
        assert {e["act"] for e in self.edits(saved)} == {"set", "drop"}
        assert "Satisfied now: REL04" in saved.content.decode()

    def test_a_value_that_is_none_is_refused_and_stays_in_its_field(self, client: Client) -> None:
        response = self.send(client, "save:place", **{"v-timeout_s": "soon <b>"})
        body = response.content.decode()
        assert response.status_code == 422
        assert "expects a number" in body and 'value="soon &lt;b&gt;"' in body

    def test_settings_of_an_added_part_go_into_its_edit(self, client: Client) -> None:
        added = self.send(client, "add", **{"new-kind": "proxy", "new-id": "pool"})
        saved = self.send(client, "save:pool", self.edits(added), **{"v-max_connections": "90"})
        (edit,) = self.edits(saved)
        assert edit["attributes"] == {"kind": "proxy", "max_connections": 90}

    def test_removing_a_part_takes_its_edges_along_and_can_be_undone(self, client: Client) -> None:
        gone = self.send(client, "remove:place")
        assert [e["act"] for e in self.edits(gone)] == ["remove"] * 3
        assert "no longer gets from" in gone.content.decode()
        assert self.edits(self.send(client, "reset", self.edits(gone))) == []

    def test_what_others_rest_on_cannot_be_undone_alone(self, client: Client) -> None:
        added = self.send(client, "add", **{"new-kind": "proxy", "new-id": "pool"})
        ends = {"from": "place", "to": "pool", "edge-kind": "write"}
        connected = self.send(client, "connect", self.edits(added), **ends)
        refused = self.send(client, "undo:0", self.edits(connected))
        assert refused.status_code == 422
        assert len(self.edits(refused)) == 2

    def test_a_pasted_list_replaces_the_edits(self, client: Client) -> None:
        response = self.send(client, "paste", pasted="- {set: place.concurrency.max, to: 20}\n")
        assert len(self.edits(response)) == 1
        broken = self.send(client, "paste", self.edits(response), pasted="- {set: place}")
        assert broken.status_code == 422 and len(self.edits(broken)) == 1

    def test_handing_in_is_an_attempt_and_the_reference_comes_after_it(
        self, client: Client
    ) -> None:
        before = client.get(f"/practice/{ID}/").content.decode()
        assert "Add db-proxy" not in before and sale().explain[:40] not in before
        edits = [repair.stored(OTHER)]
        done = self.send(client, "check", edits)
        assert "Right." in done.content.decode() and "Add db-proxy" in done.content.decode()
        assert Attempt.objects.get().score == 1

    def test_handing_in_nothing_is_no_try(self, client: Client) -> None:
        assert self.send(client, "check").status_code == 422
        assert not Attempt.objects.exists()

    @pytest.mark.parametrize("edits", ["{", "[1]", '{"a": 1}', "[[" * 3000, "null", "\ud83d"])
    def test_a_forged_list_is_as_if_nothing_were_changed(self, client: Client, edits: str) -> None:
        sent = {"act": "edit:place", "edits": edits.encode("utf-8", "replace").decode()}
        response = client.post(f"/practice/{ID}/", sent, **HERE)
        assert response.status_code == 200 and self.edits(response) == []

    @pytest.mark.parametrize(
        "act", ["cut:nobody", "remove:orders-db", "remove:<script>", "undo:x", "zap", "save:nobody"]
    )
    def test_a_button_that_does_not_apply_says_so(self, client: Client, act: str) -> None:
        response = self.send(client, act)
        assert response.status_code in (200, 422)
        assert "<script>alert" not in response.content.decode()
        assert not Attempt.objects.exists()
