"""Finds a Chromium, installs one where that is possible, or says what to do.

Looked for in this order: $CHROMIUM, the PATH, Playwright's own; the one without windows first,
which opens a page in a third of the time. Installed by Debian's
package where this runs as root and apt exists, else by Playwright.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def find() -> str | None:
    """The path of a Chromium that is here already."""
    given = os.environ.get("CHROMIUM")
    if given and Path(given).is_file():
        return given
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).is_file() else None


def ensure() -> str:
    """The path of a Chromium, installed if need be. Raises SystemExit saying what to do."""
    if path := find():
        return path
    sys.stdout.write("No Chromium found; installing one ...\n")
    attempts: list[list[str]] = []
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        attempts += [[*install, name] for name in _NAMES[:2]]
    attempts.append([sys.executable, "-m", "playwright", "install", "chromium"])
    for command in attempts:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)
        if done.returncode == 0 and (path := find()):
            return path
    raise SystemExit(
        "The browser tests need a Chromium and none could be installed. Install your system's\n"
        "package (Debian: apt install chromium), or run `.venv/bin/playwright install chromium`,\n"
        "or point CHROMIUM at an executable; then run `make test` again."
    )
