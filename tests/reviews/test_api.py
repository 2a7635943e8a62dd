"""Reviews over HTTP: what a token reaches, submitting once, waiting, results, limits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from design.result import from_dict
from reviews.models import CATEGORIES, Finding, Revision, Run, State, Submission
from teams import workflow as teams
from teams.models import AccessToken, Event, Membership, Role, Scope, User
from teams.programs import limits
from teams.programs.problems import Problem
from tests.cast import Cast, cast
from tests.reviews.programs import Program
from tests.reviews.test_submitting import SMALL

pytestmark = pytest.mark.django_db(transaction=True)

REVISION = "designs/small/revisions/1/"
SECOND = SMALL.replace("auth: none", "auth: jwt")


@pytest.fixture
def people() -> Cast:
    cache.clear()
    return cast()


@pytest.fixture
def program(people: Cast) -> Program:
    return Program(people)


class TestWhoMayCall:
    def test_a_call_without_a_token_is_told_what_to_send(self, people: Cast) -> None:
        answer = Client().get(f"/api/teams/{people.team.slug}/designs/")
        assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Bearer"
        assert answer["Content-Type"] == "application/problem+json"
        assert "Authorization: Bearer" in answer.json()["detail"]

    def test_a_session_is_no_token(self, people: Cast) -> None:
        answer = people.client("owner").get(f"/api/teams/{people.team.slug}/designs/")
        assert answer.status_code == 401

    @pytest.mark.parametrize("end", ["expires", "revoked", "account"])
    def test_a_token_that_is_over_opens_nothing(
        self, people: Cast, program: Program, end: str
    ) -> None:
        assert program.get("designs/").status_code == 200
        now = timezone.now()
        if end == "account":
            User.objects.filter(username="editor").update(is_active=False)
        else:
            AccessToken.objects.update(**{end: now - timedelta(seconds=1)})
        assert program.get("designs/").status_code == 401

    def test_who_leaves_takes_the_token_along(self, people: Cast, program: Program) -> None:
        program.submit(SMALL)
        teams.remove(Membership.objects.get(user=people["editor"]))
        for path in ("designs/", REVISION, REVISION + "result/"):
            assert program.get(path).status_code == 404, path
        assert program.submit(SECOND).status_code == 404

    def test_a_lower_role_lowers_the_token(self, people: Cast, program: Program) -> None:
        teams.change_role(Membership.objects.get(user=people["editor"]), Role.VIEWER)
        assert program.get("designs/").status_code == 200
        assert program.submit(SMALL).status_code == 404
        assert not Revision.objects.exists()

    def test_the_scope_is_a_limit_of_its_own(self, people: Cast) -> None:
        reading = Program(people, "owner", Scope.READ)
        answer = reading.submit(SMALL)
        assert answer.status_code == 403 and "needs “submit”" in answer.json()["detail"]
        assert Program(people, "owner", Scope.SUBMIT).get("events/").status_code == 403
        assert Program(people, "owner", Scope.ADMIN).get("events/").status_code == 200
        assert Program(people, "editor", Scope.ADMIN).get("events/").status_code == 404

    def test_a_token_reaches_its_own_team_only(self, people: Cast, program: Program) -> None:
        other = teams.found("Others", people["editor"])
        answer = program.client.get(f"/api/teams/{other.slug}/designs/")
        assert answer.status_code == 404
        assert [team["slug"] for team in program.client.get("/api/teams/").json()] == [
            people.team.slug
        ]

    def test_its_last_use_is_noted(self, program: Program) -> None:
        program.get("designs/")
        assert AccessToken.objects.get().used is not None


class TestSubmitting:
    def test_a_text_becomes_a_revision_and_its_result(self, program: Program) -> None:
        answer = program.submit(SMALL, note="from the pipeline")
        said = answer.json()
        assert answer.status_code == 202 and said["made"]
        assert answer["Location"] == said["revision"]["address"]
        revision = Revision.objects.get()
        assert (revision.text, revision.note) == (SMALL, "from the pipeline")
        assert revision.by and revision.by.username == "editor"
        polled = program.client.get(answer["Location"] + "run/").json()
        assert polled["state"] == "done" and polled["score"] is not None
        result = from_dict(program.get(REVISION + "result/").json())
        assert round(result.score.total, 2) == round(polled["score"], 2)

    def test_the_id_in_the_text_finds_the_design(self, program: Program) -> None:
        program.submit(SMALL)
        assert program.submit(SECOND).json()["revision"]["number"] == 2
        named = program.submit(SMALL.replace("id: small", "id: renamed"), design="small")
        assert named.json()["revision"]["design"] == "small"
        assert program.submit(SECOND, design="nothing").status_code == 404

    def test_the_same_text_again_gets_the_result_that_is_there(self, program: Program) -> None:
        program.submit(SMALL)
        again = program.submit(SMALL)
        assert (again.status_code, again.json()["made"]) == (200, False)
        assert Run.objects.count() == 1

    def test_a_key_stands_for_its_first_answer(self, program: Program) -> None:
        first = program.submit(SMALL, key="build-1")
        program.submit(SECOND)
        again = program.submit(SMALL, key="build-1")
        assert again.status_code == 200 and again["Idempotency-Replayed"] == "true"
        assert again.json()["revision"] == first.json()["revision"]
        assert Revision.objects.count() == 2
        other = program.submit(SECOND, key="build-1")
        assert other.status_code == 422 and "Idempotency-Key" in other.json()["detail"]
        assert program.submit(SMALL, key="a b").status_code == 422

    def test_a_key_is_forgotten_after_seven_days(self, program: Program) -> None:
        program.submit(SMALL, key="build-1")
        Submission.objects.update(created=timezone.now() - timedelta(days=8))
        assert program.submit(SECOND, key="build-1").status_code == 202

    def test_what_is_no_design_is_told_with_its_lines(self, program: Program) -> None:
        answer = program.submit(SMALL.replace("kind: function", "kind: funktion"), key="k")
        said = answer.json()
        assert answer.status_code == 422 and "problem" in said["detail"]
        assert said["errors"][0]["line"] == 6 and "funktion" in said["errors"][0]["message"]
        assert not Revision.objects.exists() and not Submission.objects.exists()

    @pytest.mark.parametrize(
        "body",
        ["", "{", "[]", "null", '{"text": 1}', '{"text": ""}', '{"text": "\\ud800"}', b"\xff"],
    )
    def test_a_body_that_is_none_is_refused(self, program: Program, body: str | bytes) -> None:
        answer = program.client.post(
            program.base + "submissions/", body, content_type="application/json"
        )
        assert answer.status_code in (400, 422), answer.content
        assert answer["Content-Type"] == "application/problem+json"

    def test_a_body_that_is_too_large_is_refused(self, program: Program) -> None:
        assert program.submit("x" * 2_200_000).status_code == 413
        assert program.submit("x" * 1_100_000).status_code == 422

    @pytest.mark.parametrize("note", ["a\x00b", "a\nb", "x" * 201])
    def test_a_note_is_one_line(self, program: Program, note: str) -> None:
        assert program.submit(SMALL, note=note).status_code == 422


class TestReading:
    def test_lists_come_in_parts(self, program: Program) -> None:
        for name in ("one", "two", "three"):
            program.submit(SMALL.replace("id: small", f"id: {name}"))
        page = program.get("designs/", limit=2).json()
        assert page["count"] == 3
        assert [item["slug"] for item in page["items"]] == ["three", "two"]
        rest = program.get("designs/", limit=2, offset=2).json()
        assert [item["slug"] for item in rest["items"]] == ["one"]
        assert program.get("designs/", limit=0).status_code == 422
        assert program.get("designs/one/").json()["latest"]["number"] == 1

    def test_revisions_come_newest_first(self, program: Program) -> None:
        program.submit(SMALL)
        program.submit(SECOND)
        page = program.get("designs/small/revisions/").json()
        assert [item["number"] for item in page["items"]] == [2, 1] and page["count"] == 2
        assert page["items"][0]["run"]["state"] == "done"

    def test_findings_are_filtered(self, program: Program) -> None:
        program.submit(SMALL)
        every = program.get(REVISION + "findings/", limit=200).json()
        critical = program.get(REVISION + "findings/", severity="critical", verdict="fail").json()
        assert 0 < critical["count"] < every["count"]
        assert {item["severity"] for item in critical["items"]} == {"critical"}
        assert "API01" in {item["rule"] for item in critical["items"]}
        assert program.get(REVISION + "findings/", severity="grave").status_code == 422

    @pytest.mark.parametrize("form", ["md", "json", "sarif", "csv", "xml", "txt", "svg", "dot"])
    def test_exports_are_attachments(self, program: Program, form: str) -> None:
        program.submit(SMALL)
        answer = program.get(f"{REVISION}export.{form}")
        assert answer.status_code == 200 and answer.content
        assert answer["Content-Disposition"] == f'attachment; filename="small-1.{form}"'

    def test_the_text_comes_back_as_it_was_sent(self, program: Program) -> None:
        program.submit(SMALL)
        assert program.get(REVISION + "text/").content.decode() == SMALL
        assert program.get(f"{REVISION}export.exe").status_code == 422

    def test_two_revisions_are_compared(self, program: Program) -> None:
        program.submit(SMALL)
        program.submit(SECOND)
        made = program.get("designs/small/compare/1/2/").json()
        assert "API01" in str(made["findings"]["fixed"])
        words = program.get("designs/small/compare/1/2/", form="md")
        assert words["Content-Type"].startswith("text/markdown") and b"API01" in words.content
        assert program.get("designs/small/compare/1/9/").status_code == 404

    def test_waivers_say_how_they_stand(self, program: Program) -> None:
        waiver = (
            "waivers:\n  - {rule: API01, subject: api, category: accepted, reason: too short}\n"
        )
        program.submit(SMALL + waiver)
        said = program.get(REVISION + "waivers/").json()
        assert [w["rule"] for w in said] == ["API01"] and said[0]["says"]

    def test_a_run_that_is_not_over_has_no_result_yet(self, program: Program) -> None:
        program.submit(SMALL)
        Run.objects.update(state=State.RUNNING)
        answer = program.get(REVISION + "result/")
        assert answer.status_code == 409 and "running" in answer.json()["detail"]
        assert program.get(REVISION + "run/")["Retry-After"] == "1"
        assert program.get(REVISION + "findings/").status_code == 409

    def test_a_failed_run_is_checked_again(self, program: Program) -> None:
        program.submit(SMALL)
        Finding.objects.all().delete()
        Run.objects.update(state=State.FAILED)
        assert program.post(REVISION + "check/").status_code == 202
        assert program.get(REVISION + "run/").json()["state"] == "done"

    def test_the_log_is_read_on_from_where_one_stopped(self, people: Cast) -> None:
        program = Program(people, "owner", Scope.ADMIN)
        for name in ("a", "b", "c"):
            people.client("owner").post(
                f"/teams/{people.team.slug}/tokens/", {"name": name, "scope": "read", "days": 30}
            )
        first = program.get("events/", limit=2).json()
        assert [e["subject"] for e in first["items"]] == ["a", "b"]
        rest = program.get("events/", after=first["last"]).json()
        assert [e["subject"] for e in rest["items"]] == ["c"]


class TestWaiving:
    SAID = {
        "rule": "API01",
        "subject": "api",
        "category": "accepted_risk",
        "reason": "Only reached from the office network until spring.",
    }

    def test_a_critical_one_waits_for_a_second_person(self, program: Program) -> None:
        program.submit(SMALL)
        said = {**self.SAID, "category": CATEGORIES[0][0]}
        made = program.post("designs/small/waivers/", said)
        assert made.status_code == 201, made.content
        assert made.json()["needs_second"] and made.json()["state"] == "proposed"
        (kept,) = program.get("designs/small/waivers/").json()
        assert kept == made.json() and kept["by"] == "editor"
        again = program.post("designs/small/waivers/", said)
        assert again.status_code == 409 and "proposed already" in again.json()["detail"]

    def test_what_is_wrong_is_told_by_field(self, people: Cast, program: Program) -> None:
        assert program.post("designs/small/waivers/", self.SAID).status_code == 404
        program.submit(SMALL)
        answer = program.post("designs/small/waivers/", {**self.SAID, "reason": "short"})
        assert answer.status_code == 422
        assert "reason" in {error["at"] for error in answer.json()["errors"]}
        reading = Program(people, "owner", Scope.READ)
        assert reading.post("designs/small/waivers/", self.SAID).status_code == 403


class TestLimits:
    def test_too_many_calls_are_told_when_to_come_back(
        self, program: Program, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "READS", 3)
        monkeypatch.setattr(limits, "_WINDOW", 10**9)
        answers = [program.get("designs/") for _ in range(4)]
        assert [a.status_code for a in answers] == [200, 200, 200, 429]
        assert int(answers[3]["Retry-After"]) >= 1
        assert program.submit(SMALL).status_code == 202, "writing is counted apart"

    def test_the_count_begins_anew_with_the_minute(self) -> None:
        cache.clear()
        for _ in range(2):
            limits.count("key", 2, now=59.5)
        with pytest.raises(Problem) as stopped:
            limits.count("key", 2, now=59.5)
        assert stopped.value.headers == {"Retry-After": "1"}
        limits.count("key", 2, now=60)


class TestPageOfTokens:
    def test_a_token_is_shown_once_and_kept_as_a_hash(self, people: Cast) -> None:
        client = people.client("owner")
        url = f"/teams/{people.team.slug}/tokens/"
        data = {"name": "build", "scope": "submit", "days": 90}
        assert client.post(url, data).status_code == 302
        body = client.get(url).content.decode()
        text = body.partition('readonly value="')[2].partition('"')[0]
        assert text.startswith("wst_") and text not in client.get(url).content.decode()
        token = AccessToken.objects.get()
        assert text not in (token.token_hash, token.hint)
        assert AccessToken.objects.bearing(text) == token
        assert Event.objects.get().kind == "token.made"

    def test_revoking_ends_it_and_is_logged_once(self, people: Cast) -> None:
        program, client = Program(people), people.client("owner")
        url = f"/teams/{people.team.slug}/tokens/{program.token.pk}/revoke/"
        assert client.post(url).status_code == client.post(url).status_code == 302
        assert program.get("designs/").status_code == 401
        assert [e.kind for e in Event.objects.all()] == ["token.revoked"]

    @pytest.mark.parametrize("who", ["editor", "reviewer", "viewer", "stranger"])
    def test_only_owners_reach_them(self, people: Cast, who: str) -> None:
        program = Program(people)
        url = f"/teams/{people.team.slug}/tokens/"
        assert people.client(who).get(url).status_code == 404
        assert people.client(who).post(f"{url}{program.token.pk}/revoke/").status_code == 404
        assert program.get("designs/").status_code == 200

    def test_a_wrong_form_says_so_beside_the_field(self, people: Cast) -> None:
        answer = people.client("owner").post(
            f"/teams/{people.team.slug}/tokens/", {"name": "", "scope": "all", "days": 9999}
        )
        assert answer.status_code == 422 and not AccessToken.objects.exists()
        assert answer.content.decode().count('class="error"') == 3


def test_a_token_over_plain_http_is_refused_and_not_led_on(people: Cast, settings: Any) -> None:
    program = Program(people)
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^api/teams/"]
    answer = program.get("designs/")
    assert answer.status_code == 403 and "HTTPS" in answer.json()["detail"]
    assert program.client.get(program.base + "designs/", secure=True).status_code == 200
    page = program.client.get("/api/")
    assert page.status_code == 301 and page["Location"].startswith("https://")
