"""What holds for every page: axe finds nothing, nothing overflows a phone, nothing needs a script."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.pages import PUBLIC

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def violations(page: Any) -> list[str]:
    """What axe finds, a line each: rule, element, reason."""
    result = Axe().run(page)
    return [
        f"{found['id']}: {node['target']}: {node['failureSummary']}"
        for found in result.response["violations"]
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(open_page: Any, theme: str) -> None:
    found = {
        path: lines
        for path in PUBLIC
        if path != "/no-such-page/" and (lines := violations(open_page(path, theme=theme)))
    }
    assert found == {}, found


def test_nothing_is_wider_than_a_phone_of_320_pixels(open_page: Any) -> None:
    wide = {}
    for path in PUBLIC:
        if path == "/no-such-page/":
            continue
        page = open_page(path, width=320)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[path] = width
    assert wide == {}


def test_every_page_reads_without_a_script(open_page: Any) -> None:
    for path in PUBLIC:
        if path == "/no-such-page/":
            continue
        page = open_page(path, js=False)
        assert page.locator("main h1").count() >= 1, path
        assert page.locator("main").inner_text().strip(), path
