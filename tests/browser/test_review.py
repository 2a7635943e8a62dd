"""A review from the form to the comparison in a real browser, with scripts and without."""

from __future__ import annotations

from typing import Any

import pytest

from reviews import demonstration, workflow
from reviews.models import Run
from teams.models import Team, User
from tests.reviews.test_submitting import SMALL

pytestmark = pytest.mark.browser

TEAM = f"/reviews/{demonstration.SLUG}/"


def sign_in(page: Any, next: str) -> None:
    page.goto(page.url.partition("/accounts/")[0] + f"/accounts/login/?next={next}")
    page.fill("[name=login]", "mara")
    page.fill("[name=password]", demonstration.PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**" + next)


def submit(page: Any, text: str) -> None:
    page.fill("[name=text]", text)
    page.click("main form.stack .btn-main")


@pytest.mark.parametrize("js", [True, False])
def test_a_design_is_submitted_revised_and_compared(open_page: Any, js: bool) -> None:
    page = open_page("/accounts/login/", js=js)
    sign_in(page, TEAM + "new/")
    submit(page, SMALL)
    page.wait_for_url(f"**{TEAM}small/1/")
    assert page.locator(".plate .pin").count() >= 1
    assert page.locator("details.finding[open] a[href^='/guide/']").count() == 1
    page.click("text=New revision")
    page.fill("[name=text]", SMALL.replace("auth: none", "auth: jwt"))
    page.click("text=Submit revision 2")
    page.wait_for_selector("[name=note]")
    page.click("button:has-text('Submit revision 2')")
    page.wait_for_url(f"**{TEAM}small/2/")
    page.click("text=Compare with 1")
    assert page.locator("#fate-fixed").inner_text() == "Fixed, 1"
    assert page.locator(".plate .mark-changed").count() >= 1


def test_a_waiting_page_shows_progress_and_then_the_result(
    open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page("/reviews/")
    with monkeypatch.context() as held:
        held.setattr(workflow, "send", lambda run_id: None)
        team, by = Team.objects.get(slug=demonstration.SLUG), User.objects.get(username="mara")
        run = workflow.submit(team, by, SMALL)
    base = page.url.partition("/reviews/")[0]
    page.goto(base + run.revision.get_absolute_url())
    assert page.locator("progress").get_attribute("value") == "0"
    Run.objects.filter(pk=run.pk).update(progress=30, doing="Checking the rules")
    page.wait_for_selector("text=Checking the rules")
    assert page.locator("progress").get_attribute("value") == "30"
    workflow.score(run.pk)
    page.wait_for_selector("text=Automatic score")


def test_a_pins_number_leads_to_its_finding_even_in_a_closed_row(open_page: Any) -> None:
    page = open_page(TEAM + "photo-orders/2/#f2")
    page.locator("#f2").wait_for()
