"""Every page of teams and reviews as a member sees it, each loaded once: axe, a phone's width, a
keyboard that reaches what there is to press; and again without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.browser.members import pages
from tests.browser.test_every_page import violations

pytestmark = pytest.mark.browser

Go = Callable[[str], Any]
SHOP = "/reviews/team-prints/shop-monolith/"

# What must be among them, so that none falls out unseen.
FEWEST = 45
SURE = ("/findings/", "/findings/patch/", "/talk/", "/waivers/", "/plan/", "/plan/new/", "/panel/",
        "/tokens/", "/webhooks/", "/log/", "/notices/", "/you/stored/", "/drafts/")  # fmt: skip

# Every control can be reached: none is taken out of the order, hidden ones are out of it.
UNREACHED = """() => [...document.querySelectorAll('main a[href],main button,main input,main select,main textarea,main summary')]
  .filter(e => e.type !== 'hidden' && !e.disabled && e.getClientRects().length && e.tabIndex < 0)
  .map(e => e.outerHTML.slice(0, 90))"""
UNSENT = """() => [...document.querySelectorAll('main form')]
  .filter(f => ![...f.elements].some(e => e.type === 'submit'))
  .map(f => f.outerHTML.slice(0, 90))"""
FOCUS = "() => document.activeElement && document.activeElement.outerHTML.slice(0, 60)"


@pytest.fixture
def member(browser: Any, site: str) -> Iterator[tuple[list[str], Callable[..., Go]]]:
    """The addresses, and `start(js=...)` that leads one signed-in page from one to the next."""
    owner, found = pages()
    client = Client()
    client.force_login(owner)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    contexts: list[Any] = []
    faults: list[str] = []

    def start(*, js: bool = True) -> Go:
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, java_script_enabled=js
        )
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
        contexts.append(context)
        page, at = context.new_page(), [""]
        page.on("pageerror", lambda e: faults.append(f"{at[0]}: {e}"))
        page.on(
            "console",
            lambda m: faults.append(f"{at[0]}: {m.text}") if m.type == "error" else None,
        )

        def go(path: str) -> Any:
            at[0] = path
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(site + path)
            return page

        return go

    yield found, start
    for context in contexts:
        context.close()
    assert faults == []


def test_axe_width_and_keyboard(member: tuple[list[str], Callable[..., Go]]) -> None:
    addresses, start = member
    assert len(addresses) >= FEWEST
    assert all(any(part in address for address in addresses) for part in SURE)
    go, found = start(), {}
    for path in addresses:
        page = go(path)
        assert "/accounts/login/" not in page.url, path
        if lines := violations(page):
            found[path] = lines
        if lost := page.evaluate(UNREACHED):
            found[f"{path} (keyboard)"] = lost
        page.keyboard.press("Tab")
        first = page.evaluate(FOCUS)
        page.keyboard.press("Tab")
        if page.evaluate(FOCUS) == first:
            found[f"{path} (Tab)"] = first
        page.set_viewport_size({"width": 320, "height": 700})
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            found[f"{path} (320)"] = width
    assert found == {}, found


def test_without_a_script_by_keyboard(member: tuple[list[str], Callable[..., Go]]) -> None:
    """One site for all of it: to fill it takes longer than to look at its pages."""
    addresses, start = member
    go = start(js=False)
    for path in addresses:
        page = go(path)
        assert page.locator("main h1").count() == 1, path
        # A form without a script has a button, or it could not be sent.
        assert page.evaluate(UNSENT) == [], path
    _a_plan_in_order(go)
    _several_findings_in_one_draft(go)


def _a_plan_in_order(go: Go) -> None:
    page = go(f"{SHOP}plan/")
    names = [row.inner_text() for row in page.locator(".plan tbody a.name").all()[:2]]
    page.locator(".plan button[value=down]").first.press("Enter")
    page.wait_for_url("**/plan/#a*")
    moved = [row.inner_text() for row in page.locator(".plan tbody a.name").all()[:2]]
    assert moved == names[::-1]
    page.get_by_role("link", name="Add an action").press("Enter")
    page.get_by_label("What is to be done").fill("Call the supplier")
    page.keyboard.press("Enter")
    page.wait_for_url("**/plan/#a*")
    page.get_by_role("link", name="Call the supplier").press("Enter")
    page.get_by_role("button", name="Take it out").press("Enter")
    page.get_by_role("button", name="Bring back “Call the supplier”").press("Enter")
    page.get_by_text("is in the plan again").wait_for()


def _several_findings_in_one_draft(go: Go) -> None:
    page = go(f"{SHOP}findings/?severity=low")
    for box in page.locator("input[name=finding]").all()[:2]:
        box.press("Space")
    page.get_by_role("button", name="One patch for what is ticked").press("Enter")
    assert page.locator("h1").inner_text() == "A patch for 2 findings"
