"""What a load costs a month, paid by use and always on, and where the two lines cross.

By use a month costs ``c * n`` plus the time of people: each call pays the request, the gateway
and its memory and processor for as long as it runs. Always on it costs whole instances for 730
hours: as many as the peak needs, never fewer than availability wants, plus a balancer and the
time of people. That is a step function, so the lines may cross many times; `Case.crossings` finds
every one from a closed form, without a search.

Exact: numbers are fractions. Money is in the currency of the prices, a month has 730 hours. Free
tiers and discounts for commitment are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

HOURS = Fraction(730)  # a month, as providers count it
SECONDS = HOURS * 3600
MILLION = 10**6
KB_IN_GB = 10**6


@dataclass(frozen=True)
class Load:
    """One month of work. `peak` is the busiest rate over the mean; `cacheable` the share, below
    1, that a cache in front answers for both; sizes are GB, `payload_kb` what one call sends."""

    requests: Fraction
    seconds: Fraction
    memory_gb: Fraction
    vcpu: Fraction
    payload_kb: Fraction = Fraction(0)
    cacheable: Fraction = Fraction(0)
    peak: Fraction = Fraction(1)


@dataclass(frozen=True)
class Fleet:
    """The instances of the other side: one's size, how many calls it serves at once, and how
    many have to run whatever the load."""

    vcpu: Fraction
    memory_gb: Fraction
    concurrency: Fraction
    minimum: int


@dataclass(frozen=True)
class Prices:
    """`request` and `gateway` for a million calls; a gateway counts each `gateway_unit_kb` of a
    payload as a call (0: whatever the size). `egress` for a GB sent."""

    request: Fraction
    gb_second: Fraction
    vcpu_second: Fraction
    vcpu_hour: Fraction
    gb_hour: Fraction
    gateway: Fraction = Fraction(0)
    gateway_unit_kb: Fraction = Fraction(0)
    balancer_hour: Fraction = Fraction(0)
    egress: Fraction = Fraction(0)


@dataclass(frozen=True)
class People:
    """Hours a month that somebody spends on running each side, and what an hour costs."""

    use_hours: Fraction = Fraction(0)
    on_hours: Fraction = Fraction(0)
    rate: Fraction = Fraction(0)


@dataclass(frozen=True)
class Crossing:
    """Calls a month at which the cheaper side changes. `dearer` is what costs more from there
    on: `use` where its line rises above the steps, `on` where one more instance is started."""

    requests: Fraction
    dearer: str
    instances: int
    cost: Fraction


@dataclass(frozen=True)
class Case:
    load: Load
    fleet: Fleet
    prices: Prices
    people: People = People()

    @cached_property
    def gateway_units(self) -> int:
        """How many calls the gateway counts for one."""
        unit = self.prices.gateway_unit_kb
        return max(1, ceil(self.load.payload_kb / unit)) if unit else 1

    @cached_property
    def compute_per_call(self) -> Fraction:
        load, prices = self.load, self.prices
        return load.seconds * (load.memory_gb * prices.gb_second + load.vcpu * prices.vcpu_second)

    @cached_property
    def per_call(self) -> Fraction:
        """Request, gateway and compute of one call that reaches the code."""
        fees = self.prices.request + self.prices.gateway * self.gateway_units
        return fees / MILLION + self.compute_per_call

    @cached_property
    def reach(self) -> Fraction:
        """The share of calls that no cache answers."""
        return 1 - self.load.cacheable

    @cached_property
    def instance_month(self) -> Fraction:
        """One instance for a month."""
        fleet, prices = self.fleet, self.prices
        return HOURS * (fleet.vcpu * prices.vcpu_hour + fleet.memory_gb * prices.gb_hour)

    @cached_property
    def balancer_month(self) -> Fraction:
        return HOURS * self.prices.balancer_hour

    @cached_property
    def people_use(self) -> Fraction:
        return self.people.use_hours * self.people.rate

    @cached_property
    def people_on(self) -> Fraction:
        return self.people.on_hours * self.people.rate

    @cached_property
    def per_instance(self) -> Fraction:
        """Calls a month that one instance carries through the peak, cached ones included."""
        at_once = self.load.seconds * self.load.peak * self.reach
        return self.fleet.concurrency * SECONDS / at_once

    def egress(self, requests: Fraction) -> Fraction:
        """What goes out costs both sides the same."""
        return requests * self.load.payload_kb / KB_IN_GB * self.prices.egress

    def peak_rate(self, requests: Fraction) -> Fraction:
        """Calls a second at the peak that reach the code."""
        return requests * self.reach * self.load.peak / SECONDS

    def instances(self, requests: Fraction) -> int:
        return max(self.fleet.minimum, ceil(requests / self.per_instance))

    def by_use(self, requests: Fraction) -> Fraction:
        reached = requests * self.reach
        return reached * self.per_call + self.people_use + self.egress(requests)

    def always_on(self, requests: Fraction) -> Fraction:
        return self.on(self.instances(requests), requests)

    def on(self, instances: int, requests: Fraction) -> Fraction:
        """Always on with so many instances, whether or not they carry the load."""
        fixed = self.balancer_month + self.people_on + self.egress(requests)
        return instances * self.instance_month + fixed

    def crossings(self, at_most: Fraction, limit: int) -> tuple[tuple[Crossing, ...], int]:
        """The first `limit` crossings up to `at_most` calls, and how many there are in all."""
        lines, steps = self._line_counts(at_most), self._step_counts(at_most)
        found = [self._line(k) for counts in lines for k in counts[:limit]]
        found += [self._step(k) for k in steps[:limit]]
        found.sort(key=lambda crossing: crossing.requests)
        return tuple(found[:limit]), sum(map(_size, lines)) + _size(steps)

    @cached_property
    def _slope(self) -> Fraction:
        return self.per_call * self.reach

    @cached_property
    def _ahead(self) -> Fraction:
        """What always on costs before its first instance, over what use costs at no call."""
        return self.balancer_month + self.people_on - self.people_use

    def _line(self, count: int) -> Crossing:
        at = (count * self.instance_month + self._ahead) / self._slope
        return Crossing(at, "use", count, self.on(count, at))

    def _step(self, count: int) -> Crossing:
        at = count * self.per_instance
        return Crossing(at, "on", count + 1, self.on(count + 1, at))

    def _line_counts(self, at_most: Fraction) -> tuple[range, range]:
        """With how many instances the line of use meets its step: for k instances at
        (k T + F) / c, which has to lie within the calls that k instances carry. The minimum
        stands apart, since its step reaches back to no call at all."""
        slope, first = self._slope, self.fleet.minimum
        if slope == 0:
            return range(0), range(0)
        rise = self.instance_month - slope * self.per_instance
        low, high = -self._ahead - slope * self.per_instance, -self._ahead
        meets = 0 < first * self.instance_month + self._ahead <= slope * first * self.per_instance
        both = range(first, first + meets), _whole(rise, low, high, first + 1)
        early, late = (self._up_to(counts, at_most * slope - self._ahead) for counts in both)
        return early, late

    def _up_to(self, counts: range, money: Fraction) -> range:
        """Those of the counts whose instances cost no more than this a month."""
        if self.instance_month:
            return _cut(counts, floor(money / self.instance_month))
        return counts if money >= 0 else range(0)

    def _step_counts(self, at_most: Fraction) -> range:
        """After how many instances one more lifts the steps over the line of use."""
        rise = self.instance_month - self._slope * self.per_instance
        # The difference before the step, k (c q - T) - F, lies between 0 and T.
        found = _whole(
            rise, -self._ahead - self.instance_month, -self._ahead, self.fleet.minimum, open_=True
        )
        return _cut(found, floor(at_most / self.per_instance))


_ENDLESS = 10**30


def _cut(counts: range, most: int) -> range:
    return range(counts.start, max(counts.start, min(counts.stop, most + 1)))


def _size(counts: range) -> int:
    """How many; `len` refuses what does not fit into 64 bits."""
    return max(0, counts.stop - counts.start)


def _whole(
    factor: Fraction, low: Fraction, high: Fraction, least: int, *, open_: bool = False
) -> range:
    """The whole k from `least` on with low < k * factor <= high, or < high where `open_`."""
    if factor == 0:
        holds = low < 0 < high or (not open_ and low < 0 == high)
        return range(least, _ENDLESS) if holds else range(0)
    one, other = low / factor, high / factor
    if factor > 0:
        start, stop = floor(one) + 1, (ceil(other) if open_ else floor(other) + 1)
    else:
        start, stop = (floor(other) + 1 if open_ else ceil(other)), ceil(one)
    start = max(least, start)
    return range(start, max(start, stop))


def samples(low: int, high: int, per_decade: int) -> Iterator[Fraction]:
    """Round calls a month from ``10**low`` to ``10**high``, evenly on a logarithmic scale."""
    for step in range((high - low) * per_decade + 1):
        decade, part = divmod(step, per_decade)
        yield Fraction(round(10 ** (part / per_decade) * 1000), 1000) * Fraction(10) ** (
            low + decade
        )
