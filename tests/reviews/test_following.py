"""A finding followed from revision to revision: opened, fixed, come back, waived, given out."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from design.fixes import FIXES
from reviews import life, workflow
from reviews.models import Progress, Run, TrackedFinding
from teams.models import Event, Notice
from tests.cast import Cast, cast
from tests.reviews.test_submitting import SMALL

pytestmark = pytest.mark.django_db(transaction=True)

MENDED = SMALL.replace("auth: none", "auth: jwt")


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def first(people: Cast) -> Run:
    return workflow.submit(people.team, people["editor"], SMALL)


def then(people: Cast, run: Run, text: str) -> Run:
    return workflow.submit(people.team, people["editor"], text, design=run.revision.design)


def api01(run: Run) -> TrackedFinding:
    return run.revision.design.tracked.get(rule="API01")


def rows_of(rule: str) -> TrackedFinding:
    return TrackedFinding.objects.get(rule=rule)


def url(run: Run, tail: str = "") -> str:
    return f"{run.revision.design.get_absolute_url()}findings/{tail}"


class TestStates:
    def test_what_fails_is_open_from_its_first_revision(self, first: Run) -> None:
        row = api01(first)
        assert (row.state, row.first_in, row.last_in) == (Progress.OPEN, 1, 1)
        fails = first.findings.fails()
        assert first.revision.design.tracked.count() == fails.count()

    def test_a_revision_that_passes_fixes_it(self, people: Cast, first: Run) -> None:
        then(people, first, MENDED)
        row = api01(first)
        assert (row.state, row.how, row.changed_in) == (Progress.FIXED, "the rule passes", 2)
        assert row.last_in == 1

    def test_a_finding_that_comes_back_is_reopened_and_its_owner_told(
        self, people: Cast, first: Run
    ) -> None:
        row = api01(first)
        TrackedFinding.objects.filter(pk=row.pk).update(assignee=people["viewer"])
        then(people, first, MENDED)
        then(people, first, SMALL + "# again\n")
        row = api01(first)
        assert row.state == Progress.REOPENED and row.first_in == 1 and row.changed_in == 3
        kinds = set(
            Notice.objects.filter(user=people["viewer"]).values_list("event__kind", flat=True)
        )
        assert {"finding.fixed", "finding.reopened"} <= kinds

    def test_what_goes_with_its_component_says_so(self, people: Cast, first: Run) -> None:
        gone = "\n".join(line for line in SMALL.splitlines() if "api" not in line)
        then(people, first, gone.replace("edges:", "edges: []") + "\n")
        assert api01(first).how == "gone with its subject"

    def test_what_becomes_unknown_is_not_fixed(self, people: Cast, first: Run) -> None:
        then(people, first, SMALL.replace("auth: none", "auth: unknown"))
        row = api01(first)
        assert row.state == Progress.OPEN and row.undecided

    def test_a_waiver_in_the_text_counts(self, people: Cast, first: Run) -> None:
        waived = SMALL + (
            "waivers:\n  - {rule: API01, subject: api, category: accepted, by: a, approved_by: b,\n"
            "     reason: a reason that is long enough, created: 2000-01-01, expires: 2000-01-20}\n"
        )
        from django.utils import timezone

        today = timezone.localdate().isoformat()
        waived = waived.replace("2000-01-01", today).replace(", expires: 2000-01-20", "")
        then(people, first, waived)
        assert api01(first).state == Progress.WAIVED
        then(people, first, SMALL + "# without\n")
        row = api01(first)
        assert (row.state, row.how) == (Progress.REOPENED, "its waiver no longer holds")

    def test_a_check_that_was_overtaken_changes_nothing(
        self, people: Cast, first: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as held:
            held.setattr(workflow, "send", lambda run_id: None)
            late = then(people, first, MENDED)
        then(people, first, SMALL + "# newer\n")
        workflow.score(late.pk)
        assert api01(first).state == Progress.OPEN and Run.objects.get(pk=late.pk).is_done

    def test_a_revision_that_is_withdrawn_no_longer_counts(self, people: Cast, first: Run) -> None:
        second = then(people, first, MENDED)
        life.withdraw(second.revision, people["owner"], "sent too early")
        assert api01(first).state == Progress.REOPENED
        life.reinstate(second.revision, people["owner"])
        assert api01(first).state == Progress.FIXED

    def test_new_rules_over_the_same_text_are_told_from_a_repair(self, first: Run) -> None:
        TrackedFinding.objects.create(
            design=first.revision.design,
            fingerprint="0" * 64,
            rule="API99",
            subject="api",
            severity="high",
            title="A rule of old",
            message="",
            first_in=1,
            last_in=1,
            changed_in=1,
        )
        Run.objects.filter(pk=first.pk).update(pack_version="2020.1")
        workflow.check_again(first.revision)
        old = first.revision.design.tracked.get(rule="API99")
        assert old.state == Progress.FIXED and "rules have changed" in old.how

    def test_the_same_check_twice_leaves_one_row(self, people: Cast, first: Run) -> None:
        before = list(first.revision.design.tracked.values_list("pk", "state", "changed"))
        workflow.score(first.pk)
        assert list(first.revision.design.tracked.values_list("pk", "state", "changed")) == before


class TestList:
    def test_everybody_who_reads_the_design_reads_it(self, people: Cast, first: Run) -> None:
        body = people.client("viewer").get(url(first)).content.decode()
        assert "API01" in body and "nobody has it" in body
        assert people.client("stranger").get(url(first)).status_code == 404
        assert people.client().get(url(first)).status_code == 302

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("state=fixed", False),
            ("state=all", True),
            ("severity=low", False),
            ("component=api", True),
            ("component=run", False),
            ("assignee=nobody", True),
            ("assignee=me", False),
            ("by=section", True),
            ("by=nonsense&state=nonsense&page=-3", True),
            ("section=no/such", False),
        ],
    )
    def test_filters_narrow_it(self, people: Cast, first: Run, query: str, shown: bool) -> None:
        response = people.client("editor").get(f"{url(first)}?{query}")
        assert response.status_code == 200
        row = f'href="{api01(first).get_absolute_url()}"'
        assert (row in response.content.decode()) is shown

    @pytest.mark.parametrize("by", ["severity", "component", "section", "state", "assignee"])
    def test_every_grouping_holds_every_finding_once(
        self, people: Cast, first: Run, by: str
    ) -> None:
        response = people.client("viewer").get(f"{url(first)}?by={by}")
        groups = response.context["list"].groups
        shown = [row.finding.pk for _, rows in groups for row in rows]
        assert sorted(shown) == sorted(first.revision.design.tracked.values_list("pk", flat=True))
        assert len({heading for heading, _ in groups}) == len(groups)

    def test_queries_do_not_grow_with_the_findings(self, people: Cast, first: Run) -> None:
        client = people.client("viewer")
        client.get(url(first))
        with CaptureQueriesContext(
            connection,
        ) as few:
            client.get(url(first))
        row = api01(first)
        TrackedFinding.objects.bulk_create(
            TrackedFinding(
                design=row.design,
                fingerprint=f"{n:064}",
                rule="API01",
                subject=f"c{n}",
                severity="high",
                title="t",
                message="m",
                first_in=1,
                last_in=1,
                changed_in=1,
            )
            for n in range(250)
        )
        with CaptureQueriesContext(connection) as many:
            body = client.get(url(first)).content.decode()
        assert len(many) == len(few) <= 12
        assert "Page 1 of 3" in body


class TestOne:
    def test_its_page_tells_evidence_reason_and_fix(self, people: Cast, first: Run) -> None:
        client, address = people.client("editor"), api01(first).get_absolute_url()
        with CaptureQueriesContext(connection) as made:
            body = client.get(address).content.decode()
        assert len(made) <= 12, [query["sql"][:120] for query in made.captured_queries]
        assert "Evidence" in body and "Why it matters" in body and "/rules/API01/" in body

    def test_a_report_leads_to_it(self, people: Cast, first: Run) -> None:
        client = people.client("viewer")
        body = client.get(first.revision.get_absolute_url()).content.decode()
        assert "findings/at/?rule=API01&amp;subject=api" in body
        found = client.get(url(first, "at/?rule=API01&subject=api"))
        assert found["Location"] == api01(first).get_absolute_url()
        assert client.get(url(first, "at/?rule=X&subject=%00"))["Location"] == url(first)

    def test_an_editor_assigns_it_and_the_other_is_told(self, people: Cast, first: Run) -> None:
        row = api01(first)
        post = {"to": people["reviewer"].pk, "version": row.version}
        response = people.client("editor").post(row.get_absolute_url() + "assign/", post)
        assert response.status_code == 302
        assert api01(first).assignee == people["reviewer"]
        notice = Notice.objects.get(user=people["reviewer"], event__kind="finding.assigned")
        assert "gave you API01 at api" in notice.text and notice.event.url == row.get_absolute_url()

    def test_nobody_overwrites_an_assignment_unseen(self, people: Cast, first: Run) -> None:
        row = api01(first)
        address, old = row.get_absolute_url() + "assign/", row.version
        client = people.client("editor")
        client.post(address, {"to": people["reviewer"].pk, "version": old})
        late = client.post(address, {"to": people["viewer"].pk, "version": old})
        body = late.content.decode()
        assert late.status_code == 409 and "reviewer has it now" in body
        assert f'value="{people["viewer"].pk}" selected' in body
        assert api01(first).assignee == people["reviewer"]

    def test_only_members_can_have_it_and_only_editors_give_it(
        self, people: Cast, first: Run
    ) -> None:
        row = api01(first)
        address = row.get_absolute_url() + "assign/"
        post = {"to": people["stranger"].pk, "version": row.version}
        assert people.client("editor").post(address, post).status_code == 422
        for name in ("viewer", "reviewer", "stranger"):
            assert people.client(name).post(address, post).status_code == 404
        assert not Event.objects.filter(kind="finding.assigned").exists()


class TestPatch:
    def test_it_shows_what_changes_and_what_it_is_worth(self, people: Cast, first: Run) -> None:
        row = api01(first)
        response = people.client("editor").get(row.get_absolute_url() + "patch/")
        patch = response.context["patch"]
        assert patch.text and patch.after >= patch.before and "API01" in patch.clears
        assert 'name="text"' in response.content.decode()

    def test_what_its_form_holds_becomes_the_next_revision(self, people: Cast, first: Run) -> None:
        row = api01(first)
        client = people.client("editor")
        form = client.get(row.get_absolute_url() + "patch/").context["form"]
        post = {name: form[name].value() for name in ("text", "note", "base")}
        client.post(first.revision.design.get_absolute_url() + "revise/", post)
        assert api01(first).state == Progress.FIXED
        assert first.revision.design.latest().note.startswith("API01 at api")

    def test_it_opens_as_a_draft(self, people: Cast, first: Run) -> None:
        row = api01(first)
        client = people.client("editor")
        form = client.get(row.get_absolute_url() + "patch/").context["form"]
        post = {"text": form["text"].value(), "what": "the patch for API01"}
        client.post(first.revision.design.get_absolute_url() + "edit/", post)
        draft = first.revision.design.drafts.get(by=people["editor"])
        assert draft.text == post["text"] and api01(first).state == Progress.OPEN

    def test_the_file_is_the_same_difference(self, people: Cast, first: Run) -> None:
        row = api01(first)
        response = people.client("editor").get(row.get_absolute_url() + "patch.diff")
        assert response["Content-Disposition"].startswith("attachment")
        body = response.content.decode()
        assert body.startswith("--- a/design.yaml") and "\n-  - {id: api" in body

    def test_a_fixed_finding_has_none(self, people: Cast, first: Run) -> None:
        row = api01(first)
        then(people, first, MENDED)
        client = people.client("editor")
        body = client.get(row.get_absolute_url() + "patch/").content.decode()
        assert "There is nothing to patch" in body
        assert client.get(row.get_absolute_url() + "patch.diff").content == b""

    def test_it_is_for_editors(self, people: Cast, first: Run) -> None:
        address = api01(first).get_absolute_url() + "patch/"
        for name in ("viewer", "reviewer", "stranger"):
            assert people.client(name).get(address).status_code == 404


class TestSeveralAtOnce:
    def ask(self, people: Cast, rows: Any, by: str = "editor", tail: str = "/") -> Any:
        query = "&".join(f"finding={row.pk}" for row in rows)
        path = f"/reviews/team-prints-test/small/findings/patch{tail}?{query}"
        return people.client(by).get(path)

    def test_one_patch_clears_several_and_says_what_it_leaves_and_why(
        self, people: Cast, first: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delitem(FIXES, "OBS02")
        rows = list(TrackedFinding.objects.all())
        response = self.ask(people, rows)
        made = response.context["patch"]
        body = response.content.decode()
        assert len(made.held) > 1 and made.after > made.before
        assert {*made.held, *(name for name, _ in made.left)} == {str(row) for row in rows}
        assert [name for name, _ in made.left] == [str(rows_of("OBS02"))]
        assert "No fix is known" in made.left[0][1] and made.left[0][1] in unescape(body)
        assert f"Not combined, {len(made.left)}" in body

    def test_it_opens_as_a_draft_and_its_file_is_the_same(self, people: Cast, first: Run) -> None:
        rows = list(TrackedFinding.objects.all())
        made = self.ask(people, rows).context
        post = {"text": made["form"]["text"].value(), "what": made["what"]}
        people.client("editor").post("/reviews/team-prints-test/small/edit/", post)
        assert first.revision.design.drafts.get().text == made["patch"].text
        assert self.ask(people, rows, tail=".diff").content.decode() == made["patch"].diff

    def test_what_is_no_open_finding_of_the_design_is_passed_over(
        self, people: Cast, first: Run
    ) -> None:
        client, path = people.client("editor"), "/reviews/team-prints-test/small/findings/patch/"
        for query in ("", "?finding=", "?finding=x", "?finding=999999", "?finding=%00"):
            answer = client.get(path + query)
            assert answer.status_code == 200 and "Nothing is chosen" in answer.content.decode()

    def test_only_editors_get_boxes_and_the_page(self, people: Cast, first: Run) -> None:
        path = "/reviews/team-prints-test/small/findings/"
        assert 'name="finding"' in people.client("editor").get(path).content.decode()
        assert 'name="finding"' not in people.client("viewer").get(path).content.decode()
        assert self.ask(people, [api01(first)], "reviewer").status_code == 404
        assert self.ask(people, [api01(first)], "reviewer", ".diff").status_code == 404
