"""A panel on a revision: opened, marked blind, talked about, decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from design.document import load
from reviews import access
from reviews.judging import calibrating, pages
from reviews.judging import panels as workflow
from reviews.judging.forms import DecisionForm, InviteForm, MarksForm, NoteForm, OpenForm
from reviews.judging.panels import Refused
from reviews.judging.rubric import rubric
from reviews.models import Mark, Panel, Revision, Seat
from teams.access import guests_sign_in
from teams.models import Role

_DRAFT = "Kept as a draft; nobody else sees it."


def _base(request: HttpRequest, revision: Revision) -> dict[str, Any]:
    design = revision.design
    return {"nav": "reviews", "team": design.team, "design": design, "revision": revision}


def _page(request: HttpRequest, panel: Panel, status: int = 200, **forms: object) -> HttpResponse:
    """The panel with the forms that this person may use."""
    revision = panel.revision
    role = revision.design.team.role_of(request.user)
    context = _base(request, revision) | pages.panel_page(request.user, panel)
    context["may_edit"] = may_edit = role is not None and role.includes(Role.EDITOR)
    mine = context["mine"] if role and role.includes(Role.REVIEWER) else None
    context["mine"] = mine
    if may_edit and panel.is_blind:
        seated = {seat.user_id for seat in context["seats"]}
        left = [m for m in workflow.candidates(revision) if m.user_id not in seated]
        context["invite"] = InviteForm(members=left) if left else None
    if panel.is_talk and mine and mine.marked:
        if context["disputes"]:
            context["second"] = _second_form(mine, context["disputes"])
        context["decision"] = DecisionForm()
    return render(request, "reviews/judging/panel.html", context | forms, status=status)


def _second_form(seat: Seat, disputes: list[pages.Row], data: object = None) -> MarksForm:
    """Filled with what stands, so that holding on to a mark takes a reason and no more."""
    initial: dict[str, object] = {}
    for row in disputes:
        own = next((one for one in row.given if one.seat.pk == seat.pk), None)
        if own and (stands := own.stands):
            initial[f"mark-{row.criterion.id}"] = _said(stands)
            initial[f"reason-{row.criterion.id}"] = own.second.reason if own.second else ""
    return MarksForm(data, criteria=[row.criterion for row in disputes], initial=initial)


def _said(mark: Mark) -> str:
    return "none" if mark.value is None else str(mark.value)


def _try(request: HttpRequest, work: Callable[[], object], done: str = "") -> bool:
    """Whether it was done; if not, the next page says why."""
    try:
        work()
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    if done:
        messages.success(request, done)
    return True


@require_safe
@never_cache
@guests_sign_in
def page(request: HttpRequest, team: str, slug: str, number: int) -> HttpResponse:
    return _page(request, access.readable_panel(request.user, team, slug, number))


@require_safe
@never_cache
@guests_sign_in
def standing(request: HttpRequest, team: str, slug: str, number: int) -> HttpResponse:
    """The fragment that says who has sent marks; nothing that is being typed is touched."""
    panel = access.readable_panel(request.user, team, slug, number)
    context = _base(request, panel.revision) | {
        "panel": panel,
        "seats": list(panel.seats.select_related("user")),
        "known": request.GET.get("state", panel.state),
    }
    return render(request, "reviews/judging/_standing.html", context)


@never_cache
@guests_sign_in
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_(request: HttpRequest, team: str, slug: str, number: int) -> HttpResponse:
    revision = access.editable_revision(request.user, team, slug, number)
    if existing := Panel.objects.filter(revision=revision).first():
        existing.revision = revision
        return redirect(existing)
    rules = workflow.rules_of(revision.design.team)
    members = workflow.candidates(revision)
    form = OpenForm(request.POST or None, members=members, initial={"hide_score": rules.hide_score})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            panel = workflow.open_panel(
                revision,
                request.user,
                form.chosen(),
                due=data["due"],
                hide_score=data["hide_score"],
            )
        except Refused as refused:
            form.add_error("people", str(refused))
        else:
            return redirect(panel)
    context = _base(request, revision) | {"form": form, "members": members, "rules": rules}
    status = 422 if form.errors else 200
    return render(request, "reviews/judging/open.html", context, status=status)


@require_POST
@login_required
def invite(request: HttpRequest, team: str, slug: str, number: int) -> HttpResponse:
    panel = access.manageable_panel(request.user, team, slug, number)
    form = InviteForm(request.POST, members=workflow.candidates(panel.revision))
    if not form.is_valid():
        return _page(request, panel, 422, invite=form)
    _try(request, lambda: workflow.invite(panel, request.user, form.chosen()))
    return redirect(panel)


@require_POST
@login_required
def excuse(request: HttpRequest, team: str, slug: str, number: int, id: int) -> HttpResponse:
    seat = access.manageable_seat(request.user, team, slug, number, id)
    _try(request, lambda: workflow.excuse(seat, request.user), f"{seat} is off the panel.")
    return redirect(seat.panel)


@require_POST
@login_required
def call_off(request: HttpRequest, team: str, slug: str, number: int) -> HttpResponse:
    panel = access.manageable_panel(request.user, team, slug, number)
    if _try(request, lambda: workflow.call_off(panel, request.user), "The panel is called off."):
        return redirect(panel.revision)
    return redirect(panel)


@never_cache
@guests_sign_in
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def marks(request: HttpRequest, team: str, slug: str, number: int) -> HttpResponse:
    """One reviewer's sheet of the first round."""
    seat = access.own_seat(request.user, team, slug, number)
    panel = seat.panel
    if seat.marked or not panel.is_blind:
        return redirect(panel)
    if panel.agreed().calibrate == "required" and calibrating.missing(request.user):
        messages.warning(request, "Mark the two sample designs first: this team asks for it.")
        return redirect("reviews:calibration")
    send = request.POST.get("do") == "send"
    form = MarksForm(
        request.POST or None, criteria=rubric().criteria, send=send, initial=seat.draft
    )
    if request.method == "POST" and form.is_valid():
        return _kept(request, seat, form)
    context = _base(request, panel.revision) | {"panel": panel, "form": form, "rows": form.rows()}
    run = panel.revision.run()
    if run and run.is_done:
        context["drawing"] = pages.drawing(run)
    context["uncalibrated"] = panel.agreed().calibrate == "offered" and calibrating.missing(
        request.user
    )
    status = 422 if form.errors else 200
    return render(request, "reviews/judging/marks.html", context, status=status)


def _kept(request: HttpRequest, seat: Seat, form: MarksForm) -> HttpResponse:
    if form.send:
        _try(request, lambda: workflow.mark(seat, form.given()), "Your marks are sent.")
        return redirect(seat.panel)
    said = {key: value for key, value in form.cleaned_data.items() if value}
    if not _try(request, lambda: workflow.keep_draft(seat, said), _DRAFT):
        return redirect(seat.panel)
    # Whoever goes to write a note in between comes back to what was marked.
    to_note = request.POST.get("do") == "note"
    return redirect(f"{seat.panel.get_absolute_url()}notes/" if to_note else request.path)


@require_POST
@login_required
def open_marks(request: HttpRequest, team: str, slug: str, number: int) -> HttpResponse:
    panel = access.manageable_panel(request.user, team, slug, number)
    _try(request, lambda: workflow.close_first(panel, request.user), "The marks are open.")
    return redirect(panel)


@require_POST
@login_required
def second(request: HttpRequest, team: str, slug: str, number: int) -> HttpResponse:
    seat = access.own_seat(request.user, team, slug, number)
    found = pages.panel_page(request.user, seat.panel)
    form = _second_form(seat, found.get("disputes", []), request.POST)
    if not form.is_valid():
        return _page(request, seat.panel, 422, second=form)
    _try(request, lambda: workflow.mark_again(seat, form.given()), "Your second marks are kept.")
    return redirect(f"{seat.panel.get_absolute_url()}#disputed")


@never_cache
@guests_sign_in
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, team: str, slug: str, number: int) -> HttpResponse:
    seat = access.own_seat(request.user, team, slug, number)
    panel = seat.panel
    if panel.is_closed:
        return redirect(panel)
    design = load(panel.revision.text)
    form = NoteForm(request.POST or None, design=design)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        _try(
            request,
            lambda: workflow.note(seat, data["kind"], data["text"], data["subjects"]),
            "The note is kept.",
        )
        return redirect(f"{panel.get_absolute_url()}#notes")
    context = _base(request, panel.revision) | {"panel": panel, "form": form}
    context["parts"] = [part.id for part in (*design.components, *design.boundaries)]
    status = 422 if form.errors else 200
    return render(request, "reviews/judging/note.html", context, status=status)


@require_POST
@login_required
def withdraw(request: HttpRequest, team: str, slug: str, number: int, id: int) -> HttpResponse:
    found = access.own_note(request.user, team, slug, number, id)
    _try(request, lambda: workflow.withdraw(found), "The note is withdrawn.")
    return redirect(f"{found.panel.get_absolute_url()}#notes")


@require_POST
@login_required
def decide(request: HttpRequest, team: str, slug: str, number: int) -> HttpResponse:
    seat = access.own_seat(request.user, team, slug, number)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, seat.panel, 422, decision=form)
    data = form.cleaned_data
    _try(
        request,
        lambda: workflow.decide(seat, data["verdict"], data["text"]),
        "Your decision is kept.",
    )
    return redirect(f"{seat.panel.get_absolute_url()}#decisions")


@require_POST
@login_required
def close(request: HttpRequest, team: str, slug: str, number: int) -> HttpResponse:
    panel = access.manageable_panel(request.user, team, slug, number)
    _try(request, lambda: workflow.close(panel, request.user), "The panel is closed.")
    return redirect(panel)
