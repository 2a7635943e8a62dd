"""The 12 edge kinds, and what an edge may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ._common import GUARD
from ._spec import count, flag, note, num, ref, refs, table, text, word


@dataclass(frozen=True, slots=True)
class EdgeKind:
    """A kind of edge. `delivery` is ``sync``, ``at_least_once`` or ``deploy``."""

    name: str
    title: str
    delivery: str
    meaning: str

    @property
    def is_async(self) -> bool:
        """Whether the sender does not wait and the receiver may see it twice."""
        return self.delivery == "at_least_once"


EDGE_KINDS: Final[Mapping[str, EdgeKind]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            EdgeKind("call", "calls", "sync", "A request; the caller waits for the answer."),
            EdgeKind(
                "read",
                "reads",
                "sync",
                "Reads data, or connects through a proxy to read.",
            ),
            EdgeKind(
                "write",
                "writes",
                "sync",
                "Writes data, or connects through a proxy to.",
            ),
            EdgeKind("start", "starts", "sync", "Starts a workflow; the answer is a receipt."),
            EdgeKind("step", "runs", "sync", "A workflow runs a task, with managed retries."),
            EdgeKind(
                "invoke_async",
                "invokes",
                "at_least_once",
                "An invocation nobody waits for.",
            ),
            EdgeKind(
                "publish",
                "publishes",
                "sync",
                "Hands a message to a channel, which acks.",
            ),
            EdgeKind("subscribe", "pushes", "at_least_once", "A channel or schedule pushes."),
            EdgeKind("poll", "is polled by", "at_least_once", "A consumer takes batches."),
            EdgeKind("change", "notifies", "at_least_once", "A store tells of a change."),
            EdgeKind("deploy", "deploys", "deploy", "A pipeline delivers a component."),
        )
    }
)

EDGE: Final = table(
    (
        text("title", "What travels here, for the diagram."),
        text("protocol", "How the two ends speak, for example https; any name may stand."),
        num("timeout_s", "s", "The caller gives up after this time."),
        count("retries.max", "", "Attempts after the first."),
        word(
            "retries.backoff",
            "none fixed exponential",
            "How the pause between attempts grows.",
        ),
        flag("retries.jitter", "The pause is varied at random."),
        flag("circuit_breaker", "Calls stop for a while when too many fail."),
        note("fallback", "What is answered when the other end is down."),
        flag("idempotency_key", "A key lets the receiver recognise a repeat."),
        num("payload_kb", "KB", "Size of one message or body."),
        refs("data", "data", "Data items that travel here."),
        flag("signed", "A signed, short-lived permission is needed."),
        flag("source_restricted", "Only this source may trigger the target."),
        ref("on_failure", "component", "Where an event goes when delivery is given up."),
        num("max_age_s", "s", "An event older than this is given up."),
        count("batch_size", "items", "Most items in one batch.", 1),
        num("batch_window_s", "s", "How long a batch is collected."),
        num("item_ms", "ms", "Time to handle one item of a batch."),
        flag("partial_failure", "Failed items are reported one by one."),
        count("max_concurrency", "invocations", "Batches handled at once.", 1),
        word("ordering", "none key total", "Order that the receiver relies on."),
        note("filter", "Only some events pass."),
        text("schema.name", "Name of the event's schema."),
        flag("schema.versioned", "The schema has a version that consumers can check."),
        flag("catch", "Errors of the step are caught."),
        text("compensate", "What undoes the step."),
        flag("waits_callback", "The step waits for somebody to call back."),
        num("heartbeat_s", "s", "The step fails after this time without a sign of life."),
        GUARD,
        flag("cached", "The answer is kept and used again."),
        word("consistency", "eventual strong", "How fresh a read has to be."),
        flag("polls_status", "Asks again and again whether something is ready."),
        num("calls_per_request", "", "Times per invocation (or item) of the source."),
        word(
            "per",
            "invocation item",
            "What calls_per_request counts: batches or their items.",
        ),
        num("probability", "", "Share of invocations in which it happens.", high=1),
    )
)
