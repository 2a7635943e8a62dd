"""Saved assessments in a real browser: every page of a member, and a whole way without a script."""

from __future__ import annotations

from typing import Any

import pytest

from fit.assessments import workflow
from fit.models import Assessment
from teams.models import User
from tests.browser.test_every_page import violations
from tests.browser.test_review import sign_in

pytestmark = pytest.mark.browser

RESULT = "/fit/result/?trigger=events&traffic=spiky&latency=async"


def addresses() -> list[str]:
    """One of each kind of page that a member sees, with an open round among them."""
    found = Assessment.objects.get()
    opened = workflow.open_round(found, User.objects.get(username="mara"))
    own = found.get_absolute_url()
    return [
        "/fit/saved/", "/fit/decisions/", "/fit/teams/team-prints/",
        "/fit/teams/team-prints/decisions/", RESULT.replace("result", "save"),
        own, f"{own}versions/1/", f"{own}rounds/1/", opened.get_absolute_url(),
        f"{opened.get_absolute_url()}answer/", f"{own}decisions/1/", f"{own}decisions/new/",
    ]  # fmt: skip


def signed_in(open_page: Any, **options: Any) -> Any:
    page = open_page("/accounts/login/", **options)
    sign_in(page, "/fit/saved/")
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_members_pages(open_page: Any, site: str, theme: str) -> None:
    page, found = signed_in(open_page, theme=theme), {}
    for path in addresses():
        page.goto(site + path)
        if lines := violations(page):
            found[path] = lines
    assert found == {}, found


def test_a_members_pages_fit_a_phone(open_page: Any, site: str) -> None:
    page, wide = signed_in(open_page, width=320), {}
    for path in addresses():
        page.goto(site + path)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[path] = width
    assert wide == {}


def test_from_a_result_to_a_shared_decision_without_a_script(open_page: Any, site: str) -> None:
    page = open_page(RESULT, js=False)
    page.click('main >> text="Save"')
    page.click('main >> text="Sign in"')
    page.fill("[name=login]", "tomasz")
    page.fill("[name=password]", "warmstart-demo")
    page.click("main form button[type=submit]")
    page.fill("[name=name]", "Contact sheets")
    page.select_option("[name=where]", "team-prints")
    page.click("main .stack .btn-main")
    assert page.locator("h1").inner_text() == "Contact sheets"
    page.click("text=Make a link")
    link = page.locator("#link").input_value()
    page.click("text=Open a round")
    page.click("text=Answer alone")
    page.check("[name=trigger][value=http]")
    page.click("text=Send my answers")
    page.click("text=Close the round")
    page.click("text=Keep this as the next version")
    page.click("text=Write down a decision")
    page.fill("[name=title]", "Contact sheets run in containers")
    page.fill("[name=decision]", "Callers wait.")
    page.click("main .stack .btn-main")
    page.click("text=Accept it")
    assert page.locator(".dossier .meta b").inner_text() == "Accepted"
    stranger = open_page(link.removeprefix(site), js=False)
    assert stranger.locator("h1").inner_text() == "Contact sheets"
