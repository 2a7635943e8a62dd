"""Waivers in the product: proposed, agreed on, applied, announced, ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from design.result import from_dict, to_dict
from design.waivers import names
from reviews import openings, tasks, workflow
from reviews.followup import waiving
from reviews.followup.waiving import Refused
from reviews.models import Agreement, Progress, Run, Waiver
from teams.models import Event, Notice
from tests.cast import Cast, cast
from tests.reviews.test_submitting import SMALL

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "The gateway in front of it has checked the token."


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def run(people: Cast) -> Run:
    return workflow.submit(people.team, people["editor"], SMALL)


def base(run: Run) -> str:
    return f"{run.revision.design.get_absolute_url()}waivers/"


def fields(**changes: Any) -> dict[str, Any]:
    said = {"rule": "API01", "subject": "api", "category": "false_positive", "reason": REASON}
    return {**said, "expires": "", **changes}


def proposed(people: Cast, run: Run, who: str = "editor", **changes: Any) -> Waiver:
    response = people.client(who).post(base(run) + "new/", fields(**changes))
    assert response.status_code == 302, response.context["form"].errors
    return Waiver.objects.latest("pk")


def decide(people: Cast, waiver: Waiver, who: str, act: str = "approve", remark: str = "") -> int:
    url = waiver.get_absolute_url() + "decide/"
    return people.client(who).post(url, {"act": act, "remark": remark}).status_code


def agreed(people: Cast, run: Run, **changes: Any) -> Waiver:
    waiver = proposed(people, run, **changes)
    if waiver.is_proposed:
        assert decide(people, waiver, "reviewer") == 302
    waiver.refresh_from_db()
    return waiver


def fresh(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)


def state(run: Run, rule: str = "API01") -> str:
    return run.revision.design.tracked.get(rule=rule).state


class TestProposed:
    def test_a_critical_one_waits_for_a_second_person(self, people: Cast, run: Run) -> None:
        waiver = proposed(people, run)
        assert waiver.is_proposed and waiver.by == people["editor"] and waiver.matches == 1
        assert waiver.expires == timezone.localdate() + timedelta(days=30)
        assert state(run) == Progress.OPEN and fresh(run).total == run.revision.run().total
        told = Notice.objects.filter(event__kind="waiver.proposed").values_list(
            "user__username", flat=True
        )
        assert set(told) == {"owner", "reviewer"}

    def test_a_low_one_holds_at_once(self, people: Cast, run: Run) -> None:
        low = run.findings.fails().filter(severity__in=("low", "medium")).first()
        waiver = proposed(people, run, rule=low.rule, subject=low.subject)
        assert waiver.is_approved and waiver.decided_by is None and waiver.basis
        assert run.revision.design.tracked.get(fingerprint=low.fingerprint).state == Progress.WAIVED

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"reason": "too short"}, "reason"),
            ({"reason": " " * 40}, "reason"),
            ({"subject": "run"}, "subject"),
            ({"subject": "*"}, "subject"),
            ({"subject": " ** "}, "subject"),
            ({"subject": "x" * 600}, "subject"),
            ({"rule": "API99"}, "rule"),
            ({"category": "because"}, "category"),
            ({"expires": "2000-01-01"}, "expires"),
            ({"expires": "2999-01-01"}, "expires"),
            ({"expires": "soon"}, "expires"),
        ],
    )
    def test_a_bad_one_is_told_what_is_wrong_and_loses_nothing(
        self, people: Cast, run: Run, changes: dict[str, str], field: str
    ) -> None:
        response = people.client("editor").post(base(run) + "new/", fields(**changes))
        assert response.status_code == 422 and set(response.context["form"].errors) == {field}
        assert REASON in response.content.decode() or "reason" in changes
        assert not Waiver.objects.exists()

    def test_the_longest_day_is_the_last_that_is_taken(self, people: Cast, run: Run) -> None:
        last = timezone.localdate() + timedelta(days=30)
        late = {"expires": (last + timedelta(days=1)).isoformat()}
        response = people.client("editor").post(base(run) + "new/", fields(**late))
        assert "At most 30 days" in response.content.decode()
        assert proposed(people, run, expires=last.isoformat()).expires == last

    def test_a_check_shows_what_a_pattern_matches_and_stores_nothing(
        self, people: Cast, run: Run
    ) -> None:
        post = fields(subject="a*", act="check")
        body = people.client("editor").post(base(run) + "new/", post).content.decode()
        assert "Matches 1 finding" in body and "<code>api</code>" in body
        assert not Waiver.objects.exists()

    def test_the_same_is_not_proposed_twice(self, people: Cast, run: Run) -> None:
        proposed(people, run)
        response = people.client("owner").post(base(run) + "new/", fields())
        assert response.status_code == 422 and "proposed already" in response.content.decode()

    def test_from_a_finding_the_form_is_filled(self, people: Cast, run: Run) -> None:
        row = run.revision.design.tracked.get(rule="API01")
        form = people.client("editor").get(f"{base(run)}new/?finding={row.pk}").context["form"]
        assert (form["rule"].value(), form["subject"].value()) == ("API01", "api")

    def test_reviewers_and_viewers_propose_nothing(self, people: Cast, run: Run) -> None:
        for name in ("viewer", "reviewer", "stranger"):
            assert people.client(name).post(base(run) + "new/", fields()).status_code == 404


class TestAgreed:
    def test_the_score_and_the_finding_follow(self, people: Cast, run: Run) -> None:
        before = fresh(run).total
        agreed(people, run)
        after = fresh(run)
        assert after.total > before and state(run) == Progress.WAIVED
        result = from_dict(after.result)
        assert result.waived == {("API01", "api"): "false_positive"}
        (standing,) = result.waivers
        assert standing.state == "expiring" and standing.waiver.get("reason") == REASON
        assert standing.waiver.get("approved_by") == "reviewer"

    def test_the_report_says_why_and_survives_its_way_through_json(
        self, people: Cast, run: Run
    ) -> None:
        agreed(people, run)
        stored = fresh(run).result
        assert to_dict(from_dict(stored)) == stored
        sarif = people.client("viewer").get(run.revision.get_absolute_url() + "report.sarif")
        (found,) = [r for r in sarif.json()["runs"][0]["results"] if r.get("suppressions")]
        assert found["suppressions"][0]["justification"] == REASON

    def test_the_author_is_no_second_person(self, people: Cast, run: Run) -> None:
        waiver = proposed(people, run)
        assert decide(people, waiver, "editor") == 409
        assert decide(people, waiver, "viewer") == 404
        assert decide(people, waiver, "stranger") == 404
        waiver.refresh_from_db()
        assert waiver.is_proposed

    def test_two_who_decide_at_once_are_told_who_was_first(self, people: Cast, run: Run) -> None:
        waiver = proposed(people, run)
        assert decide(people, waiver, "reviewer", "reject", "not before the audit") == 302
        url = waiver.get_absolute_url() + "decide/"
        late = people.client("owner").post(url, {"act": "approve", "remark": ""})
        assert late.status_code == 409 and "rejected before by reviewer" in late.content.decode()
        assert state(run) == Progress.OPEN

    def test_to_reject_wants_a_word(self, people: Cast, run: Run) -> None:
        waiver = proposed(people, run)
        assert decide(people, waiver, "reviewer", "reject", " ") == 422
        assert decide(people, waiver, "reviewer", "nonsense") == 422

    def test_a_pattern_covers_all_that_it_matches(self, people: Cast, run: Run) -> None:
        agreed(people, run, subject="*pi")
        assert state(run) == Progress.WAIVED

    def test_it_holds_for_the_next_revision(self, people: Cast, run: Run) -> None:
        agreed(people, run)
        then = workflow.submit(
            people.team, people["editor"], SMALL + "# more\n", design=run.revision.design
        )
        assert from_dict(fresh(then).result).waived and state(run) == Progress.WAIVED

    def test_withdrawn_it_counts_again(self, people: Cast, run: Run) -> None:
        before = fresh(run).total
        waiver = agreed(people, run)
        url = waiver.get_absolute_url() + "withdraw/"
        assert people.client("reviewer").post(url).status_code == 404
        assert people.client("owner").post(url).status_code == 302
        assert people.client("owner").post(url).status_code == 409
        assert fresh(run).total == before and state(run) == Progress.REOPENED

    def test_every_step_is_in_the_log(self, people: Cast, run: Run) -> None:
        waiver = agreed(people, run)
        people.client("owner").post(waiver.get_absolute_url() + "withdraw/")
        kinds = Event.objects.filter(kind__startswith="waiver.").values_list("kind", "who")
        assert list(kinds) == [
            ("waiver.proposed", "editor"),
            ("waiver.approved", "reviewer"),
            ("waiver.withdrawn", "owner"),
        ]


class TestTime:
    def test_one_that_ends_soon_is_announced_once(self, people: Cast, run: Run) -> None:
        waiver = agreed(people, run)
        assert tasks.waivers() == 0
        assert not Event.objects.filter(kind="waiver.expiring").exists()
        Waiver.objects.update(expires=timezone.localdate() + timedelta(days=10))
        Waiver.objects.update(created=timezone.localdate() - timedelta(days=20))
        assert tasks.waivers() == 1 and tasks.waivers() == 0
        told = Notice.objects.filter(event__kind="waiver.expiring", text__contains="expires on")
        assert {"editor", "reviewer", "owner"} == {n.user.username for n in told}
        assert waiver.get_absolute_url() == told.last().event.url

    def test_on_its_last_day_it_holds_and_on_the_next_it_does_not(
        self, people: Cast, run: Run
    ) -> None:
        before = fresh(run).total
        waiver = agreed(people, run)
        today = timezone.localdate()
        Waiver.objects.filter(pk=waiver.pk).update(expires=today)
        waiving.rescore(run.revision.design)
        assert state(run) == Progress.WAIVED
        Waiver.objects.filter(pk=waiver.pk).update(expires=today - timedelta(days=1))
        assert tasks.waivers() == 1
        assert state(run) == Progress.REOPENED and fresh(run).total == before
        assert tasks.waivers() == 0
        page = people.client("viewer").get(waiver.get_absolute_url()).content.decode()
        assert "It expired on" in page

    def test_what_changes_under_it_asks_to_be_confirmed_again(self, people: Cast, run: Run) -> None:
        waiver = agreed(people, run)
        Waiver.objects.filter(pk=waiver.pk).update(basis="0" * 16)
        workflow.submit(
            people.team, people["editor"], SMALL + "# more\n", design=run.revision.design
        )
        waiver.refresh_from_db()
        assert waiver.state(timezone.localdate()) == "re-confirm"
        assert state(run) == Progress.REOPENED
        assert Event.objects.filter(kind="waiver.stale").count() == 1

    def test_confirmed_again_it_holds_and_follows_the_earlier_one(
        self, people: Cast, run: Run
    ) -> None:
        waiver = agreed(people, run)
        Waiver.objects.filter(pk=waiver.pk).update(basis="0" * 16)
        waiving.rescore(run.revision.design)
        client = people.client("editor")
        url = f"{base(run)}new/?again={waiver.pk}"
        assert client.get(url).context["form"]["reason"].value() == REASON
        client.post(url, fields())
        again = Waiver.objects.latest("pk")
        assert again.replaces == waiver and again.is_proposed
        decide(people, again, "reviewer")
        waiver.refresh_from_db()
        assert waiver.agreement == Agreement.WITHDRAWN and state(run) == Progress.WAIVED

    def test_one_that_matches_nothing_in_two_revisions_is_obsolete(
        self, people: Cast, run: Run
    ) -> None:
        waiver = agreed(people, run)
        mended = SMALL.replace("auth: none", "auth: jwt")
        for word, text in (("unused", mended), ("obsolete", mended + "# more\n")):
            workflow.submit(people.team, people["editor"], text, design=run.revision.design)
            waiver.refresh_from_db()
            assert waiver.state(timezone.localdate()) == word
        assert state(run) == Progress.FIXED
        assert Event.objects.filter(kind="waiver.stale").count() == 1

    def test_an_old_check_says_nothing_of_a_waiver(
        self, people: Cast, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waiver = agreed(people, run)
        mended = SMALL.replace("auth: none", "auth: jwt")
        design = run.revision.design
        with monkeypatch.context() as held:
            held.setattr(workflow, "send", lambda run_id: None)
            late = workflow.submit(people.team, people["editor"], mended, design=design)
        workflow.submit(people.team, people["editor"], SMALL + "# new\n", design=design)
        workflow.score(late.pk)
        waiver.refresh_from_db()
        assert waiver.unused_from is None and waiver.found == ""

    def test_too_late_to_agree(self, people: Cast, run: Run) -> None:
        waiver = proposed(people, run)
        past = timezone.localdate() - timedelta(days=1)
        Waiver.objects.filter(pk=waiver.pk).update(expires=past)
        with pytest.raises(Refused, match="last day"):
            waiving.approve(waiver, people["reviewer"])


class TestPages:
    def test_the_list_groups_by_what_is_to_be_done(self, people: Cast, run: Run) -> None:
        url, client = base(run), people.client("viewer")
        assert "None yet" in client.get(url).content.decode()
        waiver = proposed(people, run)
        assert "Waiting for a second person, 1" in client.get(url).content.decode()
        decide(people, waiver, "reviewer")
        assert "In force, 1" in client.get(url).content.decode()

    def test_whoever_may_decide_has_the_form(self, people: Cast, run: Run) -> None:
        url = proposed(people, run).get_absolute_url()
        for name, may in (
            ("reviewer", True),
            ("owner", True),
            ("editor", False),
            ("viewer", False),
        ):
            body = people.client(name).get(url).content.decode()
            assert ('value="approve"' in body) is may, name

    def test_a_reason_is_text_and_nothing_else(self, people: Cast, run: Run) -> None:
        url = proposed(people, run, reason=REASON + "<script>alert(1)</script>").get_absolute_url()
        body = people.client("viewer").get(url).content.decode()
        assert "<script>alert" not in body


def test_lists_count_as_open_what_no_waiver_covers(people: Cast, run: Run) -> None:
    before = openings.by_severity([fresh(run)])[run.pk]
    agreed(people, run)
    after = openings.by_severity([fresh(run)])[run.pk]
    assert after == before | {"critical": before["critical"] - 1}


text = st.text(alphabet="ab*", max_size=12)


@given(pattern=text, subject=st.text(alphabet="ab", max_size=12))
def test_a_pattern_matches_as_its_expression_would(pattern: str, subject: str) -> None:
    import re

    parts = ".*".join(re.escape(part) for part in pattern.split("*"))
    assert names(pattern, subject) is bool(re.fullmatch(parts, subject))


def test_a_pattern_of_stars_ends() -> None:
    assert not names("*a" * 250 + "b", "a" * 500)
