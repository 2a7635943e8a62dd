"""Security of identities: who may do what, and with which secret."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ..model import Component
from ._case import Case, Known, among, listed, number
from ._facts import Facts
from ._registry import rule
from ._types import Outcomes

TAKING = frozenset({"read", "list", "delete", "connect"})
"""What a consumer does with the channel that it polls."""


def _granted(facts: Facts) -> Iterator[tuple[Component, Case]]:
    """Functions, and other components that state grants."""
    for component in facts.design.components:
        if component.kind == "function" or component.has("grants"):
            yield component, Case(component).at(component, "grants")


@rule(
    "SEC01",
    "Wildcard actions",
    "high",
    "security",
    why="Whoever finds a fault in the code acts with its permissions. With every action allowed, a "
    "flaw in a report can delete the tables.",
    detects="grants.actions of a component contains * or admin.",
    false_alarm="A pipeline or a break-glass role needs it, is separate, and is alarmed on use.",
    fix="List the verbs that the code uses, from its outgoing edges.",
    section="serverless-security/function-identity-least-privilege",
    references=(
        "serverless-rules WS1003",
        "cdk-nag IAMNoWildcardPermissions, LambdaStarPermissions",
        "checkov CKV_AWS_107 to CKV_AWS_111",
    ),
)
def sec01(facts: Facts) -> Outcomes:
    for component, case in _granted(facts):
        grants = case.need(component, "grants")
        if grants is None:
            yield case.unknown()
            continue
        wide = [g for g in grants if {"*", "admin"} & set(g.actions)]
        yield (
            case.fail(
                f"{component.id} may do everything on "
                f"{listed('every component' if g.to == '*' else g.to for g in wide)}."
            )
            if wide
            else case.ok()
        )


@rule(
    "SEC02",
    "Wildcard target",
    "high",
    "security",
    why="A grant on every target covers what exists today and what is added tomorrow. Nobody will "
    "review it then.",
    detects="grants.to of a component is *.",
    false_alarm="The platform offers no narrower target for this action. Name the action in a "
    "waiver.",
    fix="Name the components that the outgoing edges lead to.",
    section="serverless-security/function-identity-least-privilege",
    references=("cdk-nag IAMNoWildcardPermissions",),
)
def sec02(facts: Facts) -> Outcomes:
    for component, case in _granted(facts):
        grants = case.need(component, "grants")
        if grants is None:
            yield case.unknown()
            continue
        wide = sorted({action for g in grants if g.to == "*" for action in g.actions})
        actions = ["every action" if action == "*" else action for action in wide]
        yield (
            case.fail(f"{component.id} is granted {listed(actions)} on every component.")
            if wide
            else case.ok()
        )


@rule(
    "SEC03",
    "Grant that no edge uses",
    "medium",
    "security",
    why="A permission that nothing uses is left over from an earlier version, or the picture is "
    "incomplete. An attacker can use it in both cases.",
    detects="grants.to names a component that no outgoing edge of the holder leads to. A database "
    "behind its proxy, the on_failure of its edges, and reading a channel that it polls count as "
    "used.",
    false_alarm="The edge exists and has not been drawn: draw it.",
    fix="Remove the grant, or draw the missing edge.",
    section="serverless-security/function-identity-least-privilege",
)
def sec03(facts: Facts) -> Outcomes:
    for component, case in _granted(facts):
        grants = case.need(component, "grants")
        if grants is None:
            yield case.unknown()
            continue
        used = _used(facts, component)
        taken = {edge.source for edge in facts.design.in_edges(component.id, "poll", "change")}
        idle = sorted(
            {
                g.to
                for g in grants
                if g.to not in used
                and g.to != "*"
                and not (g.to in taken and set(g.actions) <= TAKING)
            }
        )
        yield (
            case.fail(f"{component.id} holds grants on {listed(idle)}, and no edge leads there.")
            if idle
            else case.ok()
        )


def _used(facts: Facts, component: Component) -> set[str]:
    """What a component needs grants on: what its edges lead to, databases behind a
    proxy, where its failed events go, and what it takes batches from."""
    design = facts.design
    leaving = design.out_edges(component.id)
    arriving = design.in_edges(component.id, "poll", "subscribe", "change", "invoke_async")
    used = {edge.target for edge in leaving}
    for proxy in [id for id in used if design.component(id).kind == "proxy"]:
        used.update(edge.target for edge in design.out_edges(proxy))
    used.update(end for edge in (*leaving, *arriving) if (end := edge.get("on_failure")))
    return used


@rule(
    "SEC04",
    "Role shared between functions",
    "medium",
    "security",
    why="Functions with one role each hold what all of them need together. The one that parses "
    "uploads can then charge cards.",
    detects="Two functions or more state the same role.",
    false_alarm="They are versions of one function, or read the same thing and nothing else.",
    fix="Give each function a role of its own.",
    section="serverless-security/function-identity-least-privilege",
    references=("AWS Well-Architected Serverless Lens SEC 2 (asks)",),
)
def sec04(facts: Facts) -> Outcomes:
    holders: dict[str, list[str]] = defaultdict(list)
    for function in facts.functions:
        if role := function.get("role"):
            holders[role].append(function.id)
    for function in facts.functions:
        case = Case(function).at(function, "role")
        role = case.need(function, "role")
        others = [id for id in holders.get(role, ()) if id != function.id]
        yield (
            case.fail(f"{function.id} shares {role} with {listed(others)}.")
            if others
            else case.rest(None if role is None else False)
        )


@rule(
    "SEC05",
    "Secret in plain environment",
    "critical",
    "security",
    why="A plain environment variable shows in consoles, crash reports and build logs, and in "
    "every copy of the configuration. Rotating it means deploying.",
    detects="A function states secrets: env_plain, or secrets: code, which is worse.",
    false_alarm="The value is no secret, such as a public key or an address: state secrets: none.",
    fix="Keep secrets in a secret store, fetch them at start, and cache them for minutes.",
    section="serverless-security/secrets-keys-configuration",
    references=("checkov CKV_AWS_45, CKV_AWS_173", "cfn-lint W1011, W2501"),
)
def sec05(facts: Facts) -> Outcomes:
    places = {"env_plain": "in plain environment variables", "code": "in its code"}
    for function in facts.functions:
        case = Case(function).at(function, "secrets")
        kept = case.need(function, "secrets")
        plain = among(kept, places)
        yield (
            case.fail(f"{function.id} keeps its secrets {places[kept]}.")
            if plain
            else case.rest(plain)
        )


@rule(
    "SEC06",
    "Secret never rotated",
    "medium",
    "security",
    params=("max_rotation_days",),
    why="A leaked secret works until it is changed. Without rotation that is for ever, and the "
    "first change is made in a hurry by someone who has never done it.",
    detects="rotation_days of a secret store is absent, 0 or above 365.",
    false_alarm="All secrets in it are short-lived tokens that their issuer renews.",
    fix="Rotate automatically, and try it once while nobody is in a hurry.",
    section="serverless-security/secrets-keys-configuration",
    references=("checkov CKV2_AWS_57", "cdk-nag SecretsManagerRotationEnabled"),
)
def sec06(facts: Facts, longest: float) -> Outcomes:
    for store in facts.design.of_kind("secret_store"):
        case = Case(store).at(store, "rotation_days")
        absent = case.absent(store, "rotation_days")
        days = store.get("rotation_days")
        case.limit("greatest age", longest, "days")
        old: Known = absent if absent is not False else days == 0 or days > longest
        how = f"are replaced every {number(days)} days" if days else "are never replaced"
        yield (
            case.fail(f"The secrets in {store.id} {how}; {number(longest)} days are the limit.")
            if old
            else case.rest(old)
        )
