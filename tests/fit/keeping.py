"""A saved assessment of the tests' team."""

from __future__ import annotations

from fit.asking import Asked
from fit.assessments import workflow
from fit.models import Assessment
from tests.cast import Cast

SAID = {
    "trigger": "events",
    "traffic": "spiky",
    "volume": "lt1m",
    "latency": "async",
    "duration": "lt1m",
}
QUERY = "&".join(f"{q}={a}" for q, a in SAID.items())


def kept_by(people: Cast, name: str = "editor", **said: str) -> Assessment:
    asked = Asked(said={**SAID, **said})
    return workflow.save("Photo orders", people[name], asked, team=people.team)
