"""Public pages belong to nobody: no cookie, no Vary: Cookie, the same bytes from every process."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

from guide.addresses import public_paths

ROOT = Path(__file__).resolve().parents[2]

_DIGESTS = """
import hashlib, json, django
django.setup()
from django.test import Client
from guide.addresses import public_paths
client = Client(SERVER_NAME="localhost")
print(json.dumps({p: hashlib.sha256(client.get(p).content).hexdigest() for p in sorted(public_paths())}))
"""


@pytest.fixture(scope="module")
def answers() -> dict[str, HttpResponse]:
    """Every public page, asked for once by a guest."""
    client = Client(SERVER_NAME="localhost")
    return {path: client.get(path) for path in sorted(public_paths())}


def test_public_pages_set_no_cookie_and_do_not_vary_on_one(
    answers: dict[str, HttpResponse],
) -> None:
    assert len(answers) > 100
    for path, response in answers.items():
        assert response.status_code == 200, path
        assert not response.cookies, path
        assert "cookie" not in response.headers.get("Vary", "").lower(), path


def test_another_process_gives_the_same_bytes(answers: dict[str, HttpResponse]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _DIGESTS],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = json.loads(done.stdout)
    ours = {path: hashlib.sha256(found.content).hexdigest() for path, found in answers.items()}
    assert {p for p in ours if ours[p] != theirs[p]} == set()
