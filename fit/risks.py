"""Risks of the option that leads, drawn from the answers; and answers that contradict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from design import authored

PATH = Path(__file__).with_name("risks.yaml")
OPEN = "open"


@dataclass(frozen=True)
class Risk:
    """`when` holds, by question, the answers that bring the risk; `who` is a role."""

    id: str
    options: tuple[str, ...]
    when: Mapping[str, frozenset[str]]
    risk: str
    sign: str
    mitigation: str
    who: str

    def applies(self, option: str, answers: Mapping[str, str]) -> bool:
        return option in self.options and all(
            answers.get(question, OPEN) in wanted for question, wanted in self.when.items()
        )


@dataclass(frozen=True)
class Tension:
    """Answers that pull against each other. `parts`: fitting parts apart would resolve it."""

    when: Mapping[str, frozenset[str]]
    text: str
    parts: bool = False


@dataclass(frozen=True)
class Register:
    most: int
    owners: Mapping[str, Mapping[str, str]]  # by role, by answer to `team`
    risks: tuple[Risk, ...]
    tensions: tuple[Tension, ...]


@lru_cache(maxsize=1)
def register() -> Register:
    """The shipped risks, read once for each process."""
    raw = authored.values(PATH.read_text(encoding="utf-8"))
    risks = tuple(
        Risk(
            **{k: entry[k] for k in ("id", "risk", "sign", "mitigation", "who")},
            options=tuple(entry["options"]),
            when=_when(entry),
        )
        for entry in raw["risks"]
    )
    tensions = tuple(
        Tension(_when(entry), entry["text"], entry.get("parts", False)) for entry in raw["tensions"]
    )
    return Register(raw["most"], raw["owners"], risks, tensions)


def _when(entry: dict[str, Any]) -> dict[str, frozenset[str]]:
    return {question: frozenset(keys) for question, keys in entry["when"].items()}


def contradictions(answers: Mapping[str, str]) -> list[Tension]:
    """The answers that cannot all be meant of one piece of work."""
    return [
        t
        for t in register().tensions
        if all(answers.get(question) in keys for question, keys in t.when.items())
    ]


def drawn(option: str, answers: Mapping[str, str]) -> list[dict[str, str]]:
    """The risks of an option as risk, sign, mitigation and owner; the dearest first."""
    found = [r for r in register().risks if r.applies(option, answers)]
    owners = register().owners
    return [
        {
            "id": r.id,
            "risk": r.risk,
            "sign": r.sign,
            "mitigation": r.mitigation,
            "owner": owners[r.who][answers.get("team", OPEN)],
        }
        for r in found[: register().most]
    ]
