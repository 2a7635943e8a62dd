"""The whole way of a design, as two people of one team go it in their browsers: from the accounts
and the invitation over an upload with a typo, talk, a waiver for two and a patch to the panel's
approval, the report that is shared, and leaving."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from reviews.judging import panels
from reviews.judging.rubric import rubric
from reviews.models import Panel
from teams.models import Membership, Role, Team, User

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SECRET = "kettle-orbit-91"
HOME = "/reviews/parcel-desk/"
DESIGN = HOME + "parcels/"
TEXT = """\
model: sdm/1
design: {id: parcels, title: "Parcels, tracked", criticality: medium}
components:
  - {id: app, kind: client}
  - {id: api, kind: api, public: true, auth: none}
  - {id: work, kind: functoin, timeout_s: 20, memory_mb: 256, secrets: env_plain}
  - {id: jobs, kind: queue, visibility_s: 120, max_receive: 5}
edges:
  - {from: app, to: api, kind: call}
  - {from: api, to: jobs, kind: publish}
  - {from: jobs, to: work, kind: poll, batch_window_s: 0}
"""


@pytest.fixture
def site(live_server: Any, transactional_db: None) -> str:
    """An empty site: these people make all that they need."""
    return str(live_server.url)


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, page: Any) -> None:
        self.page = page
        parts = urlsplit(page.url)
        self.site = f"{parts.scheme}://{parts.netloc}"

    def go(self, path: str) -> Any:
        self.page.goto(path if path.startswith("http") else self.site + path)
        return self.page

    def press(self, name: str) -> None:
        """The button or link of this name in the page itself, by its accessible name."""
        main = self.page.locator("main")
        found = main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name))
        found.first.click()

    def make_account(self, name: str) -> None:
        for field, value in (("email", f"{name}@example.org"), ("username", name)):
            self.page.fill(f"[name={field}]", value)
        for field in ("password1", "password2"):
            self.page.fill(f"[name={field}]", SECRET)
        self.press("Make the account")

    def finding(self, rule: str) -> None:
        self.go(f"{DESIGN}findings/")
        self.page.locator(".followed li", has_text=rule).locator(".what a").click()


def test_from_the_first_account_to_the_approval(open_page: Any, tmp_path: Path) -> None:
    olga = Person(open_page("/reviews/"))
    olga.press("Keep designs with a team")
    olga.make_account("olga")
    olga.press("New team")
    olga.page.fill("[name=name]", "Parcel desk")
    olga.press("Make the team")
    olga.page.locator("form.stack select[name=role]").select_option("reviewer")
    olga.page.fill("[name=note]", "Rhea")
    olga.press("Make an invitation")
    rhea = Person(open_page(urlsplit(olga.page.input_value("#link")).path))
    assert "olga invites you" in rhea.page.inner_text("main")
    rhea.press("Make an account")
    rhea.make_account("rhea")
    rhea.press("Join the team")
    rhea.page.wait_for_url(f"**{HOME}")

    _upload(olga, tmp_path)
    _looks_right(olga)
    _talk(olga, rhea)
    _waive(olga, rhea)
    _patch(olga)
    _judge(olga, rhea)
    _share(olga)

    rhea.go("/teams/parcel-desk/").get_by_text("Leave the team").click()
    rhea.press("Leave Parcel desk")
    rhea.page.wait_for_url("**/teams/")
    former = Client()
    former.force_login(User.objects.get(username="rhea"))
    assert {former.get(path).status_code for path in (HOME, DESIGN, f"{DESIGN}talk/")} == {404}


def _upload(olga: Person, tmp_path: Path) -> None:
    """A file with a typo is opened in the editor, mended there and submitted."""
    file = tmp_path / "parcels.yaml"
    file.write_text(TEXT, encoding="utf-8")
    olga.go(f"{HOME}new/").set_input_files("[name=file]", file)
    olga.press("Open in the editor")
    olga.page.wait_for_selector("#panel [data-replace]")
    olga.page.wait_for_selector("#draft-form.on")  # the script listens
    olga.page.click("#panel [data-replace]")
    olga.page.wait_for_selector("#text-state:has-text('A design')")
    olga.press("Submit revision 1 …")
    olga.page.fill("[name=note]", "as it runs")
    olga.press("Submit revision 1")
    olga.page.wait_for_url(f"**{DESIGN}1/")


def _looks_right(olga: Person) -> None:
    """The three parts of the score stand side by side over the page, and the list of findings has
    its lines: a rule of the stylesheet that takes too much shows here first."""
    boxes = [olga.page.locator(".scores > section").nth(n).bounding_box() for n in range(3)]
    assert all(left["x"] + left["width"] <= right["x"] for left, right in pairwise(boxes))
    assert boxes[2]["x"] + boxes[2]["width"] > 1000
    olga.go(f"{DESIGN}findings/")
    style = "getComputedStyle(document.querySelector('.followed > li'))"
    assert olga.page.evaluate(f"{style}.display + {style}.borderLeftWidth") == "grid3px"


def _talk(olga: Person, rhea: Person) -> None:
    olga.finding("EVT01")
    olga.page.get_by_label("Assigned to").select_option(label="rhea")
    olga.press("Assign")
    olga.page.fill("main textarea", "Do we need **one** here, @rhea?")
    olga.press("Begin a thread")
    olga.page.wait_for_selector("#comments strong")
    rhea.go("/teams/notices/")
    rhea.page.click("text=olga mentioned you on EVT01")
    rhea.page.fill("main textarea", "Yes: some addresses are refused for ever.")
    rhea.press("Reply")
    rhea.press("Resolve")
    rhea.page.wait_for_selector("text=resolved")


def _waive(olga: Person, rhea: Person) -> None:
    olga.finding("SEC05")
    olga.press("Propose a waiver")
    olga.page.select_option("[name=category]", "accepted")
    olga.page.fill("[name=reason]", "A public test key, until the store is there.")
    olga.press("Propose")
    olga.page.wait_for_selector("text=Somebody else has to agree")
    rhea.go(olga.page.url)
    rhea.press("Approve")
    rhea.page.wait_for_selector("text=in force")


def _patch(olga: Person) -> None:
    olga.finding("EVT01")
    olga.press("Show a patch")
    olga.press("Open it in the editor")
    olga.press("Submit revision 2 …")
    olga.press("Submit revision 2")
    olga.page.wait_for_url(f"**{DESIGN}2/")
    olga.press("Compare with 1")
    assert "Queue without dead-letter queue" in olga.page.inner_text("section:has(#fate-fixed)")
    assert "beneath that cap it went from" in olga.page.inner_text(".delta")


def _judge(olga: Person, rhea: Person) -> None:
    """Two who did not write it judge it, one of them here; the score is covered until then."""
    mia = User.objects.create_user("mia", "mia@example.org")
    team = Team.objects.get(slug="parcel-desk")
    Membership.objects.create(team=team, user=mia, role=Role.REVIEWER)
    olga.go(f"{DESIGN}2/")
    olga.press("Open a panel")
    for name in ("mia", "rhea"):
        olga.page.locator("main label", has_text=name).locator("input").check()
    olga.page.check("[name=hide_score]")
    olga.press("Open the panel")
    rhea.go(f"{DESIGN}2/")
    assert rhea.page.locator(".scores").count() == 0
    rhea.press("Give your marks")
    for criterion in rubric().criteria:
        rhea.page.check(f"[name=mark-{criterion.id}][value='3']")
    for reason in rhea.page.locator("main textarea").all():
        reason.fill("Figures with units, each with whom it serves.")
    rhea.press("Send my marks")
    rhea.page.wait_for_selector("text=Your marks are sent")
    seat = Panel.objects.get().seats.get(user=mia)
    panels.mark(seat, {c.id: (3, "As stated.") for c in rubric().criteria})
    seat.refresh_from_db()
    panels.decide(seat, "approve", "")
    rhea.go(f"{DESIGN}2/panel/").check("[name=verdict][value=approve]")
    rhea.press("Decide")
    olga.go(f"{DESIGN}2/panel/")
    olga.press("Close the panel")
    olga.go(f"{DESIGN}2/")
    assert "Approve" in olga.page.inner_text(".beside")
    assert olga.page.inner_text(".beside .human") == "75"


def _share(olga: Person) -> None:
    """Who has the link reads the frozen report until the link is revoked."""
    olga.go(f"{DESIGN}reports/")
    olga.page.fill("[name=note]", "Steering meeting")
    olga.press("Freeze a report")
    olga.press("Make a link")
    path = urlsplit(olga.page.input_value("input.linkbox")).path
    guest = Client()
    assert b"Parcels, tracked" in guest.get(path).content
    assert guest.get(f"{path}report.sarif").status_code == 200
    olga.page.locator("main button", has_text="Revoke").click()
    olga.page.wait_for_selector("text=The link is revoked")
    assert guest.get(path).status_code == 410
