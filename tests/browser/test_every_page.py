"""What holds for every page: axe finds nothing, nothing overflows a phone, nothing needs a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visit
from tests.browser.pages import PUBLIC

pytestmark = pytest.mark.browser


PAGES = [path for path in PUBLIC if path != "/no-such-page/"]


LIKE_OTHERS = [[f"{row}:nth-child(n+12)"] for row in ("tr", "li", "section", "article", "dl > *")]


def dark(page: Any) -> list[str]:
    """Colours once more in the dark theme; of long lists the first entries, as what follows has
    the same colours."""
    page.emulate_media(color_scheme="dark")
    return violations(page, {"exclude": LIKE_OTHERS}, runOnly=["color-contrast"])


def violations(page: Any, context: Any = None, **options: Any) -> list[str]:
    """What axe finds, a line each: rule, element, reason."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(Axe().axe_script)
    # What passes is not told: to write it down takes as long as to look at the page.
    told = page.evaluate(
        "([c, o]) => axe.run(c || document, o)",
        [context, {"resultTypes": ["violations"], **options}],
    )
    return [
        f"{found['id']}: {node['target']}: {node['failureSummary']}"
        for found in told["violations"]
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("part", range(4))
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(
    visit: Callable[..., Visit], part: int
) -> None:
    """Everything in the light theme; colours once more in the dark one; then 320 pixels."""
    found: dict[str, object] = {}
    go = visit()
    for path in PAGES[part::4]:
        page = go(path)
        if lines := violations(page):
            found[path] = lines
        if lines := dark(page):
            found[f"{path} (dark)"] = lines
        page.set_viewport_size({"width": 320, "height": 700})
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            found[f"{path} (320)"] = width
    assert found == {}, found


def test_every_page_reads_without_a_script(visit: Callable[..., Visit]) -> None:
    go = visit(js=False)
    for path in PAGES:
        page = go(path)
        assert page.locator("main h1").count() >= 1, path
        assert page.locator("main").inner_text().strip(), path
