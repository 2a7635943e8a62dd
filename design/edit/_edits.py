"""The edits there are, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..document import value_text
from ..model import Grant

Value = str | int | float | bool | tuple[str, ...] | tuple[Grant, ...] | None
"""What an attribute may be set to; None is written ``unknown``."""


@dataclass(frozen=True, slots=True)
class Set:
    """Gives an attribute a value, whether it had one or not."""

    section: str
    subject: str
    path: str
    value: Value


@dataclass(frozen=True, slots=True)
class Drop:
    """Takes an attribute, or a whole group of them, out of a part."""

    section: str
    subject: str
    path: str


@dataclass(frozen=True, slots=True)
class Append:
    """Adds one entry to a list; a list that has it already stays as it is."""

    section: str
    subject: str
    path: str
    value: str | Grant


@dataclass(frozen=True, slots=True)
class Add:
    """Adds a part at the end of its section.

    `attributes` are by dotted path and written in the order given, with `kind`,
    and `from` and `to` of an edge, among them. `subject` is the id; for an edge
    it is the name, empty where it needs none, and for a waiver it is empty.
    """

    section: str
    subject: str
    attributes: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remove:
    """Takes a part out. What refers to it stays: remove that first."""

    section: str
    subject: str


@dataclass(frozen=True, slots=True)
class Rename:
    """Gives a part another id, notes the old one under `was`, and follows every
    reference to it in the text."""

    section: str
    subject: str
    new: str


Edit = Set | Drop | Append | Add | Remove | Rename


class Refused(ValueError):
    """An edit that does not apply. `edit` is None when the text itself cannot be
    edited."""

    def __init__(self, edit: Edit | None, reason: str) -> None:
        self.edit = edit
        self.reason = reason
        super().__init__(f"{sentence(edit)} {reason}" if edit else reason)


def sentence(edit: Edit) -> str:
    """What an edit does, in a short sentence for a list."""
    match edit:
        case Set(section, subject, path, value):
            return f"Set {path} of {_part(section, subject)} to {value_text(value)}."
        case Drop(section, subject, path):
            return f"Remove {path} from {_part(section, subject)}."
        case Append(section, subject, path, value):
            return f"Add {value_text(value)} to {path} of {_part(section, subject)}."
        case Add(section, subject, attributes):
            return f"Add {_new(section, subject, attributes)}."
        case Remove(section, subject):
            return f"Remove {_part(section, subject)}."
        case Rename(section, subject, new):
            return f"Rename {_part(section, subject)} to {new}."


def _part(section: str, subject: str) -> str:
    if section in ("design", "layout"):
        return f"the {section}"
    return f"the defaults of {subject}" if section == "defaults" else subject


def _new(section: str, subject: str, attributes: Mapping[str, Value]) -> str:
    if section == "edges":
        ends = (attributes.get("from"), attributes.get("to"), attributes.get("kind"))
        return "the edge {}->{}:{}".format(*ends) + (f"#{subject}" if subject else "")
    if section == "waivers":
        return f"a waiver of {attributes.get('rule')} at {attributes.get('subject')}"
    kind = attributes.get("kind")
    return f"{subject}, a {str(kind).replace('_', ' ')}" if kind else f"{subject} to {section}"
