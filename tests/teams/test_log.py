"""The log of a team: everything its people do is in it, filtered, exported, for owners only."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from teams import workflow
from teams.events import happened
from teams.models import Event, Invitation, Membership, Notice, Role, Team
from tests.cast import Cast, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def log(people: Cast, form: str = "", person: str = "owner", **asked: str) -> Any:
    path = f"/teams/{people.team.slug}/log" + (f".{form}" if form else "/")
    return people.client(person).get(path, asked)


def written(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


def kinds(people: Cast) -> list[str]:
    return list(people.team.events.values_list("kind", flat=True))


class TestWhatIsLogged:
    def test_people_come_and_go(self, people: Cast) -> None:
        client, base = people.client("owner"), f"/teams/{people.team.slug}/"
        client.post(base + "invitations/", {"role": "editor", "note": "Ada"})
        token = Invitation.issue(people.team, Role.EDITOR, people["owner"])[1]
        workflow.accept(token, people["stranger"])
        member = Membership.objects.get(user=people["stranger"])
        client.post(f"{base}members/{member.pk}/role/", {"role": "reviewer"})
        client.post(f"{base}members/{member.pk}/role/", {"role": "reviewer"})
        client.post(f"{base}members/{member.pk}/remove/")
        people.client("viewer").post(base + "leave/")
        assert kinds(people) == [
            *("member.invited", "member.joined", "member.role", "member.removed", "member.left")
        ]
        assert Event.objects.get(kind="member.role").detail == {"from": "editor", "to": "reviewer"}
        # Of the change of role, a former member has kept no notice.
        told = {(n.user.username, n.event.kind) for n in Notice.objects.all()}
        assert told == {
            ("owner", "member.joined"),
            ("owner", "member.left"),
            ("stranger", "member.removed"),
        }

    def test_a_revoked_invitation_is_logged_once(self, people: Cast) -> None:
        made, _ = Invitation.issue(people.team, Role.EDITOR, people["owner"], "Ada")
        path = f"/teams/{people.team.slug}/invitations/{made.pk}/revoke/"
        for _ in range(2):
            people.client("owner").post(path)
        assert kinds(people) == ["member.revoked"]

    def test_a_name_is_kept_with_what_it_was(self, people: Cast) -> None:
        path = f"/teams/{people.team.slug}/rename/"
        people.client("owner").post(path, {"team-name": "Photos"})
        assert Event.objects.get().detail == {"from": "Prints", "to": "Photos"}
        assert kinds(people) == ["team.renamed"]

    def test_a_team_begins_with_its_founder(self, people: Cast) -> None:
        team = workflow.found("Owls", people["viewer"])
        assert [(e.kind, e.who) for e in team.events.all()] == [("team.founded", "viewer")]


class TestPage:
    @pytest.fixture
    def full(self, people: Cast) -> Cast:
        for kind, by, day in (
            ("design.created", "owner", 1),
            ("design.revised", "editor", 2),
            ("token.made", "owner", 3),
        ):
            happened(people.team, kind, f"on {day}", by=people[by], url="/reviews/")
            moment = datetime(2026, 11, day, 23, 59, tzinfo=UTC)
            # The log itself knows no update; the clock of the test does.
            Event._base_manager.filter(subject=f"on {day}")._update(
                [(Event._meta.get_field("created"), None, moment)]
            )
        return people

    @pytest.mark.parametrize(
        ("asked", "days"),
        [
            ({}, [3, 2, 1]),
            ({"what": "design"}, [2, 1]),
            ({"what": "design.revised"}, [2]),
            ({"who": "owner"}, [3, 1]),
            ({"since": "2026-11-02"}, [3, 2]),
            ({"until": "2026-11-02"}, [2, 1]),
            ({"since": "2026-11-02", "until": "2026-11-02", "who": "owner"}, []),
            ({"until": "9999-12-31"}, [3, 2, 1]),
        ],
    )
    def test_a_filter_holds_for_page_and_files(
        self, full: Cast, asked: dict[str, str], days: list[int]
    ) -> None:
        body = log(full, **asked).content.decode()
        assert [int(n) for n in re.findall(r">on (\d)<", body)] == days
        rows = json.loads(written(log(full, "json", **asked)))
        assert [row["subject"] for row in rows] == [f"on {day}" for day in days]
        lines = list(csv.DictReader(io.StringIO(written(log(full, "csv", **asked)))))
        assert [line["id"] for line in lines] == [str(row["id"]) for row in rows]

    @pytest.mark.parametrize("asked", [{"what": "x"}, {"since": "yesterday"}, {"who": "nobody"}])
    def test_a_wrong_filter_says_so(self, full: Cast, asked: dict[str, str]) -> None:
        answer = log(full, **asked)
        assert answer.status_code == 422 and 'class="error"' in answer.content.decode()
        assert log(full, "csv", **asked).status_code == 404

    def test_a_long_log_has_pages(self, people: Cast) -> None:
        for number in range(101):
            happened(people.team, "design.revised", f"no {number}")
        assert "page=2" in log(people, what="design").content.decode()
        assert ">no 0<" in log(people, what="design", page="2").content.decode()

    @pytest.mark.parametrize("subject", ["=1+1", "+1", "-1", "@x", "\t=1", "  =1", "＝1"])
    def test_no_cell_is_a_formula(self, people: Cast, subject: str) -> None:
        happened(people.team, "design.revised", subject)
        rows = list(csv.DictReader(io.StringIO(written(log(people, "csv")), newline="")))
        assert rows[0]["subject"] == f"'{subject}"

    def test_what_strangers_wrote_is_text(self, people: Cast) -> None:
        happened(people.team, "design.revised", "<script>x</script>", detail={"<b>": "<i>"})
        body = log(people).content.decode()
        assert "<script>x" not in body and "&lt;b&gt;: &lt;i&gt;" in body

    @pytest.mark.parametrize("who", ["editor", "reviewer", "viewer", "stranger"])
    def test_only_owners_read_it(self, people: Cast, who: str) -> None:
        assert log(people, person=who).status_code == 404
        assert log(people, "csv", person=who).status_code == 404

    def test_it_holds_one_team(self, people: Cast) -> None:
        other = Team.objects.create(slug="others", name="Others")
        happened(other, "design.revised", "elsewhere")
        assert "elsewhere" not in log(people).content.decode()
        assert log(people, "xml").status_code == 404
