"""Headers, health, errors and logs of the whole site."""

from __future__ import annotations

import json
import logging
import re
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory, override_settings

from config import views
from config.logs import AddRequestId, JsonFormatter, request_id
from config.middleware import Compressed
from guide.templatetags.warmstart import THEME_SCRIPT_HASH


def test_every_answer_carries_the_security_headers(client: Client) -> None:
    headers = client.get("/healthz").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert f"script-src 'self' '{THEME_SCRIPT_HASH}'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_harmless_request_id_is_kept_and_another_replaced(client: Client) -> None:
    assert (
        client.get("/healthz", headers={"x-request-id": "abc-12345"})["X-Request-ID"] == "abc-12345"
    )
    made = client.get("/healthz", headers={"x-request-id": "a b\r\nX: y"})["X-Request-ID"]
    assert len(made) == 32


@pytest.mark.django_db
def test_ready_when_the_database_answers(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()["database"]) == (200, "ok")


def test_not_ready_when_the_database_is_away(client: Client, monkeypatch) -> None:
    class Away:
        def cursor(self):
            raise OperationalError("no route")

    monkeypatch.setattr(views, "connection", Away())
    response = client.get("/readyz")
    assert (response.status_code, response.json()["database"]) == (503, "OperationalError")
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
@pytest.mark.servers
def test_readiness_asks_the_broker_when_there_is_one(client: Client, redis_url: str) -> None:
    with override_settings(REDIS_URL=redis_url):
        assert client.get("/readyz").json()["broker"] == "ok"
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        assert client.get("/readyz").status_code == 503


def test_a_missing_page_is_in_the_products_look(client: Client) -> None:
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert b"Nothing grows here" in response.content
    assert b"lookup.css" in response.content


def test_a_fault_is_in_the_products_look_and_gives_nothing_away(monkeypatch) -> None:
    def broken(request):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("config.urls.urlpatterns", [])
    monkeypatch.setattr(views, "healthz", broken)
    client = Client(raise_request_exception=False)
    from django.urls import path

    with override_settings(
        ROOT_URLCONF=type(
            "urls", (), {"urlpatterns": [path("x", broken)], "handler500": views.server_error}
        )
    ):
        response = client.get("/x")
    assert response.status_code == 500
    assert b"Something broke on our side" in response.content
    assert b"secret detail" not in response.content


def test_the_style_guide_shows_both_themes(client: Client) -> None:
    page = client.get("/styleguide/").content.decode()
    assert 'data-theme="light"' in page
    assert 'data-theme="dark"' in page


def test_a_log_line_is_one_json_object_with_the_request_id() -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        record = logging.LogRecord(
            "app", logging.ERROR, "f.py", 1, "run %s", ("7",), sys.exc_info()
        )
    record.run = 7
    token = request_id.set("abc-12345")
    try:
        AddRequestId().filter(record)
    finally:
        request_id.reset(token)
    line = JsonFormatter().format(record)
    entry = json.loads(line)
    assert "\n" not in line
    assert entry["message"] == "run 7"
    assert (entry["request_id"], entry["level"], entry["run"]) == ("abc-12345", "error", 7)
    assert "ValueError: broken" in entry["exception"]


@pytest.mark.django_db
def test_what_is_made_per_request_travels_packed(client: Client) -> None:
    page = client.get("/practice/", headers={"accept-encoding": "gzip"})
    plain = client.get("/practice/")
    assert page["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain
    assert len(page.content) < len(plain.content) / 5
    assert "Accept-Encoding" in page["Vary"]


def test_files_and_streams_go_as_they_are() -> None:
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    answers = (
        HttpResponse(b"%PDF" * 200, content_type="application/pdf"),
        StreamingHttpResponse([b"a" * 1000], content_type="text/plain"),
    )
    for answer in answers:
        packed = Compressed(lambda _, answer=answer: answer)(request)
        assert packed is answer and "Content-Encoding" not in packed


@pytest.mark.parametrize(
    "path", sorted((settings.BASE_DIR / "styles").glob("*.css")), ids=lambda p: p.stem
)
def test_every_layer_of_a_stylesheet_stands_at_its_top(path: Path) -> None:
    """A brace that a merge lost puts all that follows into the rule before it: no browser says
    so, and half of the pages lose their look on some widths."""
    css = path.read_text(encoding="utf-8")
    css = re.sub(r"/\*.*?\*/", lambda found: "\n" * found.group().count("\n"), css, flags=re.DOTALL)
    depth, misplaced = 0, []
    for number, line in enumerate(css.splitlines(), 1):
        if line.startswith("@layer") and depth:
            misplaced.append(number)
        depth += line.count("{") - line.count("}")
        assert depth >= 0, number
    assert (depth, misplaced) == (0, [])
