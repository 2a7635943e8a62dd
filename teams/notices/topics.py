"""What a person may choose for: events by the part of their kind before the dot."""

from __future__ import annotations

from typing import Final

from teams.events import KINDS
from teams.models import How, MailWish, User

_NAMES: Final = {
    "design": "Designs and their revisions",
    "finding": "Findings and who looks after them",
    "member": "People who join and leave",
    "organisation": "Organisations",
    "panel": "Panels that ask for a judgement",
    "plan": "Improvement plans",
    "report": "Reports and their links",
    "talk": "Comments and mentions",
    "team": "The team itself",
    "token": "Tokens",
    "waiver": "Waivers",
    "webhook": "Webhooks",
}


def topic_of(kind: str) -> str:
    return kind.partition(".")[0]


def topics() -> dict[str, str]:
    """Every topic of which there are events, with its name."""
    found = sorted({topic_of(kind) for kind in KINDS})
    return {topic: _NAMES.get(topic, topic.capitalize()) for topic in found}


def wishes_of(user: User) -> dict[str, How]:
    """Topic to wish, for every topic."""
    said = dict(user.mail_wishes.values_list("topic", "how"))
    return {topic: How(said.get(topic, MailWish.DEFAULT)) for topic in topics()}
