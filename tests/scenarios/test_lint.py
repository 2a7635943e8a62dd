"""Every rule about exercises: a template breaks none, and one change of it breaks the rule."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guide import glossary
from guide.glossary import Glossary
from scenarios import bank_lint, catalogue
from scenarios.authoring import new, revisions
from scenarios.catalogue import Catalogue
from scenarios.engine import CODES, TYPES, Exercise, Place, Problem, _proof, read_exercise

DAY = date(2026, 11, 25)
SECTION = "reliability-and-resilience/dead-letter-queues-quarantine"

# (code, type, what is replaced, by what). A tuple of pairs is several replacements.
BREAKS: list[tuple[str, str, str, str]] = [
    ("E001", "single", "title: A title", "titel: A title"),
    ("E002", "single", "{id: b,", "{id: a,"),
    ("E006", "single", "allowed. What", "allowed<br>. What"),
    ("E010", "single", ', why: "The queue keeps the work, and no attempt is spent while nothing can succeed."', ""),
    ("W002", "single", "status: draft", "status: draft\naccepts: [{code: W103, because: tested}]"),
    ("W101", "single", "Stop the consumer from polling", "Stop the consumer from polling until whatever it calls is back and has been well for a while"),
    ("W102", "single", "Stop the consumer from polling", "Stop polling (all consumers)"),
    ("W103", "single", "Give the consumer twice the memory", "Do both of these at the same time"),
    ("W104", "single", "do you change first?", "do you never change?"),
    ("W105", "single", "Allow ten attempts instead", "Always allow ten attempts"),
    ("W107", "single", "Stop the consumer from polling", "Stopping the consumer at once"),
    ("W108", "single", "Give the consumer twice the memory", "Allow ten attempts instead of"),
    ("W109", "single", "@two misconceptions@", ""),
    ("W110", "single", "do you change first?", "you change first is a"),
    ("W111", "single", "Attempts are spent within minutes", "Unlike the first option attempts go within minutes"),
    ("W112", "single", "It is not short of memory: what", "Wrong, since what"),
    ("W113", "single", "It is not short of memory: what it calls is away.", "Memory is there."),
    ("W114", "multi", "  - {id: d,", '  - {id: e, text: "It was read by another team", why: "Nobody else may read from this queue at all.", misconception: mc-x}\n  - {id: f, text: "It was sent to a second queue", why: "Nothing moves by itself between two queues here.", misconception: mc-y}\n  - {id: d,'),
    ("E201", "numeric", 'expr: "rate * ms / 1000"', 'expr: "rate.ms"'),
    ("E202", "numeric", 'expr: "rate * ms / 1000"', 'expr: "rate * ms / (rate - rate)"'),
    ("E203", "numeric", "plausible: [1, 1000]", "plausible: [1, 100]"),
    ("E204", "numeric", "1200]", "1000]"),
    ("E205", "numeric", 'expr: "rate * ms", credit', 'expr: "rate * ms / 1000 + 1", credit'),
    ("W206", "numeric", 'expr: "rate * ms / 1000", unit: "concurrent runs"}\ntolerance: {rel: 0.02, abs: 0.5}', 'expr: "rate * ms / 7000", unit: "runs"}\ntolerance: {abs: 0.0000001}'),
    ("W207", "numeric", ', unit: "concurrent runs"', ""),
    ("W208", "numeric", '"rate * ms / 1000"', '"rate * ms / 1000 * 1.37"'),
    ("W209", "numeric", "rate: {choose: [60, 90, 120, 150, 240]}\n  ms: {choose: [200, 350, 800, 1200]}", "rate: {choose: [60, 90]}\n  ms: {choose: [800]}"),
    ("E301", "incident", 'do: {minutes: "+9", backlog: "+2000"}, go: still, max: 1', 'do: {backlog: "+1"}, go: still'),
    ("E302", "incident", "go: end_meh", "go: end_good"),
    ("E303", "incident", '"100 - 3 * minutes - lost / 100"', '"0"'),
    ("E305", "hotspot", "kind: topic", "kind: topc"),
    ("E306", "hotspot", "orders are lost", "orders are lost after the events"),
    ("E308", "hotspot", "proved_by: [EVT02]", "proved_by: [EVT02, EVT01]"),
    ("E308", "hotspot", "node: events, role: cause", "node: shop-api, role: cause"),
    ("W307", "incident", ", misconception: @first@", ""),
    ("E311", "essay", "score: [1, 0, 0]", "score: [2, 2, 0]"),
    ("E401", "repair", "max_connections: 90", "max_connections: 20"),
    ("E402", "repair", "must_clear: [REL04, REL05]", "must_clear: [REL04, EVT01]"),
    ("E403", "repair", "to: 60}", "to: 60}\n  - {set: place.memory_mb, to: 600}"),
    ("E404", "repair", "max_connections, to: 300", "http_api, to: true"),
    ("E405", "repair", "edits: 16", "edits: 3"),
    ("E406", "repair", "{from: browser, to: orders-db, what: An order}", "{from: browser, to: browser, what: An order}"),
    ("W408", "repair", "to: orders-db, kind: write, protocol: tls, timeout_s: 3", "to: orders-db, kind: write, protocol: tls"),
    ("W501", "single", "@prompt@", "Organisational accountability considerations necessitate interdisciplinary architectural responsibility determination notwithstanding operational availability characteristics, particularly regarding asynchronous communication infrastructure, intermediary configuration administration, and heterogeneous authorisation"),
    ("W502", "single", "@prompt@", "The queue is full and nobody knows why it is so. " * 13),
    ("W505", "single", "Attempts are spent within minutes", "You forgot that attempts are spent within minutes"),
    ("W506", "single", "@prompt@", "What does this show? ![](/plates/1.png)"),
]  # fmt: skip


@pytest.fixture(scope="module")
def known() -> Catalogue:
    return catalogue.catalogue()


@pytest.fixture(scope="module")
def terms() -> Glossary:
    return glossary.load()[0]


def template(type: str, known: Catalogue) -> str:
    return new.text(type, known, DAY, section=SECTION)


def broken(text: str, old: str, by: str) -> str:
    """The text with the change; words in @ stand for what differs from bank to bank."""
    beliefs = re.findall(r"misconception: ([\w-]+)", text)
    if old == "@two misconceptions@":
        return text.replace(beliefs[1], beliefs[0])
    if old == "@prompt@":
        return re.sub(r"prompt: \|\n(  .*\n)+", f"prompt: |\n  {by}\n", text)
    old = old.replace("@first@", beliefs[0] if beliefs else "")
    assert old in text, old
    return text.replace(old, by, 1)


def codes(text: str) -> set[str]:
    return {p.code for p in read_exercise(text, Place("sample.yaml"))[1]}


class TestOneExercise:
    @pytest.mark.parametrize("type", list(TYPES))
    def test_a_template_is_complete_and_has_no_problem(self, type: str, known: Catalogue) -> None:
        found, problems = read_exercise(template(type, known), Place("sample.yaml"))
        assert problems == [] and found is not None
        assert catalogue.references(found, known) == []

    @pytest.mark.parametrize(("code", "type", "old", "by"), BREAKS, ids=[b[0] for b in BREAKS])
    def test_one_change_breaks_the_rule(
        self, code: str, type: str, old: str, by: str, known: Catalogue
    ) -> None:
        text = template(type, known)
        assert code not in codes(text)
        assert code in codes(broken(text, old, by))

    @pytest.mark.parametrize(
        ("code", "what", "by"),
        [
            ("E007", "key", lambda exercise, seed: {"chosen": ["b"]}),
            ("E007", "spoiled", lambda exercise, seed: [{"chosen": ["a"]}]),
            ("E008", "trivial", lambda exercise, seed: {"the first": {"chosen": ["a"]}}),
        ],
    )
    def test_the_proofs_notice_a_type_that_scores_wrongly(
        self, code: str, what: str, by: Any, known: Catalogue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        text = template("single", known)
        assert code not in codes(text)
        monkeypatch.setattr(TYPES["single"], what, by)
        monkeypatch.setattr(_proof, "baseline", lambda exercise, seed: 0.0)
        monkeypatch.setattr(_proof, "MOST_BASELINE", 1)
        assert code in codes(text)

    def test_a_warning_that_is_accepted_with_a_reason_is_gone(self, known: Catalogue) -> None:
        text = broken(template("single", known), "Allow ten attempts", "Always allow ten attempts")
        assert "W105" in codes(text)
        kept = text + "accepts: [{code: W105, because: It is what people say.}]\n"
        assert codes(kept) == set()
        assert "E001" in codes(text + "accepts: [{code: W105}]\n")
        assert "E001" in codes(text + "accepts: [{code: E007, because: no.}]\n")

    def test_every_problem_says_what_to_do_and_where(self, known: Catalogue) -> None:
        for code, type, old, by in BREAKS:
            text = broken(template(type, known), old, by)
            for problem in read_exercise(text, Place("sample.yaml"))[1]:
                assert problem.line > 0 and problem.remedy, (code, str(problem))
        assert all(c.title and c.remedy for c in CODES.values())

    def test_there_are_sixty_rules_and_each_is_broken_somewhere_here(self) -> None:
        here = Path(__file__).read_text(encoding="utf-8")
        assert len(CODES) >= 60
        assert [code for code in CODES if f'"{code}"' not in here] == []


class TestReferences:
    """What the catalogue knows: E003, E004, E009, E011, W001."""

    def exercise(self, known: Catalogue, type: str = "single", **change: str) -> Exercise:
        text = template(type, known)
        for old, by in change.items():
            text = re.sub(rf"(?m)^{old}: .*$", f"{old}: {by}", text)
        found, problems = read_exercise(text, Place("sample.yaml"))
        assert found, problems
        return found

    @pytest.mark.parametrize("field", ["section", "skills"])
    def test_a_name_that_does_not_exist(self, known: Catalogue, field: str) -> None:
        wrong = "nowhere/at-all" if field == "section" else "[no.such]"
        found = catalogue.references(self.exercise(known, **{field: wrong}), known)
        assert {p.problem.code for p in found} == {"E003"}

    def test_an_id_that_is_retired(self, known: Catalogue) -> None:
        retired = Catalogue(
            skills=known.skills, misconceptions=known.misconceptions, retired={"q-0000-new"}
        )
        found = catalogue.references(self.exercise(known), retired)
        assert [p.problem.code for p in found] == ["E011"]

    def test_a_file_with_another_name(self, known: Catalogue, tmp_path: Path) -> None:
        path = tmp_path / "q-0000-other.yaml"
        path.write_text(template("single", known), encoding="utf-8")
        ((_, found),) = catalogue.read_file(path)
        assert [p.problem.code for p in found] == ["E004"]

    def test_a_constant_answer_that_is_worth_more_than_half(self, known: Catalogue) -> None:
        text = template("categorise", known).replace('bin: poor, why: "One', 'bin: fit, why: "One')
        text = text.replace('bin: edge, why: "It works', 'bin: fit, why: "It works')
        assert codes(text.replace("near: 0.25", "near: 0.25")) & {"E001", "E009"}
        assert "E009" in codes(
            broken(
                template("incident", known), '"100 - 3 * minutes - lost / 100"', '"100 - minutes"'
            )
        )

    def test_an_inline_question_without_a_skill(self, known: Catalogue) -> None:
        text = re.sub(r"(?m)^(skills|section): .*$\n", "", template("single", known))
        _, problems = read_exercise(text, Place("page.md", 10, SECTION, "2026-11-25"))
        assert "W001" in {p.code for p in problems}


class TestRevisions:
    """E005: the key changes, the number has to rise."""

    def read(self, text: str) -> Exercise:
        found, problems = read_exercise(text, Place("sample.yaml"))
        assert found, problems
        return found

    @pytest.mark.parametrize("type", list(TYPES))
    def test_a_typing_error_may_be_corrected(self, type: str, known: Catalogue) -> None:
        text = template(type, known)
        polished = text.replace("Say in two or three", "Say in one or two")
        assert revisions.unraised(self.read(text), self.read(polished)) == []

    @pytest.mark.parametrize(
        ("type", "old", "by"),
        [
            ("numeric", "choose: [60, 90,", "choose: [60, 80,"),
            ("multi", "{id: c,", "{id: z,"),
            ("repair", "to: 60}", "to: 50}"),
            ("essay", "score: [1, 0, 0]", "score: [0, 1, 0]"),
        ],
    )
    def test_another_key_needs_another_revision(
        self, type: str, old: str, by: str, known: Catalogue
    ) -> None:
        text = template(type, known)
        changed = broken(text, old, by)
        found = revisions.unraised(self.read(text), self.read(changed))
        assert [p.code for p in found] == ["E005"]
        raised = changed.replace("rev: 1", "rev: 2", 1)
        assert revisions.unraised(self.read(text), self.read(raised)) == []


def bank(known: Catalogue, *texts: str) -> Catalogue:
    found = Catalogue(skills=known.skills, misconceptions=known.misconceptions)
    for number, text in enumerate(texts):
        id = f"q-{number:04}-x"
        text = re.sub(r"(?m)^id: .*$", f"id: {id}", text).replace("status: draft", "status: live")
        exercise, problems = read_exercise(text, Place(f"{id}.yaml"))
        assert exercise, problems
        found.exercises[id] = exercise
    return found


def found_by(known: Catalogue, terms: Glossary, *texts: str, day: date = DAY) -> set[str]:
    return {p.problem.code for p in bank_lint.lint(bank(known, *texts), terms, day)}


class TestTheBank:
    def test_a_single_template_is_thin_and_nothing_else(
        self, known: Catalogue, terms: Glossary
    ) -> None:
        assert found_by(known, terms, template("single", known)) == {"W603", "W604", "W605"}

    @pytest.mark.parametrize(
        ("code", "old", "by"),
        [
            ("W106", "do you change first?", "do you do with its polling?"),
            ("W503", "A consumer fails", "A strangler fig migration fails"),
            ("W504", "A consumer fails", "A dead letter queue fills, a consumer fails"),
            ("W508", "A consumer fails", "A [consumer](/guide/nowhere/at-all/) fails"),
        ],
    )
    def test_words_and_links(
        self, known: Catalogue, terms: Glossary, code: str, old: str, by: str
    ) -> None:
        if code == "W503":
            later = next(
                t
                for t in terms.terms
                if " " in t.term and bank_lint.places.order(t.section) > (11, 0)
            )
            by = f"{later.term}: a consumer fails"
        text = template("single", known)
        assert code not in found_by(known, terms, text)
        assert code in found_by(known, terms, broken(text, old, by))

    @pytest.mark.parametrize(
        ("day", "code"),
        [("2026-12-25", ""), ("2027-06-25", "W507"), ("2028-01-25", "E507")],
    )
    def test_facts_about_vendors_grow_old(
        self, known: Catalogue, terms: Glossary, day: str, code: str
    ) -> None:
        text = template("single", known).replace("scope: neutral", "scope: aws")
        found = found_by(known, terms, text, day=date.fromisoformat(day))
        assert found & {"W507", "E507"} == ({code} if code else set())
        assert not found_by(known, terms, template("single", known), day=date(2030, 1, 1)) & {
            "W507",
            "E507",
        }

    def test_one_question_that_tells_the_key_of_another(
        self, known: Catalogue, terms: Glossary
    ) -> None:
        text = template("single", known)
        telling = broken(
            text, "What\n  do you", "We stop the consumer from polling. What\n  do you"
        )
        other = broken(telling, "Stop the consumer from polling", "Ask for help from the platform")
        assert "W607" not in found_by(known, terms, text, text)
        assert "W607" in found_by(known, terms, text, other)

    def test_causes_at_one_end(self, known: Catalogue, terms: Glossary) -> None:
        text = template("hotspot", known)
        assert "W601" not in found_by(known, terms, *[text] * 3)
        assert "W601" in found_by(known, terms, *[text] * 12)

    def test_keys_that_are_the_longest(self, known: Catalogue, terms: Glossary) -> None:
        four = template("single", known).replace(
            "  - {id: c,",
            '  - {id: d, text: "Ask the sender to wait a day", why: "The sender has handed it over and forgotten it.", misconception: mc-x}\n  - {id: c,',
        )
        long = four.replace("Stop the consumer from polling", "Stop the consumer from all polling")
        assert "W602" not in found_by(known, terms, *[four] * 60)
        assert "W602" in found_by(known, terms, *[long] * 60)

    def test_sections_that_ask_for_recall_or_take_long(
        self, known: Catalogue, terms: Glossary
    ) -> None:
        text = template("single", known)
        recall = text.replace("bloom: apply", "bloom: remember")
        assert "W606" in found_by(known, terms, *[text] * 2, *[recall] * 2)
        assert "W606" not in found_by(known, terms, *[text] * 4, recall)
        long = text.replace("minutes: 2", "minutes: 9")
        assert "W610" in found_by(known, terms, *[long] * 3)
        assert "W610" not in found_by(known, terms, *[long] * 2)
        of_vendors = [
            long.replace("scope: neutral", f"scope: {v}") for v in ("aws", "azure", "gcp")
        ]
        assert of_vendors[0] != long
        assert "W610" not in found_by(known, terms, *of_vendors)

    def test_enough_of_everything(self, known: Catalogue, terms: Glossary) -> None:
        mixed = [template(type, known) for type in ("single", "multi", "order", "match")]
        found = {p for p in bank_lint.lint(bank(known, *mixed), terms, DAY)}
        skill = re.search(r"skills: \[(.*?)\]", mixed[0])
        assert skill
        named = [p.problem.message for p in found if p.problem.code in ("W603", "W604")]
        assert not any(skill[1] in message or SECTION in message for message in named)

    def test_yes_that_is_always_right_and_vendors_everywhere(
        self, known: Catalogue, terms: Glossary
    ) -> None:
        yes = template("single", known)
        for old, by in (("Stop", "Yes: stop"), ("Allow", "No: allow"), ("Give", "No: give")):
            yes = yes.replace(f'text: "{old}', f'text: "{by}')
        no = yes.replace("Yes: stop", "No: stop").replace("No: allow", "Yes: allow")
        assert "W608" in found_by(known, terms, *[yes] * 10)
        assert "W608" not in found_by(known, terms, *[yes] * 5, *[no] * 5)
        aws = template("single", known).replace("scope: neutral", "scope: aws")
        assert "W609" in found_by(known, terms, *[aws] * 2, *[yes] * 4)
        assert "W609" not in found_by(known, terms, aws, *[yes] * 4)


class TestHarness:
    """W409 and E407 are found by `exercises ablate` (test_authoring), W701 to W706 from answers
    (test_statistics)."""

    LATER = ("W701", "W702", "W703", "W704", "W705", "W706")

    def test_its_codes_are_known(self) -> None:
        assert {"W409", "E407"} <= set(CODES)
        assert Problem(1, "E407", "It takes long.").remedy == CODES["E407"].remedy
