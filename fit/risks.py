"""Risks of the option that leads: sign, mitigation and owner, drawn from the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

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
class Register:
    most: int
    owners: Mapping[str, Mapping[str, str]]  # by role, by answer to `team`
    risks: tuple[Risk, ...]


@lru_cache(maxsize=1)
def register() -> Register:
    """The shipped risks, read once for each process."""
    raw = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    risks = tuple(
        Risk(
            **{k: entry[k] for k in ("id", "risk", "sign", "mitigation", "who")},
            options=tuple(entry["options"]),
            when={question: frozenset(keys) for question, keys in entry["when"].items()},
        )
        for entry in raw["risks"]
    )
    return Register(raw["most"], raw["owners"], risks)


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
