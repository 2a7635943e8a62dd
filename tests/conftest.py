"""What all tests share: files of their own, a real Redis, a real browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from tests import chromium, emptying, servers

# A deadline is a clock, and no test looks at one.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

# A live server and a synchronous Playwright share the process; Django's guard would take the
# browser's event loop for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

emptying.install()


def pytest_configure() -> None:
    """Passwords of tests are hashed once, not a million times; a database that is migrated already
    is copied."""
    from django.conf import settings as site
    from django.db import connection

    site.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if template := os.environ.get("TEST_TEMPLATE"):
        connection.settings_dict["TEST"]["TEMPLATE"] = template


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The Redis of `make test`, else one of our own."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
    else:
        with servers.redis() as url:
            yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for the session."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium.ensure(),
            args=[
                *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
                *("--disable-component-update", "--disable-sync", "--no-first-run"),
            ],
        )
        yield started
        started.close()
