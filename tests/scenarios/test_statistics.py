"""Statistics of exercises on simulated learners, and the pages of those who look after them."""

from __future__ import annotations

import math
import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from scenarios.catalogue import catalogue
from scenarios.engine import CODES
from scenarios.models import Attempt, Intervention, Report
from scenarios.progress import Share
from scenarios.statistics import Try, change, correlation, statistics, wilson
from tests.cast import Cast, cast

START = datetime(2026, 11, 1, tzinfo=UTC)
CHOICE = "q-0101-three-bills"
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}


def simulated(people: int, items: dict[str, tuple[float, float]], seed: int = 4) -> list[Try]:
    """First tries of learners with two-parameter items: (difficulty, discrimination). Serves to
    test this code, and says nothing about any real exercise."""
    chance = random.Random(seed)
    log = []
    for number in range(people):
        ability = chance.gauss(0, 1)
        for id, (difficulty, slope) in items.items():
            right = chance.random() < 1 / (1 + math.exp(-slope * (ability - difficulty)))
            at = START + timedelta(minutes=len(log))
            chosen = ("a",) if right else (chance.choice(["b", "c"]),)
            log.append(Try(id, str(number), float(right), at, chosen=chosen, seconds=30))
    return log


MIDDLE = {f"i{n}": (0.0, 1.5) for n in range(12)}
OPTIONS = {"x": {"a": True, "b": False, "c": False, "d": False}}


def codes(log: list[Try], id: str = "x") -> set[str]:
    return {s.code for s in statistics(log, OPTIONS)[id].signals}


class TestFigures:
    @given(st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
    def test_the_interval_is_that_of_the_learners_pages(self, counts: tuple[int, int]) -> None:
        right, n = counts
        found = wilson(right / n if n else 0.0, n)
        assert (found.low, found.high) == pytest.approx(Share(right, n).bounds)
        assert 0 <= found.low <= found.value + 1e-9 and found.value <= found.high + 1e-9 <= 1 + 1e-8

    def test_widths_are_those_of_the_literature(self) -> None:
        for n, half in ((20, 0.20), (50, 0.13), (100, 0.095)):
            found = wilson(0.6, n)
            assert (found.high - found.low) / 2 == pytest.approx(half, abs=0.01)

    def test_correlation_of_a_line_and_of_nothing(self) -> None:
        line = correlation([(x, 2 * x) for x in range(10)])
        assert line and line.value == pytest.approx(1)
        assert correlation([(1, x) for x in range(10)]) is None

    def test_nothing_is_said_of_few_answers(self) -> None:
        log = simulated(19, MIDDLE | {"x": (0, 1)})
        found = statistics(log, OPTIONS)["x"]
        assert (found.n, found.facility, found.signals) == (19, None, ())
        assert statistics(simulated(30, {"x": (0, 1)}), OPTIONS)["x"].discrimination is None

    def test_a_good_item_is_told_from_a_poor_one(self) -> None:
        log = simulated(300, MIDDLE | {"good": (0, 2), "poor": (0, 0)})
        found = statistics(log, {})
        good, poor = found["good"].discrimination, found["poor"].discrimination
        assert good and poor and good.low > 0.3 > poor.high

    def test_only_the_first_try_of_a_person_counts(self) -> None:
        log = simulated(40, {"x": (0, 1)})
        again = [Try("x", t.person, 1.0, t.at + timedelta(days=1)) for t in log]
        assert statistics([*again, *log], OPTIONS)["x"] == statistics(log, OPTIONS)["x"]

    def test_giving_up_is_counted_apart(self) -> None:
        log = simulated(40, {"x": (0, 1)})
        log += [Try("x", f"g{n}", 0.0, START, gave_up=True) for n in range(10)]
        found = statistics(log, OPTIONS)["x"]
        assert found.n == 40 and found.give_up_rate == pytest.approx(0.2)


class TestSignals:
    """Each threshold is passed by one population and not by the ordinary one."""

    def test_an_ordinary_item_gives_none_but_for_the_option_that_nobody_takes(self) -> None:
        assert codes(simulated(300, MIDDLE | {"x": (0, 1.5)})) == {"W705"}

    @pytest.mark.parametrize(
        ("code", "item"),
        [("W701", (-6.0, 1.5)), ("W702", (3.0, 1.5)), ("W703", (0.0, -0.5))],
    )
    def test_too_easy_too_hard_and_turned_round(self, code: str, item: tuple[float, float]) -> None:
        assert code in codes(simulated(400, MIDDLE | {"x": item}))

    def test_a_wrong_option_that_the_best_prefer(self) -> None:
        log = simulated(300, MIDDLE | {"x": (0.0, -3.0)})
        log = [
            Try(t.exercise, t.person, t.score, t.at, chosen=("a",) if t.score else ("b",))
            for t in log
        ]
        assert "W704" in codes(log)

    def test_sure_and_wrong(self) -> None:
        log = [
            Try("x", str(n), float(n % 2), START, confidence=3, chosen=("b",)) for n in range(40)
        ]
        assert "W706" in codes(log)
        unsure = [Try("x", str(n), float(n % 2), START, confidence=1) for n in range(40)]
        assert "W706" not in codes(unsure)

    def test_each_has_its_meaning(self) -> None:
        assert all(f"W70{n}" in CODES for n in range(1, 7))


class TestInterventions:
    def test_the_gain_of_the_others_is_taken_off(self) -> None:
        day = START + timedelta(days=10)
        log = []
        for n in range(100):
            for id, before, after in (("t", 0.4, 0.8), ("o", 0.5, 0.6)):
                for share, at in ((before, START), (after, day)):
                    score = float(n < 100 * share)
                    log.append(Try(id, f"{n}{at}", score, at))
        found = change(log, day, {"t"}, {"o"})
        assert found.effect == pytest.approx(0.3)

    def test_few_answers_say_nothing(self) -> None:
        log = [Try("t", str(n), 1.0, START) for n in range(19)]
        found = change(log, START, {"t"}, set())
        assert found.effect is None and found.targeted.n_after == 19


@pytest.mark.django_db
class TestReports:
    def send(self, client: Client, **data: str) -> Any:
        sent = {"kind": "key", "text": "b is right too", "rev": "1", "seed": "7", **data}
        return client.post(f"/practice/{CHOICE}/report/", sent, **HERE)

    def test_a_guest_reports_with_revision_and_seed(self, client: Client) -> None:
        page = client.get(f"/practice/{CHOICE}/").content.decode()
        assert f"/practice/{CHOICE}/report/?rev=1" in page
        assert "Thank you" in self.send(client).content.decode()
        found = Report.objects.get()
        assert (found.rev, found.seed, found.kind) == (1, 7, "key")
        assert not any("user" in f.name for f in Report._meta.fields)

    def test_sending_twice_is_one_report(self, client: Client) -> None:
        key = str(uuid.uuid4())
        self.send(client, report=key)
        self.send(client, report=key)
        assert Report.objects.count() == 1

    @pytest.mark.parametrize("data", [{"kind": "rude"}, {"kind": ""}, {"text": "x" * 3000}])
    def test_what_is_no_report_is_asked_again(self, client: Client, data: dict[str, str]) -> None:
        response = self.send(client, **data)
        assert response.status_code == 422 and not Report.objects.exists()

    @pytest.mark.parametrize("rev", ["999", "-1", "x", "9" * 30])
    def test_a_forged_revision_or_report_does_no_harm(self, client: Client, rev: str) -> None:
        assert self.send(client, rev=rev, seed=rev, report="x").status_code == 200
        assert Report.objects.get().rev <= catalogue().exercises[CHOICE].rev

    def test_another_site_cannot_report_and_unknown_exercises_have_no_form(
        self, client: Client
    ) -> None:
        assert client.post(f"/practice/{CHOICE}/report/", {"kind": "key"}).status_code == 403
        assert client.get("/practice/q-9999-none/report/").status_code == 404


@pytest.mark.django_db
class TestStaff:
    @pytest.fixture
    def people(self) -> Cast:
        found = cast()
        found["owner"].is_staff = True
        found["owner"].save()
        return found

    @pytest.mark.parametrize(
        "what", ["", "items/", f"items/{CHOICE}/", "reports/", "interventions/"]
    )
    def test_others_find_nothing(self, people: Cast, what: str) -> None:
        assert people.client("owner").get(f"/practice/authors/{what}").status_code == 200
        assert people.client("editor").get(f"/practice/authors/{what}").status_code == 404
        assert people.client().get(f"/practice/authors/{what}").status_code == 302

    def answered(self, count: int, wrong: int) -> None:
        exercise = catalogue().exercises[CHOICE]
        Attempt.objects.bulk_create(
            Attempt(
                exercise=CHOICE,
                rev=exercise.rev,
                guest=f"g{n}",
                score=float(n >= wrong),
                points=0,
                tries=1,
                response={"chosen": ["a" if n >= wrong else "b"]},
                created=timezone.now(),
            )
            for n in range(count)
        )

    def test_figures_appear_from_twenty_answers_on(self, people: Cast) -> None:
        self.answered(19, 5)
        page = people.client("owner").get(f"/practice/authors/items/{CHOICE}/").content.decode()
        assert "Fewer than 20" in page
        Attempt.objects.all().delete()
        self.answered(120, 115)
        page = people.client("owner").get(f"/practice/authors/items/{CHOICE}/").content.decode()
        assert "W702" in page and CODES["W702"].remedy in page and "4 %" in page
        listed = people.client("owner").get("/practice/authors/items/?signal=W702").content.decode()
        assert listed.count('<tr><th scope="row">') == 1
        assert (
            "No exercise gives"
            in people.client("owner").get("/practice/authors/items/?signal=W701").content.decode()
        )

    def test_a_report_is_closed_with_an_outcome(self, people: Cast) -> None:
        found = Report.objects.create(exercise=CHOICE, rev=1, seed=3, kind="typo", text="<b>x</b>")
        client = people.client("owner")
        page = client.get("/practice/authors/reports/").content.decode()
        assert "&lt;b&gt;x" in page and "?seed=3" in page
        address = f"/practice/authors/reports/{found.pk}/"
        assert client.post(address, {"outcome": ""}).status_code == 422
        client.post(address, {"outcome": "Corrected in rev 2"})
        client.post(address, {"outcome": "Something else"})
        found.refresh_from_db()
        assert found.outcome == "Corrected in rev 2" and found.closed_by == people["owner"]

    def test_an_intervention_is_noted_and_measured(self, people: Cast) -> None:
        client = people.client("owner")
        data = {
            "on": "2026-11-20",
            "section": "serverless-fundamentals/what-serverless-actually-means",
            "change": "A paragraph on base fees",
            "exercises": f"{CHOICE} {CHOICE}",
        }
        assert client.post("/practice/authors/interventions/", data).status_code == 302
        assert Intervention.objects.get().exercises == [CHOICE]
        assert "not known yet" in client.get("/practice/authors/interventions/").content.decode()

    @pytest.mark.parametrize(
        "change", [{"section": "no/where"}, {"exercises": "q-9"}, {"on": "soon"}, {"change": ""}]
    )
    def test_what_is_no_intervention_is_asked_again(
        self, people: Cast, change: dict[str, str]
    ) -> None:
        data = {
            "on": "2026-11-20",
            "section": "serverless-fundamentals/what-serverless-actually-means",
            "change": "x",
            "exercises": CHOICE,
            **change,
        }
        response = people.client("owner").post("/practice/authors/interventions/", data)
        assert response.status_code == 422 and not Intervention.objects.exists()
