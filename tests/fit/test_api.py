"""The key over HTTP: the result of the page, the link, the command and the record, and clear
errors for everything else."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fit import api
from fit.asking import Asked
from fit.assessments import record, workflow
from fit.model import fit
from fit.models import Link, Record
from tests.cast import Cast
from tests.fit.keeping import QUERY, SAID


def post(client: Client, body: Any, **more: Any) -> Any:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post("/api/fit/", text, content_type="application/json", **more)


def test_an_object_gives_a_result_and_a_list_a_list(client: Client) -> None:
    one = post(client, SAID)
    assert one.status_code == 200 and one.json()["ranking"][0]["option"] == "functions"
    assert not one.cookies
    assert api.Result.model_validate(one.json()).model_dump() == one.json(), "as documented"
    many = post(client, [SAID, {}, {"trigger": "unknown", "traffic": None}]).json()
    assert many[0] == one.json() and many[1] == many[2]
    assert post(client, []).json() == []


def test_nothing_but_a_post_is_answered(client: Client) -> None:
    assert client.get("/api/fit/").status_code == 405


def test_another_sites_page_may_ask_because_nothing_is_stored(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert post(strict, SAID, HTTP_ORIGIN="https://elsewhere.example").status_code == 200


BAD: tuple[tuple[Any, str, str], ...] = (
    ("", "", "The body is not JSON"),
    ("{", "", "The body is not JSON"),
    (b"\xff\xfe", "", "The body is not JSON"),
    ("[" * 100_000, "", "The body is not JSON"),
    ("3", "", "This is not an object"),
    ("null", "", "This is not an object"),
    ([SAID, 3], "[1]", "This is not an object"),
    ({"owl": "x"}, "owl", "“owl” is not a question. There are: trigger, "),
    ([{}, {"trigger": "owl"}], "[1].trigger", "“owl” does not answer “trigger”. There are: events"),
    ({"trigger": ["events"]}, "trigger", "does not answer"),
    ({"trigger": {"a": 1}}, "trigger", "does not answer"),
    ({"trigger": 1e400}, "trigger", "does not answer"),
    ([{}] * 501, "", "The list has 501 objects; 500 is the limit."),
)


@pytest.mark.parametrize(("body", "at", "message"), BAD)
def test_a_bad_body_is_told_where_and_what(
    client: Client, body: Any, at: str, message: str
) -> None:
    response = post(client, body)
    assert response.status_code == 422
    (error, *_) = response.json()["errors"]
    assert error["at"] == at and message in error["message"]


def test_every_problem_is_named_at_once(client: Client) -> None:
    errors = post(client, {"owl": "x", "trigger": "y", "traffic": "z"}).json()["errors"]
    assert [e["at"] for e in errors] == ["owl", "trigger", "traffic"]


@pytest.mark.parametrize("size", [api.LIMIT + 1, 3 * 1024 * 1024])
def test_a_body_has_a_limit(client: Client, size: int) -> None:
    response = post(client, b" " * size)
    assert response.status_code == 413
    assert "256 KiB" in response.json()["errors"][0]["message"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.sampled_from(["events"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["trigger", "x"]) | st.text(max_size=4), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(VALUES)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything_gets_an_answer(client: Client, body: Any) -> None:
    response = post(client, body)
    assert response.status_code in (200, 422)
    if response.status_code == 422:
        assert all(set(e) == {"at", "message"} for e in response.json()["errors"])


def test_the_model_is_the_shipped_one(client: Client) -> None:
    body = client.get("/api/fit/model/").json()
    assert body["model"] == fit().numbers.version
    assert [q["id"] for q in body["questions"]] == [q.id for q in fit().questions]
    effects = body["questions"][3]["answers"][4]["effects"]
    assert effects["functions"] is None and effects["vms"] == 3


def test_the_schema_and_our_page_of_it(client: Client) -> None:
    schema = client.get("/api/openapi.json").json()
    body = schema["paths"]["/api/fit/"]["post"]["requestBody"]["content"]["application/json"]
    assert "events" in body["schema"]["oneOf"][0]["properties"]["trigger"]["enum"]
    page = client.get("/api/").content.decode()
    assert "POST /api/fit/" in page and "/api/openapi.json" in page
    assert "http://" not in page.replace("http://testserver/api/fit/", "").replace(
        "http://www.w3.org/", ""
    )
    assert "https://" not in page and "swagger" not in page.lower()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said",
    [
        SAID,
        {**SAID, "connections": "own_sockets", "parts": "distinct", "team": "tiny"},
        {"duration": "hours", "cpu": "gpu", "latency": "10ms", "compliance": "dedicated"},
        {q.id: q.answers[-1].key for q in fit().questions},
    ],
)
def test_page_link_command_interface_and_record_say_the_same(
    people: Cast, tmp_path: Path, said: dict[str, str]
) -> None:
    client = people.client("editor")
    over_http = post(client, said).json()
    link = client.get(f"/fit/result.json?{urlencode(said)}").json()
    del link["url"]
    (tmp_path / "answers.json").write_text(json.dumps(said))
    out = StringIO()
    call_command("fit", answers=str(tmp_path / "answers.json"), format="json", stdout=out)
    kept = workflow.save("x", people["editor"], Asked(said=said), team=people.team)
    draft = Record(title="t", choice=over_http["ranking"][0]["option"], decision="d")
    draft.review_on = kept.created.date()
    workflow.accept(
        workflow.propose(draft, kept, kept.latest(), people["editor"]), people["editor"]
    )
    written = client.get(f"{kept.get_absolute_url()}decisions/1/decision.json").json()
    assert over_http == link == json.loads(out.getvalue()) == written["result"]
    assert written == json.loads(json.dumps(record.document(Record.objects.get())))
    _, token = Link.issue(kept, people["editor"], 7)
    for url in (
        f"/fit/result/?{urlencode(said)}",
        kept.get_absolute_url(),
        f"/fit/shared/{token}/",
    ):
        page = client.get(url).content.decode()
        for entry in over_http["ranking"]:
            assert f'<td class="n">{entry["score"]:.1f}</td>' in page, (url, entry)


def test_the_query_of_the_tests_is_their_answers() -> None:
    assert urlencode(SAID) == QUERY
