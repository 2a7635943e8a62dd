"""Texts of other formats, which people try first: one sentence says what they are, instead of a
problem for each of their lines."""

from __future__ import annotations

import re
from typing import Final

from ._problems import Problem
from ._syntax import Mapping

_HINT: Final = (
    "Only designs are read here, texts that begin with “model: sdm/1”. Begin one from a blank or a "
    "pattern and write down what this file builds."
)

_BY_KEYS: Final[tuple[tuple[str, tuple[frozenset[str], ...]], ...]] = (
    (
        "an AWS CloudFormation or SAM template",
        (frozenset({"AWSTemplateFormatVersion"}), frozenset({"Resources"})),
    ),
    ("a state machine in Amazon States Language", (frozenset({"StartAt", "States"}),)),
    (
        "a file of the Serverless Framework or OpenFaaS",
        (frozenset({"service", "provider"}), frozenset({"functions", "provider"})),
    ),
    ("an Azure Resource Manager template", (frozenset({"$schema", "contentVersion"}),)),
    ("a Kubernetes manifest", (frozenset({"apiVersion", "kind"}),)),
    ("an OpenAPI description", (frozenset({"openapi"}), frozenset({"swagger"}))),
    ("an AsyncAPI description", (frozenset({"asyncapi"}),)),
    ("a Compose file", (frozenset({"services"}),)),
    ("a GitHub Actions workflow", (frozenset({"jobs", "on"}),)),
)
"""Keys at the top of a file, any one of the sets."""

_BY_TEXT: Final = (
    ("Bicep", re.compile(r"^(targetScope\s*=|resource \w+ '|param \w+ \w+)", re.MULTILINE)),
    (
        "Terraform",
        re.compile(
            r"^(resource|module|provider|variable|data|output|locals|terraform)\b[^:\n]*\{",
            re.MULTILINE,
        ),
    ),
    ("a state machine in Amazon States Language", re.compile(r'"StartAt"\s*:')),
    (
        "an AWS CloudFormation or SAM template",
        re.compile(r"^\W*AWSTemplateFormatVersion\b", re.MULTILINE),
    ),
    ("a Kubernetes manifest", re.compile(r"^apiVersion:", re.MULTILINE)),
)
_READ: Final = 20_000  # characters of a text that are looked at


def foreign_tree(root: Mapping) -> Problem | None:
    """What a file that says no ``model`` is instead, as its only problem."""
    keys = root.items.keys()
    if "model" in keys:
        return None
    for what, sets in _BY_KEYS:
        if any(some <= keys for some in sets):
            return _problem(what)
    main = root.items.get("main")
    if isinstance(main, Mapping) and "steps" in main.items:
        return _problem("a workflow of Google Cloud")
    return None


def foreign_text(text: str) -> Problem | None:
    """The same of a text that is no YAML, or YAML without a key."""
    head = text[:_READ]
    if re.search(r"^model:", head, re.MULTILINE):
        return None
    return next((_problem(what) for what, sign in _BY_TEXT if sign.search(head)), None)


def _problem(what: str) -> Problem:
    return Problem(1, "", f"This is {what}, not a design.", _HINT)
