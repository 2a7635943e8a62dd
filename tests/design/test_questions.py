"""The questions that a design leaves open, what they are worth, and what an answer does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from design import kinds
from design.document import load
from design.edit import apply
from design.kinds import Type
from design.questions import NotAnAnswer, questions
from design.rules import RULES, Severity, Verdict, check
from design.scoring import score

from .examples import BAD, GOOD, text
from .rules.cases import EXAMPLES, findings
from .rules.cases import design as example

TABLES = {
    **{("components", name): kind.attributes for name, kind in kinds.COMPONENT_KINDS.items()},
    ("edges", ""): kinds.EDGE,
    ("design", ""): kinds.DESIGN,
    ("data", ""): kinds.DATA,
    ("boundaries", ""): kinds.BOUNDARY,
    ("decisions", ""): kinds.DECISION,
}
UNKNOWN = sorted(file.stem for file in (EXAMPLES / "unknown").glob("*.yaml"))


def asked(source: str):
    design = load(source)
    return questions(design, check(design))


@pytest.mark.parametrize("place", TABLES, ids=lambda place: place[1] or place[0])
def test_every_attribute_has_a_question(place):
    for path in TABLES[place]:
        said = kinds.question(place[0], path)
        assert said.endswith("?") and said[0].isupper(), f"kinds/_questions.py lacks {path}"
        said.format(id="x", source="y", target="z")


@pytest.mark.parametrize("rule", UNKNOWN)
def test_every_open_verdict_has_its_questions(rule):
    design, found = example("unknown", rule), findings("unknown", rule)
    made = questions(design, found)
    for finding in found:
        if finding.verdict is Verdict.UNKNOWN:
            assert any(finding.rule in q.rules for q in made), finding
    assert len({(q.section, q.subject, q.path) for q in made}) == len(made)
    source = (EXAMPLES / "unknown" / f"{rule}.yaml").read_text("utf-8")
    for question in made:
        assert question.text.endswith("?") and "{" not in question.text
        assert question.low <= question.high
    answers = [(question, _an_answer(question)) for question in made]
    edits = [question.edit(answer) for question, answer in answers if answer is not None]
    again = load(apply(source, edits))
    left = {(q.section, q.subject, q.path) for q in questions(again, check(again))}
    assert not left & {
        (q.section, q.subject, q.path) for q, answer in answers if answer is not None
    }


def _an_answer(question):
    if question.answers:
        return question.answers[0]
    if question.attribute.type in (Type.NUMBER, Type.INTEGER):
        return "1"
    return "x" if question.attribute.type in (Type.TEXT, Type.TEXTS) else None


def test_one_attribute_is_asked_once_for_all_rules():
    source = text(
        "  - {id: work, kind: function, memory_mb: 128, timeout_s: 3, logs: {retention_days: 1}}"
    )
    [slowest] = [q for q in asked(source) if q.path == "duration_ms.p99"]
    assert slowest.rules == ("FIT01", "FUN03") and slowest.verdicts == 2
    assert slowest.text == (
        "How long do the slowest one in a hundred runs of work take, in milliseconds?"
    )


def test_the_wording_names_both_ends_and_the_unit():
    source = BAD.replace("visibility_s: 400", "visibility_s: unknown")
    said = {q.text for q in asked(source)}
    assert "How long may one message stay invisible on mailq, in seconds?" in said
    assert "How long is a batch from mailq collected for mailer, in seconds?" in said


@pytest.mark.parametrize("source", [BAD, GOOD.replace("idempotent: key", "idempotent: unknown")])
def test_low_and_high_are_the_scores_when_the_verdicts_fail_and_pass(source):
    design = load(source)
    found = check(design)
    for question in questions(design, found):
        place = f"{question.subject}.{question.path}"

        def decided(verdict, place=place):
            return score(
                [replace(f, verdict=verdict) if f.verdict is Verdict.UNKNOWN and place in f.missing else f for f in found],
                design,
            ).total  # fmt: skip

        assert question.high == pytest.approx(decided(Verdict.PASS), abs=0.02)
        assert question.low == pytest.approx(decided(Verdict.FAIL), abs=0.02)


def test_what_moves_the_score_most_comes_first():
    made = asked(
        GOOD.replace("idempotent: key", "idempotent: unknown").replace("waf: true", "waf: unknown")
    )
    assert [q.reach for q in made] == sorted((q.reach for q in made), reverse=True)
    assert made[0].path == "idempotent" and RULES["EVT04"].severity is Severity.CRITICAL


def test_order_and_number_are_stable():
    lines = BAD.splitlines()
    first = lines.index("edges:") + 1
    shuffled = "\n".join((*lines[:first], *reversed(lines[first:])))
    assert [(q.text, q.low, q.high) for q in asked(BAD)] == [
        (q.text, q.low, q.high) for q in asked(shuffled)
    ]
    design = load(BAD)
    assert questions(design, check(design), most=3) == questions(design, check(design))[:3]
    assert asked(GOOD) == ()


def test_retries_behind_a_function_are_asked_edge_by_edge():
    made = questions(example("unknown", "ANT04"), findings("unknown", "ANT04"))
    assert any(
        q.section == "edges" and q.path == "retries.max" and "ANT04" in q.rules for q in made
    )


def test_a_data_item_and_a_component_of_one_name_are_told_apart():
    source = text(
        "  - {id: order, kind: kv, holds: [order], encrypted: false, public: false}",
        "data:\n  - {id: order}\n",
    )
    made = {(q.section, q.path) for q in asked(source)}
    assert ("data", "class") in made and ("components", "record") in made


class TestAnswers:
    SOURCE = text(
        "  - {id: a, kind: function}\n  - {id: q, kind: queue}\n  - {id: dead, kind: queue, purpose: dlq}",
        "edges:\n  - {from: q, to: a, kind: poll}\n",
    )

    def question(self, path, subject=None):
        return next(
            q for q in asked(self.SOURCE.replace("kind: queue}", "kind: queue, dlq: unknown}", 1))
            if q.path == path and subject in (None, q.subject)
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("path", "answer", "value"),
        [
            ("tracing", "yes", True), ("tracing", " false ", False), ("tracing", "unknown", None),
            ("visibility_s", "60", 60), ("visibility_s", "1.5 s", 1.5), ("idempotent", "key", "key"),
            ("alarms", "errors, throttles", ("errors", "throttles")), ("alarms", "", ()),
            ("responsibilities", "[ one, two ]", ("one", "two")), ("role", "role-a", "role-a"),
            ("visibility_s", 30, 30), ("dlq", "dead", "dead"),
        ],
    )  # fmt: skip
    def test_an_answer_becomes_an_edit(self, path, answer, value):
        if path == "idempotent":
            source = TestAnswers.SOURCE.replace(
                "edges:\n", "edges:\n  - {from: a, to: q, kind: publish}\n"
            )
            question = next(q for q in asked(source) if q.path == path)
        else:
            question = self.question(path)
        assert question.edit(answer).value == value

    @pytest.mark.parametrize(
        ("path", "answer"),
        [("tracing", "maybe"), ("visibility_s", "soon"), ("visibility_s", "-1"), ("max_receive", "1.5"),
         ("secrets", "hidden"), ("alarms", "errors, nonsense"), ("grants", "all"), ("role", " "),
         ("visibility_s", "9" * 16)],
    )  # fmt: skip
    def test_what_is_no_answer_is_refused_with_what_would_be(self, path, answer):
        with pytest.raises(NotAnAnswer, match=r"expected|Write"):
            self.question(path).edit(answer)

    def test_answers_are_the_words_of_the_format_or_the_ids_there_are(self):
        assert self.question("secrets").answers == (
            "none",
            "store",
            "env_encrypted",
            "env_plain",
            "code",
        )
        assert self.question("tracing").answers == ("true", "false")
        assert self.question("dlq").answers == ("dead", "q")
