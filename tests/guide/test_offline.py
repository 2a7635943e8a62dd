"""What a browser keeps for reading without a connection."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from guide.addresses import pages
from guide.editions import offline

FEW = ["/guide/", "/guide/serverless-fundamentals/", offline.FALLBACK]


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "VAR", tmp_path)
    return tmp_path


def test_the_list_says_how_much_it_is(var: Path, client: Client) -> None:
    assert client.get("/book/offline.json").json() is None
    made = offline.build(FEW)
    response = client.get("/book/offline.json")
    assert response.json() == made and response["Cache-Control"] == "no-cache"
    paths = made["paths"]
    assert isinstance(paths, list) and paths[:3] == FEW
    assert "/static/book.css" in paths and "/static/more.js" in paths
    size = sum(len(client.get(path).content) for path in FEW)
    assert isinstance(made["stored"], int) and made["stored"] > size
    assert isinstance(made["fetch"], int) and 1000 < made["fetch"] < made["stored"] / 2


def test_every_page_that_is_read_is_on_it() -> None:
    listed = set(offline.reading())
    for page in pages():
        wanted = page.startswith(("/guide/", "/glossary/", "/patterns/")) or page == "/"
        assert not wanted or page in listed or page == "/glossary/map/", page
    assert listed - set(pages()) == {"/book/", offline.FALLBACK}


def test_the_worker_is_at_the_root_and_is_asked_for_anew(client: Client) -> None:
    response = client.get("/offline-worker.js")
    assert response["Content-Type"] == "text/javascript" and response["Cache-Control"] == "no-cache"
    assert f'FALLBACK = "{offline.FALLBACK}"' in response.content.decode()
    assert "worker-src 'self'" in response["Content-Security-Policy"]


def test_nothing_is_kept_unasked(client: Client) -> None:
    for path in ("/", "/guide/", "/book/all/"):
        assert b"offline.js" not in client.get(path).content
    page = client.get("/book/").content.decode()
    assert (
        'data-list="/book/offline.json"' in page and "<button" not in page.split("data-offline")[1]
    )
