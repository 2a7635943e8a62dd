"""A round of a team: answering alone, standing side by side, settling."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fit.assessments import access, pages, workflow
from fit.assessments.forms import BallotForm, RemarkForm, read_ballot
from fit.assessments.workflow import Closed
from fit.model import fit
from fit.models import Assessment, Round
from teams.access import guests_sign_in
from teams.models import Role


def _of_a_team(user: object, id: int, role: Role) -> Assessment:
    """Rounds are of teams: a person alone has nobody to disagree with. Raises Http404."""
    found = access.allowed(user, id, role)
    if found.team is None:
        raise Http404(str(id))
    return found


def _round(user: object, id: int, number: int, role: Role) -> Round:
    return access.round_of(_of_a_team(user, id, role), number)


@require_POST
@guests_sign_in
def start(request: HttpRequest, id: int) -> HttpResponse:
    found = _of_a_team(request.user, id, Role.EDITOR)
    return redirect(workflow.open_round(found, request.user))


@require_safe
@never_cache
@guests_sign_in
def page(request: HttpRequest, id: int, number: int) -> HttpResponse:
    found = _round(request.user, id, number, Role.VIEWER)
    return render(request, "fit/saved/round.html", pages.round_page(request.user, found))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guests_sign_in
def answer(request: HttpRequest, id: int, number: int) -> HttpResponse:
    """One member's sheet, empty at first: what others think would lead their hand."""
    found = _round(request.user, id, number, Role.REVIEWER)
    if not found.is_open or found.ballots.filter(by=request.user).exists():
        return redirect(found)
    asked = read_ballot(request.POST, fit())
    form = BallotForm(request.POST or None)
    problems = list(asked.notices)
    if request.method == "POST":
        if not asked.answers:
            problems.append("Answer at least one question.")
        if form.is_valid() and not problems:
            try:
                workflow.cast(found, request.user, asked.answers, form.cleaned_data["note"])
            except Closed as closed:
                messages.error(request, str(closed))
            return redirect(found)
    context = {
        **pages.about(request.user, found.assessment),
        "round": found,
        "form": form,
        "problems": problems,
        "questions": pages.ballot_rows(fit(), dict(asked.said)),
    }
    status = 422 if problems or form.errors else 200
    return render(request, "fit/saved/ballot.html", context, status=status)


@require_POST
@guests_sign_in
def close(request: HttpRequest, id: int, number: int) -> HttpResponse:
    found = _round(request.user, id, number, Role.EDITOR)
    workflow.close(found)
    return redirect(found)


def _disputed(request: HttpRequest, id: int, number: int, question: str, role: Role) -> Round:
    """A round whose answers this person may see, with a dispute about the question. Raises
    Http404."""
    found = _round(request.user, id, number, role)
    context = pages.round_page(request.user, found)
    if not context["shown"] or question not in {
        d["question"].id for d in context["disputes"]
    }:  # fmt: skip
        raise Http404(question)
    return found


def _refused(request: HttpRequest, found: Round, key: str, form: object) -> HttpResponse:
    context = pages.round_page(request.user, found, {key: form})
    return render(request, "fit/saved/round.html", context, status=422)


@require_POST
@guests_sign_in
def remark(request: HttpRequest, id: int, number: int, question: str) -> HttpResponse:
    found = _disputed(request, id, number, question, Role.REVIEWER)
    form = RemarkForm(request.POST, prefix=f"remark-{question}")
    if not form.is_valid():
        return _refused(request, found, f"remark-{question}", form)
    if found.agreed_id is None:
        form.instance.round, form.instance.question = found, question
        form.instance.by = request.user
        form.save()
    return redirect(f"{found.get_absolute_url()}#q-{question}")


@require_POST
@guests_sign_in
def settle(request: HttpRequest, id: int, number: int, question: str) -> HttpResponse:
    found = _disputed(request, id, number, question, Role.EDITOR)
    form = pages.settle_form(fit(), question, data=request.POST)
    if not form.is_valid():
        return _refused(request, found, f"settle-{question}", form)
    data = form.cleaned_data
    _try(
        request,
        lambda: workflow.settle(found, request.user, question, data["answer"], data["reason"]),
    )
    return redirect(f"{found.get_absolute_url()}#q-{question}")


@require_POST
@guests_sign_in
def agree(request: HttpRequest, id: int, number: int) -> HttpResponse:
    found = _round(request.user, id, number, Role.EDITOR)
    if not found.ballots.exists():
        messages.error(request, "Nobody has answered yet, so there is nothing to keep.")
        return redirect(found)
    if found.is_open:
        messages.error(request, "Close the round first: somebody may still be answering.")
        return redirect(found)
    if _try(request, lambda: workflow.agree(found, request.user)):
        return redirect(found.assessment)
    return redirect(found)


def _try(request: HttpRequest, work: Callable[[], object]) -> bool:
    """Whether it was done; if not, the next page says why."""
    try:
        work()
    except Closed as refused:
        messages.error(request, str(refused))
        return False
    return True
