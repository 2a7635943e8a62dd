"""What stands beside components and edges: the design itself, its boundaries,
data, decisions, quality scenarios, waivers and layout hints."""

from __future__ import annotations

from typing import Final

from ._spec import (
    Attribute,
    Type,
    count,
    date,
    flag,
    num,
    percent,
    ref,
    refs,
    table,
    text,
    texts,
    word,
)
from ._spec import words as words_of

MODEL: Final = "sdm/1"
CRITICALITY: Final = ("low", "medium", "high", "critical")
DATA_CLASSES: Final = ("public", "internal", "confidential", "restricted")
PROFILES: Final = "generic aws azure gcp knative"

BOUNDARY_KINDS: Final = {
    "internet": "Everything that nobody here controls.",
    "account": "An account or subscription of a provider.",
    "network": "A private network.",
    "region": "A region of a provider.",
    "tenant": "What belongs to one customer.",
    "service": "Components that are built and released together.",
    "team": "What one team answers for.",
}

DESIGN: Final = table(
    (
        text("title", "The name shown to readers."),
        text("owner", "The team that answers for the design."),
        count("revision", "", "Counts up with each version."),
        word("criticality", " ".join(CRITICALITY), "How much depends on it."),
        word("stage", "idea design build live", "How far it has come."),
        word("profile", PROFILES, "Where limits and defaults come from."),
        word("tenancy", "single silo pool", "Whether customers share components."),
        word("portability", "none preferred required", "Whether it must be able to move."),
        word("traffic.shape", "steady diurnal spiky rare", "How traffic varies."),
        num("traffic.mean_rps", "requests/s", "Requests on average."),
        num("traffic.peak_rps", "requests/s", "Requests at the peak."),
        words_of(
            "needs",
            "gpu sticky_session raw_tcp udp local_disk long_connection",
            "What the workload cannot do without.",
        ),
        percent("goals.availability_pct", "Availability to reach."),
        num("goals.p99_ms", "ms", "99th percentile of latency to reach."),
        num("goals.rto_min", "minutes", "Time to recover after a disaster."),
        num("goals.rpo_min", "minutes", "Data that may be lost, as time."),
        num("goals.budget_month", "money", "What a month may cost."),
        flag("ops.budget_alert", "Somebody is told when spending runs away."),
        flag("ops.correlation_ids", "One id follows a request through every hop."),
        text("ops.runbook", "Where the runbook is kept."),
        flag("delivery.iac", "All of it is defined as code."),
        word(
            "delivery.rollout",
            "all_at_once linear canary blue_green",
            "How a release spreads.",
        ),
        word("delivery.rollback", "none manual auto", "How a bad release is taken back."),
        words_of(
            "delivery.tests",
            "unit contract integration load chaos",
            "What is tested, and how.",
        ),
        flag("delivery.separate_accounts", "Stages live in accounts of their own."),
        text("was", "Its earlier id."),
    )
)

BOUNDARY: Final = table(
    (
        text("title", "The name shown on the diagram."),
        ref("parent", "boundary", "The boundary around this one."),
        text("region", "The region that it is in."),
        text("was", "Its earlier id."),
    )
)

DATA: Final = table(
    (
        text("title", "The name shown to readers."),
        word("class", " ".join(DATA_CLASSES), "How much harm its loss would do."),
        flag("personal", "Says something about a person."),
        num("retention_days", "days", "How long it may be kept."),
        texts("residency", "Regions that it may rest in."),
        text("was", "Its earlier id."),
    )
)

DECISION: Final = table(
    (
        text("title", "The decision in one line."),
        word(
            "status",
            "proposed accepted rejected superseded",
            "Where the decision stands.",
        ),
        refs("about", "subject", "What was decided on."),
        date("date", "The day of the decision."),
        text("by", "Who decided."),
        text("context", "What forced a decision."),
        texts("options", "What else was possible."),
        text("decision", "What was decided."),
        text("consequences", "What follows, good and bad."),
        ref("supersedes", "decision", "The decision that this one replaces."),
    )
)

SCENARIO: Final = table(
    (
        text("title", "The scenario in one line."),
        text("quality", "The quality that it is about."),
        text("source", "Who or what acts."),
        text("stimulus", "What happens."),
        text("environment", "Under which conditions."),
        refs("about", "subject", "What it happens to."),
        text("response", "What the system does."),
        text("measure", "How one can tell that it did."),
    )
)

WAIVER: Final = table(
    (
        text("rule", "The rule that is waived."),
        ref("subject", "subject", "The subject of the finding; * stands for any text."),
        word(
            "category",
            "accepted false_positive compensated not_applicable",
            "Why the finding may stand.",
        ),
        text("reason", "The reason, in at least 20 characters."),
        text("compensating_control", "What is done instead."),
        text("ticket", "Where it is followed up."),
        text("by", "Who asks for it."),
        text("approved_by", "Who agreed."),
        date("created", "The day it was asked for."),
        date("expires", "The day it ends; 90 days after it was created where absent."),
        text("basis", "What it was agreed on, as the checker prints it."),
        ref("decision", "decision", "The decision that explains it."),
    )
)

LAYOUT: Final = table(
    (
        Attribute("rank", Type.RANKS, "Components that stand side by side.", refers=("component",)),
        refs("collapse", "boundary", "Boundaries drawn as one box."),
    )
)
