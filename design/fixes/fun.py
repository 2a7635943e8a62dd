"""Fixes of single functions, and of work that no function should do."""

from __future__ import annotations

import math
from typing import Final

from ..kinds import COMPONENT_KINDS, ENTRY
from ..model import Component
from ._draft import Draft, allowed, tidy
from ._pieces import SECURE, carried, descending, make_idempotent, store
from ._types import NoFix, fixes


@fixes("FUN01", "The number is an estimate until the 99th percentile has been measured.")
def fun01(draft: Draft) -> str:
    function = draft.component
    low, high = _room(draft, function)
    slowest = function.get("duration_ms.p99")
    value = 2 * slowest / 1000 if slowest else 10.0
    value = max(min(value, high), low)
    if math.ceil(value) <= high:
        value = math.ceil(value)
    draft.set(function, "timeout_s", value)
    return f"Cuts {function.id} off after {value:g} s, which fits its callers and its calls."


def _room(draft: Draft, function: Component) -> tuple[float, float]:
    """The timeouts between which a function fits what is around it."""
    design = draft.design
    slowest = function.get("duration_ms.p99", 0) / 1000
    low = [1.0, draft.limit("timeout_headroom") * slowest]
    for edge in design.out_edges(function.id, "call", "read", "write"):
        low.append(1.25 * edge.get("timeout_s", 0))
    high = [draft.limit("max_timeout_s")]
    for edge in design.in_edges(function.id):
        source = design.component(edge.source)
        if edge.kind == "poll":
            size, item = edge.get("batch_size", 1), edge.get("item_ms", 0)
            low.append(size * item / 1000 / draft.limit("timeout_share"))
            hidden = source.get("visibility_s") if source.kind == "queue" else None
            if hidden is not None:
                window = edge.get("batch_window_s", draft.limit("max_batch_window_s"))
                if hidden > window:
                    high.append((hidden - window) / draft.limit("visibility_factor"))
        elif source.kind in ENTRY and source.get("timeout_s"):
            high.append(0.9 * source.get("timeout_s"))
    return max(low), max(min(high), *low)


@fixes("FUN02", "The size is a start: measure duration and price at two or three sizes.")
def fun02(draft: Draft) -> str:
    draft.set(draft.component, "memory_mb", 512)
    return f"States the memory of {draft.subject}."


@fixes("FUN03", "Whoever waits for it waits longer now; shortening the work would be better.")
def fun03(draft: Draft) -> str:
    function = draft.component
    needed = draft.limit("timeout_headroom") * function.get("duration_ms.p99") / 1000
    if needed > draft.limit("max_timeout_s"):
        to_container(draft, function)
        return f"Moves {function.id} to a container, which may run as long as it needs."
    draft.cut_off_after(function, needed)
    return f"Gives {function.id} time for its slowest normal run."


@fixes("FUN04", "A person chooses the version, upgrades the code and tests it.")
def fun04(draft: Draft) -> str:
    function = draft.component
    draft.set(function, "runtime.status", "current")
    if function.get("runtime.name") is not None:
        draft.set(function, "runtime.name", None)
    return f"Asks for a supported runtime of {function.id} and leaves its version open."


@fixes("FIT01", "The code has to be packed as a container, and sized.")
def fit01(draft: Draft) -> str:
    function = draft.component
    longest = draft.limit("max_timeout_s")
    slowest = function.get("duration_ms.p99", math.inf) / 1000
    if max(draft.limit("timeout_headroom"), 1 / draft.limit("timeout_share")) * slowest <= longest:
        draft.set(function, "timeout_s", tidy(longest))
        return f"Lets {function.id} end at the platform's ceiling, which its work does not need."
    to_container(draft, function)
    return f"Moves {function.id} to a container, which may run as long as it needs."


@fixes("FIT02", "Compare both bills at this load first, and record the decision either way.")
def fit02(draft: Draft) -> str:
    to_container(draft, draft.component)
    return f"Moves {draft.subject} to a container service, which is priced for work without pause."


@fixes("FIT03", "A person decides which part has the need; the code has to be packed as a "
       "container.")  # fmt: skip
def fit03(draft: Draft) -> str:
    functions = sorted(draft.design.of_kind("function"), key=_needy)
    to_container(draft, functions[0])
    return f"Moves {functions[0].id} to a container, which can meet the need."


def _needy(function: Component) -> tuple[bool, float, float, str]:
    stateful = function.get("state_local") == "required"
    return not stateful, -function.get("routes", 0), -function.get("timeout_s", 0), function.id


_AT_ONCE: Final = 50


def to_container(draft: Draft, function: Component) -> None:
    """Makes a container of a function, with what both may say."""
    most = draft.ceiling(function)
    warm = function.get("concurrency.provisioned")
    known = COMPONENT_KINDS["container"].attributes
    gone = {
        path.partition(".")[0] if path.partition(".")[0] == "concurrency" else path
        for path, attr in function.attrs.items()
        if path not in known and not attr.defaulted
    }
    for path in sorted(gone):
        draft.drop(function, path)
    draft.set(function, "kind", "container")
    for path, attr in function.attrs.items():
        if attr.defaulted and allowed("container", path):
            draft.set(function, path, attr.value)
    if most is not None:  # a container serves many requests at once, a function one
        draft.set(function, "concurrency", _AT_ONCE)
        draft.set(function, "instances.max", max(2, math.ceil(most / _AT_ONCE)))
    if warm is not None:
        draft.set(function, "instances.min", int(warm))


@fixes("FIT04", "Clients have to connect to the new address, and a person decides how they prove "
       "who they are.")  # fmt: skip
def fit04(draft: Draft) -> str:
    edge = draft.edge
    source, function = draft.ends(edge)
    sockets = draft.add(
        "components",
        draft.fresh(f"{function.id}-sockets"),
        {
            "kind": "websocket",
            **draft.beside(function),
            "public": source.kind in ("client", "external"),
            "auth": "jwt",
            "throttle.rps": 100,
            "throttle.burst": 200,
            "request_validation": True,
            "waf": True,
            "access_logs": True,
            "cors.origins": (),
            "tracing": True,
            "slo.availability_pct": draft.design.get("goals.availability_pct", 99.5),
            "alarms": ("errors", "latency"),
        },
    )
    said = carried(draft, edge)
    draft.remove(edge)
    size = {"payload_kb": said.get("payload_kb"), "data": said.get("data")}
    protocol = SECURE.get(edge.get("protocol"), edge.get("protocol"))
    draft.connect(
        source.id, sockets, "call", size, protocol="wss" if protocol == "tls" else protocol
    )
    draft.connect(sockets, function.id, "call", size, protocol="https", source_restricted=True)
    return (
        f"Ends the connections of {source.id} in {sockets}, which hands messages to {function.id}."
    )


@fixes("ANT03", "The code has to read and write its state there.")
def ant03(draft: Draft) -> str:
    function = draft.component
    state = store(
        draft,
        f"{function.id}-state",
        "kv",
        function,
        capacity="on_demand",
        key_cardinality="high",
        access=("get", "put"),
    )
    draft.set(function, "state_local", "none")
    for kind in ("read", "write"):
        draft.connect(
            function.id, state, kind, protocol="https",
            timeout_s=descending(draft, function), payload_kb=10,
        )  # fmt: skip
    return f"Keeps the state of {function.id} in {state}."


@fixes("ANT02", "The other side needs a way to ask for many at once.")
def ant02(draft: Draft) -> str:
    function, design = draft.component, draft.design
    calls = [
        edge
        for edge in design.out_edges(function.id, "call")
        if design.component(edge.target).kind == "function"
    ]
    total = sum(edge.get("calls_per_request", 1) for edge in calls)
    for edge in sorted(calls, key=lambda e: -e.get("calls_per_request", 1)):
        if total >= draft.limit("chatty_calls") and edge.get("calls_per_request", 1) > 1:
            total -= edge.get("calls_per_request", 1) - 1
            draft.set(edge, "calls_per_request", 1)
    if total >= draft.limit("chatty_calls"):
        raise NoFix("It calls too many functions: a person decides which belong together.")
    for edge in design.out_edges(function.id, "call", "read", "write"):
        if draft.get(edge, "calls_per_request", 1) > draft.limit("chatty_accesses"):
            draft.set(edge, "calls_per_request", 1)
    return f"Lets {function.id} ask once for many."


@fixes("ANT06", "The code has to be parted: a thin handler that translates, and plain rules.")
def ant06(draft: Draft) -> str:
    draft.set(draft.component, "vendor_api_in_domain", False)
    return f"Keeps a vendor's types out of the rules of {draft.subject}."


@fixes("PRF03", "Check first that no policy needs its traffic to leave through one address.")
def prf03(draft: Draft) -> str:
    function = draft.component
    draft.set(function, "network.attached", False)
    if function.get("network.egress") in ("nat", "endpoint"):
        draft.set(function, "network.egress", "direct")
    return f"Detaches {function.id} from the private network that it does not use."


@fixes("CST03", "Endpoints have an hourly price: compare it with the volume.")
def cst03(draft: Draft) -> str:
    draft.set(draft.component, "network.egress", "endpoint")
    return f"Lets {draft.subject} reach the platform's services over private endpoints."


@fixes("WFL05", "The durable mode costs more for each step.")
def wfl05(draft: Draft) -> str:
    draft.set(draft.component, "mode", "durable")
    return f"Runs {draft.subject} in the mode that does not repeat steps."


@fixes("WFL04", "How long an answer may take is for those who give it to say.")
def wfl04(draft: Draft) -> str:
    edge = draft.edge
    whole = draft.ends(edge)[0].get("timeout_s")
    draft.set(edge, "timeout_s", tidy(min(86_400, whole / 2)) if whole else 86_400)
    return f"Lets {edge.source} stop waiting for a callback from {edge.target}."


@fixes("WFL03", "The steps that undo have to be written and tried.")
def wfl03(draft: Draft) -> str:
    workflow = draft.component
    draft.set(workflow, "compensation", "saga")
    for edge in draft.design.out_edges(workflow.id, "step"):
        if edge.get("compensate") is None and draft.design.out_edges(edge.target, "write"):
            draft.set(edge, "compensate", f"undo {edge.target}")
    return f"Gives the effects of {workflow.id} steps that undo them."


@fixes("WFL02", "Which errors are worth another attempt, and where the rest leads, has to be "
       "decided for each step.")  # fmt: skip
def wfl02(draft: Draft) -> str:
    edge = draft.edge
    if not edge.get("retries.max"):
        draft.set(edge, "retries.max", 3)
        draft.set(edge, "retries.backoff", "exponential")
        draft.set(edge, "retries.jitter", True)
        if draft.ends(edge)[1].get("idempotent") == "none":
            make_idempotent(draft, draft.ends(edge)[1])
    draft.set(edge, "catch", True)
    return f"Retries the step {edge.target} with backoff and catches what remains."
