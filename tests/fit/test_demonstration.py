"""The demonstration team decided something, and a second load changes nothing."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client

from fit import demonstration
from fit.assessments import record
from fit.models import Assessment, Record

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_is_loaded_once_and_everybody_may_read_it(client: Client) -> None:
    assert demonstration.load() is False, "without the team there is nothing to add to"
    for _ in range(2):
        call_command("demo", verbosity=0)
    (found,) = Assessment.objects.all()
    assert [v.number for v in found.versions.all()] == [1, 2]
    (decided,) = Record.objects.all()
    doc = record.document(decided)
    assert decided.is_accepted and doc["decision"]["follows_the_verdict"]
    assert {d["by"] for d in doc["dissent"]["answers"]} >= {"Ines Okafor", "Tomasz Oduya"}
    assert len(doc["dissent"]["settled"]) == 2 and doc["open"]
    for path in (found.get_absolute_url(), decided.get_absolute_url(), "/fit/teams/team-prints/"):
        assert client.get(path).status_code == 200
