"""The command that a pipeline runs, against the site itself, over a socket."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml
from django.core.cache import cache

from design.__main__ import main
from reviews.models import Revision
from tests.cast import cast
from tests.reviews.programs import Program
from tests.reviews.test_submitting import SMALL

DOCS = Path(__file__).resolve().parents[2] / "docs" / "pipelines.md"

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_pipeline_submits_waits_and_gates(live_server, tmp_path, monkeypatch, capsys) -> None:
    cache.clear()
    people = cast()
    monkeypatch.setenv("WARMSTART_TOKEN", Program(people).text)
    file = tmp_path / "design.yaml"
    url = f"{live_server.url}/api/teams/{people.team.slug}/"

    def check(text: str) -> tuple[int, str]:
        file.write_text(text, encoding="utf-8")
        code = main(["check", str(file), "--submit", url, "--note", "build 7"])
        said = capsys.readouterr()
        return code, said.out + said.err

    code, said = check(SMALL)
    assert code == 1 and "API01" in said and "/reviews/team-prints-test/small/1/" in said
    assert "was already revision 1" in check(SMALL)[1]
    code, said = check(SMALL.replace("kind: function", "kind: funktion"))
    assert code == 2 and f"{file}:6: components[run].kind" in said
    revision = Revision.objects.get()
    assert (revision.text, revision.note) == (SMALL, "build 7")


def _examples() -> list[str]:
    """The commands of the documented pipelines, as a shell would see them."""
    found = []
    for block in re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S):
        for job in (tree := yaml.safe_load(block)).get("jobs", tree).values():
            if isinstance(job, dict):
                steps = [str(step.get("run", "")) for step in job.get("steps", [])]
                found += [s for s in [*steps, *job.get("script", [])] if "warmstart check" in s]
    return found


@pytest.mark.parametrize("command", _examples())
def test_the_documented_commands_are_understood(command: str, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WARMSTART_TOKEN", "")
    (tmp_path / "gate.yaml").write_text("min_score: 80\n", encoding="utf-8")
    words = shlex.split(command.partition(" > ")[0])
    assert words[:2] == ["warmstart", "check"]
    assert main(words[1:]) == 4
    assert "needs a token" in capsys.readouterr().err, "everything else was understood"


def test_both_pipelines_are_there() -> None:
    assert len(_examples()) == 2
