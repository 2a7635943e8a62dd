"""Data and state: where it rests, who writes it, and how it comes back."""

from __future__ import annotations

from collections.abc import Iterator

from ..kinds import CHANNELS, STORES
from ..model import Component, DataItem
from ._case import Case, Known, both, equal, listed, number
from ._facts import ACCESS, Facts
from ._registry import rule
from ._types import Outcome, Outcomes


def _stores(facts: Facts) -> Iterator[Component]:
    return facts.design.of_kind(*sorted(STORES))


@rule(
    "DAT01",
    "Scan on a request path",
    "medium",
    "performance",
    why="A scan reads the whole table to return a few items. It is quick with the test data and "
    "slower, and dearer, with each week of growth.",
    detects="access of a key-value store contains scan, and a function on a synchronous path reads "
    "or writes it.",
    false_alarm="The table has a fixed, small number of items, such as a list of countries.",
    fix="Add a key or an index for this question; export to a warehouse for analysis.",
    section="data-and-state-patterns/database-access",
)
def dat01(facts: Facts) -> Outcomes:
    for store in facts.design.of_kind("kv"):
        arriving = facts.design.in_edges(store.id, "read", "write")
        waiting = sorted({e.source for e in arriving} & facts.sync_functions)
        if not waiting:
            continue
        case = Case(store).at(store, "access")
        ways = case.need(store, "access")
        case.computed("functions on a synchronous path", tuple(waiting))
        scanned = None if ways is None else "scan" in ways
        yield (
            case.fail(f"{store.id} is scanned while callers of {listed(waiting)} wait.")
            if scanned
            else case.rest(scanned)
        )


@rule(
    "DAT02",
    "Hot partition",
    "high",
    "performance",
    params=("hot_writes_rps",),
    why="A store spreads load by key. If few keys take all writes, one partition refuses requests "
    "while the others idle, and buying more capacity changes nothing.",
    detects="key_cardinality of a key-value store or stream is low, and its peak rate of writes is "
    "above 100 per second.",
    false_alarm="The platform splits a busy key by itself, and a load test has shown it.",
    fix="Choose a key with more values, or add a shard number to it and read all shards.",
    section="performance-and-cost/throughput-concurrency-scaling",
)
def dat02(facts: Facts, most: float) -> Outcomes:
    for store in facts.design.of_kind("kv", "stream"):
        writes = facts.design.in_edges(store.id, "write", "publish", "change", "subscribe")
        if not writes:
            continue
        case = Case(store).at(store, "key_cardinality")
        few = equal(case.need(store, "key_cardinality"), "low")
        rates = [facts.rates.edge[edge.id] for edge in writes]
        peak = sum(rate.peak for rate in rates if rate is not None)
        complete = all(rate is not None and rate.peak_known for rate in rates)
        case.computed(f"peak writes to {store.id}", peak, "requests/s")
        case.limit("most writes to one partition", most, "requests/s")
        busy: Known = True if peak > most else False if complete else None
        if busy is None:
            case.lack(*facts.missing_rates(store.id))
        hot = both(few, busy)
        yield (
            case.fail(
                f"{store.id} takes {number(peak)} writes/s at the peak on few keys; one partition "
                f"is trusted with {number(most)}."
            )
            if hot
            else case.rest(hot)
        )


@rule(
    "DAT03",
    "System of record without restore point",
    "critical",
    "reliability",
    why="A bad release or a wrong command changes the data as fast as a good one. Without a point "
    "to return to, the loss is final.",
    detects="A store with record: true states backups: none.",
    false_alarm="The store can be rebuilt from an event log that is itself backed up: state "
    "record: false.",
    fix="Switch on point-in-time recovery or versioning, and time one restore.",
    section="data-and-state-patterns/state-externalization",
    references=("checkov CKV_AWS_28", "cdk-nag DynamoDBPITREnabled", "cfn-lint I3011"),
)
def dat03(facts: Facts) -> Outcomes:
    for store in _stores(facts):
        if store.kind == "cache" and not store.get("record"):
            continue
        case = Case(store).at(store, "backups")
        if store.get("record") is False:
            case.read(store, "record")
            yield case.ok()
            continue
        bare = both(case.need(store, "record"), equal(case.need(store, "backups"), "none"))
        yield (
            case.fail(f"{store.id} is a system of record and cannot be restored to any point.")
            if bare
            else case.rest(bare)
        )


@rule(
    "DAT04",
    "Data kept without expiry",
    "medium",
    "security",
    why="A retention period that no mechanism enforces is broken on the day it ends. The store "
    "grows meanwhile, and so does what a leak would show.",
    detects="A store holds a data item with retention_days and states ttl: false.",
    false_alarm="A scheduled job deletes what is due and reports the count: state ttl: true.",
    fix="Set an expiry or a lifecycle rule that matches the retention of the data item.",
    section="data-and-state-patterns/state-externalization",
    references=("cfn-lint I3013 (near)",),
)
def dat04(facts: Facts) -> Outcomes:
    limited = {item.id: item for item in facts.design.data if item.has("retention_days")}
    for store in _stores(facts):
        held = store.get("holds")
        due = [limited[id] for id in held or () if id in limited]
        if not limited:
            continue
        case = Case(store).at(store, "ttl")
        if not due and held is not None:
            case.read(store, "holds")
            yield case.ok()
            continue
        if held is None:
            case.need(store, "holds")
        days = [case.need(item, "retention_days") for item in due]
        stays = equal(case.need(store, "ttl"), False)
        bound: Known = any(day is not None for day in days) or None
        problem = both(stays, bound)
        shown = listed(
            f"{item.id} after {number(day)} days"
            for item, day in zip(due, days, strict=True)
            if day is not None
        )
        yield (
            case.fail(f"{store.id} never deletes, and has to delete {shown}.")
            if problem
            else case.rest(problem)
        )


@rule(
    "DAT05",
    "Store written by several owners",
    "medium",
    "operations",
    why="Two teams that write one table share its schema, and neither can change it alone. Each "
    "can also break a rule of the other's that the table does not know.",
    detects="Functions of two or more owners have write edges to one store, directly or through "
    "a connection proxy.",
    false_alarm="Each team writes a partition of its own and permissions enforce it.",
    fix="Let one service own the store, and let the other use its API or its events.",
    section="data-and-state-patterns/state-externalization",
)
def dat05(facts: Facts) -> Outcomes:
    for store in _stores(facts):
        writers = _writers(facts, store)
        if not writers:
            continue
        case = Case(store)
        owners = sorted({owner for w in writers if (owner := case.need(w, "owner")) is not None})
        shared: Known = len(owners) > 1
        if not shared and case.missing and len(writers) > 1:
            shared = None
        yield (
            case.fail(f"{store.id} is written by functions of {listed(owners)}.")
            if shared
            else case.rest(shared)
        )


def _writers(facts: Facts, store: Component) -> list[Component]:
    """Functions that write to a store, directly or through a connection proxy."""
    design = facts.design
    sources = {edge.source for edge in design.in_edges(store.id, "write")}
    proxies = {e.source for e in design.in_edges(store.id) if e.kind in ACCESS}
    for id in proxies:
        if design.component(id).kind == "proxy":
            sources.update(edge.source for edge in design.in_edges(id, "write"))
    found = [design.component(id) for id in sorted(sources)]
    return [component for component in found if component.kind == "function"]


@rule(
    "DAT06",
    "Dual write",
    "high",
    "reliability",
    why="Between the write and the event the process can die. Then one of the two exists, nobody "
    "notices, and the two sides differ from then on.",
    detects="A function writes to a store with record: true, directly or through a connection "
    "proxy, and also publishes or invokes asynchronously, without outbox: true and without a "
    "change edge from that store.",
    false_alarm="The event is only a hint, and the receiver reads the store anyway.",
    fix="Publish from the change feed of the store, or write the event into an outbox in the same "
    "transaction.",
    section="core-serverless-patterns/event-driven",
)
def dat06(facts: Facts) -> Outcomes:
    design = facts.design
    for function in facts.functions:
        sent = design.out_edges(function.id, "publish", "invoke_async")
        stores = [c for c in facts.stores_behind(function.id, "write") if c.kind in STORES]
        if not sent or not stores:
            continue
        case = Case(function)
        unfed = [store for store in stores if not design.out_edges(store.id, "change")]
        records = [(store.id, case.need(store, "record")) for store in unfed]
        certain = [id for id, record in records if record]
        risky: Known = True if certain else None if case.missing else False
        outbox = case.flag(function, "outbox")
        dual = both(risky, None if outbox is None else not outbox)
        channels = sorted({edge.target for edge in sent})
        yield (
            case.fail(
                f"{function.id} writes {listed(certain)} and sends to {listed(channels)}; a crash "
                "between the two leaves one without the other."
            )
            if dual
            else case.rest(dual)
        )


@rule(
    "DAT07",
    "Data outside its allowed region",
    "critical",
    "security",
    why="A residency rule is law or contract. Data at rest in another region breaks it, whoever "
    "reads it.",
    detects="A store, or a channel that states holds, stands in a boundary whose region is not in "
    "the residency of a data item that it holds.",
    false_alarm="The stored copy is encrypted with a key kept in the allowed region, and counsel "
    "accepts that.",
    fix="Place the store in an allowed region, or keep that item out of it.",
    section="serverless-security/multi-tenancy-isolation",
)
def dat07(facts: Facts) -> Outcomes:
    bound = {item.id: item for item in facts.design.data if item.has("residency")}
    holding = (c for c in facts.design.of_kind(*sorted(CHANNELS)) if c.get("holds"))
    for store in (*_stores(facts), *holding):
        held = store.get("holds")
        items = [bound[id] for id in held or () if id in bound]
        if not items and (held is not None or not bound):
            continue
        case = Case(store)
        if held is None:
            case.need(store, "holds")
        yield _residence(facts, case, store, items)


def _residence(facts: Facts, case: Case, store: Component, items: list[DataItem]) -> Outcome:
    around = facts.design.boundary_chain(store)
    region = next((case.read(b, "region") for b in around if b.has("region")), None)
    if region is None:
        case.lack(f"{around[0].id}.region" if around else f"{store.id}.boundary")
    outside = []
    for item in items:
        allowed = case.need(item, "residency")
        if allowed is not None and region is not None and region not in allowed:
            outside.append(f"{item.id} has to rest in {listed(allowed)}")
    if outside:
        return case.fail(f"{store.id} stands in {region}, and {listed(outside)}.")
    return case.rest(None if case.missing else False)


@rule(
    "DAT08",
    "No tenant isolation in a pooled store",
    "critical",
    "security",
    why="Where all customers share a table, the condition on the tenant stands in every query. "
    "One query that forgets it shows a customer the data of another.",
    detects="design.tenancy is pool, a store holds data, and states tenant_isolation: none.",
    false_alarm="The store holds nothing that belongs to a tenant, such as a public catalogue.",
    fix="Put the tenant into the partition key and let a policy enforce it, outside the query.",
    section="serverless-security/multi-tenancy-isolation",
)
def dat08(facts: Facts) -> Outcomes:
    design = facts.design
    for store in _stores(facts):
        held = store.get("holds")
        case = Case(store).at(store, "tenant_isolation")
        pooled = equal(case.need(design, "tenancy"), "pool")
        if pooled is False or held == ():
            case.read(store, "holds")
            yield case.ok()
            continue
        holds: Known = None if case.need(store, "holds") is None else True
        mixed = both(pooled, holds, equal(case.need(store, "tenant_isolation"), "none"))
        yield (
            case.fail(
                f"{store.id} holds {listed(held)} for all tenants, and nothing keeps them apart."
            )
            if mixed
            else case.rest(mixed)
        )
