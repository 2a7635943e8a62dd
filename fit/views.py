"""The wizard's pages. All of them are reads, and all state is in the address."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from fit import after, asking, bill, costs, pages, report, several
from fit import compare as comparing
from fit import parts as parting
from fit.model import fit


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """One question at a time. A form that was sent becomes the clean address of the next page."""
    model, asked = fit(), asking.read(request.GET, fit())
    if asked.skipped:
        asked = asked.without(asked.skipped)
    at = asked.at or asking.first_open(model, asked.said)
    if came_from := asked.skipped or asked.came_from:
        at = asking.following(model, asked.said, came_from)
        if pages.settles(model, asked, came_from):
            at = ""
        if at and not asked.notices:
            return redirect(pages.key_url(asked, at))
    if not at:
        return redirect(pages.result_url(asked))
    return render(request, "fit/key.html", pages.question(model, asked, at))


@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """All questions on one page, with the standing beside them."""
    model = fit()
    return render(request, "fit/sheet.html", pages.sheet(model, asking.read(request.GET, model)))


@require_safe
def standing(request: HttpRequest) -> HttpResponse:
    """The fragment beside the sheet, fetched again when an answer changes."""
    model = fit()
    context = pages.standing(model, asking.read(request.GET, model))
    return render(request, "fit/_standing.html", context)


@require_safe
def result(request: HttpRequest) -> HttpResponse:
    model, asked = fit(), asking.read(request.GET, fit())
    if not asked.answers:
        context = {"nav": "fit", "notices": asked.notices, "key_url": pages.key_url(asked)}
        return render(request, "fit/nothing.html", context)
    today = timezone.localdate()
    return render(request, "fit/result.html", report.result(model, asked, today))


@require_safe
def result_json(request: HttpRequest) -> JsonResponse:
    """The same result for programs."""
    model, asked = fit(), asking.read(request.GET, fit())
    url = request.build_absolute_uri(pages.result_url(asked))
    return JsonResponse(report.as_json(model, asked, timezone.localdate(), url))


@require_safe
def parts(request: HttpRequest) -> HttpResponse:
    """Two to five parts of a workload; what a form did becomes a clean address."""
    found = several.read(request.GET, fit(), parting.LEAST, parting.MOST)
    after_act = several.acted(found, parting.LEAST, parting.MOST)
    if found.sent and not found.notices:
        return redirect(parting.url(after_act))
    return render(request, "fit/parts.html", parting.page(fit(), after_act))


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four variants; the address of a plain result is taken as the first."""
    query = comparing.with_first(request.GET, fit())
    found = several.read(query, fit(), comparing.LEAST, comparing.MOST)
    after_act = several.acted(found, comparing.LEAST, comparing.MOST)
    if found.sent and not found.notices:
        return redirect(comparing.url(after_act))
    return render(request, "fit/compare.html", comparing.page(fit(), after_act))


@require_safe
def cost(request: HttpRequest) -> HttpResponse:
    """Where paying by use and always on break even; what is wrong stands beside its field."""
    asked = asking.read(request.GET, fit(), also=bill.NAMES)
    found = bill.read(request.GET, asked)
    return render(request, "fit/cost.html", costs.page(found), status=200 if found.case else 422)


@require_safe
def cost_csv(request: HttpRequest) -> HttpResponse:
    """The table of the cost page. With a mistake in the address, the page that says so."""
    found = bill.read(request.GET, asking.read(request.GET, fit(), also=bill.NAMES))
    if found.case is None:
        return render(request, "fit/cost.html", costs.page(found), status=422)
    response = HttpResponse(costs.table(found.case), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="cost.csv"'
    return response


@require_safe
def starter_yaml(request: HttpRequest) -> HttpResponse:
    """The starter design of a result, as a file."""
    found = after.asked_for(request.GET, fit())
    if found is None:
        raise Http404("no answers")
    response = HttpResponse(found.text, content_type="text/yaml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="starter.yaml"'
    return response


@require_safe
def starter_svg(request: HttpRequest) -> HttpResponse:
    """Its drawing, as a file that needs no stylesheet."""
    found = after.asked_for(request.GET, fit())
    if found is None or isinstance(found.drawing, str):
        raise Http404("no drawing")
    response = HttpResponse(found.drawing.standalone, content_type="image/svg+xml")
    response["Content-Disposition"] = 'attachment; filename="starter.svg"'
    return response


@require_safe
def model(request: HttpRequest) -> HttpResponse:
    """What the wizard believes and how often it was right."""
    return render(request, "fit/model.html", pages.model_page(fit()))


@require_safe
def printed(request: HttpRequest) -> HttpResponse:
    """The key on paper."""
    context = {"nav": "fit", "fit": fit(), "leads": pages.leads(fit()), "url": reverse("fit:key")}
    return render(request, "fit/printed.html", context)
