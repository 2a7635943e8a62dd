"""Discussion of a design: threads, comments, and what a waiting page asks for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from design import document
from reviews.access import (
    discussed_design,
    discussed_thread,
    finding_of,
    own_comment,
    readable_design,
    readable_thread,
)
from reviews.followup import talking
from reviews.followup.forms import CommentForm, EditForm, ThreadForm
from reviews.followup.frame import frame
from reviews.followup.tracking import Stale
from reviews.models import Design, Thread
from reviews.textdiff import hunks
from teams.access import guests_sign_in

_SHOWN = 100
_WHOLE = ("", "the whole design")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guests_sign_in
def threads(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    """The threads of a design; posting begins one on it or on one of its components."""
    if request.method == "POST":
        design = discussed_design(request.user, team, slug)
        form = ThreadForm(request.POST, places=_places(design))
        if form.is_valid():
            data = form.cleaned_data
            thread = talking.begin(design, request.user, data["text"], component=data["about"])
            return redirect(thread)
        return render(
            request, "reviews/followup/threads.html", _list(request, design, form), status=422
        )
    design = readable_design(request.user, team, slug)
    return render(request, "reviews/followup/threads.html", _list(request, design))


def _list(request: HttpRequest, design: Design, form: ThreadForm | None = None) -> dict[str, Any]:
    context = frame(request, design, "talk")
    resolved = request.GET.get("state") == "resolved"
    rows = design.threads.for_lists().filter(resolved__isnull=not resolved)
    if getattr(design, "is_covered", False):
        rows = rows.filter(finding__isnull=True)
    found = list(rows[: _SHOWN + 1])
    for thread in found:
        thread.design = design
        if thread.finding:
            thread.finding.design = design
    if context["may_discuss"] and form is None:
        about = {"about": request.GET.get("about", "")}
        form = ThreadForm(places=_places(design), initial=about)
    return context | {
        "threads": found[:_SHOWN],
        "more": len(found) > _SHOWN,
        "resolved": resolved,
        "form": form,
        "opened": "about" in request.GET or bool(form and form.errors),
    }


def _places(design: Design) -> list[tuple[str, str]]:
    """What a thread can be about: the design, or a component of its newest revision."""
    latest = design.latest()
    made = document.read(latest.text)[0] if latest else None
    return [_WHOLE, *((c.id, c.id) for c in (made.components if made else ()))]


@require_safe
@never_cache
@guests_sign_in
def thread(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    found = readable_thread(request.user, team, slug, id)
    return render(request, "reviews/followup/thread.html", _thread(request, found))


def _thread(request: HttpRequest, found: Thread, form: CommentForm | None = None) -> dict[str, Any]:
    return frame(request, found.design, "talk") | {
        "thread": found,
        "form": form or CommentForm(),
    }


@require_safe
@never_cache
@guests_sign_in
def comments(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    """The fragment that an open page asks for, so that others' comments appear in it."""
    found = readable_thread(request.user, team, slug, id)
    return render(request, "reviews/followup/_comments.html", _thread(request, found))


@require_POST
@guests_sign_in
def reply(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    found = discussed_thread(request.user, team, slug, id)
    form = CommentForm(request.POST)
    if not form.is_valid():
        context = _thread(request, found, form)
        return render(request, "reviews/followup/thread.html", context, status=422)
    comment = talking.reply(found, request.user, form.cleaned_data["text"])
    return redirect(f"{found.get_absolute_url()}#c{comment.pk}")


@require_POST
@guests_sign_in
def begin_on_finding(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    """A thread on a finding, from the finding's page."""
    design = discussed_design(request.user, team, slug)
    row = finding_of(design, id)
    form = CommentForm(request.POST)
    if not form.is_valid():
        context = frame(request, design, "talk") | {"finding": row, "form": form}
        return render(request, "reviews/followup/begin.html", context, status=422)
    return redirect(talking.begin(design, request.user, form.cleaned_data["text"], finding=row))


@require_POST
@guests_sign_in
def settle(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    """Resolves a thread or reopens it, whichever the button says."""
    found = discussed_thread(request.user, team, slug, id)
    resolved = request.POST.get("act") == "resolve"
    if talking.settle(found, request.user, resolved=resolved):
        messages.success(request, "Resolved." if resolved else "Open again.")
    return redirect(found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guests_sign_in
def edit(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    """One's own comment; what it said at first stays readable."""
    comment = own_comment(request.user, team, slug, id)
    initial = {"text": comment.text, "version": comment.version}
    form = EditForm(request.POST or None, initial=initial)
    context = frame(request, comment.thread.design, "talk")
    context |= {"comment": comment, "thread": comment.thread, "form": form}
    if request.method != "POST":
        return render(request, "reviews/followup/edit.html", context)
    if not form.is_valid():
        return render(request, "reviews/followup/edit.html", context, status=422)
    text = form.cleaned_data["text"]
    try:
        talking.edit(comment, text, form.cleaned_data["version"])
    except Stale as stale:
        comment.refresh_from_db()
        typed = EditForm(initial={"text": text, "version": comment.version})
        context |= {"form": typed, "conflict": str(stale), "hunks": hunks(comment.text, text)}
        return render(request, "reviews/followup/edit.html", context, status=409)
    return redirect(f"{comment.thread.get_absolute_url()}#c{comment.pk}")
