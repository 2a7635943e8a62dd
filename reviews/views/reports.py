"""Reports: frozen, listed, shown, written as files, shared by link."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from reviews import access
from reviews.forms import FreezeForm, ReportLinkForm
from reviews.judging import beside as judged
from reviews.models import Design, Report, ReportLink, Revision
from reviews.reports import workflow, written
from teams.access import guests_sign_in
from teams.models import Role

LINK = "report_link"


@require_safe
@never_cache
@guests_sign_in
def listed(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    return _list(request, access.readable_design(request.user, team, slug))


def _list(
    request: HttpRequest, design: Design, form: FreezeForm | None = None, status: int = 200
) -> HttpResponse:
    covered = judged.covered_in([design.team], request.user)
    rows = Report.objects.for_lists().filter(revision__design=design).exclude(revision__in=covered)
    for row in rows:
        row.revision.design = design
    context = _about(request, design) | {
        "reports": rows,
        "latest": design.latest(),
        "form": form or FreezeForm(),
    }
    return render(request, "reviews/reports/list.html", context, status=status)


def _about(request: HttpRequest, design: Design) -> dict[str, Any]:
    role = design.team.role_of(request.user)
    return {
        "nav": "reviews",
        "team": design.team,
        "design": design,
        "member": role is not None,
        "may_freeze": role is not None and role.includes(Role.REVIEWER),
        "may_share": role is not None and role.includes(Role.EDITOR),
    }


@require_POST
@guests_sign_in
def freeze(request: HttpRequest, team: str, slug: str, number: int) -> HttpResponse:
    revision: Revision = access.judged_revision(request.user, team, slug, number)
    if judged.is_covered(request.user, revision):
        raise judged.Covered(revision.design)
    form = FreezeForm(request.POST)
    if form.is_valid():
        try:
            return redirect(workflow.freeze(revision, request.user, form.cleaned_data["note"]))
        except workflow.NotChecked as problem:
            form.add_error(None, str(problem))
    return _list(request, revision.design, form, 422)


@require_safe
@never_cache
@guests_sign_in
def frozen(request: HttpRequest, team: str, slug: str, report: int) -> HttpResponse:
    return _page(request, access.readable_report(request.user, team, slug, report))


def _page(
    request: HttpRequest, report: Report, form: ReportLinkForm | None = None, status: int = 200
) -> HttpResponse:
    about = _about(request, report.revision.design)
    context = about | written.context(report) | {"files": _files(report)}
    if about["may_share"]:
        made = request.session.pop(LINK, None)
        context |= {
            "link": made[1] if made and made[0] == report.pk else "",
            "links": report.links.all(),
            "link_form": form or ReportLinkForm(),
        }
    return render(request, "reviews/reports/report.html", context, status=status)


def _files(report: Report) -> list[tuple[str, str]]:
    design = report.revision.design
    args = [design.team.slug, design.slug, report.number]
    return [
        (form.word, reverse("reviews:frozen_file", args=[*args, ending]))
        for ending, form in written.FILES.items()
    ]


@require_safe
@guests_sign_in
def file(request: HttpRequest, team: str, slug: str, report: int, form: str) -> HttpResponse:
    return _file(access.readable_report(request.user, team, slug, report), form)


def _file(report: Report, ending: str) -> HttpResponse:
    """Always an attachment: what a stranger wrote is never shown as a page of ours."""
    form = written.FILES.get(ending)
    if form is None:
        raise Http404(ending)
    try:
        body = form.write(report)
    except written.Undrawn as problem:
        raise Http404(str(problem)) from None
    response = HttpResponse(body, content_type=form.kind)
    name = f"{report.revision.design.slug}-report-{report.number}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# Links


@require_POST
@guests_sign_in
def make_link(request: HttpRequest, team: str, slug: str, report: int) -> HttpResponse:
    found = access.shareable_report(request.user, team, slug, report)
    form = ReportLinkForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    token = workflow.share(
        found, request.user, form.cleaned_data["days"], form.cleaned_data["note"]
    )
    # Shown once, on the next page: only a hash of the token is kept.
    address = request.build_absolute_uri(reverse("reviews:shared", args=[token]))
    request.session[LINK] = [found.pk, address]
    return redirect(f"{found.get_absolute_url()}#links")


@require_POST
@guests_sign_in
def revoke_link(request: HttpRequest, team: str, slug: str, report: int, link: int) -> HttpResponse:
    found = access.shareable_report(request.user, team, slug, report)
    workflow.revoke(access.link_of(found, link), request.user)
    messages.success(request, "The link is revoked; from now on it shows nothing.")
    return redirect(f"{found.get_absolute_url()}#links")


@require_safe
@never_cache
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The report without names, history or anything else of the team."""
    link = _link(request, token)
    if not link.is_open:
        return _unlisted(_gone(request, link))
    link.touch()
    context = written.context(link.report) | {
        "nav": "reviews",
        "until": link.expires,
        "files": [
            (form.word, reverse("reviews:shared_file", args=[token, ending]))
            for ending, form in written.FILES.items()
        ],
    }
    return _unlisted(render(request, "reviews/reports/shared.html", context))


@require_safe
@never_cache
def shared_file(request: HttpRequest, token: str, form: str) -> HttpResponse:
    link = _link(request, token)
    if not link.is_open:
        return _unlisted(_gone(request, link))
    link.touch()
    return _unlisted(_file(link.report, form))


def _link(request: HttpRequest, token: str) -> ReportLink:
    link = ReportLink.by_token(token)
    if link is None:
        raise Http404
    if judged.is_covered(request.user, link.report.revision):
        raise judged.Covered(link.report.revision.design)
    return link


def _gone(request: HttpRequest, link: ReportLink) -> HttpResponse:
    context = {"nav": "reviews", "link": link}
    return render(request, "reviews/reports/gone.html", context, status=410)


def _unlisted(response: HttpResponse) -> HttpResponse:
    # The address is the key: neither search engines nor the pages it leads to may have it.
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
