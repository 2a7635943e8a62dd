"""Delivery networks in front of the edge: what they leave on record."""

from __future__ import annotations

from ._case import Case, equal
from ._facts import Facts
from ._registry import rule
from ._types import Outcomes


@rule(
    "API12",
    "Delivery network keeps no access log",
    "low",
    "operations",
    why="What the network answers from its cache never reaches the origin, so the origin's log "
    "misses most requests. Abuse and traffic bills are questions about exactly those.",
    detects="A cdn states access_logs: false.",
    false_alarm="The network samples requests into a stream of its own: state true.",
    fix="Write access logs of the network to a store with a retention period.",
    section="observability-and-operations/logging-structured-telemetry",
    references=("checkov CKV_AWS_86", "cdk-nag CloudFrontDistributionAccessLogging"),
)
def api12(facts: Facts) -> Outcomes:
    for network in facts.design.of_kind("cdn"):
        case = Case(network).at(network, "access_logs")
        off = equal(case.need(network, "access_logs"), False)
        yield (
            case.fail(f"{network.id} keeps no record of the requests that it answered.")
            if off
            else case.rest(off)
        )
