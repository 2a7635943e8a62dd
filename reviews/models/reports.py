"""Reports as they were when somebody froze them, and links that show one to whoever has it."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from reviews.models.designs import Revision
from teams.fixed import Immutable
from teams.models import User, digest

LINK_DAYS = (7, 30, 90)


class ReportQuerySet(models.QuerySet["Report"]):
    def update(self, **values: Any) -> NoReturn:
        raise Immutable("reports are not updated")

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        raise Immutable("reports are not updated")

    def delete(self) -> NoReturn:
        raise Immutable("reports are not deleted")

    def for_lists(self) -> ReportQuerySet:
        """Without the results: these are megabytes each."""
        return self.select_related("by", "revision").defer("result", "revision__text")


class Report(models.Model):
    """What was found of a revision, for ever as it was: later rules, waivers and runs leave it
    alone. `result` is `design.result.to_dict`; `number` counts within the design."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="reports")
    number = models.PositiveIntegerField()
    result = models.JSONField()
    total = models.FloatField()
    coverage = models.FloatField()
    grade = models.CharField(max_length=1, blank=True)
    note = models.CharField("occasion", max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="one_number_a_report")
        ]

    def __str__(self) -> str:
        return f"Report {self.number} on {self.revision}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise Immutable(f"{self} is not changed")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise Immutable(f"{self} is not deleted")

    def get_absolute_url(self) -> str:
        design = self.revision.design
        return reverse("reviews:frozen", args=[design.team.slug, design.slug, self.number])

    @property
    def short_hash(self) -> str:
        """How the printed report names the text it is about."""
        return self.revision.sha256[:12]


class ReportLink(models.Model):
    """A way in for whoever has it. Only a hash of the token is kept: the link is shown once."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    note = models.CharField("for whom", max_length=80, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True, blank=True)
    used = models.DateTimeField("last use", null=True, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"Link to {self.report} until {self.expires:%Y-%m-%d}"

    @classmethod
    def issue(cls, report: Report, by: User, days: int, note: str = "") -> tuple[ReportLink, str]:
        """A new link and its token (192 bits), which is not kept."""
        token = secrets.token_urlsafe(24)
        made = cls.objects.create(
            report=report,
            note=note,
            created_by=by,
            token_hash=digest(token),
            expires=timezone.now() + timedelta(days=days),
        )
        return made, token

    @classmethod
    def by_token(cls, token: str) -> ReportLink | None:
        rows = cls.objects.select_related("report__revision__design__team")
        return rows.filter(token_hash=digest(token)).first()

    def revoke(self) -> None:
        """From now on it shows nothing; a link that expired stays as it is."""
        if self.is_open:
            self.revoked = timezone.now()
            self.save(update_fields=["revoked"])

    def touch(self) -> None:
        self.used = timezone.now()
        self.save(update_fields=["used"])

    @property
    def is_open(self) -> bool:
        return not (self.revoked or self.expires <= timezone.now())
