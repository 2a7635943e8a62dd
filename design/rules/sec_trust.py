"""Security beyond functions: containers, machines, identities, and who is believed."""

from __future__ import annotations

from typing import Final

from ..kinds import ENTRY
from ..model import Component
from ._case import Case, Known, both, either, equal, listed
from ._facts import CONFIDENTIAL, Facts
from ._registry import rule
from ._types import Outcomes

SERVERS: Final = ("container", "vm")


@rule(
    "SEC21",
    "Channel or workflow that others may feed",
    "high",
    "security",
    why="A queue whose policy names a service instead of a source accepts messages from anybody "
    "who uses that service. The consumer trusts the queue and does what they say.",
    detects="An edge into a queue, topic, bus, stream or workflow states source_restricted: false.",
    false_alarm="Each message is signed, and the consumer checks it.",
    fix="Restrict the policy to the component that sends and the account that owns it.",
    section="serverless-security/input-validation-event-trust",
    references=("checkov CKV_AWS_168, CKV_AWS_169",),
)
def sec21(facts: Facts) -> Outcomes:
    for edge in facts.design.edges:
        source, target = facts.ends(edge)
        if target.kind not in FED or not edge.has("source_restricted"):
            continue
        case = Case(edge).at(edge, "source_restricted")
        open_to_all = equal(case.need(edge, "source_restricted"), False)
        yield (
            case.fail(f"{target.id} accepts messages from others than {source.id}.")
            if open_to_all
            else case.rest(open_to_all)
        )


FED: Final = ("queue", "topic", "bus", "stream", "workflow")


@rule(
    "SEC22",
    "Callback from outside believed unsigned",
    "high",
    "security",
    why="An address that accepts a partner's callbacks accepts those of anybody who finds it. "
    "Without a signature, a stranger confirms payments.",
    detects="An edge from an external service states signed: false, and its target asks for no "
    "authentication.",
    false_alarm="The callback only says that something changed, and the code asks the partner.",
    fix="Check the partner's signature and the age of the message before anything else.",
    section="serverless-security/input-validation-event-trust",
)
def sec22(facts: Facts) -> Outcomes:
    for edge, partner, target in facts.edges("call", "publish", "invoke_async"):
        inward = target.kind in (*ENTRY, "function", *SERVERS, *FED)
        if partner.kind != "external" or not inward or not edge.has("signed"):
            continue
        case = Case(edge).at(edge, "signed")
        unsigned = equal(case.need(edge, "signed"), False)
        bare: Known = True
        if target.kind not in FED:
            auth = case.read(target, "auth")
            bare = auth is None or auth == "none"
        believed = both(unsigned, bare)
        yield (
            case.fail(f"{target.id} believes what arrives in the name of {partner.id}.")
            if believed
            else case.rest(believed)
        )


VERBS: Final = {
    "read": ("read", "list", "call"),
    "write": ("write", "delete", "publish"),
    "publish": ("publish", "write"),
    "start": ("start", "invoke", "call"),
    "invoke_async": ("invoke", "call", "start"),
    "call": ("call", "invoke", "read", "write", "start"),
}
ANY: Final = {"*", "admin", "connect"}


@rule(
    "SEC23",
    "Grant that does not cover its edge",
    "medium",
    "reliability",
    why="The role names the target and not the action that the code takes there. It is refused at "
    "the first request, in the one environment where the roles are real.",
    detects="A component is granted something on a target, and has an edge there whose action is "
    "not among those granted.",
    false_alarm="A second role that is not drawn carries the action.",
    fix="Add the action that the edge needs, or correct the kind of the edge.",
    section="serverless-security/function-identity-least-privilege",
)
def sec23(facts: Facts) -> Outcomes:
    for part in facts.design.components:
        allowed = _allowed(part)
        if not part.has("grants") or (part.get("grants") is not None and not allowed):
            continue
        case = Case(part).at(part, "grants")
        if case.need(part, "grants") is None:
            yield case.unknown()
            continue
        refused = [
            f"{edge.kind} on {edge.target}"
            for edge in facts.design.out_edges(part.id, *VERBS)
            if edge.target in allowed and not allowed[edge.target] & (ANY | {*VERBS[edge.kind]})
        ]
        yield (
            case.fail(f"The grants of {part.id} do not cover {listed(refused)}.")
            if refused
            else case.ok()
        )


def _allowed(part: Component) -> dict[str, set[str]]:
    """Actions by named target; a grant on everything covers each of them."""
    wide = {action for grant in part.grants if grant.to == "*" for action in grant.actions}
    found: dict[str, set[str]] = {}
    for grant in part.grants:
        if grant.to != "*":
            found.setdefault(grant.to, set(wide)).update(grant.actions)
    return found


@rule(
    "SEC24",
    "Grant to delete where only reads are drawn",
    "medium",
    "security",
    why="A reader that may also delete turns a flaw in a report into a loss of data. The "
    "permission is usually left from the day the table was filled.",
    detects="A component may delete on a target, and all its edges there are reads.",
    false_alarm="The clean-up exists and has not been drawn: draw it as a write.",
    fix="Grant reading alone, or draw the write.",
    section="serverless-security/function-identity-least-privilege",
)
def sec24(facts: Facts) -> Outcomes:
    for part in facts.design.components:
        if not part.has("grants"):
            continue
        case = Case(part).at(part, "grants")
        if case.need(part, "grants") is None:
            yield case.unknown()
            continue
        used: dict[str, set[str]] = {}
        for edge in facts.design.out_edges(part.id):
            used.setdefault(edge.target, set()).add(edge.kind)
        wide = sorted(
            {
                grant.to
                for grant in part.grants
                if "delete" in grant.actions and used.get(grant.to) == {"read"}
            }
        )
        yield (
            case.fail(f"{part.id} only reads {listed(wide)} and may also delete there.")
            if wide
            else case.ok()
        )


@rule(
    "SEC27",
    "Role shared across kinds of component",
    "medium",
    "security",
    why="A pipeline or a container that runs as a function's role gives each what the other "
    "needs. The one that faces the internet can then deploy.",
    detects="A container, vm, workflow or pipeline states the same role as another component.",
    false_alarm="They are the same code in two places, with the same work.",
    fix="Give each component a role of its own.",
    section="serverless-security/function-identity-least-privilege",
)
def sec27(facts: Facts) -> Outcomes:
    holders: dict[str, list[str]] = {}
    for part in facts.design.components:
        if role := part.get("role"):
            holders.setdefault(role, []).append(part.id)
    for part in facts.design.of_kind(*SERVERS, "workflow", "pipeline"):
        if not part.has("role"):
            continue
        case = Case(part).at(part, "role")
        role = case.need(part, "role")
        others = [id for id in holders.get(role, ()) if id != part.id]
        yield (
            case.fail(f"{part.id} shares {role} with {listed(others)}.")
            if others
            else case.rest(None if role is None else False)
        )


@rule(
    "SEC28",
    "Key as the only proof for confidential data",
    "medium",
    "security",
    why="A key names a program and not a person. It stands in a client's code, is sent with every "
    "request, and works for whoever has copied it.",
    detects="A public entry point states auth: key, and data of class confidential or restricted "
    "passes through it.",
    false_alarm="Only servers of partners hold keys, each has its own, and addresses are "
    "restricted.",
    fix="Ask for a signed token with a short life, or for a client certificate; keep the key for "
    "counting.",
    section="serverless-security/input-validation-event-trust",
)
def sec28(facts: Facts) -> Outcomes:
    for entry in facts.entries:
        if entry.get("auth") != "key" or entry.get("public") is False:
            continue
        case = Case(entry).at(entry, "auth")
        public = case.need(entry, "public")
        case.read(entry, "auth")
        highest, complete = facts.data_class(entry)
        sensitive: Known = True if highest >= CONFIDENTIAL else False if complete else None
        if sensitive is None:
            case.lack(*facts.missing_data(entry))
        weak = both(public, sensitive)
        yield (
            case.fail(
                f"{entry.id} is public and asks for a key alone, and "
                f"{facts.class_name(highest)} data passes through it."
            )
            if weak
            else case.rest(weak)
        )


@rule(
    "SEC29",
    "Personal data classed as public",
    "medium",
    "security",
    why="Every rule on encryption, logs and partners goes by the class of the data. A name or an "
    "address that is classed as public passes all of them.",
    detects="A data item states personal: true and class: public.",
    false_alarm="The person has published it, such as an author's name on a book.",
    fix="Class it as confidential, or say that it is not personal.",
    section="serverless-security/multi-tenancy-isolation",
)
def sec29(facts: Facts) -> Outcomes:
    people = [item for item in facts.design.data if item.get("personal")]
    if not people:
        return
    case = Case(facts.design)
    exposed = {item.id: equal(case.need(item, "class"), "public") for item in people}
    wrong = [item for item in people if exposed[item.id]]
    yield (
        case.at(wrong[0], "class").fail(
            f"{listed(item.id for item in wrong)} says something about a person and is classed as "
            "public."
        )
        if wrong
        else case.rest(either(*exposed.values()))
    )
