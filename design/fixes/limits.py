"""Fixes of numbers that do not fit one another."""

from __future__ import annotations

import math

from ._draft import Draft, tidy
from ._pieces import claim_check, descending, make_idempotent
from ._pieces import store as new_store
from ._types import NoFix, fixes


@fixes("API10", "Raise what stands behind it as well, and try it in a load test.")
def api10(draft: Draft) -> str:
    entry = draft.component
    rate = draft.rates.component[entry.id]
    if rate is None:
        raise NoFix("How many requests arrive is not in the text.")
    allowed = math.ceil(1.5 * rate.peak)
    draft.set(entry, "throttle.rps", allowed)
    if entry.get("throttle.burst", allowed) < allowed:
        draft.set(entry, "throttle.burst", 2 * allowed)
    return f"Admits the expected peak of {entry.id}, and half of it more."


@fixes("API11", "Answers that are the same for everybody can go to an address of their own.")
def api11(draft: Draft) -> str:
    draft.set(draft.component, "cache_ttl_s", 0)
    return f"Keeps answers of {draft.subject} out of the shared cache."


@fixes("API12", "Retention and access to these logs have to be set.")
def api12(draft: Draft) -> str:
    draft.set(draft.component, "access_logs", True)
    return f"Lets each request to {draft.subject} leave a log line."


@fixes("CST04", "The first request after a pause meets a cold start.")
def cst04(draft: Draft) -> str:
    part = draft.component
    draft.set(part, "instances.min" if part.kind == "container" else "concurrency.provisioned", 0)
    return f"Keeps no instance of {part.id} warm for traffic that is rare."


@fixes("CST05", "Check the peak against a measured day.")
def cst05(draft: Draft) -> str:
    function = draft.component
    rate = draft.rates.component[function.id]
    busy = (rate.peak if rate else 0) * function.get("duration_ms.p99", 0) / 1000
    draft.set(function, "concurrency.provisioned", max(2, math.ceil(busy)))
    return f"Keeps as many instances of {function.id} warm as its peak uses."


@fixes("FUN08", "A higher ceiling would clear it too, where the load needs it.")
def fun08(draft: Draft) -> str:
    function = draft.component
    draft.set(function, "concurrency.provisioned", int(draft.ceiling(function) or 0))
    return f"Keeps no more instances of {function.id} warm than may run."


@fixes("FUN09", "Keep a switch that turns debug on for an hour.")
def fun09(draft: Draft) -> str:
    draft.set(draft.component, "logs.level", "info")
    return f"Writes no debug lines of {draft.subject} in live traffic."


@fixes("FUN14", "How many instances it may have is a judgement; one is enough to run.")
def fun14(draft: Draft) -> str:
    function = draft.component
    for path in ("concurrency.reserved", "concurrency.max"):
        if function.get(path) == 0:
            draft.set(function, path, 1)
    return f"Lets {function.id} run."


@fixes("EVT14", "Longer retention means that old work may be done late.")
def evt14(draft: Draft) -> str:
    draft.keep_for_attempts(draft.component)
    return f"Keeps messages of {draft.subject} until their attempts are used up."


@fixes("EVT15", "Whether the age suits the stream depends on how long a fault usually lasts.")
def evt15(draft: Draft) -> str:
    source = draft.ends(draft.edge)[0]
    draft.set(draft.edge, "max_age_s", tidy(source.get("retention_s") / 2))
    return f"Gives records of {source.id} up before they expire."


@fixes("EVT18", "A person lists the events that the subscriber needs.")
def evt18(draft: Draft) -> str:
    draft.set(draft.edge, "filter", True)
    return f"Lets only those events pass that {draft.edge.target} needs."


@fixes("EVT19", "A run that is skipped has to be made up for by the next.")
def evt19(draft: Draft) -> str:
    schedule = draft.ends(draft.edge)[0]
    draft.set(schedule, "overlap", "forbid")
    return f"Lets {schedule.id} wait until the run before has ended."


@fixes("EVT23", "How long events are kept, and who may replay them, has to be decided.")
def evt23(draft: Draft) -> str:
    draft.set(draft.component, "archive", True)
    return f"Keeps the events of {draft.subject} so that they can be replayed."


@fixes("OBS07", "If users need less, lower the goal of the design instead.")
def obs07(draft: Draft) -> str:
    entry, design = draft.component, draft.design
    least, slowest = design.get("goals.availability_pct"), design.get("goals.p99_ms")
    if least is not None and entry.get("slo.availability_pct", least) < least:
        draft.set(entry, "slo.availability_pct", least)
    if slowest is not None and entry.get("slo.p99_ms", slowest) > slowest:
        draft.set(entry, "slo.p99_ms", slowest)
    return f"Holds {entry.id} to the goals of the design."


@fixes("PRF05", "More partitions change which keys share one: consumers have to bear that.")
def prf05(draft: Draft) -> str:
    stream = draft.component
    if stream.get("capacity") == "provisioned":
        draft.set(stream, "capacity", "on_demand")
        return f"Buys the throughput of {stream.id} as it is used."
    draft.set(stream, "capacity", "on_demand")
    return f"Lets {stream.id} grow with its load."


@fixes("PRF06", "Compare the price of both ways at the mean load.")
def prf06(draft: Draft) -> str:
    draft.set(draft.component, "capacity", "on_demand")
    return f"Buys the throughput of {draft.subject} as it is used."


@fixes("PRF07", "Larger batches need partial failures and a timeout that fits them.")
def prf07(draft: Draft) -> str:
    edge, consumer = draft.edge, draft.ends(draft.edge)[1]
    item, timeout = edge.get("item_ms"), consumer.get("timeout_s")
    size = 100
    if item and timeout:
        size = min(size, math.floor(draft.limit("timeout_share") * timeout * 1000 / item))
    if size < 2:
        raise NoFix("The timeout does not leave room for a second record.")
    draft.set(edge, "batch_size", size)
    draft.set(edge, "partial_failure", True)
    return f"Reads {size} records of {edge.source} at once."


@fixes("PRF08", "The code has to drop what it keeps when it is replaced.")
def prf08(draft: Draft) -> str:
    draft.set(draft.edge, "cached", True)
    return f"Lets {draft.edge.source} keep what it read from {draft.edge.target} for minutes."


@fixes("REL10", "A shorter timeout cuts off slow answers: check it against the 99th percentile.")
def rel10(draft: Draft) -> str:
    edge = draft.edge
    caller, target = draft.ends(edge)
    value = descending(draft, caller, target, 1 + edge.get("retries.max", 1))
    draft.set(edge, "timeout_s", min(value, edge.get("timeout_s", value)))
    return f"Leaves {caller.id} time for every attempt at {target.id}."


@fixes("REL11", "The receiver has to know the key and drop what it has seen.")
def rel11(draft: Draft) -> str:
    edge, target = draft.edge, draft.ends(draft.edge)[1]
    if target.kind == "external":
        draft.set(edge, "idempotency_key", True)
        return f"Sends {target.id} a key by which it knows a repeat."
    make_idempotent(draft, target)
    return f"Asks of {target.id} that a key makes a repeat harmless."


@fixes("REL15", "Raise what stands behind it as well, and try it in a load test.")
def rel15(draft: Draft) -> str:
    part = draft.component
    rate = draft.rates.component[part.id]
    if rate is None:
        raise NoFix("How many requests arrive is not in the text.")
    needed = math.ceil(1.2 * rate.peak * part.get("duration_ms.p50", 0) / 1000)
    if part.kind == "container":
        each = part.get("concurrency", 1)
        draft.set(part, "instances.max", math.ceil(needed / each))
    else:
        for path in ("concurrency.reserved", "concurrency.max"):
            if part.get(path, needed) < needed:
                draft.set(part, path, needed)
    return f"Lets {part.id} run in as many instances as its peak needs."


@fixes("REL20", "Fewer at once means that the whole takes longer.")
def rel20(draft: Draft) -> str:
    edge, target = draft.edge, draft.ends(draft.edge)[1]
    most = draft.ceiling(target) if target.kind == "function" else target.get("instances.max")
    if not most:
        raise NoFix("How many the target may run is not in the text.")
    draft.set(edge, "max_concurrency", int(most))
    return f"Starts no more of {target.id} at once than may run."


@fixes("WFL06", "What happens to the run that is given up has to be decided.")
def wfl06(draft: Draft) -> str:
    edge, task = draft.edge, draft.ends(draft.edge)[1]
    draft.set(edge, "timeout_s", tidy(1.25 * task.get("timeout_s")))
    return f"Lets {edge.source} wait until {task.id} has ended or been cut off."


@fixes("WFL07", "How long the whole may take is for those who wait for it to say.")
def wfl07(draft: Draft) -> str:
    flow = draft.component
    steps = [edge.get("timeout_s", 0) for edge in draft.design.out_edges(flow.id, "step")]
    draft.set(flow, "timeout_s", tidy(max(sum(steps), 1.25 * max(steps))))
    return f"Gives {flow.id} the time of its steps, one after another."


@fixes("WFL08", "The durable mode costs more for each step.")
def wfl08(draft: Draft) -> str:
    draft.set(draft.component, "mode", "durable")
    return f"Runs {draft.subject} in the mode that can wait."


@fixes("WFL09", "The steps that undo have to be written and tried.")
def wfl09(draft: Draft) -> str:
    flow = draft.component
    for edge in draft.design.out_edges(flow.id, "step"):
        if edge.get("compensate") is None:
            draft.set(edge, "compensate", f"undo {edge.target}")
    return f"Names for each step of {flow.id} what undoes it."


@fixes("DAT14", "Writers and readers have to be changed to store and fetch the body.")
def dat14(draft: Draft) -> str:
    store = draft.component
    writers = draft.design.in_edges(store.id, "write")
    if writers:
        sender = draft.design.component(writers[0].source)
        bodies = claim_check(draft, store, sender, writers[0])
    else:
        held = draft.holds(store.get("holds"), store.boundary)
        bodies = new_store(draft, f"{store.id}-bodies", "object_store", store, holds=held)
    draft.set(store, "item_kb", 1)
    return f"Stores large bodies in {bodies} and their address in {store.id}."
