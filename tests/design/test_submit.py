"""check --submit: what is sent, waited for, tried again, and how it ends; against a site of words."""

from __future__ import annotations

import io
import json
from email.message import Message
from urllib.error import HTTPError, URLError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design import document
from design.__main__ import main
from design.commands import _frame, _submit
from design.result import evaluate, to_dict

from .examples import BAD, GOOD

URL = "https://site.example/api/teams/prints/"
ADDRESS = "/api/teams/prints/designs/d/revisions/3/"


class Site:
    """Answers each request with the next thing it was told to say."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.asked: list[object] = []

    def open(self, request, timeout):
        self.asked.append(request)
        said = self.answers.pop(0)
        if isinstance(said, Exception):
            raise said
        return io.BytesIO(said if isinstance(said, bytes) else json.dumps(said).encode())


def refusal(code: int, body: object = "", **headers: str) -> HTTPError:
    said = Message()
    for name, value in headers.items():
        said[name.replace("_", "-")] = value
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return HTTPError(URL, code, "Reason", said, io.BytesIO(raw))


def sent(state: str, made: bool = True) -> dict[str, object]:
    run = {"state": state, "error": "It broke."}
    revision = {"number": 3, "address": ADDRESS, "page": "/reviews/prints/d/3/", "run": run}
    return {"made": made, "revision": revision}


def result(text: str) -> dict[str, object]:
    return to_dict(evaluate(document.load(text), "2026-11-25"))


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Runs the command against these answers; gives code, output, errors, requests, pauses."""
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WARMSTART_TOKEN", "wst_secret")
    clock = [0.0]
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        clock[0] += seconds

    monkeypatch.setattr(_submit, "sleep", sleep)
    monkeypatch.setattr(_submit, "now", lambda: clock[0])

    def run(*answers, arguments=("check", "good.yaml", "--submit", URL)):
        site = Site(*answers)
        monkeypatch.setattr(_submit, "opener", lambda: site)
        code = main(list(arguments))
        said = capsys.readouterr()
        assert "wst_secret" not in said.out + said.err
        return code, said.out, said.err, site.asked, pauses

    return run


def test_the_gate_judges_the_result_of_the_site(run):
    code, out, err, asked, _ = run(sent("done"), result(BAD))
    assert code == 1 and "Not met: There are" in out and "rules ran" in out.splitlines()[-1]
    assert "good.yaml is revision 3: https://site.example/reviews/prints/d/3/" in err
    first, second = asked
    assert first.full_url == URL + "submissions/" and json.loads(first.data)["text"] == GOOD
    assert first.get_header("Authorization") == "Bearer wst_secret"
    assert first.get_header("Idempotency-key")
    assert second.full_url == f"https://site.example{ADDRESS}result/"


def test_it_waits_until_the_run_is_over(run):
    running = {"state": "running", "error": ""}
    code, _, _, asked, pauses = run(
        sent("queued"), running, running, {"state": "done", "error": ""}, result(GOOD)
    )
    assert code == 0 and pauses == [1.0] * 3 and asked[1].full_url.endswith("/run/")


def test_a_busy_site_is_asked_again_with_the_same_key(run):
    code, _, _, asked, pauses = run(
        refusal(429, Retry_After="7"),
        URLError("no route"),
        refusal(503),
        sent("done"),
        result(GOOD),
    )
    assert code == 0 and pauses == [7.0, 14.0, 15.0]
    assert len({r.get_header("Idempotency-key") for r in asked[:4]}) == 1


@pytest.mark.parametrize(
    ("answers", "code", "said"),
    [
        ([URLError("no route")] * 60, 5, "no route; gave up after 300 s"),
        ([sent("queued"), *[{"state": "queued", "error": ""}] * 400], 5, "not checked good.yaml"),
        ([sent("failed")], 3, "could not check it. It broke."),
        ([refusal(401, {"detail": "Send a token.", "errors": []})], 5, "Send a token."),
        ([refusal(302, Location="https://elsewhere.example/")], 5, "elsewhere.example"),
        ([refusal(500, "<html>")], 5, "answered 500"),
        ([b"<html>"], 5, "not what a Warmstart site says"),
        ([b"[" * 100_000], 5, "not what a Warmstart site says"),
        ([sent("done"), {"format": "warmstart-result/9"}], 5, "older than the site"),
    ],
)
def test_no_result_ends_with_a_code_of_its_own(run, answers, code, said):
    ended, out, err, *_ = run(*answers)
    assert (ended, out) == (code, "") and said in err


def test_what_is_no_design_is_said_with_the_lines_of_the_site(run):
    fault = {"at": "edges[0].to", "line": 9, "message": "There is no “x”.", "hint": "Is it “y”?"}
    answer = refusal(422, {"detail": "The text is not a design: 1 problem.", "errors": [fault]})
    code, _, err, *_ = run(answer)
    assert code == 2 and "good.yaml:9: edges[0].to: There is no “x”. Is it “y”?" in err


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://site.example/api/teams/prints/", "https:// only"),
        ("ftp://site.example/api/teams/prints/", "begins with https://"),
        ("https:///api/teams/prints/", "begins with https://"),
        ("https://site.example/reviews/prints/", "expected an address"),
    ],
)
def test_an_address_of_no_use_sends_nothing(run, url, said):
    code, _, err, asked, _ = run(arguments=("check", "good.yaml", "--submit", url))
    assert code == 4 and said in err and not asked


@pytest.mark.parametrize("token", ["", "  ", "a\nb", "ä"])
def test_without_a_token_nothing_is_sent(run, monkeypatch, token):
    monkeypatch.setenv("WARMSTART_TOKEN", token)
    code, _, err, asked, _ = run()
    assert code == 4 and "WARMSTART_TOKEN" in err and not asked


@pytest.mark.parametrize("option", [("--profile", "aws"), ("--today", "2026-01-01")])
def test_the_rules_are_those_of_the_site(run, option):
    code, _, err, *_ = run(arguments=("check", "good.yaml", "--submit", URL, *option))
    assert code == 4 and "do not go with --submit" in err


def test_a_note_belongs_to_a_submission(run):
    assert run(arguments=("check", "good.yaml", "--note", "x"))[0] == 4
    _, _, _, asked, _ = run(
        sent("done"),
        result(GOOD),
        arguments=("check", "good.yaml", "--submit", URL, "--note", "build 7"),
    )
    assert json.loads(asked[0].data)["note"] == "build 7"


def test_several_files_end_with_the_worst(run, tmp_path):
    (tmp_path / "raw.yaml").write_bytes(b"\xff")
    code, _, err, *_ = run(
        sent("done", made=False),
        result(GOOD),
        arguments=("check", "good.yaml", "raw.yaml", "--submit", URL),
    )
    assert code == 2 and "good.yaml was already revision 3" in err and "not UTF-8" in err


def test_no_redirection_is_followed():
    handler = _submit._Stay()
    asked = _submit.Request(URL)
    assert handler.redirect_request(asked, io.BytesIO(), 302, "", Message(), URL) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["detail", "errors", "line", "at", "message", "hint"]), inner
        )
    ),
    max_leaves=8,
)


@given(st.sampled_from([400, 401, 404, 422, 500]), JSON)
def test_whatever_a_refusal_says_the_command_ends(code, body):
    with pytest.raises(_frame.Stop):
        _submit._refused("d.yaml", refusal(code, body))
