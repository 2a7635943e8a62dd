"""Exposure beside functions: open servers, secrets and logs, and weak sign-in."""

from __future__ import annotations

from typing import Final

from ._case import Case, Known, above, among, both, either, equal, number
from ._facts import Facts
from ._registry import rule
from ._types import Outcomes
from .sec_trust import SERVERS

KEEPERS: Final = {
    "secret_store": "keys and passwords",
    "config_store": "settings",
    "log_sink": "logs",
}


@rule(
    "SEC15",
    "Container or machine open to everybody",
    "critical",
    "security",
    why="A public address without authentication is found within hours by scanners. Behind a "
    "gateway the same code would have been asked for a token first.",
    detects="A container or vm states public or public_url true, auth: none, and no public_reason.",
    false_alarm="The content is meant for everybody. Say so in public_reason, and the rule passes.",
    fix="Put a gateway in front and close the address, or ask for a token in the service itself.",
    section="serverless-apis-and-edge/api-gateway-patterns",
)
def sec15(facts: Facts) -> Outcomes:
    for part in facts.design.of_kind(*SERVERS):
        paths = ("public", "public_url") if part.kind == "container" else ("public",)
        stated = [path for path in paths if part.has(path)]
        if not stated:
            continue
        case = Case(part).at(part, stated[0])
        if case.read(part, "public_reason"):
            yield case.ok()
            continue
        reachable = either(*(case.need(part, path) for path in paths))
        bare = equal(case.need(part, "auth"), "none") if reachable is not False else False
        exposed = both(reachable, bare)
        yield (
            case.fail(
                f"{part.id} is public, asks for no authentication, and gives no reason for it."
            )
            if exposed
            else case.rest(exposed)
        )


@rule(
    "SEC16",
    "Secret in plain settings of a container or machine",
    "critical",
    "security",
    why="Settings of a container are copied into task definitions, images and dashboards. Whoever "
    "may look at a deployment reads the password.",
    detects="A container or vm states secrets: env_plain or secrets: code.",
    false_alarm="The value is no secret, such as a public key or an address: state secrets: none.",
    fix="Name the secret in the definition, and let the platform fetch it from a secret store.",
    section="serverless-security/secrets-keys-configuration",
    references=("cdk-nag ECSTaskDefinitionNoEnvironmentVariables",),
)
def sec16(facts: Facts) -> Outcomes:
    places = {"env_plain": "in plain environment variables", "code": "in its code"}
    for part in facts.design.of_kind(*SERVERS):
        case = Case(part).at(part, "secrets")
        kept = case.need(part, "secrets")
        plain = among(kept, places)
        yield (
            case.fail(f"{part.id} keeps its secrets {places[kept]}.") if plain else case.rest(plain)
        )


@rule(
    "SEC17",
    "Secrets, settings or logs open to the internet",
    "critical",
    "security",
    why="These stores are the map of everything else: keys, addresses, and what was said. Nothing "
    "outside has a reason to reach them.",
    detects="A secret_store, config_store or log_sink states public: true and no public_reason.",
    false_alarm="The settings are those that every browser loads anyway: give public_reason.",
    fix="Close the address, and reach the store over a private endpoint.",
    section="serverless-security/secrets-keys-configuration",
)
def sec17(facts: Facts) -> Outcomes:
    for part in facts.design.of_kind(*KEEPERS):
        if part.kind == "secret_store" or part.has("public"):
            case = Case(part).at(part, "public")
            excused = bool(case.read(part, "public_reason"))
            exposed: Known = False if excused else case.need(part, "public")
            yield (
                case.fail(f"{part.id} keeps {KEEPERS[part.kind]} and is open to the internet.")
                if exposed
                else case.rest(exposed)
            )


@rule(
    "SEC18",
    "Secrets, settings or logs not encrypted at rest",
    "high",
    "security",
    why="What unlocks the other stores deserves at least their protection. Logs repeat what the "
    "encrypted tables were meant to hide.",
    detects="A secret_store, config_store or log_sink states encrypted: false.",
    false_alarm="The settings hold nothing that a stranger may not read.",
    fix="Switch on encryption with a managed key.",
    section="serverless-security/secrets-keys-configuration",
    references=("checkov CKV_AWS_149, CKV_AWS_158", "cdk-nag CloudWatchLogGroupEncrypted"),
)
def sec18(facts: Facts) -> Outcomes:
    for part in facts.design.of_kind(*KEEPERS):
        if part.kind == "secret_store" or part.has("encrypted"):
            case = Case(part).at(part, "encrypted")
            plain = equal(case.need(part, "encrypted"), False)
            yield (
                case.fail(f"{part.id} keeps {KEEPERS[part.kind]} unencrypted.")
                if plain
                else case.rest(plain)
            )


@rule(
    "SEC19",
    "Sign-in without a second factor",
    "medium",
    "security",
    why="Passwords are reused and end in lists. Where only a password is asked for, a list from "
    "another site opens accounts here.",
    detects="An identity provider states mfa: false, and the design's criticality is high or "
    "critical.",
    false_alarm="It signs in programs only, with certificates or signed tokens.",
    fix="Require a second factor for staff, and offer it to customers for what they cannot undo.",
    section="serverless-security/function-identity-least-privilege",
    references=("cdk-nag CognitoUserPoolMFA",),
)
def sec19(facts: Facts) -> Outcomes:
    for part in facts.design.of_kind("identity"):
        case = Case(part).at(part, "mfa")
        single = equal(case.need(part, "mfa"), False)
        serious = facts.critical_enough(case) if single is not False else False
        weak = both(single, serious)
        yield (
            case.fail(
                f"{part.id} asks for a password alone, and the design's criticality is "
                f"{facts.design.get('criticality')}."
            )
            if weak
            else case.rest(weak)
        )


@rule(
    "SEC20",
    "Tokens that outlive the day",
    "medium",
    "security",
    params=("max_token_minutes",),
    why="A token cannot be called back before it ends. Whoever copies one from a browser, a log or "
    "a proxy is that person until then, also after the account has been closed.",
    detects="token_minutes of an identity provider is above 1,440, a day.",
    false_alarm="Each request is checked against a list of revoked tokens.",
    fix="Issue tokens for minutes or hours, and renew them with one that can be revoked.",
    section="serverless-security/function-identity-least-privilege",
)
def sec20(facts: Facts, longest: float) -> Outcomes:
    for part in facts.design.of_kind("identity"):
        case = Case(part).at(part, "token_minutes")
        valid = case.need(part, "token_minutes")
        case.limit("longest life of a token", longest, "minutes")
        stale = above(valid, longest)
        yield (
            case.fail(
                f"Tokens of {part.id} are valid for {number(valid)} minutes; {number(longest)} "
                "are the limit."
            )
            if stale
            else case.rest(stale)
        )
