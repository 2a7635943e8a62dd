"""While somebody owes marks that are to be given without the automatic score, no address tells them
what the rules say: neither a page, nor a file, nor a call."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from config.api import api
from reviews.followup import talking
from reviews.judging import panels
from reviews.judging.rubric import rubric
from reviews.models import Organisation, Panel, Report, Run, Seat, TrackedFinding
from reviews.reports import workflow as reports
from teams.models import AccessToken, Scope
from tests.access.world import World, addresses, world

pytestmark = pytest.mark.django_db

# Where the marks once sent open what the rules say of the design.
TELL = {
    "action", "changes", "compare", "design", "edit_comment", "finding", "findings", "frozen",
    "frozen_file", "history", "organisation", "organisation_file", "plan", "plan_file",
    "plan_rows", "portfolio", "portfolio_file", "report", "revision", "shared", "shared_file",
    "talk", "team", "thread", "waiver", "waivers",
}  # fmt: skip
CALLS_TELL = {
    "", "{design}/", "{design}/compare/{before}/{after}/", "{design}/revisions/",
    "{design}/revisions/{number}/", "{design}/revisions/{number}/export.{form}",
    "{design}/revisions/{number}/findings/", "{design}/revisions/{number}/result/",
    "{design}/revisions/{number}/run/", "{design}/waivers/",
}  # fmt: skip
TOTAL = 77.77


@pytest.fixture
def there() -> World:
    """The reviewer sits on a panel that covers the score. A report is shared, a thread is on a
    finding, and the score is a number that stands nowhere else."""
    made = world()
    Panel.objects.update(hide_score=True)
    Run.objects.update(total=TOTAL)
    owner = made.people["owner"]
    Organisation.objects.get().members.create(user=made.people["reviewer"])
    token = reports.share(Report.objects.get(), owner, 30)
    for name in ("reviews:shared", "reviews:shared_file"):
        made.own[name] = {"token": token}
    row = TrackedFinding.objects.first()
    assert row is not None
    thread = talking.begin(row.design, made.people["reviewer"], f"About {row.rule}.", finding=row)
    said = thread.comments.get()
    made.own["reviews:thread"] = {"id": thread.pk}
    made.own["reviews:edit_comment"] = {"id": said.pk}
    return made


def telling() -> re.Pattern[str]:
    """A rule that fails, or the score."""
    rules = set(TrackedFinding.objects.values_list("rule", flat=True))
    assert len(rules) > 2
    return re.compile(rf"\b(?:{'|'.join(sorted(rules))})\b|(?<![\w.])(?:78|77\.\d+)(?!\w)")


def shown(client: Client, url: str, **headers: str) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code < 500, url
    if response.status_code != 200:
        return ""
    return (b"".join(response) if response.streaming else response.content).decode(
        "utf-8", "replace"
    )


def told(there: World) -> set[str]:
    """Names of pages and files of reviews that tell the reviewer something."""
    client, secret = there.people.client("reviewer"), telling()
    return {
        address.name.partition(":")[2]
        for address in addresses()
        if address.name.startswith("reviews:") and secret.search(shown(client, there.url(address)))
    } - {"try", "sample", "completion", "start"}  # designs of ours, or the reader's own text


def told_to_programs(there: World) -> set[str]:
    _, token = AccessToken.issue(
        there.people.team, there.people["reviewer"], "pipeline", Scope.READ, 30
    )
    secret, client = telling(), Client()
    known = {"team": there.people.team.slug, "design": "small", "form": "md"}
    numbers = dict.fromkeys(("number", "before", "after"), 1)
    start = "/api/teams/{team}/designs/"
    return {
        path.removeprefix(start)
        for path, methods in api.get_openapi_schema()["paths"].items()
        if "get" in methods
        and path.startswith(start)
        and secret.search(
            shown(client, path.format(**known, **numbers), Authorization=f"Bearer {token}")
        )
    }


def send(there: World) -> None:
    seat = Seat.objects.get(user=there.people["reviewer"])
    marks = dict.fromkeys((c.id for c in rubric().criteria), (3, "because it is so"))
    panels.mark(seat, marks)


def test_no_page_tells_before_the_marks_are_sent_and_each_does_after(there: World) -> None:
    assert told(there) == set()
    send(there)
    assert told(there) == TELL


def test_no_call_tells_before_the_marks_are_sent_and_each_does_after(there: World) -> None:
    assert told_to_programs(there) == set()
    send(there)
    assert told_to_programs(there) == CALLS_TELL


def test_a_page_leads_to_the_revision_and_a_call_says_why(there: World) -> None:
    client = there.people.client("reviewer")
    page = client.get(f"/reviews/{there.people.team.slug}/small/findings/", follow=True)
    assert page.redirect_chain == [(f"/reviews/{there.people.team.slug}/small/1/", 302)]
    assert "The score is covered" in page.content.decode()
    _, token = AccessToken.issue(
        there.people.team, there.people["reviewer"], "pipeline", Scope.READ, 30
    )
    url = f"/api/teams/{there.people.team.slug}/designs/small/revisions/1/result/"
    answer = Client().get(url, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 409 and "your marks" in answer.json()["detail"]


def test_others_and_panels_that_cover_nothing_are_not_kept_from_it(there: World) -> None:
    url = f"/reviews/{there.people.team.slug}/small/findings/"
    assert telling().search(shown(there.people.client("viewer"), url))
    Panel.objects.update(hide_score=False)
    assert telling().search(shown(there.people.client("reviewer"), url))
