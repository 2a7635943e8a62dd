"""Kept assessments: versions that never change, links to them, rounds of a team, decisions."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from teams.fixed import Fixed, Immutable
from teams.models import Team, User, digest

PERSON = settings.AUTH_USER_MODEL
LINK_DAYS = (7, 30, 90)
LONG = 4000  # characters of a free text


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def of(self, user: object) -> AssessmentQuerySet:
        """A person's own; none for a guest."""
        return self.filter(person=user) if isinstance(user, User) else self.none()

    def current(self) -> AssessmentQuerySet:
        return self.filter(archived__isnull=True)

    def for_lists(self) -> AssessmentQuerySet:
        """With the newest version's headline and the number of decisions, newest first."""
        newest = Version.objects.filter(assessment=models.OuterRef("pk")).order_by("-number")
        return self.select_related("team", "person").annotate(
            headline=models.Subquery(newest.values("headline")[:1]),
            number=models.Subquery(newest.values("number")[:1]),
            model=models.Subquery(newest.values("model")[:1]),
            touched=models.Subquery(newest.values("created")[:1]),
        ).order_by("-touched", "pk")  # fmt: skip


class Assessment(models.Model):
    """A named question of a person or of a team; its versions are the answers to it."""

    name = models.CharField(max_length=120)
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="assessments"
    )
    person = models.ForeignKey(
        PERSON, models.CASCADE, null=True, blank=True, related_name="assessments"
    )
    created_by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)
    archived = models.DateTimeField(null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="of_a_team_or_a_person",
                condition=models.Q(team__isnull=True, person__isnull=False)
                | models.Q(team__isnull=False, person__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("fit:assessment", args=[self.pk])

    def latest(self) -> Version:
        """There is always one: an assessment is saved with its first version."""
        found = self.versions.select_related("by").last()
        assert found is not None
        return found

    def open_round(self) -> Round | None:
        return self.rounds.filter(closed__isnull=True).last()


class Version(Fixed):
    """Answers with the result that one version of the model gave them, for ever as it was.

    `result` is `fit.report.as_json`; `locked` are the answers that were taken for facts.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    model = models.PositiveIntegerField()
    answers = models.JSONField()
    locked = models.JSONField(default=list)
    result = models.JSONField()
    headline = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="one_number_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.assessment} version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("fit:version", args=[self.assessment_id, self.number])


class Link(models.Model):
    """A way in for whoever has it. Only a hash of the token is kept: the link is shown once."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    note = models.CharField("for whom", max_length=80, blank=True)
    created_by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True, blank=True)
    used = models.DateTimeField("last use", null=True, blank=True)

    class Meta:
        ordering = ("-created", "-pk")

    def __str__(self) -> str:
        return f"Link to {self.assessment} until {self.expires:%Y-%m-%d}"

    @classmethod
    def issue(cls, assessment: Assessment, by: User, days: int, note: str = "") -> tuple[Link, str]:
        """A new link and its token (192 bits), which is not kept."""
        token = secrets.token_urlsafe(24)
        made = cls.objects.create(
            assessment=assessment,
            note=note,
            created_by=by,
            token_hash=digest(token),
            expires=timezone.now() + timedelta(days=days),
        )
        return made, token

    @classmethod
    def by_token(cls, token: str) -> Link | None:
        found = cls.objects.select_related("assessment").filter(token_hash=digest(token))
        return found.first()

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


class Round(models.Model):
    """Each member answers alone; afterwards the answers stand side by side."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
    opened_by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    opened = models.DateTimeField(default=timezone.now, editable=False)
    closed = models.DateTimeField(null=True, blank=True)
    agreed = models.OneToOneField(
        Version, models.CASCADE, null=True, blank=True, related_name="agreed_in"
    )

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="one_number_a_round"),
            models.UniqueConstraint(
                fields=["assessment"],
                condition=models.Q(closed__isnull=True),
                name="one_open_round",
            ),
        ]

    def __str__(self) -> str:
        return f"Round {self.number} on {self.assessment}"

    def get_absolute_url(self) -> str:
        return reverse("fit:round", args=[self.assessment_id, self.number])

    @property
    def is_open(self) -> bool:
        return self.closed is None


class Ballot(Fixed):
    """What one member answered before seeing the others. "I don't know" is left out."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="ballots")
    by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    answers = models.JSONField()
    note = models.TextField(max_length=LONG, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("created", "pk")
        constraints = [models.UniqueConstraint(fields=["round", "by"], name="one_ballot_a_member")]

    def __str__(self) -> str:
        return f"{self.by} in {self.round}"


class Remark(Fixed):
    """A line of the discussion of one disputed question."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="remarks")
    question = models.CharField(max_length=40)
    by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(max_length=LONG)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("created", "pk")

    def __str__(self) -> str:
        return f"{self.by} on {self.question}"


class Settlement(models.Model):
    """The answer on which a disputed question was settled, and why; it may be settled anew
    until the round has its version."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="settlements")
    question = models.CharField(max_length=40)
    answer = models.CharField(max_length=40)
    reason = models.TextField(max_length=LONG)
    by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["round", "question"], name="one_settlement_a_question")
        ]

    def __str__(self) -> str:
        return f"{self.question} settled on {self.answer}"


class Status(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    ACCEPTED = "accepted", "Accepted"
    SUPERSEDED = "superseded", "Superseded"


class RecordQuerySet(models.QuerySet["Record"]):
    def update(self, **values: Any) -> NoReturn:
        raise Immutable("records are changed one at a time")

    def delete(self) -> NoReturn:
        raise Immutable("records are not deleted")

    def standing(self) -> RecordQuerySet:
        """Accepted and not superseded, of assessments that are not archived, by their date."""
        found = self.filter(status=Status.ACCEPTED, assessment__archived__isnull=True)
        return found.select_related(
            "assessment__team", "assessment__person", "version"
        ).order_by("review_on", "pk")  # fmt: skip


class Record(models.Model):
    """A decision: proposed, then accepted and fixed, then perhaps superseded by another.

    `body` is what was accepted, `fit.assessments.record.document` of that moment.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="records")
    number = models.PositiveIntegerField()
    version = models.ForeignKey(Version, models.CASCADE, related_name="records")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    title = models.CharField(max_length=160)
    choice = models.CharField(max_length=40)  # an option's id, or "pair"
    context = models.TextField(max_length=LONG, blank=True)
    decision = models.TextField(max_length=LONG)
    consequences = models.TextField(max_length=LONG, blank=True)
    dissent = models.TextField(max_length=LONG, blank=True)
    review_on = models.DateField()
    on_traffic = models.CharField(max_length=300, blank=True)
    on_team = models.CharField(max_length=300, blank=True)
    on_limit = models.CharField(max_length=300, blank=True)
    supersedes = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="successors"
    )
    by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)
    accepted_by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    accepted = models.DateTimeField(null=True, blank=True)
    body = models.JSONField(null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="one_number_a_record")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("fit:record", args=[self.assessment_id, self.number])

    def save(self, *args: Any, **options: Any) -> None:
        """Raises Immutable when an accepted record would become anything but superseded."""
        if not self._state.adding:
            before = Record.objects.filter(pk=self.pk).values_list("status", flat=True).first()
            only_status = set(options.get("update_fields") or ()) == {"status"}
            superseding = self.status == Status.SUPERSEDED and only_status
            if before != Status.PROPOSED and not superseding:
                raise Immutable(f"record {self.number} was accepted and is not changed")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> Any:
        """A proposal may be thrown away. Raises Immutable once it was accepted."""
        if not self.is_proposed:
            raise Immutable(f"record {self.number} was accepted and is not deleted")
        return super().delete(*args, **options)

    @property
    def is_proposed(self) -> bool:
        return self.status == Status.PROPOSED

    @property
    def is_accepted(self) -> bool:
        return self.status == Status.ACCEPTED
