"""Rating the text of a colleague."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from scenarios.catalogue import catalogue
from scenarios.engine import ESSAY, Unanswered
from scenarios.essays import pages, workflow


@never_cache
@login_required
def colleague(request: HttpRequest, id: str, essay: uuid.UUID) -> HttpResponse:
    """Only for those who may rate this text now; for others it does not exist."""
    found = catalogue().exercises.get(id)
    if found is None or found.type != ESSAY:
        raise Http404
    theirs = next((e for e in workflow.to_rate(request.user, found) if e.id == essay), None)
    if theirs is None:
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            workflow.rate_other(request.user, found, theirs, dict(request.POST.lists()))
        except Unanswered as unanswered:
            error = str(unanswered)
        else:
            messages.success(request, "Thank you. The author sees it without your name.")
            return redirect("scenarios:exercise", id)
    posted = dict(request.POST.lists()) if error else None
    context = pages.of_another(found, theirs, posted) | {"error": error}
    return render(request, "scenarios/colleague.html", context, status=422 if error else 200)
