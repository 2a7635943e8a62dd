"""Fixes of containers and machines, most of them those of functions once more."""

from __future__ import annotations

import math

from ._draft import Draft, tidy
from ._pieces import descending
from ._types import NoFix, fixes
from .api import api04
from .evt import evt02, evt04
from .fun import ant03, fun04
from .ops import dat06, obs01
from .sec import sec04, sec05, sec13, sec14

ACCESS = ("read", "write", "call")

fixes("API13", "A person checks that no other way in needs the longer time.")(api04)
fixes("DAT15", "State and event have to be written in one transaction.")(dat06)
fixes("EVT20", "The code has to store the key with the effect and drop what it has seen.")(evt04)
fixes("EVT22", "Somebody has to write the redrive procedure and answer the alarm.")(evt02)
fixes("FUN11", "A person chooses the version, upgrades the code and tests it.")(fun04)
fixes("OBS11", "The context has to be passed on in headers and envelopes.")(obs01)
fixes("SEC16", "The secret that was readable has to be replaced.")(sec05)
fixes("SEC25", "The logger has to be changed; old logs have to be cleaned.")(sec13)
fixes("SEC26", "The schemas have to be written.")(sec14)
fixes("SEC27", "The new role needs only what this component's edges need.")(sec04)


@fixes("OBS10", "Thresholds, and who is woken, have to be decided.")
def obs10(draft: Draft) -> str:
    draft.more(draft.component, "alarms", "errors")
    return f"Tells somebody when {draft.subject} fails."


@fixes("OBS12", "The code has to write the same fields everywhere.")
def obs12(draft: Draft) -> str:
    draft.set(draft.component, "logs.structured", True)
    return f"Makes the logs of {draft.subject} machine-readable."


@fixes("SEC15", "A person decides which kind of authentication fits its callers.")
def sec15(draft: Draft) -> str:
    draft.set(draft.component, "auth", "jwt")
    return f"Asks callers of {draft.subject} for a signed token."


@fixes("FUN13", "An instance that always runs is paid for; a queue for the rest would be better.")
def fun13(draft: Draft) -> str:
    part = draft.component
    draft.set(part, "scale_to_zero", False)
    if not part.get("instances.min"):
        draft.set(part, "instances.min", 1)
    return f"Keeps one instance of {part.id} running, so that its work can end."


@fixes("FUN12", "Whoever waits for it waits longer now; shortening the work would be better.")
def fun12(draft: Draft) -> str:
    part = draft.component
    needed = draft.limit("timeout_headroom") * part.get("duration_ms.p99") / 1000
    draft.set(part, "timeout_s", tidy(needed))
    return f"Gives {part.id} time for its slowest normal run."


@fixes("EVT21", "The longer a message stays hidden, the later a failed one is tried again.")
def evt21(draft: Draft) -> str:
    queue, part = draft.ends(draft.edge)
    longest = part.get("timeout_s", part.get("duration_ms.p99", 0) / 1000)
    window = draft.edge.get("batch_window_s", 0)
    draft.show_longer(queue, 2 * max(longest, part.get("duration_ms.p99", 0) / 1000) + window)
    return f"Hides messages of {queue.id} for as long as {part.id} works on them."


@fixes("ANT11", "State that has to stay needs a store in the long run; one instance is no spare.")
def ant11(draft: Draft) -> str:
    part = draft.component
    if part.kind == "vm":
        raise NoFix("A person decides where the state of several machines belongs.")
    draft.set(part, "state_local", "none")
    return ant03(draft)


@fixes("PRF04", "An instance that always runs is paid for.")
def prf04(draft: Draft) -> str:
    part = draft.component
    draft.set(part, "instances.min", max(1, part.get("instances.min", 0)))
    if part.get("scale_to_zero"):
        draft.set(part, "scale_to_zero", False)
    return f"Keeps one instance of {part.id} running for those who wait."


@fixes("REL12", "Two instances need a way to share the work, and state outside of both.")
def rel12(draft: Draft) -> str:
    part = draft.component
    draft.set(part, "count" if part.kind == "vm" else "instances.max", 2)
    return f"Runs {part.id} twice."


@fixes("REL14", "A smaller pool makes requests wait for a connection: check it against the load.")
def rel14(draft: Draft) -> str:
    store, design = draft.component, draft.design
    room = draft.limit("connection_share") * store.get("max_connections")
    sources = sorted({edge.source for edge in design.in_edges(store.id, *ACCESS)})
    instances: dict[str, float] = {}
    for id in sources:
        user = design.component(id)
        if user.kind == "function":
            most = draft.ceiling(user)
            room -= (most or 0) * user.get("db_connections", 1)
        elif user.kind in ("container", "vm"):
            instances[id] = user.get("count" if user.kind == "vm" else "instances.max", 0)
    each = math.floor(room / (sum(instances.values()) or 1))
    if each < 1:
        raise NoFix("Even one connection for each instance is too many: it needs a proxy.")
    for id in instances:
        user = design.component(id)
        draft.set(user, "db_connections", min(each, user.get("db_connections", each)))
    return f"Shares the connections of {store.id} among the instances that use it."


@fixes("REL19", "The client library has to be given the number.")
def rel19(draft: Draft) -> str:
    edge = draft.edge
    caller, target = draft.ends(edge)
    value = descending(draft, caller, target, 1 + edge.get("retries.max", 0))
    draft.set(edge, "timeout_s", value)
    return f"Lets {caller.id} wait {value:g} s for {target.id}."
