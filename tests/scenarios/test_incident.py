"""Incidents: the search that scores them, refusals of bad ones, and playing one on the site."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from scenarios import engine
from scenarios.catalogue import BANK, catalogue
from scenarios.engine import Exercise, Place, Unanswered, incident, read_exercise
from scenarios.models import Attempt, Move

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
ID = "i-1000-late-orders"


def text() -> str:
    return (Path(BANK) / "reliability-and-resilience" / f"{ID}.yaml").read_text(encoding="utf-8")


def late_orders() -> Exercise:
    return catalogue().exercises[ID]


def incidents() -> list[Exercise]:
    return [e for e in catalogue().live() if e.type == "incident"]


def every_way(found: Exercise) -> list[list[str]]:
    """All complete paths, by brute force."""
    ways, open_ = [], [[]]
    while open_:
        path = open_.pop()
        where, _ = incident.play(found, path)
        if found.body.over(where):
            ways.append(path)
        else:
            open_ += [[*path, option.id] for option in found.body.offered(where)]
    return ways


class TestSearch:
    @pytest.mark.parametrize("found", incidents(), ids=lambda e: e.id)
    def test_exactly_one_way_is_worth_everything_and_some_are_worth_nothing(
        self, found: Exercise
    ) -> None:
        scores = [engine.grade(found, 0, {"path": way}).score for way in every_way(found)]
        assert sorted(scores)[-2] < 1 == max(scores)
        assert min(scores) == 0

    @pytest.mark.parametrize("found", incidents(), ids=lambda e: e.id)
    def test_acting_at_random_earns_nothing(self, found: Exercise) -> None:
        def expected(path: list[str]) -> float:
            where, _ = incident.play(found, path)
            if found.body.over(where):
                return engine.grade(found, 0, {"path": path}).raw
            offered = found.body.offered(where)
            return sum(expected([*path, o.id]) for o in offered) / len(offered)

        assert expected([]) <= engine.baseline(found, 0) + 1e-9
        assert engine.baseline(found, 0) <= 0.5

    def test_each_step_is_judged_by_what_could_still_be_reached(self) -> None:
        grade = engine.grade(late_orders(), 0, {"path": ["scale", "look-late", "dlq", "pace"]})
        assert [m.case for m in grade.marks] == ["wrong", "right", "right", "right"]
        assert "3 of 4 steps" in grade.said

    def test_the_text_tells_the_state_as_it_is(self) -> None:
        scene = incident.scene(late_orders(), 0, ["look"])
        assert "12,800 orders are well" in scene.text and not scene.ended
        assert ("waiting", "12,800") in scene.state

    @given(st.lists(st.sampled_from(["look", "dlq", "pace", "scale", "zz", ""]), max_size=14))
    def test_any_path_is_played_or_refused(self, path: list[str]) -> None:
        try:
            scene = incident.scene(late_orders(), 0, path)
        except Unanswered:
            return
        assert scene.ended or scene.choices


class TestRefusals:
    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("go: found, why", "go: nowhere, why", "is no node"),
            ('minutes: "+4"', 'hours: "+4"', "not part of the state"),
            ("{{ waiting }} orders wait", "{{ queue }} orders wait", "not part of the state"),
            (", max: 1", "", "for 12 steps without an end"),
            ('utility: "', 'utility: "0 * ', "ends equally well"),
            ("caps: {end_meh", "caps: {end_mee", "not known here"),
            ("kind: purge", "kind: perge", "is not a kind"),
            ("start: page", "start: pages", "no node"),
            ("end: true", "end: false", "either choices or"),
        ],
    )
    def test_a_broken_incident_is_refused_with_its_reason(
        self, old: str, new: str, said: str
    ) -> None:
        assert old in text()
        found, problems = read_exercise(text().replace(old, new), Place(f"{ID}.yaml"))
        assert found is None
        assert any(said in str(p) for p in problems), problems


@pytest.mark.django_db
class TestPlaying:
    def play(self, client: Client, attempt: str, step: int, answer: str, **data: Any) -> Any:
        sent = {"attempt": attempt, "step": step, "answer": answer, "act": "do", **data}
        return client.post(f"/practice/{ID}/", sent, **HERE)

    def attempt(self, client: Client) -> str:
        body = client.get(f"/practice/{ID}/").content.decode()
        found = re.search(r'name="attempt" value="([^"]+)"', body)
        assert found
        return found[1]

    def finish(self, client: Client, path: tuple[str, ...]) -> Any:
        attempt = self.attempt(client)
        for step, answer in enumerate(path):
            response = self.play(client, attempt, step, answer)
        return response

    def test_a_best_way_is_an_attempt_worth_one(self, client: Client) -> None:
        response = self.finish(client, ("look", "dlq", "pace"))
        assert "It is over. Right." in response.content.decode()
        assert Attempt.objects.get().score == 1

    def test_going_back_does_not_change_what_was_chosen(self, client: Client) -> None:
        attempt = self.attempt(client)
        self.play(client, attempt, 0, "scale")
        self.play(client, attempt, 0, "look")
        assert [m.choice for m in Move.objects.all()] == ["scale"]

    def test_an_incident_under_way_goes_on_after_a_reload(self, client: Client) -> None:
        attempt = self.attempt(client)
        self.play(client, attempt, 0, "scale")
        body = client.get(f"/practice/{ID}/").content.decode()
        assert attempt in body and "goes on where you left it" in body

    def test_the_consequences_are_not_told_before_the_choice(self, client: Client) -> None:
        body = client.get(f"/practice/{ID}/").content.decode()
        for node in late_orders().body.nodes.values():
            for option in node.options:
                assert option.why[:40] not in body

    @pytest.mark.parametrize("choice", ["", "dlq", "<script>", "x" * 500])
    def test_what_is_not_offered_is_refused_and_nothing_is_noted(
        self, client: Client, choice: str
    ) -> None:
        response = self.play(client, self.attempt(client), 0, choice)
        assert response.status_code == 422
        assert not Move.objects.exists() and not Attempt.objects.exists()

    def test_a_replay_begins_where_it_is_asked_to_and_leaves_the_first_attempt(
        self, client: Client
    ) -> None:
        self.finish(client, ("scale", "look-late", "dlq", "pace"))
        first = Attempt.objects.get()
        response = self.play(client, str(first.id), 0, "", act="replay-2")
        assert "a dead-letter queue after 3" in response.content.decode()
        assert Attempt.objects.get() == first
        assert Move.objects.exclude(attempt=first.id).count() == 2

    def test_another_persons_attempt_is_out_of_reach(self, client: Client) -> None:
        other = Client()
        theirs = self.attempt(other)
        self.play(other, theirs, 0, "look")
        response = self.play(client, theirs, 0, "purge")
        assert "orders are gone" not in response.content.decode()
        assert [m.choice for m in Move.objects.filter(attempt=theirs)] == ["look"]

    def test_a_guest_takes_a_begun_incident_along(self, client: Client) -> None:
        attempt = self.attempt(client)
        self.play(client, attempt, 0, "look")
        client.force_login(get_user_model().objects.create_user("ada", "ada@example.org"))
        assert attempt in client.get(f"/practice/{ID}/").content.decode()

    def test_an_invented_attempt_id_starts_one(self, client: Client) -> None:
        response = self.play(client, str(uuid.uuid4()), 3, "look")
        assert response.status_code == 200 and not Move.objects.exists()
