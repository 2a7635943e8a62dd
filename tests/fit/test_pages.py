"""The wizard's pages: all state in the address, nonsense is named, nothing is stored."""

from __future__ import annotations

import json
import random
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from fit.model import fit

FORM = "trigger=events&traffic=spiky&volume=lt1m&latency=async&duration=lt1m"
PAGES = ("/fit/", "/fit/sheet/", "/fit/standing/", "/fit/result/", "/fit/model/", "/fit/key/")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_reads_and_sets_no_cookie(client: Client, path: str) -> None:
    for query in ("", f"?{FORM}"):
        response = client.get(path + query)
        assert response.status_code == 200
        assert not response.cookies and "Cookie" not in response.headers.get("Vary", "")


def test_an_answer_leads_to_the_next_question(client: Client) -> None:
    response = client.get("/fit/?trigger=events&from=trigger")
    assert response.status_code == 302
    assert response["Location"] == "/fit/?trigger=events&at=traffic"


def test_a_question_may_be_skipped_and_stays_open(client: Client) -> None:
    response = client.get("/fit/?trigger=events&from=trigger&skip=trigger")
    assert "trigger" not in response["Location"].replace("at=traffic", "")


def test_i_do_not_know_is_an_answer_that_keeps_the_range(client: Client) -> None:
    body = client.get(f"/fit/result.json?{FORM}&memory=unknown").json()
    assert "memory" not in body["answers"]
    plain = client.get(f"/fit/result.json?{FORM}").json()
    assert body["ranking"] == plain["ranking"]


def test_the_last_question_leads_to_the_result(client: Client) -> None:
    full = "&".join(f"{q.id}={q.answers[0].key}" for q in fit().questions)
    last = fit().questions[-1].id
    assert client.get(f"/fit/?{full}&from={last}")["Location"].startswith("/fit/result/?")


@pytest.mark.parametrize(
    "nonsense",
    ["trigger=x", "trigger=%3Cscript%3E", "nothing=1", "trigger=" + "y" * 5000, "at=z", "lock=q"],
)
def test_nonsense_is_left_out_and_named(client: Client, nonsense: str) -> None:
    for path in PAGES:
        response = client.get(f"{path}?traffic=spiky&{nonsense}", follow=True)
        assert response.status_code == 200
        assert "<script>x" not in response.content.decode() and "<script>y" not in nonsense
    body = client.get(f"/fit/result/?traffic=spiky&{nonsense}").content.decode()
    assert "<script%3E" not in body and "&lt;script&gt;<" not in body


def test_an_answer_that_does_not_exist_is_named_on_the_page(client: Client) -> None:
    body = client.get("/fit/result/?traffic=spiky&trigger=owl").content.decode()
    assert "“owl” is not an answer to question 1" in body


def test_a_result_explains_itself(client: Client) -> None:
    body = client.get(f"/fit/result/?{FORM}&memory=large").content.decode()
    for said in ("Ruled out: edge functions", "What would lift it", "What makes the difference"):
        assert said in body
    assert "What would turn it" in body and "Next best question" in body
    assert "measured workloads" in body


def test_every_option_can_be_ruled_out_without_a_fault(client: Client) -> None:
    body = client.get("/fit/result/?compliance=dedicated&control=os&cpu=gpu&duration=hours")
    assert body.status_code == 200


def test_a_thousand_random_forms_render(client: Client) -> None:
    chance = random.Random(7)
    for _ in range(300):
        asked = chance.sample(fit().questions, chance.randint(1, 19))
        query = "&".join(f"{q.id}={chance.choice(q.answers).key}" for q in asked)
        assert client.get(f"/fit/result.json?{query}").status_code == 200
    for _ in range(40):
        asked = chance.sample(fit().questions, chance.randint(1, 19))
        query = "&".join(f"{q.id}={chance.choice(q.answers).key}" for q in asked)
        assert client.get(f"/fit/result/?{query}").status_code == 200


def test_page_link_and_command_say_the_same(client: Client, tmp_path: Path) -> None:
    answers = dict(pair.split("=") for pair in FORM.split("&"))
    path = tmp_path / "answers.json"
    path.write_text(json.dumps({**answers, "memory": "unknown"}))
    out = StringIO()
    call_command("fit", answers=str(path), format="json", stdout=out)
    linked = client.get(f"/fit/result.json?{FORM}").json()
    linked.pop("url")
    assert json.loads(out.getvalue()) == linked


def test_a_list_of_answers_gives_a_list(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text('[{"trigger": "events"}, {}]')
    out = StringIO()
    call_command("fit", answers=str(path), format="json", stdout=out)
    assert len(json.loads(out.getvalue())) == 2
    call_command("fit", answers=str(path), format="text", stdout=out)
    assert "Nothing answered yet." in out.getvalue()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ('{"owl": "x"}', "“owl” is not a question"),
        ('{"trigger": "owl"}', "does not answer “trigger”"),
        ("[1]", "Entry 1 is not an object"),
        ('{"trigger": []}', "does not answer"),
    ],
)
def test_the_command_names_what_it_does_not_know(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "answers.json"
    path.write_text(text)
    with pytest.raises(CommandError, match=said):
        call_command("fit", answers=str(path), format="json")
