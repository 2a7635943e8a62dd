"""Waivers: which hold on a day, what is said of the others, what they do to reports."""

from __future__ import annotations

import datetime
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import document, export
from design.compare import fingerprint
from design.result import evaluate, from_dict, to_dict
from design.rules import RULES, Severity, Verdict
from design.waivers import LONGEST, expiry, needs_second, standings

from .examples import GOOD

# A clean design with one high finding, EVT05 at a poll.
WORSE = GOOD.replace("visibility_s: 200", "visibility_s: 100")
RENAMED = re.sub(r"\bwork\b(?!-[a-z])", "jobs", WORSE)
DAY = "2026-03-01"
SINCE, UNTIL = datetime.date(2025, 10, 1), datetime.date(2026, 8, 1)
GIVEN = {
    "rule": "EVT05",
    "subject": "work->start-fulfil:poll",
    "category": "accepted",
    "reason": "the consumer is idempotent",
    "by": "ada",
    "approved_by": "bob",
    "created": "2026-02-01",
    "expires": "2026-04-20",
}


def waiver(**said):
    given = {**GIVEN, **said}
    line = ", ".join(f"{key}: {json.dumps(value)}" for key, value in given.items() if value)
    return f"waivers:\n  - {{{line}}}\n"


def result(today=DAY, text=WORSE, **said):
    return evaluate(document.load(text + waiver(**said)), today=today)


def standing(today=DAY, **said):
    (one,) = result(today, **said).waivers
    return one


def test_the_example_has_the_one_finding():
    found = [f for f in evaluate(document.load(WORSE)).findings if f.verdict is Verdict.FAIL]
    assert [(f.rule, f.subject, f.severity) for f in found] == [
        ("EVT05", GIVEN["subject"], Severity.HIGH)
    ]


class TestStates:
    @pytest.mark.parametrize(
        ("said", "state", "says"),
        [
            ({}, "active", ""),
            ({"expires": "2026-03-31"}, "expiring", "It expires on 2026-03-31, in 30 days."),
            ({"expires": "2026-03-02"}, "expiring", "in 1 day."),
            ({"expires": DAY}, "expiring", "in 0 days."),
            ({"expires": "2026-02-28"}, "expired", "It expired on 2026-02-28."),
            ({"expires": ""}, "active", ""),
            ({"expires": "", "created": "2025-11-01"}, "expired", "It expired on 2026-01-30."),
            ({"expires": "", "created": ""}, "malformed", "neither the day on which it began"),
            ({"created": "2026-03-02"}, "malformed", "still to come"),
            ({"expires": "2026-01-31"}, "malformed", "It ends before it begins."),
            ({"expires": "2026-05-03"}, "malformed", "It lasts longer than 90 days"),
            ({"expires": "2026-06-03", "created": ""}, "malformed", "It lasts longer than 90 days"),
            ({"approved_by": ""}, "proposed", "A second person has to agree."),
            ({"approved_by": "ada"}, "proposed", "A second person has to agree."),
            ({"reason": "too short, nineteen"}, "malformed", "shorter than 20 characters"),
            ({"reason": ""}, "malformed", "shorter than 20 characters"),
            ({"category": ""}, "malformed", "The category is missing."),
            ({"by": ""}, "malformed", "It names no author."),
            ({"rule": "ZZZ99"}, "malformed", "There is no such rule"),
            ({"subject": "work"}, "unused", "It matches no failing finding."),
            ({"subject": "work->*"}, "active", ""),
            ({"subject": "*poll"}, "active", ""),
            ({"subject": "*pol*"}, "active", ""),
            ({"subject": "ork->*"}, "unused", "It matches no failing finding."),
            ({"rule": "EVT06", "expires": "2026-04-01"}, "unused", "It matches no failing finding."),
            ({"basis": "0000000000000000"}, "re-confirm", "What it was agreed on has changed"),
        ],
    )  # fmt: skip
    def test_each_is_told_and_only_good_ones_are_applied(self, said, state, says):
        made = result(**said)
        (one,) = made.waivers
        assert (one.state, says in one.says) == (state, True), one
        assert one.applied is (state in ("active", "expiring"))
        opened = [f for f in made.findings if made.is_open(f) and f.rule == "EVT05"]
        assert bool(opened) is not one.applied

    def test_without_a_day_none_is_applied(self):
        made = result(None)
        assert made.waivers[0].state == "undated"
        assert not made.waived

    @pytest.mark.parametrize("severity", Severity)
    def test_the_longest_time_and_the_second_person_follow_the_severity(self, severity):
        rule = next(r for r in RULES.values() if r.severity is severity)
        days = {"critical": 30, "high": 90, "medium": 180, "low": 365}[severity.value]
        assert LONGEST[severity] == days
        assert needs_second(rule) is (severity.value in ("critical", "high"))
        made = document.load(WORSE + waiver(rule=rule.id, expires=""))
        assert expiry(made.waivers[0], rule) == {30: "2026-03-03"}.get(days, "2026-05-02")

    def test_a_basis_holds_until_what_was_read_changes(self):
        basis = standing().basis
        assert standing(basis=basis).state == "active"
        assert result(text=WORSE + "\n# a remark\n", basis=basis).waivers[0].state == "active"
        changed = WORSE.replace("visibility_s: 100", "visibility_s: 90")
        assert result(text=changed, basis=basis).waivers[0].state == "re-confirm"

    @settings(max_examples=80, deadline=None)
    @given(
        st.fixed_dictionaries(
            {},
            optional={
                "category": st.sampled_from(["accepted", "compensated", "false_positive", ""]),
                "reason": st.text("abc ", max_size=40),
                "by": st.sampled_from(["ada", "bob", ""]),
                "approved_by": st.sampled_from(["ada", "bob", ""]),
                "created": st.dates(SINCE, UNTIL).map(str),
                "expires": st.dates(SINCE, UNTIL).map(str),
            },
        )
    )
    def test_what_is_applied_has_everything(self, said):
        one = standings(
            document.load(WORSE + waiver(**said)), evaluate(document.load(WORSE)).findings, DAY
        )[0]
        if one.applied:
            given = {**GIVEN, **said}
            assert given["category"]
            assert len(given["reason"].strip()) >= 20
            assert given["by"]
            assert given["approved_by"] not in ("", given["by"])
            assert one.expires >= DAY
        else:
            assert one.says


class TestReports:
    @pytest.mark.parametrize("format", ["text", "markdown", "json"])
    def test_what_is_not_applied_is_announced(self, format):
        said = " ".join(export.FORMATS[format](result(approved_by="")).split())
        assert "A second person has to agree." in said

    def test_an_applied_one_tells_its_last_day(self):
        assert "accepted until 2026-04-20" in export.text.render(result())
        assert "accepted until 2026-03-20 (soon)" in export.text.render(
            result(expires="2026-03-20")
        )

    @pytest.mark.parametrize(
        ("said", "status"),
        [
            ({}, "accepted"),
            ({"approved_by": ""}, "underReview"),
            ({"basis": "old"}, "underReview"),
            ({"expires": "2026-02-20"}, "rejected"),
        ],
    )
    def test_sarif_says_the_status(self, said, status):
        run = json.loads(export.sarif.render(result(**said)))["runs"][0]
        ((one,),) = [r["suppressions"] for r in run["results"] if r["ruleId"] == "EVT05"]
        assert (one["kind"], one["status"]) == ("external", status)
        assert one["justification"] == GIVEN["reason"]
        assert one["properties"]["expires"]

    def test_they_survive_being_stored(self):
        made = result(approved_by="")
        again = from_dict(json.loads(json.dumps(to_dict(made))))
        assert [(w.state, w.says, w.expires, w.matches, w.basis) for w in again.waivers] == [
            (w.state, w.says, w.expires, w.matches, w.basis) for w in made.waivers
        ]

    def test_a_result_of_the_earlier_format_is_still_read(self):
        made = result()
        now = to_dict(made)
        earlier = {
            k: v for k, v in now.items() if k not in ("engine", "packs", "waivers", "questions")
        }
        names = (
            "grade",
            "provisional",
            "without_accepted",
            "caps",
            "shifts",
            "counts",
            "coverage",
            "pillars",
        )
        earlier["score"] = {"total": now["score"], **{name: earlier.pop(name) for name in names}}
        earlier["format"] = "warmstart-result/1"
        assert from_dict(earlier).score == made.score


class TestFingerprints:
    def prints(self, text):
        made = evaluate(document.load(text))
        return {
            fingerprint(f, made.design)
            for f in made.findings
            if f.verdict is not Verdict.NOT_APPLICABLE
        }

    def test_a_rename_that_says_was_keeps_them(self):
        renamed = RENAMED.replace("{id: jobs,", "{id: jobs, was: work,", 1)
        assert document.load(renamed).component("jobs").get("was") == "work"
        assert self.prints(renamed) == self.prints(WORSE)

    def test_a_rename_that_does_not_say_was_changes_them(self):
        assert self.prints(RENAMED) != self.prints(WORSE)

    def test_the_order_of_the_text_has_no_say(self):
        head, _, rest = WORSE.partition("edges:\n")
        edges, gap, tail = rest.partition("\n\n")
        turned = "\n".join(reversed(edges.splitlines()))
        assert self.prints(f"{head}edges:\n{turned}{gap}{tail}") == self.prints(WORSE)

    def test_a_name_that_is_taken_again_is_not_the_earlier_one(self):
        text = "model: sdm/1\ndesign: {id: d}\ncomponents:\n  - {id: a, kind: function}\n  - {id: b, kind: function, was: a}\n"
        made = evaluate(document.load(text))
        found = [fingerprint(f, made.design) for f in made.findings]
        assert len(set(found)) == len(found)
