"""Reviews: the lists, a design submitted, looked at, compared."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from design import compare as comparing
from design.diagram import FORMATS as PICTURES
from design.export import FORMATS, markdown
from design.result import Result, evaluate, from_dict
from design.rules import Severity
from reviews import comparison, drafts, openings, pages, pictures, workflow
from reviews.access import (
    editable_design,
    editable_revision,
    readable_design,
    readable_revision,
    revision_of,
)
from reviews.forms import DesignForm, RevisionForm
from reviews.judging import beside as judged
from reviews.models import Design, Draft, Finding, Revision, Run
from reviews.textdiff import hunks
from reviews.viewing import chosen
from reviews.workflow import Archived, MovedOn, Unchanged
from teams.access import guests_sign_in, readable_team
from teams.models import Role, Team
from teams.origin import same_origin

# By the ending of the file: the format's name, its content type, and what the page calls it.
_REPORTS = {
    "md": ("markdown", "text/markdown; charset=utf-8", "Markdown, for a pull request"),
    "json": ("json", "application/json", "JSON"),
    "sarif": ("sarif", "application/sarif+json", "SARIF"),
    "csv": ("csv", "text/csv; charset=utf-8", "CSV"),
}
_SEVERITIES = [severity.value for severity in Severity]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where a member's teams are one step away, and a guest sees a reviewed design."""
    mine = list(Team.objects.of(request.user).order_by("name"))
    if len(mine) == 1:
        return redirect("reviews:team", mine[0].slug)
    shown = Team.objects.filter(public=True).order_by("pk").first()
    context = {
        "nav": "reviews",
        "teams": mine,
        "example": shown,
        "rows": _rows(shown, request.user) if shown else [],
        "severities": _SEVERITIES,
    }
    return render(request, "reviews/home.html", context)


def _rows(team: Team, user: object = None) -> list[dict[str, Any]]:
    """A team's designs with the run to show, in a fixed number of queries. Of a revision that this
    person has yet to judge without its score, no run is shown."""
    rows = []
    for design in team.designs.live().newest_first().with_history():
        design.team = team
        revisions = design.revisions.all()
        *_, latest = [r for r in revisions if not r.is_withdrawn] or revisions
        covered = judged.covers(latest, user)
        run = None if covered else latest.newest_run()
        rows.append({"design": design, "revision": latest, "run": run, "covered": covered})
    counts = openings.by_severity(row["run"] for row in rows if row["run"])
    for row in rows:
        row["counts"] = counts.get(row["run"].pk, {}) if row["run"] else {}
    return rows


@require_safe
@guests_sign_in
def team(request: HttpRequest, team: str) -> HttpResponse:
    found = readable_team(request.user, team)
    role = found.role_of(request.user)
    rows = _rows(found, request.user)
    context = {
        "nav": "reviews",
        "team": found,
        "rows": rows,
        "severities": _SEVERITIES,
        "may_edit": role is not None and role.includes(Role.EDITOR),
        "member": role is not None,
        "archived": found.designs.filter(archived__isnull=False).count(),
        "waiting": judged.waiting_for([row["design"] for row in rows], request.user),
    }
    if context["may_edit"]:
        mine = list(found.drafts.filter(by=request.user).in_lists())
        for draft in mine:
            draft.team = found
        context["drafts"] = mine
    return render(request, "reviews/team.html", context)


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: HttpRequest) -> HttpResponse:
    """A design checked for anybody, with nothing stored."""
    form = DesignForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"nav": "reviews", "form": form, "example": _example()}
    status = 200
    if request.method == "POST":
        if form.is_valid() and form.design:
            result = evaluate(form.design, timezone.localdate().isoformat())
            context |= pages.review(result)
        else:
            status = 422
    return render(request, "reviews/try.html", context, status=status)


def _example() -> str:
    return (workflow.DEMONSTRATION / "photo-orders.yaml").read_text(encoding="utf-8")


@guests_sign_in
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    """A text or file from elsewhere as the next revision, in one step."""
    found = editable_design(request.user, team, slug)
    latest = found.current()
    initial = {"text": latest.text, "base": latest.number} if latest else {}
    form = RevisionForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            run = workflow.submit(
                found.team,
                request.user,
                data["text"],
                design=found,
                note=data["note"],
                base=data["base"],
            )
        except Unchanged as unchanged:
            form.add_error("text", f"{unchanged} Change something, or go back.")
        except Archived as archived:
            form.add_error("text", str(archived))
        except MovedOn:
            return _overtaken(request, found, data["text"], data["base"])
        else:
            return redirect(run.revision)
    context = {"nav": "reviews", "team": found.team, "design": found, "form": form}
    context["latest"] = latest
    return render(request, "reviews/revise.html", context, status=422 if form.errors else 200)


def _overtaken(request: HttpRequest, design: Design, text: str, base: int) -> HttpResponse:
    """The text becomes a draft on the revision that it rests on, and is merged there."""
    draft = drafts.resume(design, request.user)
    rests_on = design.revisions.filter(number=base).first()
    draft = drafts.save(draft, draft.version, text, "a text from elsewhere", rests_on)
    messages.warning(request, "Another revision was submitted meanwhile. Nothing is lost.")
    return redirect("reviews:draft_merge", design.team.slug, draft.pk)


@require_safe
@guests_sign_in
def design(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    """The newest revision that counts is what a design's address means."""
    return _revision(request, readable_design(request.user, team, slug))


@require_safe
@guests_sign_in
def revision(request: HttpRequest, team: str, slug: str, number: int) -> HttpResponse:
    return _revision(request, readable_design(request.user, team, slug), number)


@never_cache
def _revision(request: HttpRequest, design: Design, number: int | None = None) -> HttpResponse:
    """The page of one revision, found in the history that the page shows anyway."""
    history = _history(design)
    standing = [r for r in history if not r.is_withdrawn] or history
    wanted = standing[-1:] if number is None else [r for r in history if r.number == number]
    if not wanted:
        raise Http404(str(number))
    found = wanted[0]
    context = _about(request, found, history)
    if found.pk in context["covered"]:
        return judged.covered(request, found, context)
    run = context["run"] = found.newest_run()
    if run and run.is_done:
        since = Finding.objects.first_seen(found.design)
        by = _order(request)
        keep = {"by": by} if by != "severity" else {}
        choice = chosen(request.GET, keep=keep, anchor=f"plate-R{found.number}")
        context |= pages.review(from_dict(run.result), by=by, since=since, choice=choice)
        context["reports"] = [(key, word) for key, (_, _, word) in _REPORTS.items()]
    return render(request, "reviews/revision.html", context)


def _history(design: Design) -> list[Revision]:
    history = list(design.revisions.for_lists())
    for each in history:
        each.design = design
    return history


def _about(
    request: HttpRequest, found: Revision, history: list[Revision] | None = None
) -> dict[str, Any]:
    """What every page of a revision says of its design, its history and its reader."""
    design = found.design
    history = history or _history(design)
    earlier = [r for r in history if r.number < found.number]
    standing = [r for r in history if not r.is_withdrawn] or history
    role = design.team.role_of(request.user)
    drafts = list(Draft.objects.in_lists().filter(design=design)[:9]) if role else []
    human = judged.of_design(request.user, found, history)
    covered = human["covered"]
    return human | {
        "nav": "reviews",
        "team": design.team,
        "design": design,
        "revision": found,
        "history": [
            {"revision": r, "run": None if r.pk in covered else r.newest_run()} for r in history
        ],
        "previous": earlier[-1] if earlier else None,
        "is_latest": found.number >= standing[-1].number,
        "this": next(r for r in history if r.pk == found.pk),
        "may_edit": role is not None and role.includes(Role.EDITOR),
        "member": role is not None,
        "others": [draft for draft in drafts if draft.by != request.user],
        "my_draft": next((draft for draft in drafts if draft.by == request.user), None),
    }


def _order(request: HttpRequest) -> str:
    given = request.GET.get("by", "")
    return given if given in pages.BY else "severity"


@require_safe
@never_cache
@guests_sign_in
def progress(request: HttpRequest, team: str, slug: str, number: int) -> HttpResponse:
    """The fragment that a waiting page asks for; once the run is over, it loads the page anew."""
    found = readable_revision(request.user, team, slug, number)
    run = found.run()
    response = render(request, "reviews/_progress.html", {"revision": found, "run": run})
    if run is None or run.is_over:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@login_required
def again(request: HttpRequest, team: str, slug: str, number: int) -> HttpResponse:
    found = editable_revision(request.user, team, slug, number)
    workflow.check_again(found)
    messages.success(request, f"Revision {number} was sent to be checked with the current rules.")
    return redirect(found)


# Files


def _result(user: object, revision: Revision) -> Result:
    """The result of a checked revision. Raises Http404 when there is none yet, or when this
    person has yet to judge the revision without it."""
    run = revision.run()
    if run is None or not run.is_done:
        raise Http404("not checked yet")
    if judged.is_covered(user, revision):
        raise Http404("covered until your marks are sent")
    return from_dict(run.result)


def _file(body: str | bytes, kind: str, name: str) -> HttpResponse:
    """Always an attachment: what a stranger wrote is never shown as a page of ours."""
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@guests_sign_in
def text(request: HttpRequest, team: str, slug: str, number: int) -> HttpResponse:
    found = readable_revision(request.user, team, slug, number)
    return _file(found.text, "text/yaml; charset=utf-8", f"{slug}-{number}.yaml")


@require_safe
@guests_sign_in
def drawing(request: HttpRequest, team: str, slug: str, number: int, form: str) -> HttpResponse:
    """The picture that the page shows, as a file."""
    found = readable_revision(request.user, team, slug, number)
    view = chosen(request.GET).view
    if form not in PICTURES:
        raise Http404(form)
    name = f"{slug}-{number}" + ("" if view.name == "structure" else f"-{view.name}")
    return _picture(pictures.file(_result(request.user, found), form, view), form, name)


def _picture(made: bytes | str, form: str, name: str) -> HttpResponse:
    """Raises Http404 with the sentence that says why there is no picture."""
    if isinstance(made, str):
        raise Http404(made)
    return _file(made, PICTURES[form], f"{name}.{form}")


@require_safe
@guests_sign_in
def report(request: HttpRequest, team: str, slug: str, number: int, form: str) -> HttpResponse:
    found = readable_revision(request.user, team, slug, number)
    if form not in _REPORTS:
        raise Http404(form)
    name, kind, _ = _REPORTS[form]
    return _file(FORMATS[name](_result(request.user, found)), kind, f"{slug}-{number}.{form}")


# Comparison


@require_safe
@guests_sign_in
def compare_form(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    """Two numbers from a form become the address of their comparison."""
    found = readable_design(request.user, team, slug)
    numbers = [request.GET.get(key, "") for key in ("before", "after")]
    if not all(n.isdecimal() and len(n) < 9 for n in numbers):
        return redirect(found)
    return redirect("reviews:compare", team, slug, *(int(n) for n in numbers))


@require_safe
@never_cache
@guests_sign_in
def compare(request: HttpRequest, team: str, slug: str, before: int, after: int) -> HttpResponse:
    found = readable_design(request.user, team, slug)
    history = _history(found)
    numbered = {revision.number: revision for revision in history}
    if not {before, after} <= numbered.keys():
        raise Http404(f"{before}, {after}")
    old, new = numbered[before], numbered[after]
    context = _about(request, new, history) | {"old": old, "new": new}
    if hidden := [r for r in (new, old) if r.pk in context["covered"]]:
        return judged.covered(request, hidden[0], context | {"revision": hidden[0]})
    done = [run for run in (old.newest_run(), new.newest_run()) if run and run.is_done]
    if len(done) == 2:
        # The history comes without results and texts: both of each in one query.
        kept = Run.objects.in_bulk([run.pk for run in done])
        results = (from_dict(kept[run.pk].result) for run in done)
        context |= comparison.page(comparing.compare(*results))
        texts = dict(found.revisions.filter(pk__in=[old.pk, new.pk]).values_list("pk", "text"))
        context["hunks"] = hunks(texts[old.pk], texts[new.pk])
    return render(request, "reviews/compare.html", context)


@require_safe
@guests_sign_in
def changes(request: HttpRequest, team: str, slug: str, before: int, after: int) -> HttpResponse:
    """The comparison as Markdown, for a pull request."""
    found = readable_design(request.user, team, slug)
    results = (_result(request.user, revision_of(found, n)) for n in (before, after))
    body = markdown.render_comparison(comparing.compare(*results))
    return _file(body, "text/markdown; charset=utf-8", f"{slug}-{before}-{after}.md")


@require_safe
@guests_sign_in
def compare_drawing(
    request: HttpRequest, team: str, slug: str, before: int, after: int, form: str
) -> HttpResponse:
    """The picture of a comparison, as a file."""
    found = readable_design(request.user, team, slug)
    if form not in PICTURES:
        raise Http404(form)
    results = (_result(request.user, revision_of(found, n)) for n in (before, after))
    made = pictures.comparison_file(comparing.compare(*results), form)
    return _picture(made, form, f"{slug}-{before}-{after}")
