"""Delivery and testing: how a change reaches users, and how it is taken back."""

from __future__ import annotations

from ..model import Component
from ._case import Case, Known, both, either, equal, lacks, listed, number
from ._facts import STAGES, Facts
from ._registry import rule
from ._types import Outcomes


@rule(
    "DEL01",
    "Not defined as code",
    "high",
    "delivery",
    why="What was clicked together cannot be reviewed, repeated or taken back. The second "
    "environment differs from the first from its first day.",
    detects="delivery.iac of a design in stage build or live is not true.",
    false_alarm="None that we know once people depend on it; a throwaway trial is stage idea.",
    fix="Describe all of it as code, beginning with what would hurt most to rebuild.",
    section="testing-and-delivery/ci-cd-iac-safe-deployment",
    references=("AWS Well-Architected Serverless Lens OPS 2 (asks)",),
)
def del01(facts: Facts) -> Outcomes:
    design = facts.design
    case = Case(design).at(design, "delivery.iac")
    if design.get("stage", "build") not in STAGES[2:]:
        case.read(design, "stage")
        yield case.ok()
        return
    built = None if case.need(design, "stage") is None else True
    by_hand = both(built, equal(case.need(design, "delivery.iac"), False))
    yield (
        case.fail(f"The design is in stage {design.get('stage')} and is not defined as code.")
        if by_hand
        else case.rest(by_hand)
    )


@rule(
    "DEL02",
    "All-at-once release",
    "medium",
    "delivery",
    why="A release to everybody shows its fault to everybody. Taking it back by hand adds the time "
    "that a person needs to notice and agree.",
    detects="Criticality is high or critical, and delivery.rollout is all_at_once or "
    "delivery.rollback is not auto.",
    false_alarm="The change is behind a flag that is opened in steps.",
    fix="Release to a share first, watch the alarms of the design, and let them take it back.",
    section="testing-and-delivery/canary-flags-rollbacks",
)
def del02(facts: Facts) -> Outcomes:
    design = facts.design
    case = Case(design).at(design, "delivery.rollout")
    serious = facts.critical_enough(case)
    if serious is False:
        yield case.ok()
        return
    rollout, back = (
        case.need(design, "delivery.rollout"),
        case.need(design, "delivery.rollback"),
    )
    at_once = equal(rollout, "all_at_once")
    by_hand = None if back is None else back != "auto"
    risky = both(serious, either(at_once, by_hand))
    found = ["go to everybody at once"] * bool(at_once)
    if by_hand:
        found.append("cannot be taken back" if back == "none" else "are taken back by hand")
    yield (
        case.fail(f"Criticality is {design.get('criticality')}, and releases {listed(found)}.")
        if risky
        else case.rest(risky)
    )


@rule(
    "DEL03",
    "Tests miss the integration points",
    "medium",
    "delivery",
    params=("load_test_rps",),
    why="The faults of such a system live in permissions, limits and message shapes. Unit tests "
    "replace exactly these with assumptions.",
    detects="delivery.tests lacks integration or contract; or lacks load where traffic.peak_rps is "
    "100 or more.",
    false_alarm="Another team's suite covers the same contracts on every change.",
    fix="Test against real services in an account of its own, check contracts on both sides, and "
    "load it once before launch.",
    section="testing-and-delivery/unit-integration-contract-testing",
)
def del03(facts: Facts, busy: float) -> Outcomes:
    design = facts.design
    case = Case(design).at(design, "delivery.tests")
    tests = case.need(design, "delivery.tests")
    lacking = [word for word in ("integration", "contract") if lacks(tests, word)]
    unloaded: Known = lacks(tests, "load")
    if unloaded is not False:
        peak = case.need(design, "traffic.peak_rps")
        unloaded = both(unloaded, None if peak is None else peak >= busy)
        if unloaded:
            lacking.append(f"load (the peak is {number(peak)} requests/s)")
    yield (
        case.fail(f"The tests lack {listed(lacking)}.")
        if lacking
        else case.rest(None if tests is None else unloaded)
    )


@rule(
    "DEL04",
    "One-way door without a decision record",
    "low",
    "delivery",
    why="When the people who chose have left, nobody knows whether the reason still holds. The "
    "choice is then kept or undone by chance.",
    detects="A component with one_way: true, or a workflow or function with "
    "vendor_api_in_domain: true in a design whose portability is required, is not in the about of "
    "an accepted decision.",
    false_alarm="The record exists elsewhere: name it under decisions.",
    fix="Write half a page: what forced the choice, what else was possible, what follows.",
    section="architectures-case-studies-decisions/decision-framework-serverless-adoption",
    references=("practice of decision records",),
)
def del04(facts: Facts) -> Outcomes:
    for component in facts.design.components:
        case = Case(component).at(component, "one_way")
        bound = _one_way(facts, case, component)
        if bound is False:
            continue
        recorded = _recorded(facts, case, component)
        problem = both(bound, None if recorded is None else not recorded)
        yield (
            case.fail(f"{component.id} is hard to leave, and no accepted decision is about it.")
            if problem
            else case.rest(problem)
        )


def _one_way(facts: Facts, case: Case, component: Component) -> Known:
    coupled: Known = False
    if component.kind in ("workflow", "function") and component.has("vendor_api_in_domain"):
        coupled = component.get("vendor_api_in_domain")
        if facts.design.get("portability", "required") != "required" or coupled is False:
            coupled = False
        else:
            needed = equal(case.need(facts.design, "portability"), "required")
            coupled = both(case.need(component, "vendor_api_in_domain"), needed)
    if component.has("one_way"):
        return either(case.need(component, "one_way"), coupled)
    return coupled


def _recorded(facts: Facts, case: Case, component: Component) -> Known:
    found: Known = False
    for decision in facts.design.decisions:
        if component.id in decision.get("about", ()):
            status = case.need(decision, "status")
            if status == "accepted":
                return True
            if status is None:
                found = None
    return found


@rule(
    "DEL05",
    "Release that one person can make alone",
    "medium",
    "delivery",
    why="One stolen laptop or one tired evening then reaches every customer. A second look costs "
    "minutes; where it is left out, only a release that takes itself back makes up for it.",
    detects="A pipeline states approvals: 0, the design's criticality is high or critical, and its "
    "releases are not both spread in steps and taken back automatically.",
    false_alarm="The review happens before the merge and is enforced there: state approvals: 1.",
    fix="Ask for a second person before production, or release in steps that alarms take back.",
    section="testing-and-delivery/ci-cd-iac-safe-deployment",
)
def del05(facts: Facts) -> Outcomes:
    design = facts.design
    for pipeline in design.of_kind("pipeline"):
        case = Case(pipeline).at(pipeline, "approvals")
        alone = equal(case.need(pipeline, "approvals"), 0)
        serious = facts.critical_enough(case) if alone is not False else False
        unguarded: Known = False
        if both(alone, serious) is not False:
            at_once = equal(case.need(design, "delivery.rollout"), "all_at_once")
            back = case.need(design, "delivery.rollback")
            unguarded = either(at_once, None if back is None else back != "auto")
        risky = both(alone, serious, unguarded)
        yield (
            case.fail(
                f"{pipeline.id} releases without a second person, and nothing takes a bad release "
                "back by itself."
            )
            if risky
            else case.rest(risky)
        )


@rule(
    "DEL06",
    "Pipeline that scans nothing",
    "medium",
    "security",
    why="Most of what is deployed was written by strangers. A known hole in a library is found by "
    "those who look for it, and a scan in the pipeline looks first.",
    detects="scans of a pipeline is an empty list.",
    false_alarm="The repository is scanned on each change before the pipeline starts: list it.",
    fix="Scan dependencies, secrets and infrastructure code on each build, and sign what is built.",
    section="testing-and-delivery/ci-cd-iac-safe-deployment",
    references=("checkov CKV_AWS_272 (signing of function code only)",),
)
def del06(facts: Facts) -> Outcomes:
    for pipeline in facts.design.of_kind("pipeline"):
        case = Case(pipeline).at(pipeline, "scans")
        scans = case.need(pipeline, "scans")
        blind = None if scans is None else not scans
        yield (
            case.fail(f"{pipeline.id} delivers what it builds without looking for anything.")
            if blind
            else case.rest(blind)
        )


@rule(
    "DEL07",
    "Stages that share an account",
    "medium",
    "delivery",
    why="In one account a test takes the concurrency of production, and a wrong name deletes its "
    "table. Permissions that separate the two are permissions that somebody must not forget.",
    detects="delivery.separate_accounts is false, and the design is in stage build or live.",
    false_alarm="There is one stage, and changes are tried elsewhere.",
    fix="Give each stage an account of its own, made from the same code.",
    section="testing-and-delivery/local-vs-cloud-native-testing",
)
def del07(facts: Facts) -> Outcomes:
    design = facts.design
    if not design.has("delivery.separate_accounts"):
        return
    if design.get("stage", "build") not in STAGES[2:]:
        return
    case = Case(design).at(design, "delivery.separate_accounts")
    shared = equal(case.need(design, "delivery.separate_accounts"), False)
    built: Known = None if case.need(design, "stage") is None else True
    mixed = both(shared, built)
    yield (
        case.fail("Trial and production share an account, and with it quotas and permissions.")
        if mixed
        else case.rest(mixed)
    )
