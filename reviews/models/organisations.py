"""Organisations: a group of teams, and the people who may see their designs side by side."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from teams.models import INVITATION_DAYS, Team, User, digest


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def of(self, user: object) -> OrganisationQuerySet:
        """Organisations that this person belongs to; none for a guest."""
        return self.filter(members__user=user) if isinstance(user, User) else self.none()


class Organisation(models.Model):
    """Its members see the portfolio of its teams, and nothing else of a team that is not theirs."""

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=80)
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reviews:organisation", args=[self.slug])

    def manage_url(self) -> str:
        return reverse("reviews:organisation_people", args=[self.slug])

    def is_led_by(self, user: object) -> bool:
        return isinstance(user, User) and self.members.filter(user=user, leads=True).exists()


class OrganisationMember(models.Model):
    """`leads`: may invite teams and people, and remove them."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    leads = models.BooleanField(default=False)
    joined = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("user__username",)
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_place_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.organisation}"


class OrganisationTeam(models.Model):
    """A team belongs to one organisation at most, brought in by one of its owners."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="places")
    team = models.OneToOneField(Team, models.CASCADE, related_name="organisation_place")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    joined = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("team__name",)

    def __str__(self) -> str:
        return f"{self.team} in {self.organisation}"


class OrganisationInvitation(models.Model):
    """A link that admits one person, or one team through its owner. Only a hash of the token is
    kept: the link is shown once."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    for_team = models.BooleanField()
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    note = models.CharField("for whom", max_length=80, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"Invitation to {self.organisation}"

    @classmethod
    def issue(cls, organisation: Organisation, for_team: bool, note: str = "") -> str:
        """The token of a new invitation (192 bits), which is not kept."""
        token = secrets.token_urlsafe(24)
        cls.objects.create(
            organisation=organisation,
            for_team=for_team,
            note=note,
            token_hash=digest(token),
            expires=timezone.now() + timedelta(days=INVITATION_DAYS),
        )
        return token

    @property
    def is_open(self) -> bool:
        return not (self.used or self.revoked or self.expires <= timezone.now())
