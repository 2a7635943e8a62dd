"""Reading without a connection, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from guide.editions import offline

pytestmark = pytest.mark.browser

KEPT = "/guide/serverless-fundamentals/"


def test_the_book_is_kept_on_request_read_without_a_connection_and_removed(
    browser: Any, site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "VAR", tmp_path)
    offline.build(["/book/", KEPT, offline.FALLBACK])
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/book/")
    page.locator("[data-offline]").get_by_text("MB to fetch").wait_for()
    assert page.evaluate("caches.keys()") == []
    page.get_by_role("button", name="Keep it here").click()
    page.get_by_role("button", name="Remove it").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")

    context.set_offline(True)
    page.goto(site + KEPT)
    assert page.locator("h1").inner_text() == "Serverless Fundamentals"
    page.goto(f"{site}/search?q=queue")
    assert page.locator("h1").inner_text() == "This page needs a connection"

    context.set_offline(False)
    page.goto(f"{site}/book/")
    page.get_by_role("button", name="Remove it").click()
    page.get_by_role("button", name="Keep it here").wait_for()
    assert page.evaluate("caches.keys()") == []
    context.close()
