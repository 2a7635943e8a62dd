"""Decision records: proposed, accepted and fixed, superseded; as Markdown, JSON and PDF."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import markdown
import pytest
from django.utils import timezone
from django.utils.html import escape
from hypothesis import given, settings
from hypothesis import strategies as st

from fit import risks
from fit.assessments import record as documents
from fit.assessments import workflow, written
from fit.models import Assessment, Record, Version
from teams import pdf
from teams.fixed import Immutable
from tests.cast import Cast
from tests.fit.keeping import SAID, kept_by

HOSTILE = '#panic("x") *b* $x^2$ @all `c` [l](javascript:1) <script>alert(1)</script> \\ "q" #read("/etc/passwd")'


def form(**more: str) -> dict[str, str]:
    day = timezone.localdate() + timedelta(days=90)
    return {
        "title": "Photo orders run on functions",
        "choice": "functions",
        "decision": "They wait for files.",
        "context": "Two people, no operations.",
        "consequences": "Nobody is on call at night.",
        "dissent": "",
        "review_on": day.isoformat(),
        "on_traffic": "above 30 million a month",
        "on_team": "when Ana leaves",
        "on_limit": "when the time limit moves",
        "supersedes": "",
        **more,
    }


def propose(people: Cast, found: Assessment, **more: str) -> Record:
    url = f"{found.get_absolute_url()}decisions/new/"
    sent = people.client("editor").post(url, form(**more))
    assert sent.status_code == 302, sent.content.decode()
    return Record.objects.order_by("pk").last()


def accept(people: Cast, record: Record) -> None:
    people.client("owner").post(f"{record.get_absolute_url()}accept/")
    record.refresh_from_db()


def test_the_form_comes_filled_from_the_result(people: Cast) -> None:
    found = kept_by(people, connections="own_sockets")
    body = people.client("editor").get(f"{found.get_absolute_url()}decisions/new/").content.decode()
    assert re.search(r'<option value="containers" selected>Managed containers', body)
    assert "When a provider moves a limit on: Long connections." in body
    assert "When clients wanted live updates" in body, "the one step that turns it"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "This field is required."),
        ({"decision": "  "}, "This field is required."),
        ({"choice": "mainframe"}, "Select a valid choice"),
        ({"choice": "pair"}, "Select a valid choice"),
        ({"review_on": "2001-01-01"}, "Choose a day after today."),
        ({"review_on": "9999-12-31"}, "Choose a day within ten years."),
        ({"review_on": "yesterday"}, "Enter a valid date."),
        ({"context": "x" * 4001}, "at most 4000"),
    ],
)
def test_a_wrong_form_says_so_and_loses_nothing(
    people: Cast, wrong: dict[str, str], said: str
) -> None:
    found = kept_by(people)
    url = f"{found.get_absolute_url()}decisions/new/"
    response = people.client("editor").post(url, form(**wrong))
    body = response.content.decode()
    assert response.status_code == 422 and said in body
    assert "Nobody is on call at night." in body
    assert not Record.objects.exists()


def test_a_proposal_may_be_changed_and_thrown_away(people: Cast) -> None:
    found = kept_by(people)
    record = propose(people, found)
    client, url = people.client("editor"), record.get_absolute_url()
    client.post(f"{url}edit/", form(title="Otherwise"))
    assert "<h1>Otherwise</h1>" in client.get(url).content.decode()
    client.post(f"{url}discard/")
    assert not Record.objects.exists() and Assessment.objects.exists()


def test_an_accepted_record_is_fixed(people: Cast) -> None:
    found = kept_by(people)
    record = propose(people, found)
    accept(people, record)
    before = documents.document(record)
    assert (record.status, before["accepted"]["by"]) == ("accepted", "owner")
    client, url = people.client("editor"), record.get_absolute_url()
    for step in ("edit/", "discard/", "accept/"):
        client.post(f"{url}{step}", form(title="Otherwise"))
    record.refresh_from_db()
    record.title = "Otherwise"
    for attempt in (
        record.save,
        record.delete,
        lambda: record.save(update_fields=["title"]),
        lambda: Record.objects.update(title="x"),
        lambda: Record.objects.all().delete(),
    ):
        with pytest.raises(Immutable):
            attempt()
    record.refresh_from_db()
    assert documents.document(record) == before
    # Nor does it follow a name that changes later.
    Assessment.objects.filter(pk=found.pk).update(name="Renamed")
    people["editor"].username = "renamed"
    people["editor"].save()
    assert documents.document(Record.objects.get()) == before


def test_a_form_that_was_open_while_it_was_accepted_changes_nothing(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = propose(people, kept_by(people))
    accept(people, record)
    monkeypatch.setattr(Record, "is_proposed", True)
    url = f"{record.get_absolute_url()}edit/"
    answer = people.client("editor").post(url, form(title="Otherwise"), follow=True)
    assert "It was accepted and stays as it is." in answer.content.decode()
    assert Record.objects.get().title == "Photo orders run on functions"


def test_a_new_record_supersedes_an_old_one_when_it_is_accepted(people: Cast) -> None:
    found = kept_by(people)
    old = propose(people, found)
    accept(people, old)
    url = f"{found.get_absolute_url()}decisions/new/"
    assert people.client("editor").post(url, form(supersedes="999")).status_code == 422
    body = people.client("editor").get(f"{found.get_absolute_url()}decisions/new/").content.decode()
    assert re.search(rf'<option value="{old.pk}" selected>', body)
    assert "Two people, no operations." in body
    new = propose(people, found, title="Now containers", supersedes=str(old.pk))
    old.refresh_from_db()
    assert old.is_accepted, "a proposal supersedes nothing"
    accept(people, new)
    old.refresh_from_db()
    assert old.status == "superseded"
    doc = documents.document(old)
    assert (doc["status"], doc["superseded_by"]) == ("superseded", 2)
    assert documents.document(new)["supersedes"] == 1
    page = people.client("viewer").get(old.get_absolute_url()).content.decode()
    assert "superseded by" in page and new.get_absolute_url() in page
    with pytest.raises(Immutable):
        old.save()


def test_a_decision_against_the_model_says_so(people: Cast) -> None:
    record = propose(people, kept_by(people), choice="vms")
    doc = documents.document(record)
    assert doc["decision"]["follows_the_verdict"] is False
    assert doc["contributions"][0]["option"] == "vms"
    assert doc["alternatives"][0]["difference"] > 0
    assert any("speaks against virtual machines" in risk["text"] for risk in doc["risks"])
    assert "departs from the model" in written.markdown(doc)
    page = people.client("viewer").get(record.get_absolute_url()).content.decode()
    assert "departs from the model" in page


def test_a_record_names_risks_with_sign_remedy_and_owner(people: Cast) -> None:
    record = propose(people, kept_by(people, ops="low", team="tiny"))
    doc = documents.document(record)
    drawn = {r["id"]: r for r in doc["risks"] if "id" in r}
    assert set(drawn) == {r["id"] for r in risks.drawn("functions", record.version.answers)}
    assert all(r["sign"] and r["mitigation"] and r["owner"] for r in drawn.values())
    assert any(r["title"] == "Pilot first" for r in doc["risks"]), "the gate"
    page = people.client("viewer").get(record.get_absolute_url()).content.decode()
    for risk in drawn.values():
        assert escape(risk["owner"]) in page


def test_a_pair_may_be_chosen_with_the_points_of_both(people: Cast) -> None:
    found = kept_by(people, parts="distinct", start="container")
    record = propose(people, found, choice="pair")
    doc = documents.document(record)
    pair = found.latest().result["pair"]
    assert [c["option"] for c in doc["contributions"]] == [pair["elastic"], pair["steady"]]
    assert " beside " in doc["decision"]["title"]
    assert written.as_pdf(doc).startswith(b"%PDF")


def test_contributions_add_up_to_the_score(people: Cast) -> None:
    doc = documents.document(propose(people, kept_by(people, ops="low", team="tiny")))
    for each in doc["contributions"]:
        assert each["base"] + sum(p["points"] for p in each["parts"]) == pytest.approx(
            each["score"]
        )


def test_dissent_of_the_round_is_kept(people: Cast) -> None:
    found = kept_by(people)
    round = workflow.open_round(found, people["editor"])
    workflow.cast(round, people["reviewer"], {**SAID, "traffic": "heavy"})
    workflow.cast(round, people["editor"], SAID)
    workflow.close(round)
    workflow.settle(round, people["owner"], "traffic", "spiky", "the graph of week 46")
    workflow.agree(round, people["editor"])
    record = propose(people, found, dissent="Ines would wait a month.")
    accept(people, record)
    people["reviewer"].delete()
    doc = documents.document(Record.objects.get())
    (said,) = doc["dissent"]["answers"]
    assert (said["by"], said["words"]) == ("reviewer", "High, day and night.")
    (settled,) = doc["dissent"]["settled"]
    assert (settled["by"], settled["reason"]) == ("owner", "the graph of week 46")
    text = written.markdown(doc)
    page = people.client("viewer").get(record.get_absolute_url()).content.decode()
    for where in (text, page):
        for said in ("Ines would wait a month.", "High, day and night.", "the graph of week 46"):
            assert said in where


# Files


def test_the_three_files_are_attachments(people: Cast) -> None:
    record = propose(people, kept_by(people), title='Ünïcode "quotes"; filename=../x')
    client, url = people.client("viewer"), record.get_absolute_url()
    kinds = {"md": "text/markdown", "json": "application/json", "pdf": "application/pdf"}
    for ending, kind in kinds.items():
        response = client.get(f"{url}decision.{ending}")
        assert response["Content-Type"].startswith(kind)
        name = f"0001-unicode-quotes-filenamex.{ending}"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert client.get(f"{url}decision.exe").status_code == 404
    doc = client.get(f"{url}decision.json").json()
    assert doc == json.loads(json.dumps(documents.document(record)))
    for part in ("model", "answers", "contributions", "band", "alternatives", "dissent",
                 "consequences", "risks", "review", "status"):  # fmt: skip
        assert part in doc


def test_markdown_shows_hostile_text_and_acts_on_none_of_it(people: Cast) -> None:
    record = propose(
        people, kept_by(people), title=HOSTILE[:160], decision=HOSTILE, context=HOSTILE
    )
    html = markdown.markdown(written.markdown(documents.document(record)), extensions=["tables"])
    assert "<script" not in html and "<a " not in html and "<em>b" not in html
    assert html.count("<h1>") == 1 and "<code>" not in html


def test_pages_show_hostile_text_as_text(people: Cast) -> None:
    record = propose(people, kept_by(people), title=HOSTILE[:160], decision=HOSTILE)
    body = people.client("viewer").get(record.get_absolute_url()).content.decode()
    assert "<script>alert" not in body and "&lt;script&gt;alert(1)" in body


@pytest.fixture
def document(people: Cast) -> dict[str, Any]:
    return documents.document(propose(people, kept_by(people, connections="own_sockets")))


def test_a_pdf_takes_text_as_data(document: dict[str, Any]) -> None:
    plain = pdf.typeset("record.typ", document)
    assert plain.startswith(b"%PDF") and plain == pdf.typeset("record.typ", document)
    for name in ("title", "context", "verdict"):
        made = pdf.typeset("record.typ", {**document, name: HOSTILE})
        assert made.startswith(b"%PDF") and made != plain
    assert pdf.typeset("record.typ", {**document, "context": "word " * 3000}).count(b"/Page") > 3


def test_files_are_set_in_our_fonts_and_none_of_the_machines() -> None:
    families = set(pdf._fonts().families())
    assert {"Warmstart Sans", "Warmstart Serif", "Warmstart Mono"} <= families
    assert families <= {
        "Warmstart Sans", "Warmstart Serif", "Warmstart Mono", "DejaVu Sans Mono",
        "Libertinus Serif", "New Computer Modern", "New Computer Modern Math",
    }  # fmt: skip


@given(text=st.text(max_size=200))
@settings(max_examples=25)
def test_any_text_can_be_set(text: str) -> None:
    data = {
        "number": 1, "title": text, "status": "proposed", "superseded_by": None,
        "supersedes": None, "accepted": None, "proposed": {"by": text, "on": text},
        "assessment": {"name": text, "version": 1, "team": text, "person": None},
        "model": 1, "scored": "2026-11-25", "verdict": text, "band": "clear", "margin": 6.1,
        "context": text, "open": [text],
        "decision": {"title": text, "text": text, "follows_the_verdict": False},
        "answers": [{"mark": "1a", "text": text, "words": text}],
        "contributions": [{"title": text, "base": 50.0, "score": -3.25, "low": 1, "high": 2,
                           "parts": [{"mark": "1a", "topic": text, "words": text, "points": None}]}],
        "alternatives": [{"title": text, "score": 1, "difference": -1.5, "because": text,
                          "ruled_out_by": [text]}],
        "dissent": {"text": text, "answers": [], "settled": []},
        "consequences": text, "risks": [{"title": text, "text": text}],
        "review": {"on": "2027-01-01", "triggers": {"team": text}},
    }  # fmt: skip
    assert pdf.typeset("record.typ", data).startswith(b"%PDF")


def test_a_record_goes_only_with_its_assessment(people: Cast) -> None:
    found = kept_by(people)
    accept(people, propose(people, found))
    people.client("owner").post(f"{found.get_absolute_url()}delete/")
    assert not Record.objects.exists() and not Version.objects.exists()
