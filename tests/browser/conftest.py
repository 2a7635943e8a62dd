"""A live site with the demonstration team, and pages that fail on any console error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command

from scenarios.catalogue import catalogue
from tests import filled

Open = Callable[..., Any]
Visit = Callable[[str], Any]


@pytest.fixture
def site(live_server: Any, transactional_db: None) -> str:
    """The address of a live server that holds the demonstration team."""
    filled.put_back("demo", lambda: call_command("demo", verbosity=0))
    catalogue()  # Read before a page has to wait for it.
    return str(live_server.url)


@pytest.fixture
def open_page(browser: Any, site: str) -> Iterator[Open]:
    """`open_page(path, theme=..., width=..., js=...)` gives a Playwright page there.

    At the end, whatever a page wrote to the console as an error (a script that failed, a
    resource that the Content-Security-Policy refused) fails the test.
    """
    contexts: list[Any] = []
    faults: list[str] = []

    def open_(path: str, *, theme: str = "light", width: int = 1280, js: bool = True) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, java_script_enabled=js
        )
        contexts.append(context)
        page = context.new_page()
        _listen(page, site, lambda: path, faults)
        page.goto(site + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def visit(browser: Any, site: str) -> Iterator[Callable[..., Visit]]:
    """`visit()` gives a function that leads one page from address to address, which is much
    quicker than a page for each; errors are watched as by `open_page`."""
    contexts: list[Any] = []
    faults: list[str] = []

    def start(*, js: bool = True) -> Visit:
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, java_script_enabled=js
        )
        contexts.append(context)
        page, at = context.new_page(), [""]
        _listen(page, site, lambda: at[0], faults)

        def go(path: str) -> Any:
            at[0] = path
            page.set_viewport_size({"width": 1280, "height": 900})
            page.emulate_media(color_scheme="light")
            page.goto(site + path)
            return page

        return go

    yield start
    for context in contexts:
        context.close()
    assert faults == []


def _listen(page: Any, site: str, where: Callable[[], str], faults: list[str]) -> None:
    """Notes errors of scripts and of the console, and any request that leaves the site."""
    page.on("pageerror", lambda e: faults.append(f"{where()}: {e}"))
    page.on(
        "console", lambda m: faults.append(f"{where()}: {m.text}") if m.type == "error" else None
    )
    page.on(
        "request",
        lambda r: (
            None if r.url.startswith((site, "data:")) else faults.append(f"{where()}: {r.url}")
        ),
    )
