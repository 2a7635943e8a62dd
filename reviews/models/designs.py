"""Designs of a team, their revisions, the runs that checked them, and what these found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from design.rules import PACK_VERSION, Severity, Verdict
from teams.fixed import Fixed, FixedQuerySet
from teams.models import Team

# A worker reports between steps; no step takes this long (a layout is stopped after 20 s).
STALLED_AFTER = timedelta(seconds=90)
MAX_ATTEMPTS = 3


class DesignQuerySet(models.QuerySet["Design"]):
    def live(self) -> DesignQuerySet:
        return self.filter(archived__isnull=True)

    def newest_first(self) -> DesignQuerySet:
        return self.annotate(touched=models.Max("revisions__created")).order_by("-touched", "slug")

    def with_history(self) -> DesignQuerySet:
        """With all revisions and their runs, in two more queries."""
        return self.prefetch_related(models.Prefetch("revisions", Revision.objects.for_lists()))


class Design(models.Model):
    """What the revisions of one text have in common. `slug` is its id in the address;
    `review_told` the number of the revision of which people were told that it is due for review.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="designs")
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created = models.DateTimeField(default=timezone.now, editable=False)
    review_told = models.PositiveIntegerField(default=0)
    archived = models.DateTimeField(null=True, blank=True)

    objects = DesignQuerySet.as_manager()

    class Meta:
        ordering = ("slug",)
        constraints = [models.UniqueConstraint(fields=["team", "slug"], name="one_slug_a_team")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reviews:design", args=[self.team.slug, self.slug])

    def latest(self) -> Revision | None:
        """The newest revision, withdrawn or not: the one that the next follows."""
        return self.revisions.select_related("by").last()

    def current(self) -> Revision | None:
        """The newest revision that was not withdrawn; the newest of all if each was."""
        standing = self.revisions.filter(withdrawal__isnull=True).select_related("by").last()
        return standing or self.latest()

    def newer_than(self, number: int) -> Revision | None:
        """The newest revision after this one that still counts."""
        later = self.revisions.filter(number__gt=number, withdrawal__isnull=True)
        return later.select_related("by").last()


class RevisionQuerySet(FixedQuerySet):
    def for_lists(self) -> RevisionQuerySet:
        """With their runs and milestones, but without texts and results: these are megabytes."""
        runs = models.Prefetch("runs", Run.objects.defer("result"))
        found = self.select_related("by", "withdrawal", "panel").defer("text")
        return found.prefetch_related(runs, "milestones")


class Revision(Fixed):
    """One submitted text, for ever as it was."""

    design = models.ForeignKey(Design, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["design", "number"], name="one_number_a_design")
        ]

    def __str__(self) -> str:
        return f"{self.design} revision {self.number}"

    def get_absolute_url(self) -> str:
        args = [self.design.team.slug, self.design.slug, self.number]
        return reverse("reviews:revision", args=args)

    def run(self) -> Run | None:
        """The run to show: of the current rules if there is one, else the newest."""
        return self.runs.filter(pack_version=PACK_VERSION).first() or self.runs.last()

    @property
    def is_withdrawn(self) -> bool:
        return hasattr(self, "withdrawal")

    def newest_run(self) -> Run | None:
        """The same from the runs that `for_lists` has fetched."""
        runs = sorted(self.runs.all(), key=lambda run: (run.is_current, run.pk))
        return runs[-1] if runs else None


class State(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class RunQuerySet(models.QuerySet["Run"]):
    def unfinished(self) -> RunQuerySet:
        return self.filter(state__in=(State.QUEUED, State.RUNNING))

    def stalled(self, now: datetime) -> RunQuerySet:
        """Never picked up, or picked up by a worker that no longer reports."""
        return self.unfinished().filter(heartbeat__lt=now - STALLED_AFTER)

    def held(self, run: Run) -> RunQuerySet:
        """The row while the attempt that `run` knows of still holds it, else nothing."""
        return self.unfinished().filter(pk=run.pk, attempt=run.attempt)


class Run(models.Model):
    """One check of one revision by one version of the rules.

    `attempt` and `heartbeat` say who holds it: a worker that was taken for dead and comes
    back finds another attempt in the row and writes nothing. `result` is
    `design.result.to_dict`; the columns beside it are for lists, `summary` for the portfolio
    (`reviews.portfolio.tally`).
    """

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="runs")
    pack_version = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    doing = models.CharField(max_length=40, default="Waiting for a worker")
    attempt = models.PositiveSmallIntegerField(default=0)
    heartbeat = models.DateTimeField(default=timezone.now)
    created = models.DateTimeField(default=timezone.now, editable=False)
    finished = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    summary = models.JSONField(default=dict, blank=True)
    error = models.CharField(max_length=300, blank=True)
    total = models.FloatField(null=True, blank=True)
    coverage = models.FloatField(null=True, blank=True)
    grade = models.CharField(max_length=1, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["revision", "pack_version"], name="one_run_a_pack")
        ]

    def __str__(self) -> str:
        return f"{self.revision}, rules {self.pack_version}: {self.state}"

    @property
    def is_done(self) -> bool:
        return self.state == State.DONE

    @property
    def is_failed(self) -> bool:
        return self.state == State.FAILED

    @property
    def is_over(self) -> bool:
        return self.is_done or self.is_failed

    @property
    def is_current(self) -> bool:
        return self.pack_version == PACK_VERSION

    @property
    def is_stalled(self) -> bool:
        return not self.is_over and self.heartbeat < timezone.now() - STALLED_AFTER


class FindingQuerySet(models.QuerySet["Finding"]):
    def fails(self) -> FindingQuerySet:
        return self.filter(verdict=Verdict.FAIL)

    def by_severity(self, runs: Iterable[Run]) -> dict[int, dict[str, int]]:
        """Run id to severity to the number of findings that fail, in one query."""
        counted: dict[int, dict[str, int]] = {}
        rows = self.fails().filter(run__in=list(runs)).order_by().values_list("run", "severity")
        for run, severity, count in rows.annotate(count=models.Count("pk")):
            counted.setdefault(run, {})[severity] = count
        return counted

    def first_seen(self, design: Design) -> dict[str, int]:
        """Fingerprint to the number of the earliest revision in whose row of revisions without
        a gap, up to the last one, the finding has failed."""
        seen: dict[str, set[int]] = {}
        rows = self.fails().filter(run__revision__design=design)
        for fingerprint, number in rows.values_list("fingerprint", "run__revision__number"):
            seen.setdefault(fingerprint, set()).add(number)
        return {key: _start(numbers) for key, numbers in seen.items()}


def _start(numbers: set[int]) -> int:
    start = max(numbers)
    while start - 1 in numbers:
        start -= 1
    return start


class Finding(models.Model):
    """What a run found and somebody may act on: fail, unknown and error. Passes are in the
    run's result only: a large design has tens of thousands."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="findings")
    rule = models.CharField(max_length=10)
    subject = models.CharField(max_length=500)
    fingerprint = models.CharField(max_length=64)
    verdict = models.CharField(max_length=14, choices=[(v.value, v.value) for v in Verdict])
    severity = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Severity])
    title = models.CharField(max_length=200)
    message = models.TextField()
    line = models.PositiveIntegerField(default=0)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["run", "fingerprint"], name="one_finding_a_run")
        ]
        indexes = [models.Index(fields=["fingerprint", "verdict"], name="finding_by_print")]

    def __str__(self) -> str:
        return f"{self.rule} at {self.subject}: {self.verdict}"
