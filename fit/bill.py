"""The cost sheet's address: its fields, what stands in them, and the case they make.

A field that the address does not name holds what the answers suggest or the preset says. A
field with a mistake keeps its text and a message beside it, and then there is no case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict

from fit import figures
from fit.asking import Asked
from fit.engine.cost import Case, Fleet, Load, People, Prices
from fit.figures import NotANumber
from fit.prices import Preset, prices

PRESET: Final = "preset"


@dataclass(frozen=True)
class Field:
    """One number. `low` and `high` bound what is believed; `group` is its fieldset."""

    name: str
    group: str
    label: str
    unit: str
    otherwise: str
    low: Fraction
    high: Fraction
    whole: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Filled:
    """A field with its text; `value` is None where `error` says why there is none."""

    field: Field
    text: str
    value: Fraction | None
    error: str = ""


@dataclass(frozen=True)
class Bill:
    """The sheet as it stands. `case` is None while a field has a mistake."""

    fields: dict[str, Filled]
    ticks: Mapping[str, bool]
    preset: Preset
    case: Case | None
    asked: Asked
    notices: tuple[str, ...] = ()

    @property
    def edited(self) -> list[str]:
        """Names of the prices that are no longer the preset's."""
        found = [self.fields[f"p_{name}"] for name in self.preset.prices]
        return [
            filled.field.label
            for filled, text in zip(found, self.preset.prices.values(), strict=True)
            if filled.value != Fraction(text)
        ]

    def query(self, *, preset: str = "", answers: bool = True) -> str:
        """The address of this sheet; with another preset, without the prices of this one."""
        pairs = list(self.asked.said.items()) if answers else []
        pairs += [
            (name, filled.text)
            for name, filled in self.fields.items()
            if not (preset and name.startswith("p_"))
        ]
        pairs += [(name, "1") for name, on in self.ticks.items() if on]
        return urlencode([*pairs, (PRESET, preset or self.preset.id)])


def _field(
    name: str, group: str, label: str, unit: str, otherwise: str, span: str, hint: str = ""
) -> Field:
    """`span` is "low high", with "whole" behind it for whole numbers."""
    low, high, *whole = span.split()
    return Field(
        name, group, label, unit, otherwise, Fraction(low), Fraction(high), bool(whole), hint
    )


LOAD, FLEET, MONEY, PEOPLE = "Load", "Instances", "Prices", "People"
FIELDS: Final = (
    _field("n", LOAD, "Requests a month", "", "6000000", "0 1e12", "6M, 250k or 2bn will do."),
    _field("ms", LOAD, "Time of one run", "ms", "500", "1 86400000"),
    _field("mb", LOAD, "Memory of one run", "MB", "256", "1 1048576"),
    _field("vr", LOAD, "Processors of one run", "vCPU", "0.25", "0 256", "If they are paid apart."),
    _field("kb", LOAD, "Payload sent for a request", "KB", "0", "0 1000000"),
    _field("cache", LOAD, "Answered by a cache", "%", "0", "0 99", "In front of both sides."),
    _field("peak", LOAD, "Peak over mean", "times", "3", "1 10000"),
    _field("vcpu", FLEET, "Processors of an instance", "vCPU", "0.5", "0.01 1024"),
    _field("gb", FLEET, "Memory of an instance", "GB", "1", "0.01 24576"),
    _field("conc", FLEET, "Requests at once in one", "", "10", "0.01 100000"),
    _field("min", FLEET, "Instances at least", "", "2", "0 10000 whole", "Two, if one may fail."),
    _field("p_request", MONEY, "Million requests", "$", "", "0 10000"),
    _field("p_gb_second", MONEY, "GB-second of a run", "$", "", "0 100"),
    _field("p_vcpu_second", MONEY, "vCPU-second of a run", "$", "", "0 100"),
    _field("p_gateway", MONEY, "Million through the gateway", "$", "", "0 10000"),
    _field("p_gateway_unit_kb", MONEY, "It counts each", "KB", "", "0 1000000", "0: any size."),
    _field("p_vcpu_hour", MONEY, "vCPU-hour of an instance", "$", "", "0 10000"),
    _field("p_gb_hour", MONEY, "GB-hour of an instance", "$", "", "0 10000"),
    _field("p_balancer_hour", MONEY, "Hour of the balancer", "$", "", "0 10000"),
    _field("p_egress", MONEY, "GB sent out", "$", "", "0 10000"),
    _field("h_use", PEOPLE, "To run what is paid by use", "h a month", "0", "0 10000"),
    _field("h_on", PEOPLE, "To run what is always on", "h a month", "0", "0 10000"),
    _field("rate", PEOPLE, "An hour of somebody’s time", "$", "80", "0 10000"),
)
TICKS: Final = {
    "gate": ("Through a gateway", "each request pays its fee, on the side paid by use"),
    "lb": ("Behind a balancer", "its hours are paid all month, on the side that is always on"),
}
NAMES: Final = frozenset({*(f.name for f in FIELDS), *TICKS, PRESET, "sent"})

# What an answer says about a number: the middle of its span, on the scale that the span has.
_SUGGESTED: Final[dict[str, dict[str, dict[str, str]]]] = {
    "volume": {
        "lt1m": {"n": "500000"},
        "1to30m": {"n": "6000000"},
        "30to500m": {"n": "120000000"},
        "gt500m": {"n": "1000000000"},
    },
    "traffic": {
        "idle": {"peak": "20"},
        "spiky": {"peak": "10"},
        "cycle": {"peak": "3"},
        "steady": {"peak": "1.5"},
        "heavy": {"peak": "1.2"},
    },
    # The answer is the longest piece; what is paid for is the mean.
    "duration": {
        "lt1s": {"ms": "200"},
        "lt1m": {"ms": "2000"},
        "lt15m": {"ms": "30000"},
        "lt60m": {"ms": "300000"},
        "hours": {"ms": "1800000"},
    },
    "memory": {
        "small": {"mb": "512", "gb": "1"},
        "medium": {"mb": "3072", "gb": "4"},
        "large": {"mb": "10240", "gb": "16", "vcpu": "4"},
    },
    # Work that computes shares a processor badly; work that waits shares it well.
    "cpu": {
        "waiting": {"conc": "20"},
        "moderate": {"conc": "8"},
        "burst_parallel": {"conc": "1", "vr": "1", "vcpu": "1"},
        "sustained": {"conc": "1", "vr": "1", "vcpu": "1"},
    },
}


def suggested(answers: Mapping[str, str]) -> dict[str, str]:
    """What the answers say about the fields: a start, for the reader to correct."""
    found: dict[str, str] = {}
    for question, by_answer in _SUGGESTED.items():
        found |= by_answer.get(answers.get(question, ""), {})
    return found


def read(query: QueryDict, asked: Asked) -> Bill:
    """The sheet that an address describes; whoever wrote it, it gives a sheet."""
    shelf, notices = prices(), []
    wanted = query.get(PRESET, "")
    if wanted and wanted not in shelf.presets:
        notices.append(f"There are no prices called “{wanted[:40]}”, so these are AWS’s.")
    preset = shelf.presets.get(wanted) or next(iter(shelf.presets.values()))
    start = {f"p_{name}": text for name, text in preset.prices.items()}
    start |= suggested(asked.answers)
    fields = {
        field.name: _filled(field, query.get(field.name), start.get(field.name, field.otherwise))
        for field in FIELDS
    }
    # A box that is not ticked is not sent: only a sheet that was sent says that it is not.
    sent = any(name in query for name in NAMES)
    web = asked.answers.get("trigger") == "http"
    ticks = {name: bool(query.get(name)) if sent else web for name in TICKS}
    found = {name: f.value for name, f in fields.items() if f.value is not None}
    case = _case(found, ticks) if len(found) == len(fields) else None
    return Bill(fields, ticks, preset, case, asked, tuple(notices))


def _filled(field: Field, given: str | None, start: str) -> Filled:
    text = start if given is None else given[:200]
    try:
        value = figures.number(text)
    except NotANumber as problem:
        return Filled(field, text, None, str(problem))
    low, high = (figures.plain(bound) for bound in (field.low, field.high))
    if value < field.low:
        return Filled(field, text, None, f"That is too little: {low} is the least.")
    if value > field.high:
        return Filled(field, text, None, f"That is too much: {high} is the most.")
    if field.whole and value.denominator != 1:
        return Filled(field, text, None, "Only whole ones can run.")
    return Filled(field, text, value)


def _case(v: Mapping[str, Fraction], ticks: Mapping[str, bool]) -> Case:
    return Case(
        Load(
            requests=v["n"],
            seconds=v["ms"] / 1000,
            memory_gb=v["mb"] / 1024,
            vcpu=v["vr"],
            payload_kb=v["kb"],
            cacheable=v["cache"] / 100,
            peak=v["peak"],
        ),
        Fleet(v["vcpu"], v["gb"], v["conc"], int(v["min"])),
        Prices(
            request=v["p_request"],
            gb_second=v["p_gb_second"],
            vcpu_second=v["p_vcpu_second"],
            gateway=v["p_gateway"] if ticks["gate"] else Fraction(0),
            gateway_unit_kb=v["p_gateway_unit_kb"],
            vcpu_hour=v["p_vcpu_hour"],
            gb_hour=v["p_gb_hour"],
            balancer_hour=v["p_balancer_hour"] if ticks["lb"] else Fraction(0),
            egress=v["p_egress"],
        ),
        People(v["h_use"], v["h_on"], v["rate"]),
    )
