"""The owner's page of tokens: made, shown once, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from teams.access import team_for, token_for
from teams.events import happened
from teams.models import AccessToken, Role, Scope
from teams.programs import limits
from teams.programs.forms import TokenForm

_TEXT = "token_text"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def tokens(request: HttpRequest, slug: str) -> HttpResponse:
    team = team_for(request.user, slug, Role.OWNER)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with transaction.atomic():
            made, text = AccessToken.issue(
                team, request.user, data["name"], Scope(data["scope"]), data["days"]
            )
            happened(
                team,
                "token.made",
                made.name,
                by=request.user,
                url=request.path,
                detail={"scope": made.scope, "expires": made.expires.date().isoformat()},
            )
        # Shown once, on the next page: only a hash of it is kept.
        request.session[_TEXT] = text
        return redirect("teams:tokens", team.slug)
    context = {
        "nav": "reviews",
        "team": team,
        "here": "tokens",
        "owner": True,
        "text": request.session.pop(_TEXT, ""),
        "tokens": team.tokens.select_related("user"),
        "form": form,
        "reads": limits.READS,
        "writes": limits.WRITES,
        "base": request.build_absolute_uri("/").rstrip("/"),
    }
    status = 422 if form.errors else 200
    return render(request, "teams/programs/tokens.html", context, status=status)


@require_POST
@login_required
def revoke_token(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    token = token_for(request.user, slug, id)
    with transaction.atomic():
        if AccessToken.objects.filter(pk=token.pk, revoked=None).update(revoked=timezone.now()):
            happened(token.team, "token.revoked", token.name, by=request.user)
    messages.success(request, f"The token “{token.name}” is revoked; it no longer works.")
    return redirect("teams:tokens", slug)
