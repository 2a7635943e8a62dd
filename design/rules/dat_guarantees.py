"""What a store is trusted with: who may touch it, how fresh and how safe its data is."""

from __future__ import annotations

from ..kinds import STORES
from ._case import Case, Known, above, below, both, equal, listed, number
from ._facts import Facts
from ._registry import rule
from ._types import Outcomes


@rule(
    "DAT09",
    "Client reaches a store without a signed permission",
    "high",
    "security",
    why="A client that writes to a store directly skips every check of the gateway. Without a "
    "signed, short-lived permission, whoever knows the address can fill the store or read it.",
    detects="A read or write edge from a client to a store states signed: false. Reading a store "
    "with a public_reason is left out.",
    false_alarm="The store itself checks each user's token against rules for each item: state "
    "signed: true.",
    fix="Sign each upload and download for one object, one action and a few minutes.",
    section="data-and-state-patterns/object-storage",
)
def dat09(facts: Facts) -> Outcomes:
    for edge, client, store in facts.edges("read", "write"):
        if client.kind != "client" or store.kind not in STORES:
            continue
        if edge.kind == "read" and store.get("public_reason"):
            continue
        case = Case(edge).at(edge, "signed")
        bare = equal(case.need(edge, "signed"), False)
        verb = "reads" if edge.kind == "read" else "writes to"
        yield (
            case.fail(f"{client.id} {verb} {store.id} without a signed permission.")
            if bare
            else case.rest(bare)
        )


@rule(
    "DAT10",
    "Cache entries that never expire",
    "medium",
    "reliability",
    why="An entry without an end is served until somebody deletes it by hand. The first wrong "
    "price is then right in the store and wrong in every answer.",
    detects="A cache states ttl: false and no ttl_s.",
    false_alarm="Keys change with their content, so that an old entry is never asked for.",
    fix="Give each entry an end, a little different for each, and delete on change where it "
    "matters.",
    section="data-and-state-patterns/caching-materialized-views",
)
def dat10(facts: Facts) -> Outcomes:
    for cache in facts.design.of_kind("cache"):
        case = Case(cache).at(cache, "ttl")
        if case.read(cache, "ttl_s") is not None:
            yield case.ok()
            continue
        stays = equal(case.need(cache, "ttl"), False)
        if cache.has("ttl_s") and stays is not False:
            case.lack(f"{cache.id}.ttl_s")
            stays = None
        yield (case.fail(f"Entries of {cache.id} never expire.") if stays else case.rest(stays))


@rule(
    "DAT11",
    "Busy cache without protection from a stampede",
    "medium",
    "performance",
    params=("hot_reads_rps",),
    why="When a popular entry expires, every caller finds it missing at once and asks the store "
    "behind. The store meets the whole traffic for the time of one refill.",
    detects="A cache states stampede_protection: false, and its peak rate of reads is above 100 "
    "per second.",
    false_alarm="Reads are spread over so many keys that no entry is popular.",
    fix="Let one caller refill while the others wait or read the old entry, and vary the ends.",
    section="data-and-state-patterns/caching-materialized-views",
)
def dat11(facts: Facts, most: float) -> Outcomes:
    for cache in facts.design.of_kind("cache"):
        reads = facts.design.in_edges(cache.id, "read", "call")
        if not reads:
            continue
        case = Case(cache).at(cache, "stampede_protection")
        open_door = equal(case.need(cache, "stampede_protection"), False)
        rates = [facts.rates.edge[edge.id] for edge in reads]
        peak = sum(rate.peak for rate in rates if rate is not None)
        complete = all(rate is not None and rate.complete for rate in rates)
        case.computed(f"peak reads of {cache.id}", peak, "requests/s")
        case.limit("most reads without protection", most, "requests/s")
        busy: Known = True if peak > most else False if complete else None
        if busy is None:
            case.lack(*facts.missing_rates(cache.id))
        elif busy and facts.supposed(case, *(edge.id for edge in reads)):
            busy = None
        exposed = both(open_door, busy)
        yield (
            case.fail(
                f"{cache.id} is read {number(peak)} times/s at the peak, and all of them ask the "
                "store behind when an entry expires."
            )
            if exposed
            else case.rest(exposed)
        )


@rule(
    "DAT12",
    "Cache as the system of record",
    "high",
    "reliability",
    why="A cache drops entries when memory is short, and all of them when a node is replaced. "
    "What exists nowhere else is then gone, in the order of least use.",
    detects="A cache states record: true.",
    false_alarm="It is a durable database that happens to hold its data in memory: draw it as a "
    "kv store.",
    fix="Write to a durable store first, and fill the cache from it.",
    section="data-and-state-patterns/caching-materialized-views",
)
def dat12(facts: Facts) -> Outcomes:
    for cache in facts.design.of_kind("cache"):
        if not cache.has("record"):
            continue
        case = Case(cache).at(cache, "record")
        alone = equal(case.need(cache, "record"), True)
        yield (
            case.fail(f"{cache.id} is a cache, and what it holds exists nowhere else.")
            if alone
            else case.rest(alone)
        )


@rule(
    "DAT13",
    "Backups too far apart for the recovery goal",
    "high",
    "reliability",
    params=("snapshot_interval_min",),
    why="A restore brings back the last copy, and what came after it is lost. With a copy a day, "
    "the loss is up to a day, whatever the goal says.",
    detects="A system of record is backed up by snapshot, and goals.rpo_min is below the time "
    "between two snapshots, a day.",
    false_alarm="Snapshots are taken as often as the goal asks, and a monitor proves it.",
    fix="Switch on point-in-time recovery, or agree on a longer goal.",
    section="data-and-state-patterns/state-externalization",
)
def dat13(facts: Facts, interval: float) -> Outcomes:
    design = facts.design
    if not design.has("goals.rpo_min"):
        return
    for store in design.of_kind(*sorted(STORES)):
        if not store.get("record"):
            continue
        case = Case(store).at(store, "backups")
        goal = case.need(design, "goals.rpo_min")
        apart = equal(case.need(store, "backups"), "snapshot")
        case.limit("time between two snapshots", interval, "minutes")
        stale = both(apart, below(goal, interval))
        yield (
            case.fail(
                f"{store.id} may lose {number(interval)} minutes between two snapshots, and the "
                f"goal allows {number(goal)}."
            )
            if stale
            else case.rest(stale)
        )


@rule(
    "DAT14",
    "Item larger than the store takes",
    "high",
    "reliability",
    params=("max_item_kb",),
    why="A key-value store refuses an item above its limit. The items that grow are those of the "
    "best customers, so it fails first for them.",
    detects="item_kb of a key-value store is above the largest item that the profile's platform "
    "takes.",
    false_alarm="The product in tech takes larger items than the profile's default store.",
    fix="Keep the large part in an object store and its name in the item, or split the item.",
    section="data-and-state-patterns/database-access",
)
def dat14(facts: Facts, largest: float) -> Outcomes:
    for store in facts.design.of_kind("kv"):
        if not store.has("item_kb"):
            continue
        case = Case(store).at(store, "item_kb")
        size = case.need(store, "item_kb")
        case.limit("largest item", largest, "KB")
        large = above(size, largest)
        yield (
            case.fail(
                f"A typical item of {store.id} has {number(size)} KB, and {number(largest)} KB "
                "are the most."
            )
            if large
            else case.rest(large)
        )


@rule(
    "DAT16",
    "Messages that wait outside their allowed region",
    "high",
    "security",
    why="A queue keeps a message for days, on disks of the region it stands in. A residency rule "
    "covers those days as it covers the table at the end.",
    detects="A queue, topic, bus or stream stands in a boundary whose region is not in the "
    "residency of a data item that it holds or that an edge brings to it.",
    false_alarm="The message holds a reference only: name what the edge really carries.",
    fix="Place the channel in an allowed region, or send a reference instead of the data.",
    section="serverless-security/multi-tenancy-isolation",
)
def dat16(facts: Facts) -> Outcomes:
    design = facts.design
    bound = {item.id: item for item in design.data if item.has("residency")}
    for channel in design.of_kind("queue", "topic", "bus", "stream"):
        brought = {id for edge in design.in_edges(channel.id) for id in edge.get("data", ())}
        items = [bound[id] for id in sorted({*channel.get("holds", ()), *brought} & set(bound))]
        around = design.boundary_chain(channel)
        if not items or not any(boundary.has("region") for boundary in around):
            continue
        case = Case(channel)
        region = next(case.need(b, "region") for b in around if b.has("region"))
        allowed = {item.id: case.need(item, "residency") for item in items}
        outside = [
            f"{id} has to stay in {listed(regions)}"
            for id, regions in allowed.items()
            if regions is not None and region is not None and region not in regions
        ]
        yield (
            case.fail(f"{channel.id} stands in {region}, and {listed(outside)}.")
            if outside
            else case.rest(None if case.missing else False)
        )


@rule(
    "DAT17",
    "Client connected to a database",
    "high",
    "security",
    never_unknown="The rule reads only which components and edges there are, and a design states "
    "those.",
    why="A password in a browser or an app belongs to everybody who has the app. The database then "
    "answers whatever they ask, and no code of yours is in between.",
    detects="A read, write or call edge leads from a client to a sql, cache, search or warehouse "
    "component.",
    false_alarm="The client is an analyst's desk tool inside the network, with a user of its own.",
    fix="Put an API in between that asks for a token and checks what is asked.",
    section="data-and-state-patterns/database-access",
    references=("Threagile unguarded-direct-datastore-access",),
)
def dat17(facts: Facts) -> Outcomes:
    clients = {client.id for client in facts.design.of_kind("client")}
    for store in facts.design.of_kind("sql", "cache", "search", "warehouse"):
        arriving = facts.design.in_edges(store.id, "read", "write", "call")
        if not arriving:
            continue
        case = Case(store)
        direct = sorted({edge.source for edge in arriving} & clients)
        case.computed("clients that reach it", tuple(direct))
        yield (
            case.fail(f"{listed(direct)} reaches {store.id} without anything in between.")
            if direct
            else case.ok()
        )
