"""Frozen reports: kept as they were, in every format, and links that show them."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from reviews import workflow
from reviews.models import Finding, Report, ReportLink, Run
from reviews.reports import workflow as reports
from reviews.reports import written
from teams.fixed import Immutable
from teams.models import Event, digest
from tests.cast import Cast, cast
from tests.reviews.test_submitting import SMALL

pytestmark = pytest.mark.django_db(transaction=True)
HOSTILE = '<script>alert(1)</script>#eval(read("x"))$x$ `a` *b* ]'


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def report(people: Cast) -> Report:
    run = workflow.submit(people.team, people["editor"], SMALL)
    return reports.freeze(run.revision, people["editor"], "board meeting")


def test_a_reviewer_freezes_a_report_from_the_list(people: Cast) -> None:
    run = workflow.submit(people.team, people["editor"], SMALL)
    url = f"{run.revision.get_absolute_url()}freeze/"
    client = people.client("reviewer")
    client.post(url, {"note": "audit"})
    client.post(url, {"note": ""})
    assert list(Report.objects.values_list("number", flat=True)) == [2, 1]
    body = client.get(f"/reviews/{people.team.slug}/small/reports/").content.decode()
    assert "Report 1" in body and "audit" in body and "Freeze revision 1" in body
    assert people.client("viewer").post(url).status_code == 404
    assert Event.objects.filter(kind="report.frozen").count() == 2


def test_what_is_not_checked_cannot_be_frozen_and_says_so(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workflow, "send", lambda run_id: None)
    run = workflow.submit(people.team, people["editor"], SMALL)
    url = f"{run.revision.get_absolute_url()}freeze/"
    response = people.client("editor").post(url, {"note": "kept"})
    assert response.status_code == 422 and not Report.objects.exists()
    assert "not checked yet" in response.content.decode() and "kept" in response.content.decode()


def test_later_runs_leave_a_report_alone(people: Cast, report: Report) -> None:
    url = report.get_absolute_url()
    client = people.client("viewer")
    before = client.get(url).content
    files = {ending: form.write(report) for ending, form in written.FILES.items()}
    Run.objects.update(result=None, total=1, grade="E", pack_version="1999.1")
    Finding.objects.all().delete()
    same = Report.objects.get(pk=report.pk)
    assert re.sub(rb'value="\w{64}"', b"", client.get(url).content) == re.sub(
        rb'value="\w{64}"', b"", before
    )
    assert {ending: form.write(same) for ending, form in written.FILES.items()} == files


def test_a_report_is_never_changed(report: Report) -> None:
    for change in (
        report.save, report.delete, Report.objects.all().delete,
        lambda: Report.objects.update(total=100),
        lambda: Report.objects.bulk_update([report], ["total"]),
    ):  # fmt: skip
        with pytest.raises(Immutable):
            change()


class TestFiles:
    @pytest.mark.parametrize("ending", list(written.FILES))
    def test_each_format_is_an_attachment_of_its_kind(
        self, people: Cast, report: Report, ending: str
    ) -> None:
        found = people.client("viewer").get(f"{report.get_absolute_url()}report.{ending}")
        assert found.status_code == 200
        assert found["Content-Type"] == written.FILES[ending].kind
        assert found["Content-Disposition"].startswith("attachment;")

    def test_an_unknown_format_is_not_found(self, people: Cast, report: Report) -> None:
        url = f"{report.get_absolute_url()}report.exe"
        assert people.client("viewer").get(url).status_code == 404

    def test_they_say_the_same(self, report: Report) -> None:
        rules = set(
            Finding.objects.fails()
            .filter(run__revision=report.revision)
            .values_list("rule", flat=True)
        )
        made = {ending: form.write(report) for ending, form in written.FILES.items()}
        for ending in ("html", "md", "csv", "sarif", "json"):
            assert all(rule in made[ending] for rule in rules), ending
        assert made["pdf"].startswith(b"%PDF-") and made["svg"].startswith(b"<?xml")
        assert made["yaml"] == SMALL
        assert json.loads(made["sarif"])["version"] == "2.1.0"
        assert list(csv.reader(io.StringIO(made["csv"])))[1:]

    def test_the_page_in_one_file_asks_nobody_for_anything(self, report: Report) -> None:
        page = written.as_html(report)
        assert "<script" not in page and "<link" not in page and "@import" not in page
        asked = re.findall(r'(?:src|srcset)="([^"]*)"|url\(([^)]*)\)', page)
        assert all((a or b).strip("\"'").startswith(("data:", "#")) for a, b in asked)
        links = re.findall(r'href="([^"]+)"', page)
        assert links and all(link.startswith(("http", "#")) for link in links)
        assert report.revision.sha256 in page

    def test_what_people_wrote_is_shown_and_never_run(self, people: Cast) -> None:
        text = SMALL.replace("title: A small design", f"title: {json.dumps(HOSTILE)}")
        run = workflow.submit(people.team, people["editor"], text)
        report = reports.freeze(run.revision, people["editor"], HOSTILE[:100])
        assert "<script>alert" not in written.as_html(report)
        assert written.as_pdf(report).startswith(b"%PDF-")
        body = people.client("viewer").get(report.get_absolute_url()).content.decode()
        assert "<script>alert" not in body


class TestLinks:
    def test_a_link_is_shown_once_and_only_its_hash_is_kept(
        self, people: Cast, report: Report
    ) -> None:
        client, url = people.client("editor"), report.get_absolute_url()
        client.post(f"{url}links/", {"days": "7", "note": "Ana"})
        shown = re.search(
            r'value="http://testserver(/reviews/shared/([\w-]+)/)"',
            client.get(url).content.decode(),
        )
        assert shown
        link = ReportLink.objects.get()
        assert link.token_hash == digest(shown[2]) and len(shown[2]) >= 32
        assert shown[1] not in client.get(url).content.decode()
        assert people.client().get(shown[1]).status_code == 200
        link.refresh_from_db()
        assert link.used is not None
        event = Event.objects.get(kind="report.shared")
        assert shown[2] not in str(event.detail)

    @pytest.mark.parametrize("days", ["0", "8", "-7", "x", ""])
    def test_links_last_as_long_as_offered(self, people: Cast, report: Report, days: str) -> None:
        sent = people.client("editor").post(f"{report.get_absolute_url()}links/", {"days": days})
        assert sent.status_code == 422 and not ReportLink.objects.exists()

    def test_a_shared_report_says_nothing_of_the_team_and_is_not_passed_on(
        self, people: Cast, report: Report
    ) -> None:
        token = reports.share(report, people["editor"], 30, "for Ana")
        page = people.client().get(f"/reviews/shared/{token}/")
        body = page.content.decode()
        assert "A small design" in body and "API01" in body
        for secret in (people.team.name, people.team.slug, "editor", "for Ana", "board meeting"):
            assert secret not in body, secret
        assert page["Referrer-Policy"] == "no-referrer" and "noindex" in page["X-Robots-Tag"]
        assert "no-store" in page["Cache-Control"] and not page.cookies
        for ending in written.FILES:
            found = people.client().get(f"/reviews/shared/{token}/report.{ending}")
            assert found.status_code == 200 and "noindex" in found["X-Robots-Tag"]

    def test_revoked_and_expired_links_say_so_and_nothing_else(
        self, people: Cast, report: Report
    ) -> None:
        one = reports.share(report, people["editor"], 30)
        two = reports.share(report, people["editor"], 7)
        expired, revoked = ReportLink.objects.all()
        url = f"{report.get_absolute_url()}links/{revoked.pk}/revoke/"
        assert people.client("editor").post(url).status_code == 302
        ReportLink.objects.filter(pk=expired.pk).update(
            expires=timezone.now() - timedelta(seconds=1)
        )
        for token, said in ((one, "It was revoked."), (two, "It expired on")):
            for path in ("", "report.pdf", "report.yaml"):
                page = people.client().get(f"/reviews/shared/{token}/{path}")
                assert page.status_code == 410
                body = page.content.decode()
                assert said in body and "small design" not in body
        assert Event.objects.filter(kind="report.revoked").count() == 1

    @pytest.mark.parametrize("token", ["x", "A" * 32, "a" * 3000])
    def test_an_invented_token_finds_nothing(self, people: Cast, token: str) -> None:
        assert people.client().get(f"/reviews/shared/{token}/").status_code == 404
        assert people.client().get(f"/reviews/shared/{token}/report.pdf").status_code == 404

    def test_the_links_of_a_report_are_reached_through_that_report_only(
        self, people: Cast, report: Report
    ) -> None:
        reports.share(report, people["editor"], 30)
        other = reports.freeze(report.revision, people["editor"])
        link = ReportLink.objects.get()
        url = f"{other.get_absolute_url()}links/{link.pk}/revoke/"
        assert people.client("editor").post(url).status_code == 404
        link.refresh_from_db()
        assert link.is_open
