"""Workflow: sequences of steps, and what happens in the middle of one."""

from __future__ import annotations

from ..kinds import CHANNELS
from ._case import Case, Known, both, either, equal, listed
from ._facts import Facts
from ._registry import rule
from ._types import Outcomes

CODE = ("function", "container", "vm")


@rule(
    "WFL01",
    "Function used as the orchestrator",
    "medium",
    "reliability",
    params=("orchestrated_calls",),
    never_unknown="The rule reads only which edges leave a function, and a design states those.",
    why="A function that runs a sequence keeps its place in memory. After a crash in the middle "
    "nobody knows which steps are done, and it is paid for while it waits for each.",
    detects="A function has three or more outgoing calls to functions or external services, and an "
    "outgoing write.",
    false_alarm="The calls are independent reads that are merged into one answer.",
    fix="Move the sequence into a managed workflow that stores its place and retries each step.",
    section="workflow-and-orchestration/step-functions-workflow-engines",
)
def wfl01(facts: Facts, most: float) -> Outcomes:
    design = facts.design
    for function in facts.functions:
        called = [
            edge.target
            for edge in design.out_edges(function.id, "call")
            if design.component(edge.target).kind in ("function", "external")
        ]
        if not called:
            continue
        written = sorted({edge.target for edge in design.out_edges(function.id, "write")})
        case = Case(function)
        case.computed("calls", tuple(called))
        case.computed("writes", tuple(written))
        yield (
            case.fail(
                f"{function.id} calls {listed(called)} and writes {listed(written)}; after a "
                "crash in the middle nobody knows which of these happened."
            )
            if len(called) >= most and written
            else case.ok()
        )


@rule(
    "WFL02",
    "Step without retry or catch",
    "high",
    "reliability",
    why="A workflow survives faults only where it is told how. One transient error in a bare step "
    "ends the execution with its earlier steps done.",
    detects="A step edge states no retries.max or 0, or does not state catch: true.",
    false_alarm="The whole execution is repeated from outside and every step is idempotent.",
    fix="Retry transient errors with backoff; catch the rest and lead them to a compensation.",
    section="workflow-and-orchestration/step-functions-workflow-engines",
)
def wfl02(facts: Facts) -> Outcomes:
    for edge, workflow, task in facts.edges("step"):
        case = Case(edge)
        absent = case.absent(edge, "retries.max")
        single = absent if absent is not False else edge.get("retries.max") == 0
        bare = equal(case.need(edge, "catch"), False)
        lacking = ["no retry"] * (single is True) + ["no catch"] * (bare is True)
        yield (
            case.fail(f"{workflow.id} runs {task.id} with {listed(lacking)}.")
            if lacking
            else case.rest(either(single, bare))
        )


@rule(
    "WFL03",
    "Multi-step change without compensation",
    "high",
    "reliability",
    why="If the second of two effects fails, the first remains: the card is charged and nothing is "
    "shipped. Someone then repairs it by hand.",
    detects="A workflow runs two or more steps that have side effects and states "
    "compensation: none.",
    false_alarm="The steps only add facts that do no harm alone, such as log entries.",
    fix="Give each effect a step that undoes it, and run those in reverse after a failure (saga).",
    section="workflow-and-orchestration/saga-and-compensation",
)
def wfl03(facts: Facts) -> Outcomes:
    for workflow in facts.design.of_kind("workflow"):
        steps = sorted({edge.target for edge in facts.design.out_edges(workflow.id, "step")})
        effects = [id for id in steps if _changes(facts, id)]
        if len(effects) < 2:
            continue
        case = Case(workflow).at(workflow, "compensation")
        bare = equal(case.need(workflow, "compensation"), "none")
        case.computed("steps with side effects", tuple(effects))
        yield (
            case.fail(
                f"{workflow.id} changes things in {listed(effects)} and cannot undo the first when "
                "a later one fails."
            )
            if bare
            else case.rest(bare)
        )


def _changes(facts: Facts, id: str) -> bool:
    """Whether a step that runs this component changes something: a partner and a
    channel are effects themselves."""
    outside = facts.design.component(id).kind in ("external", *CHANNELS)
    return outside or facts.has_side_effects(id)


@rule(
    "WFL04",
    "Waiting step without timeout",
    "high",
    "reliability",
    why="A step that waits for a callback waits for ever when the callback is lost. Such "
    "executions collect unseen until a quota is full.",
    detects="A step with waits_callback: true states neither timeout_s nor heartbeat_s.",
    false_alarm="The workflow as a whole has a timeout that is short enough for this step.",
    fix="Set a timeout for the step, a heartbeat where the worker can send one, and a path for "
    "both.",
    section="workflow-and-orchestration/long-running-processes",
)
def wfl04(facts: Facts) -> Outcomes:
    for edge, workflow, task in facts.edges("step"):
        if not edge.has("waits_callback") or edge.get("waits_callback") is False:
            continue
        case = Case(edge)
        waits = case.need(edge, "waits_callback")
        bare = both(case.absent(edge, "timeout_s"), case.absent(edge, "heartbeat_s"))
        endless = both(waits, bare)
        yield (
            case.fail(
                f"{workflow.id} waits for a callback from {task.id} with neither timeout nor "
                "heartbeat."
            )
            if endless
            else case.rest(endless)
        )


@rule(
    "WFL05",
    "At-least-once workflow with a non-repeatable step",
    "high",
    "reliability",
    why="The fast modes of workflow engines may run a step twice after an internal fault. Where "
    "the step is not repeatable, its effect happens twice.",
    detects="A workflow has mode: express, and the target of one of its steps states "
    "idempotent: none.",
    false_alarm="The step has no effect outside itself: state idempotent: natural.",
    fix="Use the durable mode, or make the step idempotent.",
    section="workflow-and-orchestration/step-functions-workflow-engines",
)
def wfl05(facts: Facts) -> Outcomes:
    design = facts.design
    for workflow in design.of_kind("workflow"):
        steps = sorted({edge.target for edge in design.out_edges(workflow.id, "step")})
        tasks = [task for id in steps if (task := design.component(id)).kind in CODE]
        if not tasks:
            continue
        case = Case(workflow).at(workflow, "mode")
        express = equal(case.need(workflow, "mode"), "express")
        unsafe = {task.id: equal(case.need(task, "idempotent"), "none") for task in tasks}
        repeated = [id for id, bad in unsafe.items() if bad]
        problem: Known = both(express, either(*unsafe.values()))
        yield (
            case.fail(f"{workflow.id} may run a step twice, and {listed(repeated)} cannot bear it.")
            if problem
            else case.rest(problem)
        )
