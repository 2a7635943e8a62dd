"""Reminders of marks that are missing and of designs that are due: once each, to whom it concerns."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from reviews import workflow
from reviews.judging import panels, reminding
from reviews.judging.rubric import rubric
from reviews.models import Design, Panel, Revision, Seat
from reviews.tasks import reminders
from teams.models import Event, Membership, Notice
from tests.cast import Cast, cast
from tests.reviews.test_submitting import SMALL

pytestmark = pytest.mark.django_db

DUE = date(2031, 5, 20)


def day(days: int) -> date:
    return DUE + timedelta(days=days)


@pytest.fixture
def people() -> Cast:
    people = cast()
    run = workflow.submit(people.team, people["editor"], SMALL)
    workflow.score(run.pk)
    return people


@pytest.fixture
def panel(people: Cast) -> Panel:
    sit = [people["reviewer"], people["owner"]]
    return panels.open_panel(Revision.objects.get(), people["editor"], sit, due=DUE)


def told(kind: str = "panel.reminded") -> list[tuple[str, str]]:
    rows = Notice.objects.filter(event__kind=kind).order_by("pk").select_related("user")
    return [(row.user.username, row.text) for row in rows]


def send(people: Cast, name: str) -> None:
    seat = Seat.objects.get(user=people[name])
    panels.mark(seat, dict.fromkeys((c.id for c in rubric().criteria), (3, "it is so, indeed")))


class TestPanel:
    def test_once_before_the_day_and_once_on_it(self, panel: Panel) -> None:
        found = [reminding.remind(panel, day(at)) for at in (-9, -3, -2, -2, -1, 0, 0, 1, 9)]
        assert found == [False, False, True, False, False, True, False, False, False]
        assert [who for who, _ in told()] == ["reviewer", "owner"] * 2
        words = [text.rpartition("are due ")[2] for _, text in told()]
        assert words == ["by 20 May", "by 20 May", "today", "today"]

    def test_a_clock_that_stood_still_tells_once_since_when(self, panel: Panel) -> None:
        assert reminding.remind(panel, day(4)) and not reminding.remind(panel, day(4))
        assert [text.rpartition("are due ")[2] for _, text in told()] == ["since 20 May"] * 2

    def test_who_has_marked_or_left_or_came_later(self, people: Cast, panel: Panel) -> None:
        send(people, "owner")
        reminding.remind(panel, day(-1))
        assert [who for who, _ in told()] == ["reviewer"]
        Membership.objects.filter(user=people["reviewer"]).delete()
        assert not reminding.remind(panel, day(0))

    def test_who_is_invited_after_the_reminder_gets_their_own(
        self, people: Cast, panel: Panel
    ) -> None:
        reminding.remind(panel, day(-2))
        Membership.objects.create(team=people.team, user=people["stranger"], role="reviewer")
        panels.invite(panel, people["editor"], [people["stranger"]])
        assert reminding.remind(panel, day(-1))
        assert [who for who, _ in told()] == ["reviewer", "owner", "stranger"]

    def test_without_a_day_or_after_the_first_round_nobody(
        self, people: Cast, panel: Panel
    ) -> None:
        for name in ("reviewer", "owner"):
            send(people, name)
        panel.refresh_from_db()
        assert not panel.is_blind and not reminding.remind(panel, day(0))
        Panel.objects.update(state="blind", due=None)
        panel.refresh_from_db()
        assert not reminding.remind(panel, day(0)) and reminding.look_through(day(-2000)) == 0

    def test_two_who_look_at_once_tell_once(
        self, panel: Panel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The other one changes the rows between this one's reading and its update."""
        real, first = Seat.objects.filter, [True]

        def racing(*args: object, **named: object) -> object:
            if first:
                first.clear()
                real(panel=panel).update(reminded="soon")
            return real(*args, **named)

        monkeypatch.setattr(Seat.objects, "filter", racing)
        assert not reminding.remind(panel, day(-1)) and not told()


class TestReview:
    def test_it_is_told_once_a_revision_to_owners_and_who_submitted(self, people: Cast) -> None:
        today = timezone.localdate()  # low criticality: two years
        assert reminding.look_through(today + timedelta(days=729)) == 0
        assert reminding.look_through(today + timedelta(days=731)) == 1
        assert reminding.look_through(today + timedelta(days=731)) == 0
        found = told("design.review_due")
        assert sorted(who for who, _ in found) == ["editor", "owner"]
        assert all("“A small design” is due for review since" in text for _, text in found)
        design = Design.objects.get()
        text = SMALL.replace("timeout_s: 5", "timeout_s: 6")
        run = workflow.submit(people.team, people["editor"], text, design=design)
        workflow.score(run.pk)
        assert reminding.look_through(today + timedelta(days=731)) == 1
        assert Event.objects.filter(kind="design.review_due").count() == 2

    def test_an_archived_design_is_left_alone(self, people: Cast) -> None:
        Design.objects.update(archived=timezone.now())
        assert reminding.look_through(timezone.localdate() + timedelta(days=9000)) == 0


def test_the_beat_calls_it(people: Cast) -> None:
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert reminders.name in named and reminders() == 0
