"""People, teams, who belongs to what with which role, and invitations by link."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.urls import reverse
from django.utils import timezone

INVITATION_DAYS = 14


class User(AbstractUser):
    email = models.EmailField("e-mail address", unique=True)

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Role(models.TextChoices):
    """Ordered: each may do what those below it may."""

    VIEWER = "viewer", "Viewer"
    REVIEWER = "reviewer", "Reviewer"
    EDITOR = "editor", "Editor"
    OWNER = "owner", "Owner"

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    def includes(self, other: Role) -> bool:
        return self.rank >= other.rank


class TeamQuerySet(models.QuerySet["Team"]):
    def of(self, user: object) -> TeamQuerySet:
        """Teams that this person belongs to; none for a guest."""
        return self.filter(memberships__user=user) if isinstance(user, User) else self.none()

    def visible_to(self, user: object) -> TeamQuerySet:
        """Teams that this person may see: their own, and public ones."""
        public = models.Q(public=True)
        if isinstance(user, User):
            public |= models.Q(memberships__user=user)
        return self.filter(public).distinct()

    def with_role_of(self, user: object) -> TeamQuerySet:
        """With the person's role, so that `Team.role_of` need not ask for it again."""
        if not isinstance(user, User):
            return self
        mine = Membership.objects.filter(team=models.OuterRef("pk"), user=user).order_by()
        return self.annotate(
            role_known=models.Subquery(mine.values("role")), role_known_of=models.Value(user.pk)
        )


class Team(models.Model):
    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=80)
    public = models.BooleanField(
        default=False, help_text="Its designs may be read by anyone; the demonstration team is."
    )
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("teams:team", args=[self.slug])

    def role_of(self, user: object) -> Role | None:
        """The role of a person in this team; None for a stranger or a guest."""
        if not isinstance(user, User):
            return None
        if getattr(self, "role_known_of", None) == user.pk:
            found = getattr(self, "role_known", None)
        else:
            found = self.memberships.filter(user=user).values_list("role", flat=True).first()
        return Role(found) if found else None


class MembershipQuerySet(models.QuerySet["Membership"]):
    def owners(self) -> MembershipQuerySet:
        return self.filter(role=Role.OWNER)

    def with_people(self) -> MembershipQuerySet:
        return self.select_related("user")


class Membership(models.Model):
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.VIEWER)
    joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("user__username",)
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_role_a_team")]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}: {self.role}"

    @property
    def is_last_owner(self) -> bool:
        """A team without an owner could never be managed again."""
        if self.role != Role.OWNER:
            return False
        return not self.team.memberships.owners().exclude(pk=self.pk).exists()


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """Neither used, nor revoked, nor expired."""
        return self.filter(used__isnull=True, revoked__isnull=True, expires__gt=timezone.now())

    def by_token(self, token: str) -> InvitationQuerySet:
        return self.filter(token_hash=digest(token))


class Invitation(models.Model):
    """A link that admits one person. Only a hash of the token is kept: the link is shown once."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.VIEWER)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    note = models.CharField("for whom", max_length=80, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField()
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    used = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-created",)

    def __str__(self) -> str:
        return f"Invitation to {self.team} as {self.role}"

    @classmethod
    def issue(cls, team: Team, role: Role, by: User, note: str = "") -> tuple[Invitation, str]:
        """A new invitation and its token (128 bits and more), which is not kept."""
        token = secrets.token_urlsafe(24)
        made = cls.objects.create(
            team=team,
            role=role,
            note=note,
            created_by=by,
            token_hash=digest(token),
            expires=timezone.now() + timedelta(days=INVITATION_DAYS),
        )
        return made, token

    def revoke(self) -> None:
        """From now on the link admits nobody; an invitation that was used stays as it is."""
        if self.is_open:
            self.revoked = timezone.now()
            self.save(update_fields=["revoked"])

    @property
    def is_open(self) -> bool:
        return not (self.used or self.revoked or self.expires <= timezone.now())
