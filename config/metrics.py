"""What Prometheus may ask: requests of this process, and the state of the work in the database.

Counters are of one process. With several, set PROMETHEUS_MULTIPROC_DIR to an empty folder: each
process writes there and any of them answers for all. What the page cache answers never reaches
Django and is not counted.
"""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from redis import Redis, RedisError

from reviews.models import Run, State

View = Callable[[HttpRequest], HttpResponse]

_OWN = CollectorRegistry()
REQUESTS = Counter(
    "warmstart_requests",
    "Requests answered by Django.",
    ["method", "view", "status"],
    registry=_OWN,
)
SECONDS = Histogram(
    "warmstart_request_seconds",
    "Server time of a request, in seconds.",
    ["view"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=_OWN,
)
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_QUEUE = "celery"


def Measured(get_response: View) -> View:
    """Counts a request under the name of its address, so that nobody can invent labels."""

    def middleware(request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        view = (match.view_name if match else "") or "unknown"
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(method, view, response.status_code).inc()
        SECONDS.labels(view).observe(time.perf_counter() - start)
        return response

    return middleware


class Work:
    """Asked at each scrape: runs by state, the oldest that waits, the broker's queue."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        yield from self._runs()
        if settings.REDIS_URL:
            yield from self._broker()

    def _runs(self) -> Iterable[GaugeMetricFamily]:
        up = GaugeMetricFamily("warmstart_database_up", "Whether the database answers.")
        try:
            counted = dict(Run.objects.order_by().values_list("state").annotate(count=Count("pk")))
            waiting = Run.objects.unfinished().aggregate(first=Min("created"))["first"]
            stalled = Run.objects.stalled(timezone.now()).count()
        except DatabaseError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        runs = GaugeMetricFamily("warmstart_runs", "Runs by state.", labels=["state"])
        for state in State.values:
            runs.add_metric([state], counted.get(state, 0))
        yield runs
        age = (timezone.now() - waiting).total_seconds() if waiting else 0
        yield GaugeMetricFamily(
            "warmstart_run_oldest_seconds", "Age of the oldest run that has not ended.", age
        )
        yield GaugeMetricFamily(
            "warmstart_runs_stalled", "Runs whose worker no longer reports.", stalled
        )

    def _broker(self) -> Iterable[GaugeMetricFamily]:
        try:
            with Redis.from_url(settings.REDIS_URL, socket_timeout=2) as redis:
                length = redis.llen(_QUEUE)
        except RedisError:
            yield GaugeMetricFamily("warmstart_broker_up", "Whether the broker answers.", 0)
            return
        yield GaugeMetricFamily("warmstart_broker_up", "Whether the broker answers.", 1)
        yield GaugeMetricFamily(
            "warmstart_queue_length",
            "Tasks in the broker's queue.",
            float(length),  # type: ignore[arg-type]
        )


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For who has the token; without one set, for this machine alone. Others get a 404."""
    if not _may(request):
        raise Http404("metrics")
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
        requests = generate_latest(registry)
    else:
        requests = generate_latest(_OWN)
    work: Any = CollectorRegistry()
    work.register(Work())
    return HttpResponse(requests + generate_latest(work), content_type=CONTENT_TYPE_LATEST)


def _may(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    if token:
        said = request.headers.get("Authorization", "")
        return hmac.compare_digest(said.encode(), f"Bearer {token}".encode())
    # Behind a proxy every request comes from it, so that nobody would be a stranger.
    forwarded = settings.BEHIND_PROXY or "X-Forwarded-For" in request.headers
    return not forwarded and request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1")
