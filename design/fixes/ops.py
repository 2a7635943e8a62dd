"""Fixes of stores, and of what a design says about running and releasing it."""

from __future__ import annotations

from ..kinds import ENTRY
from ._draft import Draft
from ._types import fixes


@fixes("DAT01", "The key or index for this question has to be built.")
def dat01(draft: Draft) -> str:
    store = draft.component
    ways = [way for way in store.get("access") if way != "scan"]
    draft.set(store, "access", tuple(dict.fromkeys((*ways, "query"))))
    return f"Asks {store.id} by key or index."


@fixes("DAT02", "The key has to be changed, readers have to ask all shards, and old items have to "
       "be moved.")  # fmt: skip
def dat02(draft: Draft) -> str:
    draft.set(draft.component, "key_cardinality", "high")
    return f"Spreads the writes to {draft.subject} over many keys."


@fixes("DAT03", "A backup counts once a restore has been timed.")
def dat03(draft: Draft) -> str:
    store = draft.component
    how = "versioning" if store.kind == "object_store" else "pitr"
    draft.set(store, "backups", how)
    return f"Lets {store.id} be restored to an earlier point."


@fixes("DAT04", "The rule has to match the retention of each item; what is overdue now has to go.")
def dat04(draft: Draft) -> str:
    draft.set(draft.component, "ttl", True)
    return f"Lets data in {draft.subject} expire."


@fixes("DAT06", "State and event have to be written in one transaction, and a relay has to send "
       "them.")  # fmt: skip
def dat06(draft: Draft) -> str:
    draft.set(draft.component, "outbox", True)
    return f"Lets {draft.subject} store its event together with its state."


@fixes("DAT08", "The keys have to carry the tenant, and a policy outside the query has to enforce "
       "it.")  # fmt: skip
def dat08(draft: Draft) -> str:
    store = draft.component
    how = {"sql": "row", "object_store": "prefix"}.get(store.kind, "partition")
    draft.set(store, "tenant_isolation", how)
    return f"Keeps tenants apart in {store.id}, by {how}."


@fixes("OBS01", "The context has to be passed on in headers and envelopes.")
def obs01(draft: Draft) -> str:
    draft.set(draft.component, "tracing", True)
    return f"Traces requests through {draft.subject}."


@fixes("OBS02", "How long logs are needed is for those who audit to say.")
def obs02(draft: Draft) -> str:
    function = draft.component
    if function.get("logs.structured") is False:
        draft.set(function, "logs.structured", True)
    if function.get("logs.retention_days") is None:
        draft.set(function, "logs.retention_days", 30)
    return f"Makes the logs of {function.id} machine-readable and ends their keeping."


@fixes("OBS03", "Thresholds, and who is woken, have to be decided.")
def obs03(draft: Draft) -> str:
    part = draft.component
    expected = {"function": ("errors", "throttles"), "workflow": ("failures",)}
    words = ("errors", "latency") if part.kind in ENTRY else expected.get(part.kind, ())
    draft.more(part, "alarms", *words)
    return f"Tells somebody when {part.id} fails."


@fixes("OBS04", "The age that users accept is the threshold, and has to be decided.")
def obs04(draft: Draft) -> str:
    draft.more(draft.component, "alarms", "age")
    return f"Tells somebody when messages in {draft.subject} wait too long."


@fixes("OBS05", "Every envelope and every log line has to carry the id.")
def obs05(draft: Draft) -> str:
    draft.set(draft.design, "ops.correlation_ids", True)
    return "Lets one id follow a request through every hop."


@fixes("CST01", "The amount and who is told have to be decided.")
def cst01(draft: Draft) -> str:
    draft.set(draft.design, "ops.budget_alert", True)
    return "Tells somebody when spending runs away."


@fixes("DEL01", "All of it has to be described as code, beginning with what hurts most to rebuild.")
def del01(draft: Draft) -> str:
    draft.set(draft.design, "delivery.iac", True)
    return "Asks for all of it as code."


@fixes("DEL02", "The alarms that take a release back have to be chosen.")
def del02(draft: Draft) -> str:
    design = draft.design
    if design.get("delivery.rollout") in (None, "all_at_once"):
        draft.set(design, "delivery.rollout", "canary")
    draft.set(design, "delivery.rollback", "auto")
    return "Releases to a share first and lets alarms take a release back."


@fixes("DEL03", "The tests have to be written and run where the real services are.")
def del03(draft: Draft) -> str:
    design = draft.design
    words = ["contract", "integration"]
    peak = design.get("traffic.peak_rps")
    if peak is not None and peak >= draft.limit("load_test_rps"):
        words.append("load")
    draft.more(design, "delivery.tests", *words)
    return "Tests the points where parts meet."
