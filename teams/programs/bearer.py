"""Who is calling: a token in the Authorization header, with what it may reach."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest
from ninja.security import HttpBearer

from teams.access import team_for
from teams.models import AccessToken, Role, Scope, Team
from teams.programs import limits
from teams.programs.problems import Problem


class Token(HttpBearer):
    """Lets in whoever bears a token of at least this scope, as often as the limits allow."""

    def __init__(self, scope: Scope = Scope.READ) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> AccessToken | None:
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            raise Problem(403, "Send tokens over HTTPS alone; this one was readable, revoke it.")
        found = AccessToken.objects.bearing(token)
        if found is None:
            return None
        write = request.method not in ("GET", "HEAD")
        limits.count(
            f"{found.pk}:{'write' if write else 'read'}",
            limits.WRITES if write else limits.READS,
        )
        if not found.allows(self.scope):
            raise Problem(
                403, f"This token has the scope “{found.scope}”; the call needs “{self.scope}”."
            )
        found.seen()
        return found


def team_of(token: AccessToken, slug: str, role: Role = Role.VIEWER) -> Team:
    """The team of a token, if it is called so and its maker still has at least this role in it.
    Raises Http404, also for another team of the same person."""
    if slug != token.team.slug or not Scope(token.scope).role.includes(role):
        raise Http404(slug)
    return team_for(token.user, slug, role)
