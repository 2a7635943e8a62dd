"""Security: permissions, secrets, encryption and trust in what arrives."""

from __future__ import annotations

from ..graph import FLOW
from ..kinds import ENTRY, STORES
from ..model import Component, Edge
from ._case import Case, Known, among, both, either, equal, listed
from ._facts import CONFIDENTIAL, Facts
from ._registry import rule
from ._types import Outcomes

CLEAR_TEXT = ("http", "ws", "tcp", "ftp")
EITHER_WAY = ("smtp", "mqtt", "amqp")
"""Names that people use with and without encryption below: they decide nothing."""
OUTSIDE = ("client", "external")


@rule(
    "SEC07",
    "Sensitive data not encrypted at rest",
    "high",
    "security",
    why="A lost disk, a shared snapshot or a support session shows what is stored. Encryption at "
    "rest limits that to those who may use the key.",
    detects="A store, queue, topic, bus or stream states encrypted: false, and holds or carries "
    "data of class confidential or restricted.",
    false_alarm="The values are encrypted before they are stored, with a key kept elsewhere.",
    fix="Switch on encryption with a managed key, or with your own where the contract asks for it.",
    section="serverless-security/secrets-keys-configuration",
    references=("checkov CKV_AWS_26, CKV_AWS_27, CKV_AWS_119", "cdk-nag SQSQueueSSE"),
)
def sec07(facts: Facts) -> Outcomes:
    for part in facts.design.of_kind(*sorted(STORES), "queue", "topic", "bus", "stream"):
        highest, complete = facts.data_class(part, stored=part.kind in STORES)
        case = Case(part).at(part, "encrypted")
        if complete and highest < CONFIDENTIAL:
            class_ = facts.class_name(highest) if highest >= 0 else "none"
            case.computed("highest class of its data", class_)
            yield case.ok()
            continue
        plain = equal(case.need(part, "encrypted"), False)
        sensitive = _at_least(facts, case, part, highest)
        problem = both(plain, sensitive)
        yield (
            case.fail(
                f"{part.id} states encrypted: false, and {facts.class_name(highest)} data "
                f"{'rests' if part.kind in STORES else 'waits'} there."
            )
            if problem
            else case.rest(problem)
        )


def _at_least(facts: Facts, case: Case, part: Component, highest: int) -> Known:
    if highest >= CONFIDENTIAL:
        return True
    case.lack(*facts.missing_data(part))
    if part.kind in STORES and part.get("holds") is None:
        case.lack(f"{part.id}.holds")
    return None


@rule(
    "SEC08",
    "Clear-text transport",
    "high",
    "security",
    why="What travels in clear text can be read and changed by anyone on the way. Inside a "
    "network, that is every host that somebody has taken over.",
    detects="protocol of an edge is http, ws, tcp or ftp, and the edge crosses a boundary or "
    "carries data of class confidential or above. smtp, mqtt and amqp are used for both forms and "
    "leave the rule open there: state smtps, mqtts or amqps.",
    false_alarm="A tunnel or mesh encrypts the connection below the protocol that you stated.",
    fix="Use TLS, also inside the network.",
    section="serverless-apis-and-edge/api-gateway-patterns",
    references=("checkov and cdk-nag SSLRequestsOnly", "Threagile unencrypted-communication"),
)
def sec08(facts: Facts) -> Outcomes:
    for edge in facts.design.edges:
        source, target = facts.ends(edge)
        outside = source.kind in OUTSIDE or target.kind in OUTSIDE
        if edge.kind == "deploy" or not (edge.has("protocol") or outside):
            continue
        case = Case(edge).at(edge, "protocol")
        protocol = case.need(edge, "protocol")
        clear = among(protocol and protocol.lower(), CLEAR_TEXT)
        if protocol and protocol.lower() in EITHER_WAY:
            clear = None
            case.lack(f"{edge.id}.protocol")
        crosses = _crosses(case, source, target)
        problem = both(clear, either(crosses, _carries(facts, case, edge)))
        highest, _ = facts.edge_class(edge)
        reasons = ["crosses a boundary"] * (crosses is True)
        if highest >= CONFIDENTIAL:
            reasons.append(f"carries {facts.class_name(highest)} data")
        yield (
            case.fail(
                f"What goes from {source.id} to {target.id} {listed(reasons)} over "
                f"{edge.get('protocol')}, which is clear text."
            )
            if problem
            else case.rest(problem)
        )


def _crosses(case: Case, source: Component, target: Component) -> Known:
    if source.boundary and target.boundary:
        return source.boundary != target.boundary
    if (source.kind in OUTSIDE) != (target.kind in OUTSIDE):
        return True
    case.lack(*(f"{part.id}.boundary" for part in (source, target) if not part.boundary))
    return None


def _carries(facts: Facts, case: Case, edge: Edge) -> Known:
    highest, complete = facts.edge_class(edge)
    if highest >= CONFIDENTIAL:
        return True
    case.lack(*facts.missing_edge_data(edge))
    return False if complete else None


@rule(
    "SEC09",
    "Public function URL without auth",
    "critical",
    "security",
    why="An address of its own leads past the gateway, and past its authentication, its throttle "
    "and its logs. Whoever learns the address can call the code.",
    detects="A function states public_url: true, and auth is none or not stated.",
    false_alarm="The function checks a signature itself, as webhooks require: state auth: custom.",
    fix="Remove the address, or require signed requests.",
    section="serverless-security/function-identity-least-privilege",
    references=("checkov CKV_AWS_258, CKV_AWS_301", "cdk-nag LambdaFunctionUrlAuth"),
)
def sec09(facts: Facts) -> Outcomes:
    for function in facts.functions:
        case = Case(function).at(function, "public_url")
        public = case.need(function, "public_url")
        bare: Known = False
        if public is not False:
            absent = case.absent(function, "auth")
            bare = absent if absent is not False else function.get("auth") == "none"
        problem = both(public, bare)
        yield (
            case.fail(f"{function.id} has an address of its own and asks for no authentication.")
            if problem
            else case.rest(problem)
        )


@rule(
    "SEC10",
    "Public data store",
    "critical",
    "security",
    why="Scanners look for stores that the internet can reach. One weak password or one listing "
    "permission then gives away everything in it.",
    detects="A store states public: true and no public_reason.",
    false_alarm="The content is meant for everybody, such as a site's images: give public_reason.",
    fix="Make it private, and serve its content through a delivery network or API with signed "
    "access.",
    section="data-and-state-patterns/object-storage",
    references=(
        "checkov checks of public buckets and databases",
        "Threagile unguarded-direct-datastore-access",
    ),
)
def sec10(facts: Facts) -> Outcomes:
    for store in facts.design.of_kind(*sorted(STORES)):
        case = Case(store).at(store, "public")
        public = case.need(store, "public")
        excused = bool(case.read(store, "public_reason"))
        problem = False if excused else public
        yield (
            case.fail(f"{store.id} can be reached from the internet, and no reason is given.")
            if problem
            else case.rest(problem)
        )


@rule(
    "SEC11",
    "Trigger not restricted to its source",
    "high",
    "security",
    why="A permission for a whole service lets another account's queue or bucket trigger your "
    "function with its own events. The function cannot tell them apart.",
    detects="A call, subscribe, poll, invoke_async or change edge into a function states "
    "source_restricted: false.",
    false_alarm="The function verifies a signature of the sender on every event.",
    fix="Restrict the permission to the source component and the account that owns it.",
    section="serverless-security/input-validation-event-trust",
    references=("checkov CKV_AWS_364", "cfn-lint W3663", "serverless-rules WS1002"),
)
def sec11(facts: Facts) -> Outcomes:
    for edge, source, target in facts.edges("call", "subscribe", "poll", "invoke_async", "change"):
        if target.kind != "function":
            continue
        case = Case(edge).at(edge, "source_restricted")
        open_to_all = equal(case.need(edge, "source_restricted"), False)
        yield (
            case.fail(f"{target.id} can be triggered by others than {source.id}.")
            if open_to_all
            else case.rest(open_to_all)
        )


@rule(
    "SEC12",
    "Sensitive data to a third party",
    "high",
    "security",
    why="Once data has left, the receiver's contract decides what happens to it. Without an "
    "agreement, sending it may be a breach in itself.",
    detects="An edge to an external service carries data of class confidential or above, and the "
    "service does not state dpa: true.",
    false_alarm="The data is encrypted with a key that the service does not have.",
    fix="Send less or send tokens, and put the agreement on file.",
    section="serverless-security/multi-tenancy-isolation",
)
def sec12(facts: Facts) -> Outcomes:
    for edge in facts.design.edges:
        partner = facts.design.component(edge.target)
        if partner.kind != "external" or edge.kind == "deploy":
            continue
        case = Case(edge).at(edge, "data")
        sensitive = _carries(facts, case, edge)
        case.read(edge, "data")
        if sensitive is False:
            yield case.ok()
            continue
        bare = equal(case.need(partner, "dpa"), False)
        problem = both(sensitive, bare)
        yield (
            case.fail(
                f"{edge.source} sends {facts.class_name(facts.edge_class(edge)[0])} data to "
                f"{partner.id}, and no agreement on processing it is on file."
            )
            if problem
            else case.rest(problem)
        )


@rule(
    "SEC13",
    "Personal data in logs",
    "high",
    "security",
    why="Logs are copied to more places, read by more people and kept longer than the data itself. "
    "A request to erase somebody does not reach them.",
    detects="An edge of a function carries personal data, and the function states "
    "logs.redacted: false.",
    false_alarm="The function never logs bodies or identifiers: that is redaction, state it.",
    fix="Redact in the logger that all functions share, and test it with a made-up person.",
    section="observability-and-operations/logging-structured-telemetry",
)
def sec13(facts: Facts) -> Outcomes:
    design = facts.design
    for function in facts.functions:
        case = Case(function).at(function, "logs.redacted")
        touching = (*design.in_edges(function.id), *design.out_edges(function.id))
        about_people = personal(facts, case, touching)
        carries = "not known" if about_people is None else "yes" if about_people else "no"
        case.computed("carries personal data", carries)
        if about_people is False:
            yield case.ok()
            continue
        raw = equal(case.need(function, "logs.redacted"), False)
        problem = both(about_people, raw)
        yield (
            case.fail(f"{function.id} handles personal data and writes it to its logs.")
            if problem
            else case.rest(problem)
        )


def personal(facts: Facts, case: Case, edges: tuple[Edge, ...]) -> Known:
    found: Known = False
    for edge in edges:
        items = edge.get("data")
        if items is None and edge.kind != "deploy":
            case.lack(f"{edge.id}.data")
            found = None
        for id in items or ():
            item = facts.design.data_item(id)
            personal = item.get("personal") if item else None
            if personal:
                case.missing.clear()
                return True
            if personal is None:
                case.lack(f"{id}.personal")
                found = None
    return found


@rule(
    "SEC14",
    "Event data from outside not validated",
    "high",
    "security",
    why="A file name, a header or a message body is as much in an attacker's hands as a form "
    "field. Behind a queue it only arrives later.",
    detects="A function that can be reached from a client, an external service or a public entry "
    "point over calls, messages, writes, change feeds and workflow steps states "
    "input_validation: none.",
    false_alarm="Everything in front of it has validated the same fields with the same schema, and "
    "nothing else can reach it.",
    fix="Check every event against a schema where it enters a function.",
    section="serverless-security/input-validation-event-trust",
    references=("AWS Well-Architected Serverless Lens SEC 3 (asks)",),
)
def sec14(facts: Facts) -> Outcomes:
    exposed = reached_from_outside(facts)
    for function in facts.functions:
        if function.id not in exposed:
            continue
        case = Case(function).at(function, "input_validation")
        trusting = equal(case.need(function, "input_validation"), "none")
        yield (
            case.fail(
                f"What {function.id} receives can come from outside, and it does not check it."
            )
            if trusting
            else case.rest(trusting)
        )


def reached_from_outside(facts: Facts) -> set[str]:
    design = facts.design
    kinds = FLOW - {"read"}
    waiting = [
        part.id
        for part in design.components
        if part.kind in OUTSIDE or (part.kind in ENTRY and part.get("public"))
    ]
    found = set(waiting)
    while waiting:
        for edge in design.out_edges(waiting.pop(), *kinds):
            if edge.target not in found:
                found.add(edge.target)
                waiting.append(edge.target)
    return found
