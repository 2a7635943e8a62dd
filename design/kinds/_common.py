"""Groups of attributes that several kinds share."""

from __future__ import annotations

from typing import Final

from ._spec import (
    Attribute,
    Type,
    count,
    flag,
    note,
    num,
    percent,
    ref,
    refs,
    text,
    texts,
    word,
)
from ._spec import words as words_of

AUTH: Final = "none key iam jwt custom mtls"
ACTIONS: Final = "read write delete publish start invoke call connect list admin *"
ALARMS: Final = "errors throttles duration latency failures timeouts depth age lag"

GRANTS: Final = Attribute(
    "grants",
    Type.GRANTS,
    "What it may do: a component (or *) and the actions allowed on it.",
    words=tuple(ACTIONS.split()),
    refers=("component",),
)
ALARM: Final = words_of("alarms", ALARMS, "What somebody is told about without looking.")
TRACING: Final = flag("tracing", "Requests are traced through it.")
ENCRYPTED: Final = flag("encrypted", "Encrypted at rest.")
PAYLOAD_LIMIT: Final = num("payload_limit_kb", "KB", "Largest message or body that it accepts.")
HOLDS: Final = refs("holds", "data", "Data items that rest here.")
PUBLIC: Final = flag("public", "Reachable from the internet.")
TIMEOUT: Final = num("timeout_s", "s", "Work is cut off after this time.")

COMMON: Final = (
    text("title", "The name shown on the diagram; the id where absent."),
    ref("boundary", "boundary", "The innermost boundary that it lives in."),
    text("owner", "The team that is called when it breaks."),
    text("tech", "The product, for example a queue service's name."),
    texts("tags", "Free labels for filtering."),
    percent("sla_pct", "Availability that its provider promises."),
    flag("one_way", "Hard to leave once chosen; wants a decision record."),
    text("public_reason", "Why it is meant to be open to everybody."),
    num("load.mean_rps", "requests/s", "Requests that start here, on average."),
    num("load.peak_rps", "requests/s", "Requests that start here, at the peak."),
    text("was", "Its earlier id, so that a rename keeps its history."),
)

DURATION: Final = (
    num("duration_ms.p50", "ms", "Time of one invocation, median."),
    num("duration_ms.p99", "ms", "Time of one invocation, 99th percentile."),
    num("init_ms", "ms", "Time that a new instance needs before its first request."),
)

CODE: Final = (
    text("runtime.name", "Language and version."),
    word(
        "runtime.status",
        "current deprecated eol",
        "Whether the runtime is still supported.",
    ),
    num("memory_mb", "MB", "Memory of one instance."),
    TIMEOUT,
    *DURATION,
    word("idempotent", "none natural key", "What makes a repeat harmless."),
    word("state_local", "none cache required", "What it keeps between requests."),
    count("routes", "", "Distinct routes or event types that it serves."),
    texts("responsibilities", "What it does, one phrase for each job."),
    flag("background_work", "Goes on working after it has answered."),
    num("wait_ms", "ms", "Part of the median spent waiting for others."),
    count("db_connections", "", "Database connections that one instance holds."),
    flag("vendor_api_in_domain", "Business rules depend on a vendor's types."),
    flag("outbox", "State and event are stored in one transaction."),
)

SECURITY: Final = (
    word(
        "secrets",
        "none store env_encrypted env_plain code",
        "Where its secrets come from.",
    ),
    GRANTS,
    text("role", "The identity that it runs as."),
    word("auth", AUTH, "How a caller proves who it is."),
    word("input_validation", "none basic schema", "How incoming data is checked."),
    flag("network.attached", "Attached to a private network."),
    word("network.egress", "none direct nat endpoint", "How its traffic leaves."),
)

TELEMETRY: Final = (
    flag("logs.structured", "Log lines are machine-readable."),
    num("logs.retention_days", "days", "How long logs are kept."),
    flag("logs.redacted", "Personal data is removed before a line is written."),
    word("logs.level", "debug info warn error", "The lowest level that is written."),
    TRACING,
    ALARM,
)

ENTRY: Final = (
    PUBLIC,
    word("auth", AUTH, "How a caller proves who it is."),
    num("throttle.rps", "requests/s", "Rate above which callers are refused."),
    num("throttle.burst", "requests", "Requests admitted at once above that rate."),
    flag("request_validation", "Requests are checked against the contract."),
    TIMEOUT,
    flag("waf", "Known attacks are filtered in front of it."),
    texts("cors.origins", "Sites whose scripts may call it; * is every site."),
    flag("access_logs", "Each request leaves a log line."),
    PAYLOAD_LIMIT,
    TRACING,
    percent("slo.availability_pct", "Promised availability."),
    num("slo.p99_ms", "ms", "Promised 99th percentile of latency."),
    ALARM,
    num("cache_ttl_s", "s", "How long answers are kept and served again."),
)

CHANNEL: Final = (
    word("order", "none key fifo", "Order in which messages are delivered."),
    ENCRYPTED,
    PAYLOAD_LIMIT,
    num("retention_s", "s", "How long a message is kept."),
    HOLDS,
    ALARM,
)

STORE: Final = (
    HOLDS,
    flag("record", "The system of record: losing it loses the truth."),
    ENCRYPTED,
    PUBLIC,
    word("backups", "none versioning snapshot pitr", "What it can be restored from."),
    flag("ttl", "Data expires by itself."),
    word(
        "tenant_isolation",
        "none row prefix partition store",
        "What keeps one tenant's data from another.",
    ),
    word("capacity", "on_demand provisioned", "How throughput is bought."),
    word("key_cardinality", "low medium high", "How many different keys take the writes."),
    texts("access", "Ways in which it is asked, for example get, query, scan."),
    count("max_connections", "", "Connections that it accepts."),
    flag("http_api", "Can be asked over HTTP, without a held connection."),
    num("item_kb", "KB", "Size of a typical item."),
    ALARM,
)

GUARD: Final = note("loop_guard", "What stops an event from going round for ever.")
