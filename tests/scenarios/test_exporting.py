"""Attempts as xAPI statements, exercises as QTI 3 items that score as the site does."""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from scenarios import engine
from scenarios.catalogue import catalogue
from scenarios.engine import TYPES, Exercise
from scenarios.exporting import qti, xapi
from scenarios.exporting.markup import into
from scenarios.models import Attempt, ExerciseSet, Learner
from tests.cast import cast

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
Q = f"{{{qti.ITEM}}}"
CAN = ("single", "multi", "hotspot", "order", "match", "categorise", "numeric", "table", "essay")


def of_type(kind: str) -> list[Exercise]:
    return [e for e in catalogue().live() if e.type == kind]


def exportable(kind: str) -> list[Exercise]:
    found = []
    for exercise in of_type(kind):
        try:
            qti.item(exercise)
        except qti.NotExportable:
            continue
        found.append(exercise)
    return found


# A reader of its own: what another system would make of an item.


def parsed(exercise: Exercise) -> ElementTree.Element:
    made = qti.package([exercise], "Test").files[f"items/{exercise.id}.xml"]
    return ElementTree.fromstring(made)


def declaration(root: ElementTree.Element, id: str | None) -> ElementTree.Element:
    every = root.iter(f"{Q}qti-response-declaration")
    return next(d for d in every if d.get("identifier") == id)


def mapped(root: ElementTree.Element, id: str | None, parts: list[str]) -> float:
    mapping = declaration(root, id).find(f"{Q}qti-mapping")
    assert mapping is not None
    worth = {e.get("map-key"): float(e.get("mapped-value") or 0) for e in mapping}
    total = sum(worth.get(part, 0.0) for part in parts)
    return min(float(mapping.get("upper-bound") or 1), max(0.0, total))


def operate(name: str, node: ElementTree.Element, inside: list[Any]) -> Any:
    if name == "qti-equal":
        low = float((node.get("tolerance") or "0").split()[0])
        return inside[0] is not None and abs(inside[0] - inside[1]) <= low
    return {
        "qti-match": lambda: inside[0] == inside[1],
        "qti-max": lambda: max(inside),
        "qti-sum": lambda: sum(inside),
        "qti-subtract": lambda: inside[0] - inside[1],
        "qti-divide": lambda: inside[0] / inside[1],
    }[name]()


def score(root: ElementTree.Element, given: dict[str, Any]) -> float:
    """Response processing of the operators that the items use."""
    score = 0.0

    def value(node: ElementTree.Element) -> Any:
        name, id = node.tag.removeprefix(Q), node.get("identifier")
        if name == "qti-base-value":
            return float(node.text or "")
        if name == "qti-variable":
            return score if id == "SCORE" else given.get(str(id))
        if name == "qti-map-response":
            return mapped(root, id, given[str(id)])
        if name == "qti-correct":
            return declaration(root, id).findtext(f".//{Q}qti-value")
        return operate(name, node, [value(child) for child in node])

    processing = root.find(f"{Q}qti-response-processing")
    assert processing is not None
    if processing.get("template"):
        right = [v.text for v in declaration(root, "RESPONSE").iter(f"{Q}qti-value")]
        return float(given["RESPONSE"] == right)
    for step in processing:
        if step.tag == f"{Q}qti-set-outcome-value":
            score = value(step[0])
            continue
        branch = next((branch for branch in step if value(branch[0])), None)
        if branch is not None:
            score = value(branch[1][0])
    return score


class TestQti:
    def test_nine_types_can_be_exported_and_two_are_listed(self) -> None:
        made = qti.package(catalogue().live(), "All")
        types = {catalogue().exercises[id].type for id in made.items}
        assert types == set(CAN)
        skipped = {catalogue().exercises[id].type for id, _ in made.skipped}
        assert skipped >= {"incident", "repair"} and skipped <= {"incident", "repair", "order"}
        report = made.files["report.txt"].decode()
        assert all(f"left out  {id}: " in report for id, _ in made.skipped)

    @pytest.mark.parametrize("kind", CAN)
    def test_items_have_the_shape_of_the_specification(self, kind: str) -> None:
        for exercise in exportable(kind):
            root = parsed(exercise)
            assert root.tag == f"{Q}qti-assessment-item"
            assert {"identifier", "title", "time-dependent"} <= set(root.attrib)
            order = [child.tag.removeprefix(Q) for child in root]
            rank = {
                "qti-response-declaration": 0,
                "qti-outcome-declaration": 1,
                "qti-item-body": 2,
                "qti-response-processing": 3,
            }
            assert order == sorted(order, key=rank.__getitem__)
            declared = {d.get("identifier") for d in root.iter(f"{Q}qti-response-declaration")}
            used = {
                i.get("response-identifier") for i in root.iter() if i.get("response-identifier")
            }
            assert declared == used
            assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", str(id)) for id in declared)
            choices = {
                c.get("identifier") for c in root.iter() if c.tag.startswith(f"{Q}qti-simple-")
            }
            if kind in ("single", "multi", "hotspot", "order"):
                right = {v.text for v in root.iter(f"{Q}qti-value")} - {"0", "1"}
                assert right and right <= choices

    @pytest.mark.parametrize("kind", ["single", "multi", "hotspot"])
    def test_every_choice_scores_as_on_the_site(self, kind: str) -> None:
        for exercise in of_type(kind):
            root, form = parsed(exercise), engine.present(exercise, 0)
            ids = [c.id for c in form.choices]
            picks = (
                [[id] for id in ids] if kind == "single" else [ids[:n] for n in range(1, len(ids))]
            )
            if kind == "hotspot":
                n = exercise.body.pick
                picks = [ids[i : i + n] for i in range(len(ids) - n + 1)]
            for pick in [*picks, list(TYPES[kind].key(exercise, 0)["chosen"])]:
                wanted = engine.grade(exercise, 0, {"chosen": pick}).score
                assert score(root, {"RESPONSE": pick}) == pytest.approx(wanted, abs=1e-5)

    @given(st.data())
    def test_every_match_scores_as_on_the_site(self, data: st.DataObject) -> None:
        exercise = data.draw(st.sampled_from([*of_type("match"), *of_type("categorise")]))
        form = engine.present(exercise, 0)
        rows = {r.id: data.draw(st.sampled_from([c.id for c in r.choices])) for r in form.rows}
        wanted = engine.grade(exercise, 0, {"rows": rows}).score
        given = {"RESPONSE": [f"{row} {choice}" for row, choice in rows.items()]}
        assert score(parsed(exercise), given) == pytest.approx(wanted, abs=1e-5)

    def test_numbers_and_recognised_slips_score_as_on_the_site(self) -> None:
        for exercise in of_type("numeric"):
            root = parsed(exercise)
            names = engine.numeric.values(exercise, 0)
            values = [TYPES["numeric"].key(exercise, 0)["value"], 0.0, 1.0]
            values += [near.expression.value(names) for near in exercise.body.near]
            for value in values:
                wanted = engine.grade(exercise, 0, {"value": value}).score
                assert score(root, {"RESPONSE": value}) == pytest.approx(wanted, abs=1e-5)

    def test_a_table_without_slips_scores_as_on_the_site(self) -> None:
        for exercise in of_type("table"):
            key = TYPES["table"].key(exercise, 0)["rows"]
            given = {f"RESPONSE_{id.replace('-', '_')}": value for id, value in key.items()}
            assert score(parsed(exercise), given) == pytest.approx(1)
            assert score(parsed(exercise), {}) == 0

    def test_an_order_is_right_or_wrong(self) -> None:
        exercise = exportable("order")[0]
        key = TYPES["order"].key(exercise, 0)["order"]
        assert score(parsed(exercise), {"RESPONSE": key}) == 1
        assert score(parsed(exercise), {"RESPONSE": key[::-1]}) == 0

    def test_a_text_is_left_to_a_person(self) -> None:
        root = parsed(of_type("essay")[0])
        outcome = root.find(f"{Q}qti-outcome-declaration")
        assert outcome is not None and outcome.get("external-scored") == "human"

    def test_the_manifest_lists_what_is_there_and_nothing_else(self) -> None:
        made = qti.package(of_type("single")[:3], "A & B -- <c>")
        again = qti.package(of_type("single")[:3], "A & B -- <c>")
        assert made.zipped() == again.zipped()
        with zipfile.ZipFile(io.BytesIO(made.zipped())) as archive:
            assert archive.testzip() is None
            names = set(archive.namelist())
            root = ElementTree.fromstring(archive.read("imsmanifest.xml"))
        listed = {f.get("href") for f in root.iter(f"{{{qti.PACKAGE}}}file")}
        assert listed == names - {"imsmanifest.xml", "report.txt"}
        assert root.findtext(f".//{{{qti.PACKAGE}}}schemaversion") == "3.0.0"

    def test_the_command_writes_a_folder(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command("exercises", "qti", str(tmp_path / "out"))
        assert (tmp_path / "out" / "imsmanifest.xml").exists()
        assert "no interaction for design repair" in capsys.readouterr().out

    @given(st.text(max_size=120))
    def test_any_markdown_becomes_well_formed(self, text: str) -> None:
        root = ElementTree.Element("div")
        into(root, text)
        ElementTree.fromstring(ElementTree.tostring(root, encoding="utf-8"))

    @pytest.mark.django_db
    def test_a_set_is_downloaded_by_a_lead_alone(self) -> None:
        people = cast()
        made = ExerciseSet.objects.create(
            team=people.team,
            name="Set",
            exercises=["q-0101-three-bills", "q-gone"],
            starts_on=date(2026, 12, 1),
        )
        address = made.get_absolute_url() + "qti.zip"
        response = people.client("editor").get(address)
        assert response["Content-Type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            assert "items/q-0101-three-bills.xml" in archive.namelist()
        assert people.client("viewer").get(address).status_code == 404


@pytest.mark.django_db
class TestXapi:
    def attempts(self, of: Learner) -> list[Attempt]:
        found = []
        for kind in TYPES:
            exercise = of_type(kind)[0]
            answer = dict(TYPES[kind].key(exercise, 0))
            grade = engine.grade(exercise, 0, answer)
            found.append(
                Attempt.objects.create(
                    exercise=exercise.id,
                    rev=exercise.rev,
                    response=answer,
                    grade=grade.to_dict(),
                    score=grade.score,
                    points=1,
                    tries=1,
                    seconds=40,
                    **of.owner,
                )
            )
        return found

    def check(self, one: dict[str, Any]) -> None:
        """The rules of a statement, as far as ours have the parts."""
        assert set(one) <= {"id", "actor", "verb", "object", "result", "context", "timestamp"}
        uuid.UUID(one["id"])
        assert datetime.fromisoformat(one["timestamp"]).tzinfo
        account = one["actor"]["account"]
        assert set(account) == {"homePage", "name"} and account["homePage"].startswith("http")
        assert one["verb"]["id"].startswith(xapi.VERBS) and one["verb"]["display"]["en-GB"]
        assert one["object"]["id"].startswith("http")
        if scores := one["result"].get("score"):
            assert -1 <= scores["scaled"] <= 1 and scores["min"] <= scores["raw"] <= scores["max"]
        assert all(k.startswith("http") for k in one.get("context", {}).get("extensions", {}))
        definition = one["object"].get("definition", {})
        for part in ("choices", "source", "target", "steps"):
            ids = [entry["id"] for entry in definition.get(part, ())]
            assert len(ids) == len(set(ids))
        if definition.get("interactionType") in ("choice", "sequencing"):
            chosen = set(one["result"]["response"].split("[,]"))
            assert chosen <= {c["id"] for c in definition["choices"]}
        assert "correctResponsesPattern" not in definition

    def test_every_type_makes_a_statement(self, client: Client) -> None:
        people = cast()
        self.attempts(Learner(user=people["viewer"]))
        response = people.client("viewer").get("/practice/progress/xapi.json")
        found = json.loads(response.content)
        answered = [one for one in found if one["verb"]["display"]["en-GB"] == "answered"]
        assert len(answered) == len(TYPES) and len(found) > len(TYPES)
        for one in found:
            self.check(one)
        text = response.content.decode()
        assert "viewer@" not in text and people["viewer"].username not in text.replace(
            "viewer@", ""
        )
        again = json.loads(people.client("viewer").get("/practice/progress/xapi.json").content)
        assert [one["id"] for one in again] == [one["id"] for one in found]

    def test_nobody_sees_anothers_and_a_guest_has_none(self, client: Client) -> None:
        people = cast()
        self.attempts(Learner(user=people["viewer"]))
        assert people.client("owner").get("/practice/progress/xapi.json").json() == []
        assert client.get("/practice/progress/xapi.json").json() == []

    def test_an_exercise_that_is_gone_still_has_its_attempts(self) -> None:
        people = cast()
        Attempt.objects.create(
            exercise="q-gone", rev=1, score=0, points=0, tries=0, gave_up=True,
            user=people["viewer"],
        )  # fmt: skip
        (one,) = people.client("viewer").get("/practice/progress/xapi.json").json()
        assert one["object"]["id"].endswith("/practice/q-gone/")
        assert one["verb"]["display"]["en-GB"] == "completed"
