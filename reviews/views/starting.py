"""A new design begins: blank, from a pattern, another design, the fit key, a text or a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from design.document import value_text
from guide.book import book
from reviews import drafts, workflow
from reviews.drafts import BLANK, TooLarge, TooMany
from reviews.forms import DesignForm
from reviews.models import Design
from reviews.starting import text_from
from teams.access import guests_sign_in, team_for
from teams.models import Membership, Role, Team

MOST_OFFERED = 200


class TitleForm(forms.Form):
    title = forms.CharField(
        label="Title", max_length=120, help_text="Its id is made from it; both can be changed."
    )


@guests_sign_in
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, team: str) -> HttpResponse:
    """Every way to begin, on one page. A text or file is submitted at once, or opened first."""
    found = team_for(request.user, team, Role.EDITOR)
    act = request.POST.get("act", "submit")
    posted = request.POST if request.method == "POST" else None
    form = DesignForm(posted if act in ("submit", "draft") else None, request.FILES or None)
    titled = TitleForm(posted if act == "blank" else None)
    context = {"form": form, "titled": titled}
    if posted is None:
        return _new(request, found, context)
    try:
        if act == "blank" and titled.is_valid():
            return _begun(request, found, blank(titled.cleaned_data["title"]), "a blank")
        if act == "from":
            text, what = text_from(request.user, request.POST.get("from", ""))
            return _begun(request, found, text, what)
        if act == "draft" and (text := form.given()):
            return _begun(request, found, text, "an upload" if request.FILES else "a pasted text")
    except (TooLarge, TooMany) as refused:
        return _new(request, found, context | {"refused": str(refused)}, status=422)
    if act in ("submit", "draft") and form.is_valid():
        run = workflow.submit(found, request.user, form.cleaned_data["text"])
        return redirect(run.revision)
    return _new(request, found, context, status=422)


def blank(title: str) -> str:
    """The smallest design, with what one would write next as comments."""
    id = slugify(title)[:60].strip("-")
    id = id if id[:1].isalpha() else f"design-{id}".strip("-")
    return BLANK.format(id=id, title=value_text(title))


def _begun(request: HttpRequest, team: Team, text: str, source: str) -> HttpResponse:
    return redirect(drafts.begin(team, request.user, text.replace("\r\n", "\n"), source))


def _new(
    request: HttpRequest, team: Team, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    patterns = [
        (f"/plates/{p.label}.yaml", f"{p.label} {p.title}") for p in book().patterns.values()
    ]
    context |= {
        "nav": "reviews",
        "team": team,
        "example": (workflow.DEMONSTRATION / "photo-orders.yaml").read_text(encoding="utf-8"),
        "patterns": patterns,
        "copies": _copies(request, team),
        "mine": list(team.drafts.filter(by=request.user, design__isnull=True).in_lists()),
    }
    return render(request, "reviews/new.html", context, status=status)


def _copies(request: HttpRequest, team: Team) -> list[tuple[str, str]]:
    """Designs that this person may read, those of the team first."""
    teams = Team.objects.visible_to(request.user)
    standing = Max("revisions__number", filter=Q(revisions__withdrawal__isnull=True))
    rows = Design.objects.live().filter(team__in=teams).select_related("team")
    found = list(rows.annotate(standing=standing).exclude(standing=None)[:MOST_OFFERED])
    found.sort(key=lambda d: (d.team_id != team.pk, d.team.name, d.title))
    copies = []
    for design in found:
        words = f"{design.title}, revision {design.standing}"
        if design.team_id != team.pk:
            words = f"{design.team}: {words}"
        args = [design.team.slug, design.slug, design.standing]
        copies.append((reverse("reviews:text", args=args), words))
    return copies


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """A design of this site, named by its address, becomes a draft in a team of one's own."""
    address = request.POST.get("from", request.GET.get("from", ""))
    text, what = text_from(request.user, address)
    rows = (
        Membership.objects.filter(user=request.user).select_related("team").order_by("team__name")
    )
    teams = [row.team for row in rows if Role(row.role).includes(Role.EDITOR)]
    context: dict[str, Any] = {"nav": "reviews", "from": address, "what": what, "teams": teams}
    context |= {"title": drafts.title_of(text), "text": text}
    if request.method == "POST":
        team = team_for(request.user, request.POST.get("team", ""), Role.EDITOR)
        try:
            return _begun(request, team, text, what)
        except (TooLarge, TooMany) as refused:
            context["refused"] = str(refused)
    status = 422 if "refused" in context else 200
    return render(request, "reviews/start.html", context, status=status)
