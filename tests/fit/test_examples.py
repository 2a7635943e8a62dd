"""One workload worked out from the published tables: previews cut from uploaded films."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from fit import engine
from fit.model import fit

MODEL = fit().numbers
FIVE = {
    "trigger": "events",
    "traffic": "spiky",
    "volume": "1to30m",
    "latency": "async",
    "geo": "one",
}
FILMS = {
    **FIVE,
    "duration": "lt15m",
    "cpu": "burst_parallel",
    "memory": "large",
    "state": "none",
    "control": "own_image",
    "cost": "idle_zero",
    "portability": "one",
    "start": "glue",
    "parts": "one",
}
AFTER_FIVE = [
    ("functions", "62.4", "43.0", "80.8"),
    ("containers", "56.7", "51.9", "74.3"),
    ("batch", "53.9", "42.9", "65.5"),
    ("paas", "51.0", "34.2", "68.0"),
    ("edge", "50.5", "29.5", "63.3"),
    ("kubernetes", "49.0", "37.4", "73.8"),
    ("vms", "45.5", "37.9", "71.7"),
]
IN_THE_END = [
    ("functions", "71.0", "70.0", "76.2"),
    ("containers", "65.7", "63.1", "70.5"),
    ("batch", "61.3", "56.7", "62.3"),
    ("kubernetes", "49.6", "43.0", "59.0"),
    ("paas", "47.4", "42.0", "55.2"),
    ("vms", "45.7", "42.7", "52.9"),
    ("edge", "45.5", "41.5", "48.9"),
]
Rows = list[tuple[str, str, str, str]]  # option, score, least, most


@pytest.mark.parametrize(("answers", "rows"), [(FIVE, AFTER_FIVE), (FILMS, IN_THE_END)])
def test_scores_and_ranges(answers: dict[str, str], rows: Rows) -> None:
    result = engine.evaluate(MODEL, answers)
    found = [(s.option, s.score, s.low, s.high) for s in result.ranking]
    assert found == [(option, *map(Decimal, numbers)) for option, *numbers in rows]


def test_the_verdict() -> None:
    result = engine.evaluate(MODEL, FILMS)
    assert (result.margin, result.band) == (Decimal("5.3"), "lean")
    assert result.winners == ("functions", "containers")
    assert {s.option: s.out for s in result.ranking if s.out} == {"edge": ("memory",)}


def test_the_difference_to_the_second() -> None:
    parts = engine.differences(MODEL, FILMS, "functions", "containers")
    first, *_, last = parts
    assert (first.question, first.points) == ("trigger", Decimal("3.0"))
    assert (last.question, last.points) == ("control", Decimal("-2.0"))
    assert [c.question for c in parts if not c.points] == ["volume", "geo"]


def test_the_next_best_question() -> None:
    first, second, *_ = engine.questions_by_value(MODEL, engine.evaluate(MODEL, FILMS))
    assert (first.question, first.span) == ("connections", Decimal("9.6"))
    assert first.rules_out == ("functions",)
    assert second.span == Decimal("3.0")


def test_what_would_turn_it() -> None:
    result = engine.evaluate(MODEL, FILMS)
    beaten = engine.smallest_flip(MODEL, result, {"trigger"}, one_step=True, knock_outs=False)
    assert beaten == engine.Flip(
        (("duration", "lt60m"), ("portability", "exit")), "containers", Decimal("2.7"), False
    )
    ruled_out = engine.smallest_flip(MODEL, result, {"trigger"}, one_step=True)
    assert ruled_out is not None and ruled_out.changes == (("control", "os"),)
    assert ruled_out.knocks_out
    assert ("duration", ("hours",)) in engine.ruling_out(MODEL, FILMS, "functions", {"trigger"})


@pytest.mark.parametrize(
    ("answers", "gate"),
    [
        (FILMS, "sight"),
        ({**FILMS, "ops": "low"}, "pilot"),
        ({"start": "on_k8s", "team": "large", "ops": "strong"}, "owner"),
        ({"compliance": "dedicated"}, "assessor"),
    ],
)
def test_gates(answers: dict[str, str], gate: str) -> None:
    assert gate in engine.gates(MODEL, engine.evaluate(MODEL, answers), dt.date(2026, 11, 24))


def test_an_old_limit_has_to_be_read_again() -> None:
    result = engine.evaluate(MODEL, FILMS)
    checked = next(k.checked for k in engine.applied(MODEL, result))
    assert checked is not None
    later = checked + engine.STALE_AFTER
    assert "recheck" not in engine.gates(MODEL, result, later)
    assert "recheck" in engine.gates(MODEL, result, later + dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("margin", "band"), [("6", "clear"), ("5.9", "lean"), ("2.5", "lean"), ("2.4", "too close")]
)
def test_the_limits_of_the_bands(margin: str, band: str) -> None:
    score = Decimal(50)
    ahead, behind = (
        engine.Standing(name, score + more, score, score, (), (), True)
        for name, more in (("functions", Decimal(margin)), ("containers", Decimal(0)))
    )
    assert engine.Result({}, (), (ahead, behind)).band == band
