"""The wizard's pages: all state in the address, nonsense is named, nothing is stored."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from io import StringIO
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fit import after, asking, pages, report
from fit.engine import evaluate
from fit.model import fit

FORM = "trigger=events&traffic=spiky&volume=lt1m&latency=async&duration=lt1m"
NAMES = ("trigger", "traffic", "at", "from", "skip", "lock")
PAGES = ("/fit/", "/fit/sheet/", "/fit/standing/", "/fit/result/", "/fit/model/", "/fit/key/")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_reads_and_sets_no_cookie(client: Client, path: str) -> None:
    for query in ("", f"?{FORM}"):
        response = client.get(path + query)
        assert response.status_code == 200
        assert not response.cookies and "Cookie" not in response.headers.get("Vary", "")
        body = response.content.decode()
        assert "csrf" not in body and " style=" not in body and "<style" not in body


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


NONSENSE = (
    ("trigger=x", "“x” is not an answer to question 1"),
    ("trigger=%3Cscript%3Ealert(1)", "“&lt;script&gt;alert(1)” is not an answer to question 1"),
    ("nothing=1", "The key has no question “nothing”"),
    ("trigger=" + "y" * 5000, "…” is not an answer to question 1"),
    ("trigger=%00%1b%ff", "is not an answer to question 1"),
    ("trigger=events&trigger=http", "Question 1 was answered twice"),
    ("at=z", "There is no question “z” to go to"),
    ("lock=q", "There is no question “q” to lock"),
)


@pytest.mark.parametrize(("nonsense", "notice"), NONSENSE)
def test_nonsense_is_left_out_and_named(client: Client, nonsense: str, notice: str) -> None:
    for path in ("/fit/", "/fit/sheet/", "/fit/result/"):
        response = client.get(f"{path}?traffic=spiky&{nonsense}", follow=True)
        assert response.status_code == 200
        body = response.content.decode()
        assert notice in body
        assert "<script>alert" not in body


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from([*NAMES]) | st.text(), st.text()), max_size=6))
def test_whatever_the_address_says_a_page_answers(pairs: list[tuple[str, str]]) -> None:
    query = urlencode(pairs, errors="replace")
    for path in ("/fit/", "/fit/result/", "/fit/result.json"):
        assert Client().get(f"{path}?{query}").status_code in {200, 302}


def test_many_mistakes_are_counted_not_listed(client: Client) -> None:
    query = "&".join(f"x{n}=1" for n in range(30))
    body = client.get(f"/fit/result/?{FORM}&{query}").content.decode()
    assert "26 more parts of the address were left out." in body


def test_an_answer_that_does_not_exist_is_named_on_the_page(client: Client) -> None:
    body = client.get("/fit/result/?traffic=spiky&trigger=owl").content.decode()
    assert "“owl” is not an answer to question 1" in body


def test_a_result_explains_itself(client: Client) -> None:
    body = client.get(f"/fit/result/?{FORM}&memory=large").content.decode()
    for said in (
        "Ruled out: edge functions",
        "What would lift it",
        "checked 24 November 2026",
        "What makes the difference",
        "Where the 64.0 comes from",
        "What would turn it",
        "Any one of these would rule functions out",
        "Next best question",
        "the first option was right in 10 of 10",
    ):
        assert said in body
    assert 'action="/reviews/try/"' in body and 'href="/practice/"' in body


def test_an_answer_that_rules_out_several_is_explained_once(client: Client) -> None:
    body = client.get("/fit/result/?compliance=dedicated&control=os").content.decode()
    assert body.count("Ruled out: functions, a platform as a service and edge functions") == 2
    assert body.count("Ruled out: ") == 2


def test_the_bars_have_room_for_every_range() -> None:
    lowest, highest = pages.widest(fit())
    for query in (
        {},
        {"latency": "10ms", "control": "os"},
        {"traffic": "heavy", "start": "legacy"},
    ):
        for standing in evaluate(fit().numbers, query).ranking:
            assert lowest <= standing.low and standing.high <= highest


def test_what_to_read_stands_behind_answers_that_counted(client: Client) -> None:
    """The places of users moved nothing for functions, so their section is not first."""
    context = client.get(f"/fit/result/?{FORM}&geo=one").context
    topics = [each["topic"] for each in context["after"]["sections"]]
    assert topics[0] == "events versus requests" and "distance and data location" not in topics


def test_a_pair_that_leads_is_the_verdict(client: Client) -> None:
    query = "trigger=events&traffic=spiky&parts=distinct&state=memory&start=container&team=small"
    body = client.get(f"/fit/result/?{query}&ops=low").content.decode()
    assert "Split it: functions beside managed containers." in body
    assert "The pair comes to 59.0 points, 0.3 more than managed containers alone." in body
    assert "0.3 more than the best single option" in body  # rounded alike in both places


def test_a_result_that_no_single_steps_turn_says_so(client: Client) -> None:
    said = "No steps of one place on the scales put another option first"
    assert said in client.get("/fit/result/?trigger=events&start=glue").content.decode()
    assert said not in client.get(f"/fit/result/?{FORM}&memory=large").content.decode()


def test_a_whole_form_has_no_ranges_to_speak_of(client: Client) -> None:
    query = "&".join(f"{q.id}={q.answers[0].key}" for q in fit().questions)
    body = client.get(f"/fit/result/?{query}").content.decode()
    assert "Nothing is open" in body and "can still win" not in body and "Next best" not in body


def test_the_sheet_keeps_the_facts(client: Client) -> None:
    assert 'name="lock"' not in client.get(f"/fit/sheet/?{FORM}").content.decode()
    for lock in ("none", "traffic"):
        body = client.get(f"/fit/sheet/?{FORM}&lock={lock}").content.decode()
        assert f'<input type="hidden" name="lock" value="{lock}">' in body


def test_a_fact_is_not_what_turns_a_result(client: Client) -> None:
    free = client.get(f"/fit/result.json?{FORM}&lock=none").json()["flips"]["any"][0]
    (changed,) = free["changes"]
    held = client.get(f"/fit/result.json?{FORM}&lock={changed}").json()["flips"]["any"][0]
    assert changed not in held["changes"]


def test_a_long_path_keeps_its_ends(client: Client) -> None:
    query = "&".join(f"{q.id}={q.answers[0].key}" for q in fit().questions)
    marks = [step.get("mark", "…") for step in client.get(f"/fit/result/?{query}").context["path"]]
    assert marks == ["1a", "2a", "3a", "…", "15a", "16a", "17a", "18a", "19a"]
    marks = [
        step.get("mark", "…") for step in client.get(f"/fit/?{query}&at=state").context["path"]
    ]
    assert marks == ["1a", "2a", "3a", "…", "9", "…", "15a", "16a", "17a", "18a", "19a"]


SETTLING = {
    "trigger": "stream",
    "traffic": "heavy",
    "volume": "gt500m",
    "latency": "10ms",
    "connections": "own_sockets",
    "team": "small",
    "ops": "low",
    "portability": "exit",
}


def test_the_key_stops_once_one_option_can_win(client: Client) -> None:
    """From the answer that settles it straight to the result; who goes on is not stopped."""
    assert len(evaluate(fit().numbers, SETTLING).winners) > 1
    settled = {**SETTLING, "control": "os"}
    asking_control = client.get("/fit/", {**SETTLING, "at": "control"}).content.decode()
    assert "only VMs can win · to the result" in asking_control
    response = client.get("/fit/", {**settled, "from": "control"})
    assert response["Location"].startswith("/fit/result/?")
    page = client.get(response["Location"])
    assert page.context["result"].open and page.context["result"].winners == ("vms",)
    assert "Only virtual machines can still win, whatever the open" in page.content.decode()
    assert client.get(page.context["go_on_url"]).context["question"].id == "geo"
    more = client.get("/fit/", {**settled, "geo": "one", "from": "geo"})
    assert more["Location"].startswith("/fit/?")


def _random_query(chance: random.Random) -> str:
    asked = chance.sample(fit().questions, chance.randint(1, 19))
    return "&".join(f"{q.id}={chance.choice(q.answers).key}" for q in asked)


def test_random_forms_render_and_page_and_json_agree(client: Client) -> None:
    chance = random.Random(7)
    for _ in range(24):
        query = _random_query(chance)
        page, linked = client.get(f"/fit/result/?{query}"), client.get(f"/fit/result.json?{query}")
        assert page.status_code == linked.status_code == 200
        context, body = page.context, linked.json()
        assert body["band"] == context["result"].band
        assert body["margin"] == pytest.approx(float(context["margin"]))
        assert body["possible_winners"] == list(context["result"].winners)
        assert [each["option"] for each in body["ranking"]] == [
            row["option"].id for row in context["rows"]
        ]
        shown = re.findall(r'aria-label="([-\d.]+) points, from', page.content.decode())
        assert shown == [f"{each['score']:.1f}" for each in body["ranking"]]
        asked = context["next"]
        assert body["next_question"] == (asked["question"].id if asked else None)
        turned = [dict(f["flip"].changes) for f in context["flips"]]
        for flip in body["flips"]["one_step"]:
            assert flip["changes"] in turned


@pytest.mark.parametrize("quarter", range(4))
def test_a_thousand_random_forms_render(monkeypatch: pytest.MonkeyPatch, quarter: int) -> None:
    """Every part of the page; starters, which have tests of their own, are all the same here."""
    kept = after.made(fit(), evaluate(fit().numbers, {"trigger": "events"}))
    monkeypatch.setattr(after, "made", lambda *found: kept)
    chance, today = random.Random(1000 + quarter), dt.date(2026, 11, 25)
    for _ in range(250):
        asked = asking.read(QueryDict(_random_query(chance)), fit())
        body = render_to_string("fit/result.html", report.result(fit(), asked, today))
        assert body.count("<h1>") == 1 and "What next" in body and " style=" not in body


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
        ("[1]", r"\[0\]: This is not an object"),
        ('{"trigger": []}', "does not answer"),
    ],
)
def test_the_command_names_what_it_does_not_know(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "answers.json"
    path.write_text(text)
    with pytest.raises(CommandError, match=said):
        call_command("fit", answers=str(path), format="json")
