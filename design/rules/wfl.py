"""Workflow: sequences of steps, and what happens in the middle of one."""

from __future__ import annotations

from ..kinds import CHANNELS
from ._case import Case, Known, above, below, both, either, equal, listed, number
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


@rule(
    "WFL06",
    "Step retried while its task still runs",
    "high",
    "reliability",
    why="If the step gives up before the task does, the retry starts a second run beside the "
    "first. Both finish, and the effect is there twice.",
    detects="A step with retries has a timeout_s below the timeout_s of its task.",
    false_alarm="Giving up also cancels the task, as with jobs that the engine owns.",
    fix="Set the timeout of the step above that of the task.",
    section="reliability-and-resilience/timeouts-circuit-breakers-fallbacks",
)
def wfl06(facts: Facts) -> Outcomes:
    for edge, workflow, task in facts.edges("step"):
        repeated = edge.get("retries.max")
        if task.kind not in CODE or not edge.has("timeout_s") or not edge.has("retries.max"):
            continue
        if repeated == 0:
            continue
        case = Case(edge).at(edge, "timeout_s")
        case.need(edge, "retries.max")
        waits, runs = case.need(edge, "timeout_s"), case.need(task, "timeout_s")
        early = below(waits, runs)
        twice = both(None if repeated is None else True, early)
        yield (
            case.fail(
                f"{workflow.id} gives {task.id} up after {number(waits)} s and tries again while "
                f"the first run may go on for {number(runs)} s."
            )
            if twice
            else case.rest(twice)
        )


@rule(
    "WFL07",
    "Workflow that ends before its steps may",
    "high",
    "reliability",
    why="A timeout of the whole that is shorter than that of one step ends the execution in the "
    "middle of it. Neither the catch nor the compensation of that step runs.",
    detects="timeout_s of a workflow is below timeout_s of one of its steps.",
    false_alarm="The step's own timeout is a safety net that never decides: state a shorter one.",
    fix="Set the timeout of the workflow above the sum of its slowest steps with their retries.",
    section="workflow-and-orchestration/long-running-processes",
)
def wfl07(facts: Facts) -> Outcomes:
    for workflow in facts.design.of_kind("workflow"):
        steps = facts.design.out_edges(workflow.id, "step")
        timed = [edge for edge in steps if edge.has("timeout_s")]
        if not timed or not workflow.has("timeout_s"):
            continue
        case = Case(workflow).at(workflow, "timeout_s")
        whole = case.need(workflow, "timeout_s")
        over = {edge.target: above(case.need(edge, "timeout_s"), whole) for edge in timed}
        long = [target for target, is_over in over.items() if is_over]
        yield (
            case.fail(
                f"{workflow.id} ends after {number(whole)} s, and its steps give {listed(long)} "
                "longer than that."
            )
            if long
            else case.rest(either(*over.values()))
        )


@rule(
    "WFL08",
    "Short-lived workflow asked to wait",
    "high",
    "reliability",
    params=("express_timeout_s",),
    why="The fast mode of a workflow engine ends after minutes and cannot be woken by a callback. "
    "An execution that waits for a person is cut off without having failed.",
    detects="A workflow has mode: express, and states a timeout_s above the profile's limit for "
    "that mode, or has a step with waits_callback: true.",
    false_alarm="Your engine's fast mode keeps its state and may wait: state mode: durable.",
    fix="Use the durable mode for what waits, and start the fast one from it.",
    section="workflow-and-orchestration/long-running-processes",
)
def wfl08(facts: Facts, longest: float) -> Outcomes:
    design = facts.design
    for workflow in design.of_kind("workflow"):
        steps = design.out_edges(workflow.id, "step")
        if workflow.get("mode", "express") != "express" or not workflow.has("mode"):
            continue
        case = Case(workflow).at(workflow, "mode")
        express = equal(case.need(workflow, "mode"), "express")
        case.limit("longest run of the fast mode", longest, "s")
        slow = above(case.read(workflow, "timeout_s"), longest) or False
        waiting = [edge.target for edge in steps if case.read(edge, "waits_callback")]
        asked = [f"is given {number(workflow.get('timeout_s', 0))} s"] * slow
        asked += [f"waits for a callback from {listed(waiting)}"] * bool(waiting)
        cut = both(express, bool(asked))
        yield (
            case.fail(
                f"{workflow.id} runs in the fast mode, which ends after {number(longest)} s, and "
                f"{listed(asked)}."
            )
            if cut
            else case.rest(cut)
        )


@rule(
    "WFL09",
    "Saga with steps that nothing undoes",
    "medium",
    "reliability",
    why="The way back is as long as the way forth, less the last step. A step that was added later "
    "without a counter-step stays done when the rest is undone.",
    detects="A workflow has compensation: saga, some of its steps with side effects name a "
    "compensate, and two or more do not. One may go without: the last needs none.",
    false_alarm="The other steps only add facts that do no harm alone.",
    fix="Name for each step what undoes it, and put the step that cannot be undone last.",
    section="workflow-and-orchestration/saga-and-compensation",
)
def wfl09(facts: Facts) -> Outcomes:
    design = facts.design
    for workflow in design.of_kind("workflow"):
        steps = design.out_edges(workflow.id, "step")
        effects = [edge for edge in steps if facts.has_side_effects(edge.target)]
        if workflow.get("compensation") != "saga" or len(effects) < 2:
            continue
        case = Case(workflow)
        case.read(workflow, "compensation")
        undone = [edge for edge in effects if case.read(edge, "compensate")]
        bare = [edge.target for edge in effects if not edge.has("compensate")]
        doubtful = [e for e in effects if e.has("compensate") and e not in undone]
        case.lack(*(f"{edge.id}.compensate" for edge in doubtful))
        if not undone:
            case.lack(*(f"{edge.id}.compensate" for edge in effects))
        stays: Known = len(bare) > 1 if undone else None
        if stays is False and len(bare) + len(doubtful) > 1:
            stays = None
        yield (
            case.fail(f"When {workflow.id} turns back, nothing undoes {listed(bare)}.")
            if stays
            else case.rest(stays)
        )
