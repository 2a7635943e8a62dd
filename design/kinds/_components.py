"""The 27 component kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ._common import (
    ALARM,
    CHANNEL,
    CODE,
    COMMON,
    DURATION,
    ENCRYPTED,
    ENTRY,
    GRANTS,
    PUBLIC,
    SECURITY,
    STORE,
    TELEMETRY,
    TIMEOUT,
    TRACING,
)
from ._spec import Attribute, count, flag, num, ref, table, text, texts, word


@dataclass(frozen=True, slots=True)
class ComponentKind:
    """A kind of component. `family` groups kinds that rules treat alike."""

    name: str
    title: str
    family: str
    meaning: str
    attributes: Mapping[str, Attribute]


def _kind(name: str, title: str, family: str, meaning: str, *own: Attribute) -> ComponentKind:
    return ComponentKind(name, title, family, meaning, table((*COMMON, *own)))


def _all() -> tuple[ComponentKind, ...]:
    return (
        *_outside(),
        *_entries(),
        *_compute(),
        *_channels(),
        *_stores(),
        *_support(),
    )


def _outside() -> tuple[ComponentKind, ...]:
    return (
        _kind(
            "client",
            "Client",
            "outside",
            "A browser, app or device that starts requests.",
        ),
        _kind(
            "external",
            "External service",
            "outside",
            "A service that somebody else runs.",
            num("rate_limit_rps", "requests/s", "Rate that its contract allows."),
            flag("dpa", "An agreement on processing personal data is on file."),
            num("cost_per_call", "money", "Price of one call."),
        ),
    )


def _entries() -> tuple[ComponentKind, ...]:
    return (
        _kind(
            "cdn",
            "Content delivery network",
            "edge",
            "Caches answers near the people who ask.",
            num("ttl_s", "s", "How long an answer is kept."),
            flag("waf", "Known attacks are filtered in front of it."),
            flag("origin_shield", "One cache layer asks the origin for all others."),
            flag("access_logs", "Each request leaves a log line."),
            PUBLIC,
            ALARM,
        ),
        _kind("api", "API", "entry", "A managed front door for HTTP requests.", *ENTRY),
        _kind(
            "graphql",
            "GraphQL API",
            "entry",
            "A managed front door for graph queries.",
            *ENTRY,
        ),
        _kind(
            "websocket",
            "WebSocket API",
            "entry",
            "Holds connections, hands on messages.",
            *ENTRY,
        ),
    )


def _compute() -> tuple[ComponentKind, ...]:
    public_url = flag("public_url", "Has its own address on the internet.")
    return (
        _kind(
            "function",
            "Function",
            "compute",
            "Code that runs once for each request or batch.",
            *CODE,
            count(
                "concurrency.reserved",
                "instances",
                "Instances kept for it, and its ceiling.",
            ),
            count("concurrency.max", "instances", "Instances that may run at once."),
            count("concurrency.provisioned", "instances", "Instances kept warm."),
            count(
                "concurrency.per_instance",
                "requests",
                "Requests at once in one instance.",
                1,
            ),
            num("package_mb", "MB", "Size of what is deployed."),
            num("ephemeral_mb", "MB", "Scratch disk of one instance."),
            public_url,
            *SECURITY,
            *TELEMETRY,
        ),
        _kind(
            "container",
            "Container service",
            "compute",
            "Code in containers that the platform scales.",
            *CODE,
            num("cpu", "vCPU", "Processors of one instance."),
            count("instances.min", "instances", "Fewest instances."),
            count("instances.max", "instances", "Most instances."),
            count("concurrency", "requests", "Requests at once in one instance.", 1),
            flag("scale_to_zero", "No instance runs while nothing is asked."),
            PUBLIC,
            public_url,
            *SECURITY,
            *TELEMETRY,
        ),
        _kind(
            "vm",
            "Virtual machine",
            "compute",
            "A machine that the team keeps running and patched.",
            *CODE,
            count("count", "machines", "Machines that run."),
            num("cpu", "vCPU", "Processors of one machine."),
            PUBLIC,
            *SECURITY,
            *TELEMETRY,
        ),
        _kind(
            "workflow",
            "Workflow",
            "compute",
            "Managed orchestration of steps.",
            word(
                "mode",
                "durable express",
                "Exactly-once steps, or short and at least once.",
            ),
            TIMEOUT,
            word("compensation", "none manual saga", "How finished steps are undone."),
            *DURATION[:2],
            GRANTS,
            text("role", "The identity that it runs as."),
            TRACING,
            ALARM,
        ),
    )


def _channels() -> tuple[ComponentKind, ...]:
    archive = flag("archive", "Events are kept so that they can be replayed.")
    partitions = count("partitions", "", "Partitions or shards.", 1)
    return (
        _kind(
            "queue",
            "Queue",
            "channel",
            "Keeps messages until a consumer has dealt with them.",
            word("purpose", "work dlq", "Ordinary work, or messages that failed."),
            *CHANNEL,
            num(
                "visibility_s",
                "s",
                "How long a received message stays hidden from others.",
            ),
            count("max_receive", "", "Receives before a message is dead-lettered."),
            ref("dlq", "queue", "The queue that failed messages go to."),
            word("redrive", "none runbook auto", "How failed messages come back."),
        ),
        _kind(
            "topic",
            "Topic",
            "channel",
            "Hands each message to every subscriber.",
            *CHANNEL,
            archive,
            partitions,
        ),
        _kind(
            "bus",
            "Event bus",
            "channel",
            "Routes events by rules.",
            *CHANNEL,
            archive,
            partitions,
        ),
        _kind(
            "stream",
            "Stream",
            "channel",
            "An ordered log that consumers read at their pace.",
            *CHANNEL,
            archive,
            partitions,
            word(
                "key_cardinality",
                "low medium high",
                "How many different keys share it.",
            ),
            word("capacity", "on_demand provisioned", "How throughput is bought."),
        ),
        _kind(
            "schedule",
            "Schedule",
            "trigger",
            "Starts work at set times.",
            num("every_s", "s", "Time between two starts.", 0.001),
            text("cron", "The times, as a cron expression."),
            text("timezone", "The zone in which those times are meant."),
            word(
                "overlap",
                "allow forbid",
                "Whether a start may overtake the one before.",
            ),
        ),
    )


def _stores() -> tuple[ComponentKind, ...]:
    return (
        _kind("kv", "Key-value store", "store", "Items by key, at any scale.", *STORE),
        _kind("sql", "SQL database", "store", "Tables, joins and transactions.", *STORE),
        _kind(
            "cache",
            "Cache",
            "store",
            "Copies of answers, fast and expendable.",
            *STORE,
            num("ttl_s", "s", "How long an entry is served."),
            flag("stampede_protection", "One caller refills an entry while others wait."),
        ),
        _kind(
            "object_store",
            "Object store",
            "store",
            "Files of any size, by name.",
            *STORE,
        ),
        _kind("search", "Search index", "store", "Full text and facets.", *STORE),
        _kind("warehouse", "Warehouse", "store", "Large tables for analysis.", *STORE),
    )


def _support() -> tuple[ComponentKind, ...]:
    days = num("rotation_days", "days", "Age at which a secret is replaced; 0 is never.")
    return (
        _kind(
            "proxy",
            "Connection proxy",
            "support",
            "Shares few database connections between many callers.",
            count("max_connections", "", "Connections that it accepts."),
            ENCRYPTED,
            ALARM,
        ),
        _kind(
            "secret_store",
            "Secret store",
            "support",
            "Keeps keys and passwords.",
            days,
            ENCRYPTED,
            PUBLIC,
        ),
        _kind(
            "config_store",
            "Configuration store",
            "support",
            "Keeps settings and switches.",
            ENCRYPTED,
            PUBLIC,
        ),
        _kind(
            "identity",
            "Identity provider",
            "support",
            "Signs people and programs in.",
            flag("mfa", "A second factor is required."),
            num("token_minutes", "minutes", "How long a token is valid."),
        ),
        _kind(
            "log_sink",
            "Log sink",
            "support",
            "Where logs and traces are kept.",
            num("retention_days", "days", "How long they are kept."),
            ENCRYPTED,
            PUBLIC,
        ),
        _kind(
            "pipeline",
            "Pipeline",
            "support",
            "Builds and delivers the other components.",
            text("role", "The identity that it runs as."),
            GRANTS,
            count("approvals", "", "People who must agree before a release."),
            texts("scans", "What is looked for before a release."),
        ),
    )


COMPONENT_KINDS: Final[Mapping[str, ComponentKind]] = MappingProxyType({k.name: k for k in _all()})


def _family(name: str) -> frozenset[str]:
    return frozenset(kind.name for kind in COMPONENT_KINDS.values() if kind.family == name)


STORES: Final = _family("store")
CHANNELS: Final = _family("channel")
ENTRY_KINDS: Final = _family("entry")
