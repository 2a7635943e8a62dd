"""Portfolios: what the sheet counts, what is due, and who sees whose designs."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis.strategies import SearchStrategy, builds, dictionaries, integers, sampled_from

from design import document
from design.result import evaluate, to_dict
from design.rules import RULES
from reviews import organising, workflow
from reviews.charts import Point, chart
from reviews.models import Organisation, OrganisationInvitation, OrganisationTeam, Run
from reviews.portfolio import tally
from reviews.portfolio.due import DAYS, due
from reviews.portfolio.gathered import entries
from reviews.portfolio.heat import Column, frequent, heat
from reviews.portfolio.tally import Tally, together
from reviews.portfolio.trend import ends, trend
from teams.models import Event, Membership, Role, Team
from tests.cast import Cast, cast
from tests.design.examples import BAD
from tests.reviews.test_submitting import SMALL

CLEAN = SMALL.replace("id: small", "id: other").replace("A small design", "=cmd|calc")


def summed(rules: Mapping[str, Tally]) -> tally.Summed:
    return tally.read(tally.kept(rules))


def tallies() -> SearchStrategy[Tally]:
    return builds(Tally, sampled_from(tally.WORST_FIRST), *[integers(0, 3)] * 5)


class TestTally:
    def test_it_counts_what_the_result_holds(self) -> None:
        result = evaluate(document.load(BAD))
        summed = tally.read(tally.of(result))
        assert sum(t.open for t in summed.rules.values()) == sum(
            map(result.is_open, result.findings)
        )
        for word in ("pass", "unknown", "error"):
            field = "passed" if word == "pass" else word
            counted = sum(getattr(t, field) for t in summed.rules.values())
            assert counted == sum(f.verdict.value == word for f in result.findings)

    def test_what_is_waived_is_not_open(self) -> None:
        design = document.load(SMALL)
        plain = evaluate(design)
        first = next(f for f in plain.findings if plain.is_open(f))
        waived = evaluate(design, waived={(first.rule, first.subject): "accepted"})
        before, after = (tally.read(tally.of(r)).rules[first.rule] for r in (plain, waived))
        assert (after.open, after.waived) == (before.open - 1, before.waived + 1)

    def test_the_migration_counts_the_same_from_what_is_stored(self) -> None:
        from importlib import import_module

        migration = import_module("reviews.migrations.0502_run_summary")
        result = evaluate(document.load(BAD))
        stored = (tally.of(result), migration.summed(to_dict(result)))
        now, then = (tally.read(one).rules for one in stored)
        assert {r: row[1:] for r, row in then.items()} == {r: row[1:] for r, row in now.items()}
        assert all(then[r][0] == row[0] for r, row in now.items() if row[1] or row[2])

    @given(dictionaries(sampled_from(sorted(RULES)), tallies(), max_size=9))
    def test_what_is_kept_reads_as_it_was(self, rules: dict[str, Tally]) -> None:
        kept = json.loads(json.dumps(tally.kept(rules)))
        assert tally.read(kept).rules == rules
        first = {"rules": {rule: list(row) for rule, row in rules.items()}}
        assert tally.read(first).rules == tally.read(kept).rules

    def test_what_an_older_release_left_reads_as_nothing_known(self) -> None:
        assert tally.read({}).rules == {}


class TestHeat:
    COLUMNS = (
        Column("A", "", "/a", {"EVT05": Tally("high", open=2), "REL01": Tally("medium", passed=1)}),
        Column(
            "B",
            "",
            "/b",
            {"EVT05": Tally("critical", open=1, unknown=1), "X01": Tally("low", open=1)},
        ),
        Column("C", "", "/c", {"EVT05": Tally("high", unknown=3)}),
        Column("D", "", "/d", {}),
    )

    def test_a_row_for_each_rule_that_fails_by_area(self) -> None:
        areas = heat(self.COLUMNS)
        assert [[row.rule for row in area.rows] for area in areas] == [["EVT05"], ["X01"]]
        row = areas[0].rows[0]
        assert [c.kind for c in row.cells] == ["high", "critical", "unknown", "none"]
        assert [c.count for c in row.cells] == [2, 1, 0, 0] and row.failing == 2
        assert row.title == RULES["EVT05"].title

    def test_several_designs_in_one_column_count_designs_not_places(self) -> None:
        sums = together(summed(c.tallies) for c in self.COLUMNS)
        assert (sums["EVT05"].severity, sums["EVT05"].open, sums["EVT05"].unknown) == (
            "critical",
            2,
            2,
        )

    def test_most_designs_first(self) -> None:
        found = frequent([summed(c.tallies) for c in self.COLUMNS])
        assert [(f.rule, f.designs, f.of, f.places) for f in found] == [
            ("EVT05", 2, 3, 3),
            ("X01", 1, 1, 1),
        ]


class TestChart:
    def test_one_score_is_no_line(self) -> None:
        assert chart([Point("1", 50, 90), Point("2", None, None)], "Revision") is None

    def test_places_stay_on_the_sheet_and_the_sentence_says_the_same(self) -> None:
        made = chart([Point(str(n), n * 40 % 101, 90) for n in range(1, 80)], "Revision")
        assert made
        places = [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", made.score)]
        assert len(places) == 79
        assert all(40 <= x <= 660 and 34 <= y <= 204 for x, y in places)
        assert len(made.columns) <= 12 and "Revision 1: 40." in made.said

    def test_a_better_score_stands_higher(self) -> None:
        made = chart([Point("1", 20, 50), Point("2", 80, 50)], "Revision")
        assert made and made.dots[0].y > made.dots[1].y


def test_months_end_where_the_next_begins() -> None:
    found = ends(datetime(2026, 3, 15, tzinfo=UTC))
    assert len(found) == 12 and found == sorted(found)
    assert found[0] == datetime(2025, 5, 1, tzinfo=UTC)
    assert found[-2:] == [datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 15, tzinfo=UTC)]


@pytest.mark.django_db(transaction=True)
class TestTeam:
    @pytest.fixture
    def people(self) -> Cast:
        people = cast()
        workflow.submit(
            people.team, people["editor"], SMALL, created=timezone.now() - timedelta(800)
        )
        workflow.submit(people.team, people["editor"], CLEAN)
        return people

    def test_the_page_shows_each_design_and_each_rule_that_fails(self, people: Cast) -> None:
        body = (
            people.client("viewer").get(f"/reviews/{people.team.slug}/portfolio/").content.decode()
        )
        assert "A small design" in body and "API01" in body and "/rules/API01/" in body
        assert "2 of 2 fail" in body and "/practice/?rule=API01" in body
        assert "overdue" in body and "A small design, API01: 1 critical" in body

    def test_waived_is_another_sheet(self, people: Cast) -> None:
        url = f"/reviews/{people.team.slug}/portfolio/"
        client = people.client("viewer")
        assert "Nothing is waived." in client.get(f"{url}?count=waived").content.decode()
        for odd in ("?count=x", "?page=0", "?page=99999", "?page=²", "?page=-1"):
            assert client.get(url + odd).status_code == 200

    def test_files_say_the_same_and_no_cell_is_a_formula(self, people: Cast) -> None:
        client, url = people.client("viewer"), f"/reviews/{people.team.slug}/portfolio"
        rows = list(csv.reader(io.StringIO(client.get(f"{url}.csv").content.decode())))
        assert rows[0] == ["rule", "title", "A small design", "'=cmd|calc", "failing"] or rows[0] == [
            "rule", "title", "'=cmd|calc", "A small design", "failing",
        ]  # fmt: skip
        assert ["API01", RULES["API01"].title, "1 critical", "1 critical", "2"] in rows
        found = client.get(f"{url}.json").json()["designs"]
        assert {one["design"] for one in found} == {"small", "other"}
        assert found[0]["rules"]["API01"]["open"] == 1
        assert client.get(f"{url}.exe").status_code == 404

    def test_the_day_follows_from_what_hangs_on_the_design(self, people: Cast) -> None:
        waiting = due(entries([people.team]), timezone.localdate())
        assert [d.entry.design.slug for d in waiting] == ["small", "other"]
        assert waiting[0].is_due and waiting[0].days < 0
        assert waiting[1].days == DAYS["low"] and not waiting[1].is_due

    def test_what_was_checked_with_older_rules_is_due(self, people: Cast) -> None:
        Run.objects.filter(revision__design__slug="other").update(pack_version="1999.1")
        waiting = due(entries([people.team]), timezone.localdate())
        assert all(one.is_due for one in waiting)
        assert ("checked with rules 1999.1",) in [one.why for one in waiting]

    def test_the_trend_begins_when_the_first_design_does(self, people: Cast) -> None:
        now = timezone.now()
        points = trend([people.team], now)
        one, both = points[0].score, points[-1].score
        assert one and both and "1 designs" in points[0].said and "2 designs" in points[-1].said
        assert trend([people.team], now - timedelta(days=2000))[-1].score is None

    def test_a_run_that_failed_or_waits_has_no_score(
        self, people: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(workflow, "send", lambda run_id: None)
        workflow.submit(people.team, people["editor"], SMALL.replace("id: small", "id: third"))
        body = (
            people.client("viewer").get(f"/reviews/{people.team.slug}/portfolio/").content.decode()
        )
        assert "not checked" in body

    def test_the_history_of_a_design_is_a_line_and_a_table(self, people: Cast) -> None:
        url = f"/reviews/{people.team.slug}/small/history/"
        assert "A line begins" in people.client("viewer").get(url).content.decode()
        design = people.team.designs.get(slug="small")
        for n in range(2, 56):
            text = SMALL.replace("memory_mb: 256", f"memory_mb: {256 + n}")
            workflow.submit(people.team, people["editor"], text, design=design)
        body = people.client("viewer").get(url).content.decode()
        assert "<title id=" in body and "Revision 55:" in body and body.count(">Compare<") >= 49
        assert f"/reviews/{people.team.slug}/small/3/" in body


@pytest.mark.django_db(transaction=True)
class TestOrganisation:
    @pytest.fixture
    def people(self) -> Cast:
        people = cast()
        workflow.submit(people.team, people["editor"], SMALL)
        return people

    @pytest.fixture
    def group(self, people: Cast) -> Organisation:
        return organising.found("Print Works", people["stranger"])

    def link(self, people: Cast, group: Organisation, whom: str) -> str:
        client = people.client("stranger")
        client.post(f"{group.get_absolute_url()}invitations/", {"whom": whom, "note": "them"})
        body = client.get(group.manage_url()).content.decode()
        shown = re.search(r'value="http://testserver(/reviews/organisations/join/[\w-]+/)"', body)
        assert shown and shown[1] not in client.get(group.manage_url()).content.decode()
        return shown[1]

    def test_it_is_founded_by_who_leads_it(self, people: Cast) -> None:
        client = people.client("stranger")
        made = client.post("/reviews/organisations/new/", {"name": "New"})
        assert made.status_code == 302
        assert Organisation.objects.get().slug == "new-2", "the word stands in addresses"
        assert client.post("/reviews/organisations/new/", {"name": ""}).status_code == 422

    def test_a_team_comes_through_its_owner_and_is_then_seen_by_members(
        self, people: Cast, group: Organisation
    ) -> None:
        url = self.link(people, group, "team")
        for name in ("viewer", "editor"):
            sent = people.client(name).post(url, {"team": people.team.pk})
            assert sent.status_code == 422, name
        assert not OrganisationTeam.objects.exists()
        assert people.client("owner").post(url, {"team": people.team.pk}).status_code == 302
        assert people.client("owner").post(url, {"team": people.team.pk}).status_code == 410
        body = people.client("stranger").get(group.get_absolute_url()).content.decode()
        assert people.team.name in body and "API01" in body
        assert f"/reviews/{people.team.slug}/" not in body, "a stranger of the team gets no links"
        assert f"/reviews/{people.team.slug}/" in (
            people.client("owner").get(group.get_absolute_url()).content.decode()
        )
        assert people.client("stranger").get(f"/reviews/{people.team.slug}/").status_code == 404
        assert Event.objects.filter(kind="organisation.joined", team=people.team).count() == 1
        for form in ("csv", "json"):
            found = people.client("stranger").get(f"{group.get_absolute_url()}portfolio.{form}")
            assert b"API01" in found.content

    def test_of_two_organisations_a_team_belongs_to_the_first(
        self, people: Cast, group: Organisation
    ) -> None:
        for expected in (302, 422):
            url = self.link(people, group, "team")
            sent = people.client("owner").post(url, {"team": people.team.pk})
            assert sent.status_code == expected

    def test_a_person_joins_to_read(self, people: Cast, group: Organisation) -> None:
        url = self.link(people, group, "person")
        assert people.client("viewer").get(group.get_absolute_url()).status_code == 404
        assert people.client("viewer").post(url, {"team": people.team.pk}).status_code == 302
        assert people.client("viewer").get(group.get_absolute_url()).status_code == 200
        assert not OrganisationTeam.objects.exists(), "an invitation of a person brings no team"

    def test_members_read_and_leaders_lead(self, people: Cast, group: Organisation) -> None:
        member = group.members.create(user=people["viewer"])
        base = group.get_absolute_url()
        posts = {
            f"{base}invitations/": {"whom": "team"}, f"{base}rename/": {"organisation-name": "x"},
            f"{base}people/{member.pk}/lead/": {"leads": "1"}, f"{base}delete/": {},
            f"{base}people/{group.members.get(leads=True).pk}/remove/": {},
        }  # fmt: skip
        for url, data in posts.items():
            assert people.client("viewer").post(url, data).status_code == 404, url
            assert people.client("editor").post(url, data).status_code == 404, url
        assert people.client("viewer").post(f"{base}people/{member.pk}/remove/").status_code == 302
        assert people.client("viewer").get(base).status_code == 404

    def test_the_last_leader_stays(self, people: Cast, group: Organisation) -> None:
        leader = group.members.get()
        client, base = people.client("stranger"), group.get_absolute_url()
        assert client.post(f"{base}people/{leader.pk}/remove/").status_code == 422
        assert client.post(f"{base}people/{leader.pk}/lead/", {"leads": "0"}).status_code == 422
        second = group.members.create(user=people["viewer"])
        client.post(f"{base}people/{second.pk}/lead/", {"leads": "1"})
        assert client.post(f"{base}people/{leader.pk}/remove/").status_code == 302
        assert group.is_led_by(people["viewer"])

    @pytest.mark.parametrize("name", ["owner", "stranger"])
    def test_an_owner_takes_the_team_out_and_so_may_a_leader(
        self, people: Cast, group: Organisation, name: str
    ) -> None:
        OrganisationTeam.objects.create(organisation=group, team=people.team)
        url = f"{group.get_absolute_url()}teams/{people.team.slug}/release/"
        for other in ("viewer", "editor"):
            assert people.client(other).post(url).status_code == 404
        assert people.client(name).post(url).status_code == 302
        assert not OrganisationTeam.objects.exists()
        assert Event.objects.filter(kind="organisation.left").count() == 1

    def test_revoked_and_old_invitations_admit_nobody(
        self, people: Cast, group: Organisation
    ) -> None:
        url = self.link(people, group, "person")
        made = OrganisationInvitation.objects.get()
        people.client("stranger").post(f"{group.get_absolute_url()}invitations/{made.pk}/revoke/")
        assert people.client("viewer").post(url).status_code == 410
        OrganisationInvitation.objects.update(revoked=None, expires=timezone.now())
        assert people.client("viewer").post(url).status_code == 410
        assert not group.members.filter(user=people["viewer"]).exists()

    def test_dissolving_leaves_the_teams(self, people: Cast, group: Organisation) -> None:
        OrganisationTeam.objects.create(organisation=group, team=people.team)
        people.client("stranger").post(f"{group.get_absolute_url()}delete/")
        assert not Organisation.objects.exists() and Team.objects.filter(pk=people.team.pk).exists()

    def test_many_teams_take_a_fixed_number_of_queries(
        self, people: Cast, group: Organisation, django_assert_max_num_queries
    ) -> None:
        for n in range(30):
            team = Team.objects.create(slug=f"t{n}", name=f"Team {n}")
            Membership.objects.create(team=team, user=people["owner"], role=Role.OWNER)
            workflow.submit(team, people["owner"], SMALL)
            OrganisationTeam.objects.create(organisation=group, team=team)
        client = people.client("stranger")
        with django_assert_max_num_queries(12):
            body = client.get(group.get_absolute_url()).content.decode()
        assert "Parts of the sheet" in body
        assert client.get(f"{group.get_absolute_url()}?page=2").status_code == 200


def test_severity_is_the_worst_of_those_that_fail() -> None:
    worse = Tally("critical", open=1)
    designs = [summed({"A": Tally("low", open=1)}), summed({"A": worse})]
    assert together(designs)["A"].severity == "critical"
