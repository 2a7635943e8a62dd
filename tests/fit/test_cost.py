"""The cost of a load by use and always on: worked numbers, every crossing, hostile figures."""

from __future__ import annotations

import csv
import random
from fractions import Fraction as F
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fit import bill, figures
from fit.asking import Asked
from fit.engine.cost import Case, Fleet, Load, People, Prices
from fit.prices import prices

LIST = Prices(F("0.2"), F("0.0000166667"), F(0), F("0.04048"), F("0.004445"))
MANY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ENDLESS = F(10**13)


def _case(seconds: F = F(1, 2), gb: F = F(1, 4), *, fleet: Fleet | None = None, n: int = 0) -> Case:
    fleet = fleet or Fleet(F(1, 2), F(1), F(50), 1)
    return Case(Load(F(n), seconds, gb, F(0)), fleet, LIST)


@pytest.mark.parametrize(
    ("vcpu", "gb", "dollars"),
    [("0.25", "0.5", 9.01), ("0.5", "1", 18.02), ("1", "2", 36.04), ("2", "4", 72.08)],
)
def test_an_instance_for_a_month(vcpu: str, gb: str, dollars: float) -> None:
    case = _case(fleet=Fleet(F(vcpu), F(gb), F(1), 1))
    assert round(float(case.always_on(F(0))), 2) == dollars


@pytest.mark.parametrize(
    ("gb", "seconds", "dollars"), [("0.5", "0.2", 1.8667), ("1", "1", 16.8667)]
)
def test_a_million_calls(gb: str, seconds: str, dollars: float) -> None:
    assert round(float(_case(F(seconds), F(gb)).by_use(F(10**6))), 4) == dollars


@pytest.mark.parametrize(("instances", "millions"), [(1, 7.9), (2, 15.8)])
def test_the_worked_break_even(instances: int, millions: float) -> None:
    case = _case(fleet=Fleet(F(1, 2), F(1), F(50), instances))
    assert round(float(case.per_call * 10**6), 3) == 2.283
    (crossing,), count = case.crossings(ENDLESS, 12)
    assert count == 1 and round(float(crossing.requests) / 1e6, 1) == millions
    assert case.by_use(crossing.requests) == case.always_on(crossing.requests) == crossing.cost


def test_instances_follow_the_peak() -> None:
    """100 calls a second of half a second each, ten at once in one: five, and two at least."""
    load = Load(F(100 * 730 * 3600), F(1, 2), F(1), F(0))
    case = Case(load, Fleet(F(1), F(2), F(10), 2), LIST)
    assert case.peak_rate(load.requests) == 100
    assert case.instances(load.requests) == 5
    assert case.instances(load.requests + 1) == 6
    assert case.instances(F(1)) == 2


def test_a_gateway_counts_large_payloads_twice_and_egress_is_paid_by_both() -> None:
    load = Load(F(10**6), F(1), F(1), F(0), payload_kb=F(600))
    price = Prices(F(0), F(0), F(0), F(0), F(0), F(1), F(512), F(0), F("0.09"))
    case = Case(load, Fleet(F(1), F(1), F(1), 1), price)
    assert case.by_use(load.requests) - case.egress(load.requests) == 2
    assert case.egress(load.requests) == case.always_on(load.requests) == 54


def test_what_a_cache_answers_runs_on_neither_side() -> None:
    n = F(10**9)
    bare, cached = (
        Case(Load(n, F(1, 2), F(1, 4), F(0), cacheable=share), Fleet(F(1, 2), F(1), F(10), 1), LIST)
        for share in (F(0), F(9, 10))
    )
    assert cached.by_use(n) == bare.by_use(n) / 10
    assert cached.instances(n) == -(-bare.instances(n) // 10)


def _random_case(chance: random.Random) -> Case:
    def pick(*choices: int) -> F:
        return F(chance.choice(choices))

    return Case(
        Load(
            F(0),
            F(chance.randint(1, 20), 4),
            F(1, 2),
            F(0),
            cacheable=F(chance.randint(0, 9), 10),
            peak=F(chance.randint(1, 9)),
        ),
        Fleet(F(1, 2), F(1), F(chance.randint(1, 8)), chance.randint(0, 3)),
        Prices(
            F(chance.randint(0, 30), 10),
            pick(0, 1, 2, 3, 5) / 100_000,
            F(0),
            F(chance.randint(0, 9), 200),
            F(0),
            balancer_hour=F(chance.randint(0, 3), 100),
        ),
        People(F(chance.randint(0, 2)), F(chance.randint(0, 2)), pick(0, 5, 50)),
    )


def _by_hand(case: Case, steps: int) -> list[tuple[F, str]]:
    """Every change of the cheaper side, by looking at each step and at each of its ends."""
    found = []
    for k in range(case.fleet.minimum, steps + 1):
        end = k * case.per_instance
        start = F(0) if k == case.fleet.minimum else end - case.per_instance

        def ahead(n: F, instances: int) -> F:
            fixed = case.balancer_month + case.people_on + case.egress(n)
            return case.by_use(n) - fixed - instances * case.instance_month

        before, after = ahead(start, k), ahead(end, k)
        if end and before < 0 <= after:
            found.append((start + (end - start) * -before / (after - before), "use"))
        if after > 0 > ahead(end, k + 1):
            found.append((end, "on"))
    return sorted(found)


def test_every_crossing_is_found() -> None:
    chance, with_many = random.Random(5), 0
    for _ in range(400):
        case, steps = _random_case(chance), 12
        limit = case.per_instance * steps
        crossings, count = case.crossings(limit, 100)
        expected = [c for c in _by_hand(case, steps) if c[0] <= limit]
        assert [(c.requests, c.dearer) for c in crossings] == expected
        assert count == len(expected)
        with_many += count > 2
    assert with_many > 10  # the steps are really stepped over


def test_endless_crossings_are_counted_not_listed() -> None:
    """An instance that costs exactly what its calls cost by use is met again on every step."""
    fleet = Fleet(F(1), F(0), F(1), 1)
    load = Load(F(1), F(1), F(0), F(0))
    price = Prices(F(10**6), F(0), F(0), F(3600), F(0), balancer_hour=F(-1))
    crossings, count = Case(load, fleet, price).crossings(ENDLESS, 5)
    assert len(crossings) == 5 and count > 10**6


# The page


def test_the_page_opens_on_the_worked_example(client: Client) -> None:
    body = client.get("/fit/cost/").content.decode()
    for said in ("up to 15.8 million requests", "$13.70", "$36.04", "<desc", "$18.02"):
        assert said in body
    assert " style=" not in body and "<style" not in body


def test_each_preset_has_every_price_with_its_source() -> None:
    shelf = prices()
    assert len(shelf.presets) == 3
    names = {f.name.removeprefix("p_") for f in bill.FIELDS if f.name.startswith("p_")}
    for preset in shelf.presets.values():
        assert preset.prices.keys() == preset.sources.keys() == names
        assert all(source.url.startswith("https://") for source in preset.references)


def test_another_preset_keeps_the_load_and_drops_the_prices(client: Client) -> None:
    page = client.get("/fit/cost/?n=7M&p_request=9&sent=1&preset=aws")
    assert page.context["bill"].edited == ["Million requests"]
    address = next(url for preset, url in page.context["presets"] if preset.id == "google")
    other = client.get(address).context["bill"]
    assert other.fields["n"].text == "7M" and other.edited == []


def test_answers_fill_the_sheet_and_stay(client: Client) -> None:
    page = client.get("/fit/cost/?volume=30to500m&trigger=http&duration=lt1s")
    sheet = page.context["bill"]
    assert sheet.fields["n"].text == "120000000" and sheet.fields["ms"].text == "200"
    assert sheet.ticks == {"gate": True, "lb": True}
    assert '<input type="hidden" name="volume" value="30to500m">' in page.content.decode()


WRONG = (
    ("n", "abc", "This is not a number"),
    ("n", "", "Give a number"),
    ("n", "NaN", "This is not a number"),
    ("n", "Infinity", "This is not a number"),
    ("n", "9e99", "That is too much"),
    ("n", "1" * 5000, "This is not a number"),
    ("ms", "-5", "That is too little"),
    ("ms", "0", "That is too little"),
    ("cache", "100", "That is too much"),
    ("min", "1.5", "Only whole ones"),
    ("p_request", "<script>", "This is not a number"),
)


@pytest.mark.parametrize(("name", "text", "said"), WRONG)
def test_a_wrong_figure_is_named_beside_its_field(
    client: Client, name: str, text: str, said: str
) -> None:
    page = client.get("/fit/cost/", {"kb": "77", name: text, "volume": "lt1m", "sent": "1"})
    assert page.status_code == 422
    body = page.content.decode()
    assert f'id="e-{name}">{said}' in body and f'href="#f-{name}"' in body
    assert 'value="77"' in body and 'name="volume" value="lt1m"' in body
    assert "<script>" not in body.partition("<main")[2].partition("</main>")[0]
    assert client.get("/fit/cost.csv", {name: text}).status_code == 422


@settings(MANY, max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from([*bill.NAMES]),
        st.text(max_size=12) | st.floats().map(str) | st.integers().map(str),
        max_size=5,
    )
)
def test_whatever_the_address_says_there_is_a_page(given: dict[str, str]) -> None:
    query = urlencode(given, errors="replace")
    assert Client().get(f"/fit/cost/?{query}").status_code in {200, 422}


@settings(MANY, max_examples=30)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            f.name: st.integers(0, 10**4)
            if f.whole
            else st.floats(float(f.low), float(min(f.high, F(10**7))))
            for f in bill.FIELDS
        },
    )
)
def test_every_sheet_within_bounds_is_drawn(values: dict[str, float]) -> None:
    query = urlencode({name: f"{value:.9f}" for name, value in values.items()})
    found = bill.read(QueryDict(query), Asked())
    if found.case:
        page = Client().get(f"/fit/cost/?{query}&gate=1")
        assert page.status_code == 200 and "nan" not in page.content.decode().lower()


def test_the_table_is_the_same_as_csv(client: Client) -> None:
    page = client.get("/fit/cost/?n=3M")
    response = client.get(page.context["csv_url"])
    rows = list(csv.DictReader(response.content.decode().splitlines()))
    assert [r["cheaper"] for r in rows] == [r["cheaper"] for r in page.context["rows"]]
    mine = next(r for r in rows if r["requests_month"] == "3000000")
    assert float(mine["by_use"]) == pytest.approx(6.85001, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6M", 6e6),
        ("1,000", 1e3),
        ("250k", 25e4),
        (".5", 0.5),
        ("2bn", 2e9),
        ("1e6", 1e6),
        ("-3", -3),
    ],
)
def test_numbers_as_people_write_them(text: str, value: float) -> None:
    assert float(figures.number(text)) == value


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (15783956, "15.8M"),
        (999_960, "1M"),
        (1000, "1k"),
        (12, "12"),
        (0.5, "0.5"),
        (10**12, "1 trillion"),
    ],
)
def test_numbers_as_people_read_them(value: float, said: str) -> None:
    assert figures.short(value) == said
