"""The cost page: who is cheaper at which volume, drawn, tabulated and worked out in the open."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from fit import bill, pages
from fit.asking import Asked
from fit.bill import Bill
from fit.chart import HIGH, MOST, WIDE, Range, chart, extent
from fit.engine.cost import Case, Crossing, samples
from fit.figures import money, plain, short, spelt
from fit.prices import prices

_LISTED = 12
_CSV = ("requests_month", "by_use", "always_on", "instances", "cheaper")


def url(found: Bill, *, preset: str = "") -> str:
    return f"{reverse('fit:cost')}?{found.query(preset=preset)}"


def start_url(asked: Asked) -> str:
    """The sheet with what the answers suggest."""
    query = asked.query()
    return f"{reverse('fit:cost')}?{query}" if query else reverse("fit:cost")


def page(found: Bill) -> dict[str, Any]:
    """The whole page; without a case it is the form with its messages."""
    groups = {name: [] for name in (bill.LOAD, bill.FLEET, bill.MONEY, bill.PEOPLE)}
    for filled in found.fields.values():
        groups[filled.field.group].append(filled)
    shelf = prices()
    context: dict[str, Any] = {
        "nav": "fit",
        "bill": found,
        "notices": (*found.asked.notices, *found.notices),
        "groups": groups.items(),
        "ticks": [(name, *words, found.ticks[name]) for name, words in bill.TICKS.items()],
        "wrong": [f for f in found.fields.values() if f.error],
        "presets": [(p, url(found, preset=p.id)) for p in shelf.presets.values()],
        "shelf": shelf,
        "hidden": pages.hidden(found.asked),
        "result_url": pages.result_url(found.asked) if found.asked.answers else "",
        "csv_url": f"{reverse('fit:cost_csv')}?{found.query(answers=False)}",
    }
    return context | summary(found.case) | details(found.case) if found.case else context


def summary(case: Case) -> dict[str, Any]:
    """What the page and the result say of a case: verdict, chart, crossings."""
    limit = Fraction(10) ** MOST
    crossings, count = case.crossings(limit, _LISTED)
    span = extent(case, crossings)
    n = case.load.requests
    by_use, always_on = case.by_use(n), case.always_on(n)
    return {
        "case": case,
        "wide": WIDE,
        "high": HIGH,
        "chart": chart(case, crossings, span),
        "crossings": [_crossing(c) for c in crossings],
        "more_crossings": count - len(crossings),
        "verdict": _verdict(case, crossings, count),
        "at": {
            "n": spelt(n),
            "short": short(n),
            "by_use": money(by_use),
            "always_on": money(always_on),
            "apart": _apart(by_use, always_on),
        },
        "description": _description(case, crossings),
    }


def details(case: Case) -> dict[str, Any]:
    """What only the page says: the table and the sum."""
    crossings, _ = case.crossings(Fraction(10) ** MOST, _LISTED)
    return {
        "rows": rows(case, crossings, extent(case, crossings)),
        "formula": _formula(case),
        "carries": spelt(case.per_instance),
    }


def _crossing(c: Crossing) -> dict[str, Any]:
    return {
        "requests": plain(c.requests, 0),
        "spelt": spelt(c.requests),
        "cost": money(c.cost),
        "dearer": c.dearer,
        "instances": f"{c.instances:,}",
        "one": c.instances == 1,
    }


def _cheaper(by_use: Fraction, always_on: Fraction) -> str:
    return "even" if by_use == always_on else "by use" if by_use < always_on else "always on"


def _apart(by_use: Fraction, always_on: Fraction) -> str:
    if by_use == always_on:
        return "Both cost the same."
    who = "Paying by use" if by_use < always_on else "Always on"
    less, more = sorted((by_use, always_on))
    share = f" {float(more / less):,.0f} times less, or" if less and more >= 3 * less else ""
    return f"{who} costs{share} {money(more - less)} less a month."


def _verdict(case: Case, crossings: tuple[Crossing, ...], count: int) -> str:
    """The answer in a sentence, as a heading."""
    start = Fraction(1)
    use_first = case.by_use(start) <= case.always_on(start)
    if not count:
        if use_first:
            return "Paying by use is cheaper at every volume."
        return "Always on is cheaper at every volume."
    first = spelt(crossings[0].requests)
    if count == 1:
        if crossings[0].dearer == "use":
            return f"Paying by use is cheaper up to {first} requests a month."
        return f"Always on is cheaper up to {first} requests a month."
    if crossings[0].dearer == "use":
        return f"The lines cross {_times(count)}, first at {first} requests a month."
    return f"The lines cross {_times(count)}, from {first} requests a month on."


def _times(count: int) -> str:
    return {2: "twice"}.get(count, f"{pages.count(count) if count < 10 else f'{count:,}'} times")


def _description(case: Case, crossings: tuple[Crossing, ...]) -> str:
    n = case.load.requests
    text = "Two lines over requests a month, both scales logarithmic. "
    if crossings:
        text += f"They cross at {', '.join(spelt(c.requests) for c in crossings[:4])}"
        text += " and further on. " if len(crossings) > 4 else ". "
    else:
        text += "They do not cross. "
    return (
        f"{text}At {spelt(n)} requests paying by use costs {money(case.by_use(n))} a month and"
        f" always on {money(case.always_on(n))}."
    )


def rows(case: Case, crossings: tuple[Crossing, ...], span: Range) -> list[dict[str, Any]]:
    """Three volumes a decade, the reader's own and the crossings, in order."""
    kinds: dict[Fraction, str] = {}
    for n in samples(span.low, span.high, 3):
        digits = 10 ** (len(str(int(n))) - 1)
        kinds[Fraction(round(n / digits)) * digits] = ""
    for c in crossings:
        if c.requests <= span.most:
            kinds[c.requests] = "crossing"
    kinds[case.load.requests] = "yours"
    found = []
    for n, kind in sorted(kinds.items()):
        by_use, always_on = case.by_use(n), case.always_on(n)
        found.append(
            {
                "requests": plain(n, 0),
                "kind": kind,
                "by_use": money(by_use),
                "always_on": money(always_on),
                "instances": f"{case.instances(n):,}",
                "cheaper": _cheaper(by_use, always_on),
                "exact": (n, by_use, always_on),
            }
        )
    return found


def table(case: Case) -> str:
    """The table as CSV; amounts in dollars."""
    crossings, _ = case.crossings(Fraction(10) ** MOST, _LISTED)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_CSV)
    for row in rows(case, crossings, extent(case, crossings)):
        n, by_use, always_on = row["exact"]
        writer.writerow(
            [
                f"{float(n):.0f}",
                f"{float(by_use):.6f}",
                f"{float(always_on):.6f}",
                case.instances(n),
                row["cheaper"],
            ]
        )
    return out.getvalue()


def _formula(case: Case) -> list[tuple[str, str, str, str]]:
    """(what, in words, with the numbers put in, what comes out) for each line of the sum."""
    load, fleet, price, people = case.load, case.fleet, case.prices, case.people
    n, rate = load.requests, case.peak_rate(load.requests)
    instances = case.instances(n)
    seconds, gb, vcpu = plain(load.seconds, 6), plain(load.memory_gb, 6), plain(load.vcpu, 6)
    at_once, one = plain(fleet.concurrency), plain(case.instance_month, 4)
    per_request, per_gateway = plain(price.request, 10), plain(price.gateway, 10)
    found = [
        (
            "One call",
            "(request + gateway × counted) ÷ 1,000,000"
            " + seconds × (GB × GB-second + vCPU × vCPU-second)",
            f"(${per_request} + ${per_gateway} × {case.gateway_units}) ÷ 1,000,000 + {seconds} s ×"
            f" ({gb} GB × ${plain(price.gb_second)} + {vcpu} vCPU × ${plain(price.vcpu_second)})",
            f"{money(case.per_call * 10**6)} a million",
        ),
        (
            "By use",
            "requests × (1 − cached) × one call + people",
            f"{plain(n)} × (1 − {plain(load.cacheable, 4)}) × ${plain(case.per_call, 10)}"
            f" + {plain(people.use_hours)} h × ${plain(people.rate)}",
            money(case.by_use(n) - case.egress(n)),
        ),
        (
            "One instance",
            "730 h × (vCPU × vCPU-hour + GB × GB-hour)",
            f"730 h × ({plain(fleet.vcpu)} vCPU × ${plain(price.vcpu_hour)}"
            f" + {plain(fleet.memory_gb)} GB × ${plain(price.gb_hour)})",
            money(case.instance_month),
        ),
        (
            "Instances",
            "max(least, ceil(calls a second at the peak × seconds ÷ calls at once))",
            f"max({fleet.minimum}, ceil({plain(rate, 3)}/s × {seconds} s ÷ {at_once}))",
            f"{instances:,}",
        ),
        (
            "Always on",
            "instances × one instance + 730 h × balancer + people",
            f"{instances:,} × ${one} + 730 h × ${plain(price.balancer_hour)}"
            f" + {plain(people.on_hours)} h × ${plain(people.rate)}",
            money(case.always_on(n) - case.egress(n)),
        ),
    ]
    if case.egress(n):
        found.append(
            (
                "Sent out, on both",
                "requests × KB ÷ 1,000,000 × GB sent",
                f"{plain(n)} × {plain(load.payload_kb)} KB ÷ 1,000,000 × ${plain(price.egress)}",
                money(case.egress(n)),
            )
        )
    return found


def on_result(asked: Asked) -> dict[str, Any] | None:
    """A small bill for the result page, once the answers say how much work there is."""
    if "volume" not in asked.answers or asked.answers.get("cpu") == "gpu":
        return None
    found = bill.read(QueryDict(), asked)
    assert found.case
    return summary(found.case) | {"bill": found, "url": url(found), "shelf": prices()}
