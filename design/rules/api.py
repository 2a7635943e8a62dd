"""API and edge: what stands between the internet and the functions."""

from __future__ import annotations

from collections.abc import Iterator

from ..graph import FLOW
from ..model import Component, Edge
from ._case import Case, Known, above, below, both, either, equal, number
from ._facts import CONFIDENTIAL, Facts
from ._registry import rule
from ._types import Outcomes


def _http(facts: Facts) -> Iterator[Component]:
    return (entry for entry in facts.entries if entry.kind != "websocket")


def _behind(facts: Facts) -> Iterator[tuple[Edge, Component, Component]]:
    """Call edges from an HTTP entry point to a function."""
    for edge, source, target in facts.edges("call"):
        if source.kind in ("api", "graphql") and target.kind == "function":
            yield edge, source, target


@rule(
    "API01",
    "Public endpoint without authentication",
    "critical",
    "security",
    why="Anybody who finds the address can call it. They read what it returns, and each call is on "
    "your bill.",
    detects="A public api, graphql or websocket states auth: none and no public_reason.",
    false_alarm="The content is meant for everybody. Say so in public_reason, and the rule passes.",
    fix="Require a token, a signed request or a client certificate, or state why it is open.",
    section="serverless-apis-and-edge/api-gateway-patterns",
    references=(
        "checkov CKV_AWS_59, CKV_AWS_309",
        "cdk-nag APIGWAuthorization",
        "AWS Well-Architected Serverless Lens SEC 1 (asks)",
    ),
)
def api01(facts: Facts) -> Outcomes:
    for entry in facts.entries:
        case = Case(entry).at(entry, "auth")
        if entry.get("public") is False:
            case.read(entry, "public")
            yield case.ok()
            continue
        if case.read(entry, "public_reason"):
            yield case.ok()
            continue
        public = case.need(entry, "public")
        open_to_all = both(public, equal(case.need(entry, "auth"), "none"))
        yield (
            case.fail(
                f"{entry.id} is public, asks for no authentication, and gives no reason for it."
            )
            if open_to_all
            else case.rest(open_to_all)
        )


@rule(
    "API02",
    "No throttling",
    "high",
    "reliability",
    why="One client with a loop can use the whole concurrency and the whole budget of an account. "
    "The functions scale to meet it, which is what makes it expensive.",
    detects="An api, graphql or websocket states no throttle.rps.",
    false_alarm="A component in front limits each client already. State the resulting rate here.",
    fix="Set a default rate and burst, and a quota for each client.",
    section="serverless-apis-and-edge/api-gateway-patterns",
    references=("serverless-rules ES2003", "cdk-nag APIGWDefaultThrottling"),
)
def api02(facts: Facts) -> Outcomes:
    for entry in facts.entries:
        case = Case(entry).at(entry, "throttle.rps")
        bare = case.absent(entry, "throttle.rps")
        yield (
            case.fail(f"{entry.id} sets no rate above which callers are refused.")
            if bare
            else case.rest(bare)
        )


@rule(
    "API03",
    "No request validation",
    "medium",
    "security",
    why="A malformed request that reaches the code costs an invocation and tests your parser. The "
    "gateway can refuse it for nothing.",
    detects="An api or graphql states request_validation: false.",
    false_alarm="The function validates with the same schema, and the cost of refused requests is "
    "accepted.",
    fix="Check requests against the contract in the gateway; check again in the function what the "
    "schema cannot say.",
    section="serverless-security/input-validation-event-trust",
    references=("checkov CKV2_AWS_53", "cdk-nag APIGWRequestValidation"),
)
def api03(facts: Facts) -> Outcomes:
    for entry in _http(facts):
        case = Case(entry).at(entry, "request_validation")
        open_door = equal(case.need(entry, "request_validation"), False)
        yield (
            case.fail(f"{entry.id} hands requests on without checking them against a contract.")
            if open_door
            else case.rest(open_door)
        )


@rule(
    "API04",
    "Gateway times out before its function",
    "high",
    "reliability",
    why="When the gateway gives up first, the client sees an error while the function works on and "
    "stores the result. The client tries again, and the work is done twice.",
    detects="On a call from an api or graphql to a function, timeout_s of the gateway is not above "
    "timeout_s of the function.",
    false_alarm="The function answers early and its long timeout serves another trigger. Split the "
    "two.",
    fix="Set the timeout of the function below that of the gateway; move longer work behind a "
    "queue and offer a status address.",
    section="reliability-and-resilience/timeouts-circuit-breakers-fallbacks",
)
def api04(facts: Facts) -> Outcomes:
    for edge, entry, function in _behind(facts):
        case = Case(edge).at(entry, "timeout_s")
        gateway, work = case.need(entry, "timeout_s"), case.need(function, "timeout_s")
        early = None if gateway is None or work is None else gateway <= work
        yield (
            case.fail(
                f"{entry.id} gives up after {number(gateway)} s while {function.id} may run "
                f"{number(work)} s, so work goes on that nobody waits for."
            )
            if early
            else case.rest(early)
        )


@rule(
    "API05",
    "No edge filtering on an exposed API",
    "medium",
    "security",
    why="Scanners and lists of stolen passwords find a public address without being told. Unless "
    "something in front turns them away, each of their requests is an invocation.",
    detects="A public entry point states waf: false, and the design's criticality is high or above "
    "or confidential data passes through it.",
    false_alarm="A content delivery network in front filters, and the gateway accepts requests "
    "from nowhere else.",
    fix="Put managed filter rules and a rate rule per client address in front.",
    section="serverless-apis-and-edge/api-gateway-patterns",
    references=("checkov CKV2_AWS_29, CKV2_AWS_33", "cdk-nag APIGWAssociatedWithWAF"),
)
def api05(facts: Facts) -> Outcomes:
    for entry in facts.entries:
        case = Case(entry).at(entry, "waf")
        if entry.get("public") is False:
            case.read(entry, "public")
            yield case.ok()
            continue
        bare = both(case.need(entry, "public"), equal(case.need(entry, "waf"), False))
        serious = facts.critical_enough(case)
        sensitive = _sensitive(facts, case, entry, CONFIDENTIAL)
        exposed = both(bare, either(serious, sensitive))
        why = f"the design's criticality is {facts.design.get('criticality')}"
        if sensitive:
            why = f"{facts.class_name(facts.data_class(entry)[0])} data passes through it"
        yield (
            case.fail(f"{entry.id} is public and unfiltered, and {why}.")
            if exposed
            else case.rest(exposed)
        )


def _sensitive(facts: Facts, case: Case, entry: Component, least: int) -> Known:
    """Whether data of this class or above passes; notes what is missing."""
    highest, complete = facts.data_class(entry)
    if highest >= least:
        return True
    if complete:
        return False
    case.lack(*facts.missing_data(entry))
    return None


@rule(
    "API06",
    "CORS open to every origin",
    "medium",
    "security",
    why="With a wildcard origin, the script of any site may call the API from a visitor's "
    "browser and read the answer. The visitor's network and session may open doors that the site "
    "itself could not.",
    detects="cors.origins of an entry point contains *, and data above public passes through it.",
    false_alarm="Calls carry a token that a foreign site cannot obtain, and no cookie is accepted.",
    fix="List the origins that need access.",
    section="serverless-security/input-validation-event-trust",
    references=("checkov CKV2_AWS_75",),
)
def api06(facts: Facts) -> Outcomes:
    for entry in facts.entries:
        case = Case(entry).at(entry, "cors.origins")
        origins = case.need(entry, "cors.origins")
        wide = None if origins is None else "*" in origins
        sensitive = _sensitive(facts, case, entry, 1) if wide is not False else False
        problem = both(wide, sensitive)
        yield (
            case.fail(
                f"{entry.id} accepts scripts of every site, and "
                f"{facts.class_name(facts.data_class(entry)[0])} data passes through it."
            )
            if problem
            else case.rest(problem)
        )


@rule(
    "API07",
    "Access logs off",
    "medium",
    "operations",
    why="Abuse, wrong bills and slow clients are questions about requests. Without a line per "
    "request nobody can answer them afterwards.",
    detects="An entry point states access_logs: false.",
    false_alarm="A component in front writes the same line for every request.",
    fix="Write structured access logs with the request id and a retention period.",
    section="observability-and-operations/logging-structured-telemetry",
    references=(
        "serverless-rules ES2000, WS2001",
        "checkov CKV_AWS_76",
        "cdk-nag APIGWAccessLogging",
    ),
)
def api07(facts: Facts) -> Outcomes:
    for entry in facts.entries:
        case = Case(entry).at(entry, "access_logs")
        off = equal(case.need(entry, "access_logs"), False)
        yield (
            case.fail(f"{entry.id} keeps no record of the requests that it received.")
            if off
            else case.rest(off)
        )


@rule(
    "API08",
    "Payload larger than the gateway accepts",
    "high",
    "reliability",
    why="A gateway refuses a body above its limit, whatever stands behind it. The largest "
    "customers meet the limit first.",
    detects="payload_kb of an edge into an entry point is above its payload_limit_kb.",
    false_alarm="The stated size is that of an upload which goes to storage directly: draw it "
    "there.",
    fix="Let clients upload to an object store with a signed address, and send the reference.",
    section="data-and-state-patterns/object-storage",
)
def api08(facts: Facts) -> Outcomes:
    for edge, source, entry in facts.edges(*FLOW):
        if entry.kind not in ("api", "graphql", "websocket"):
            continue
        case = Case(edge).at(edge, "payload_kb")
        size, limit = case.need(edge, "payload_kb"), case.need(entry, "payload_limit_kb")
        large = above(size, limit)
        yield (
            case.fail(
                f"{source.id} sends {number(size)} KB, and {entry.id} accepts {number(limit)} KB."
            )
            if large
            else case.rest(large)
        )


@rule(
    "API09",
    "Slow work behind a synchronous API",
    "medium",
    "performance",
    params=("slow_request_ms",),
    why="While a request waits it holds a connection, an instance and a user's patience. Clients "
    "that give up ask again, and the slow work runs twice.",
    detects="duration_ms.p99 of a function behind an api or graphql is above 10,000 ms.",
    false_alarm="The only caller is a batch program that waits on purpose and does not retry.",
    fix="Accept the request with 202, queue the work, and offer a status address or a callback.",
    section="core-serverless-patterns/api-driven",
)
def api09(facts: Facts, longest: float) -> Outcomes:
    for edge, entry, function in _behind(facts):
        case = Case(edge).at(function, "duration_ms.p99")
        slowest = case.need(function, "duration_ms.p99")
        case.limit("longest work behind a waiting caller", longest, "ms")
        slow = above(slowest, longest)
        yield (
            case.fail(
                f"One caller of {entry.id} in a hundred waits {number(slowest / 1000)} s or more "
                f"for {function.id}; {number(longest / 1000)} s are the limit."
            )
            if slow
            else case.rest(slow)
        )


@rule(
    "API10",
    "Throttle below the expected peak",
    "medium",
    "reliability",
    why="A throttle under the peak refuses the customers that the design was sized for, on the "
    "best day of the year. It looks like an attack that was stopped.",
    detects="throttle.rps of an entry point is below the peak rate that reaches it. Designs whose "
    "traffic.shape is spiky are left out: shedding the top of a spike is a plan.",
    false_alarm="Shedding at the peak is the plan, and callers are told when to come back.",
    fix="Set the throttle above the peak with room for retries, and size what stands behind for "
    "it.",
    section="serverless-apis-and-edge/api-gateway-patterns",
)
def api10(facts: Facts) -> Outcomes:
    if facts.design.get("traffic.shape") == "spiky":
        return
    for entry in facts.entries:
        if not entry.has("throttle.rps"):
            continue
        case = Case(entry).at(entry, "throttle.rps")
        admitted = case.need(entry, "throttle.rps")
        rate = facts.rates.component[entry.id]
        peak = 0.0 if rate is None else rate.peak
        case.computed(f"peak rate at {entry.id}", peak, "requests/s")
        refused = below(admitted, peak)
        if refused is False and (rate is None or not rate.complete):
            case.lack(*facts.missing_rates(entry.id))
            refused = None
        elif refused:
            shape = case.need(facts.design, "traffic.shape")
            refused = None if facts.supposed(case, entry.id) or shape is None else True
        yield (
            case.fail(
                f"{entry.id} admits {number(admitted)} requests/s, and {number(peak)} arrive at "
                "the peak."
            )
            if refused
            else case.rest(refused)
        )


@rule(
    "API11",
    "Sensitive answers kept in a shared cache",
    "high",
    "security",
    why="A cache in the gateway keys answers by what it was told, often the path alone. The second "
    "caller of the same address then reads what was meant for the first.",
    detects="cache_ttl_s of an api or graphql is above 0, and data of class confidential or "
    "restricted passes through it.",
    false_alarm="The caller's identity is part of the cache key, and a test proves it.",
    fix="Do not cache what depends on the caller, or put the identity into the key.",
    section="data-and-state-patterns/caching-materialized-views",
)
def api11(facts: Facts) -> Outcomes:
    for entry in _http(facts):
        if not entry.has("cache_ttl_s"):
            continue
        case = Case(entry).at(entry, "cache_ttl_s")
        kept = above(case.need(entry, "cache_ttl_s"), 0)
        sensitive = _sensitive(facts, case, entry, CONFIDENTIAL) if kept is not False else False
        shared = both(kept, sensitive)
        yield (
            case.fail(
                f"{entry.id} keeps answers for {number(entry.get('cache_ttl_s'))} s, and "
                f"{facts.class_name(facts.data_class(entry)[0])} data passes through it."
            )
            if shared
            else case.rest(shared)
        )
