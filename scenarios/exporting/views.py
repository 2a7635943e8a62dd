"""One's own attempts for another system."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from scenarios import workflow
from scenarios.catalogue import catalogue
from scenarios.exporting import xapi
from scenarios.models import Attempt
from scenarios.review import standings


@require_GET
def xapi_statements(request: HttpRequest) -> HttpResponse:
    """All attempts and levels of the learner, as a list of xAPI statements."""
    learner = workflow.learner(request)
    known = catalogue()
    attempts = list(Attempt.objects.of(learner).defer("grade"))
    site = request.build_absolute_uri("/").rstrip("/")
    found = xapi.statements(learner, attempts, standings.of(learner, known), known, site)
    response = JsonResponse(
        found, safe=False, json_dumps_params={"indent": 1, "ensure_ascii": False}
    )
    response.headers["Content-Disposition"] = 'attachment; filename="warmstart-xapi.json"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
