"""A live site with the demonstration team, and pages that fail on any console error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command

Open = Callable[..., Any]


@pytest.fixture
def site(live_server: Any, transactional_db: None) -> str:
    """The address of a live server that holds the demonstration team."""
    call_command("demo", verbosity=0)
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
        page.on("pageerror", lambda e: faults.append(f"{path}: {e}"))
        page.on(
            "console", lambda m: faults.append(f"{path}: {m.text}") if m.type == "error" else None
        )
        page.on(
            "request",
            lambda r: (
                None if r.url.startswith((site, "data:")) else faults.append(f"{path}: {r.url}")
            ),
        )
        page.goto(site + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []
