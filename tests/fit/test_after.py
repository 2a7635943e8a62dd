"""What next: starter designs that pass, risks with owners, patterns, reading, practice."""

from __future__ import annotations

import random

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from design.document import dump, load
from design.result import evaluate
from design.rules import Severity, Verdict
from fit import after, engine, risks
from fit.model import fit
from fit.starter import starter
from guide.book import book
from guide.library import exercise_exists

MODEL = fit().numbers
FORMS = st.fixed_dictionaries(
    {},
    optional={q.id: st.sampled_from([a.key for a in q.answers]) for q in MODEL.questions},
)
FEW = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
QUERY = "trigger=events&traffic=spiky&volume=1to30m&latency=async&duration=lt1m&memory=small"


@FEW
@given(FORMS, st.sampled_from(MODEL.options), st.sampled_from(["", *MODEL.pairing.steady]))
def test_a_starter_is_a_design_without_a_grave_finding(
    answers: dict[str, str], option: str, steady: str
) -> None:
    text = starter(option, answers, steady if option in MODEL.pairing.elastic else "")
    design = load(text)
    assert dump(design) == text
    grave = [
        (f.rule, f.subject, f.message)
        for f in evaluate(design).findings
        if f.verdict is Verdict.ERROR
        or (f.verdict is Verdict.FAIL and f.severity in {Severity.CRITICAL, Severity.HIGH})
    ]
    assert grave == []


def test_the_answers_fill_the_attributes() -> None:
    answers = {
        "trigger": "http",
        "traffic": "spiky",
        "volume": "30to500m",
        "latency": "1s",
        "duration": "lt1s",
        "memory": "medium",
        "portability": "exit",
        "team": "platform",
        "compliance": "region",
    }
    design = load(starter("containers", answers))
    work = design.component("work")
    assert (design.get("traffic.shape"), design.get("portability")) == ("spiky", "preferred")
    assert design.get("traffic.mean_rps") == 46 and design.get("traffic.peak_rps") == 460
    assert design.get("goals.p99_ms") == 1000
    assert (work.kind, work.get("memory_mb"), work.get("timeout_s")) == ("container", 4096, 10)
    assert work.get("owner") == "platform-team"
    assert design.data[0].get("residency") == ("home-region",)


def test_what_is_open_is_left_out_of_the_design() -> None:
    design = load(starter("functions", {"trigger": "events"}))
    assert not design.has("traffic") and not design.has("goals.p99_ms")


@pytest.mark.parametrize(
    ("option", "answers", "kinds"),
    [
        ("functions", {"trigger": "stream"}, {"stream", "function"}),
        ("functions", {"trigger": "schedule"}, {"schedule", "function"}),
        ("functions", {"trigger": "events", "state": "workflow"}, {"queue", "workflow"}),
        ("containers", {"trigger": "http", "state": "memory"}, {"api", "cache", "container"}),
        ("containers", {"trigger": "session"}, {"websocket", "container"}),
        ("vms", {"trigger": "http", "start": "monolith"}, {"vm", "sql"}),
        ("edge", {}, {"cdn", "function"}),
        ("batch", {"trigger": "bigjob"}, {"queue", "container", "object_store"}),
    ],
)
def test_the_shape_follows_the_trigger_and_the_state(
    option: str, answers: dict[str, str], kinds: set[str]
) -> None:
    assert kinds <= {c.kind for c in load(starter(option, answers)).components}


def test_long_work_for_a_caller_goes_behind_a_queue() -> None:
    design = load(starter("functions", {"trigger": "http", "duration": "lt15m"}))
    assert [e.target for e in design.in_edges("work")] == ["work"]
    assert design.in_edges("work")[0].source == "todo"


def test_a_pair_has_both_of_its_halves() -> None:
    design = load(starter("functions", {"trigger": "http"}, "containers"))
    assert design.component("serve").kind == "container"
    assert design.component("work").kind == "function"


def test_the_page_shows_the_starter_and_opens_it_in_the_reviewer(client: Client) -> None:
    page = client.get(f"/fit/result/?{QUERY}")
    body = page.content.decode()
    assert 'action="/reviews/try/"' in body and "Plate S1" in body and 'id="starter-t"' in body
    text = page.context["after"]["starter"].text
    sent = client.post("/reviews/try/", {"text": text}, headers={"sec-fetch-site": "same-origin"})
    assert sent.status_code == 200 and "Starter: function" in sent.content.decode()


def test_the_starter_is_a_file_too(client: Client) -> None:
    acts = dict(client.get(f"/fit/result/?{QUERY}").context["after"]["acts"])
    text = client.get(acts["YAML"])
    assert load(text.content.decode()).id == "starter"
    assert "attachment" in text.headers["Content-Disposition"]
    assert client.get(acts["SVG"]).content.lstrip().startswith(b"<")
    assert client.get("/fit/starter.yaml").status_code == 404
    assert client.get("/fit/starter.svg?latency=10ms&control=os").status_code in {200, 404}


def test_three_to_five_patterns_that_suit() -> None:
    chance = random.Random(2)
    for _ in range(60):
        asked = chance.sample(MODEL.questions, chance.randint(0, 19))
        found = after.fitting({q.id: chance.choice(q.answers).key for q in asked})
        assert 3 <= len(found) <= 5 and len({p.slug for p in found}) == len(found)
    first = after.fitting({"trigger": "schedule", "latency": "async"})[0]
    assert first.slug == "scheduled-sweep"
    assert after.fitting({"trigger": "stream"})[0].slug == "event-stream"


def test_what_to_read_and_to_practise_exists(client: Client) -> None:
    in_sections = {placed.exercise.id for placed in book().exercises()}
    shown = client.get(f"/fit/result/?{QUERY}").context["after"]
    assert 1 <= len(shown["sections"]) <= 4 and 1 <= len(shown["exercises"]) <= 4
    for id, _ in shown["exercises"]:
        assert id in in_sections or exercise_exists(id)
        assert client.get(f"/practice/{id}/").status_code == 200
    for row in shown["sections"]:
        assert client.get(row["section"].url.partition("#")[0]).status_code == 200


def test_nothing_comes_next_when_every_option_is_ruled_out(client: Client) -> None:
    # The shipped model always leaves virtual machines; a result without a top has no starter.
    result = engine.Result({"trigger": "http"}, (), ())
    assert after.made(fit(), result) is None


# Risks


def test_every_risk_names_what_exists() -> None:
    for risk in risks.register().risks:
        assert set(risk.options) <= set(MODEL.options), risk.id
        for question, keys in risk.when.items():
            known = {*MODEL.by_id[question].by_key, risks.OPEN}
            assert keys <= known, risk.id
        assert risk.who in risks.register().owners
    teams = {*MODEL.by_id["team"].by_key, risks.OPEN}
    assert all(owners.keys() == teams for owners in risks.register().owners.values())


def test_a_risk_comes_from_the_answers_and_its_owner_from_the_team() -> None:
    answers = {"trigger": "events", "ops": "low", "team": "tiny"}
    found = {r["id"]: r for r in risks.drawn("functions", answers)}
    assert {"blind", "twice"} <= found.keys()
    assert "whoever deploys" in found["blind"]["owner"]
    seen = risks.drawn("functions", {**answers, "ops": "strong", "team": "platform"})
    assert "blind" not in {r["id"] for r in seen}
    assert next(r for r in seen if r["id"] == "twice")["owner"] == "the product team"


def test_every_option_can_have_a_risk_and_none_more_than_are_read() -> None:
    chance = random.Random(4)
    for option in MODEL.options:
        most = 0
        for _ in range(200):
            asked = chance.sample(MODEL.questions, 12)
            found = risks.drawn(option, {q.id: chance.choice(q.answers).key for q in asked})
            most = max(most, len(found))
        assert 1 <= most <= risks.register().most


# Answers that contradict


def test_every_tension_names_answers_that_exist() -> None:
    for tension in risks.register().tensions:
        assert len(tension.when) == 2
        for question, keys in tension.when.items():
            assert keys <= MODEL.by_id[question].by_key.keys()


def test_answers_that_contradict_are_named_and_kept(client: Client) -> None:
    query = "latency=200ms&duration=hours&trigger=http"
    for path in ("/fit/result/", "/fit/sheet/", "/fit/standing/"):
        page = client.get(f"{path}?{query}")
        assert page.status_code == 200
        body = page.content.decode()
        assert "Answers are due in milliseconds, and the longest piece runs for minutes" in body
    assert dict(page.context["result"].answers) == {
        "trigger": "http",
        "latency": "200ms",
        "duration": "hours",
    }
    assert "Fit them as parts" in client.get(f"/fit/result/?{query}").content.decode()
    assert risks.contradictions({"latency": "200ms"}) == []
