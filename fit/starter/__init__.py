"""A starter design for the option that leads, filled from the answers.

The text is valid sdm/1: it opens in a review, and none of the rules that guard against loss of
data, money or access fails on it. What no answer says is either left out, so that its rules
answer *unknown*, or is a proposal that can be seen and changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from design import document

from ._parts import compute, owner, queue, store, take
from ._sketch import KIND, SHAPE, Part, Sketch
from ._ways import front, single


def starter(option: str, answers: Mapping[str, str], steady: str = "") -> str:
    """The text of a design for `option`. With `steady` it is a pair: that option answers the
    callers, and `option` does the work behind a queue."""
    sketch = Sketch(answers, option)
    if steady:
        front(sketch, steady, "serve")
        queue(sketch, "serve")
        # The record and the message leave together, or neither does.
        sketch.components[-3]["outbox"] = True
        compute(sketch, option, "work")
        take(sketch, "work")
        store(sketch, "serve", "work")
        title = f"{KIND[steady][1]} in front, {_inside(KIND[option][1])} behind"
    else:
        single(sketch, option)
        title = f"Starter: {_inside(KIND[option][1])}"
    return document.dump(document.load(json.dumps(whole(sketch, title))))


def _inside(name: str) -> str:
    """A name within a title; Kubernetes keeps its capital."""
    return name if name.startswith("Kubernetes") else name.lower()


def whole(sketch: Sketch, title: str) -> Part:
    _grant(sketch)
    region = (
        "home-region" if sketch.says("compliance") in {"region", "audited", "dedicated"} else ""
    )
    place = {"region": region} if region else {}
    item: Part = {"id": "item", "class": "internal", "personal": False, "retention_days": 365}
    if region:
        item["residency"] = [region]
    return {
        "model": "sdm/1",
        "design": _about(sketch, title),
        "boundaries": [
            {"id": "net", "kind": "internet"},
            {"id": "cloud", "kind": "account", **place},
        ],
        "data": [item],
        "components": sketch.components,
        "edges": sketch.edges,
    }


def _about(sketch: Sketch, title: str) -> Part:
    goals: Part = {"availability_pct": 99.9}
    if sketch.goal_ms:
        goals["p99_ms"] = sketch.goal_ms
    traffic: Part = {}
    if sketch.says("traffic"):
        traffic["shape"] = SHAPE[sketch.says("traffic")]
    if sketch.mean_rps is not None:
        traffic |= {"mean_rps": sketch.mean_rps, "peak_rps": sketch.peak_rps}
    portable = {"one": "none", "exit": "preferred", "multi": "required"}
    about: Part = {
        "id": "starter",
        "title": title,
        "owner": owner(sketch),
        "revision": 1,
        "criticality": "low" if sketch.says("horizon") == "short" else "medium",
        "stage": "design",
        "profile": "generic",
        "tenancy": "single",
    }
    if sketch.says("portability"):
        about["portability"] = portable[sketch.says("portability")]
    if traffic:
        about["traffic"] = traffic
    return about | {
        "needs": sketch.needs,
        "goals": goals,
        "ops": {"budget_alert": True, "correlation_ids": True},
        "delivery": {
            "iac": True,
            "rollout": "canary",
            "rollback": "auto",
            "tests": ["unit", "contract", "integration", "load"],
            "separate_accounts": True,
        },
    }


def _grant(sketch: Sketch) -> None:
    """What each component may do is what its edges do, and nothing else."""
    does = {
        "read": "read",
        "write": "write",
        "publish": "publish",
        "call": "call",
        "start": "start",
    }
    for component in sketch.components:
        if "grants" not in component:
            continue
        found: dict[str, list[str]] = {}
        for edge in sketch.edges:
            if edge["from"] == component["id"]:
                found.setdefault(edge["to"], []).append(does[edge["kind"]])
        component["grants"] = [{"to": to, "actions": actions} for to, actions in found.items()]
