"""The editor: a draft as text, with its problems, picture and findings beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from design import document
from design.edit import Refused, tidy
from reviews import drafts, editing, workflow
from reviews.access import editable_design, own_draft, readable_design
from reviews.completion import table
from reviews.drafts import Stale, TooLarge
from reviews.forms import NoteForm
from reviews.models import Draft, Revision
from reviews.textdiff import hunks
from reviews.threeway import CHOICES, TooLong, merge
from teams.access import guests_sign_in

View = Callable[..., HttpResponse]


def of_a_draft(view: View) -> View:
    """For pages of a person's own draft: finds it, and answers a change of an older version with
    the difference."""

    @wraps(view)
    @guests_sign_in
    @login_required
    @never_cache
    def guarded(request: HttpRequest, team: str, id: int, **rest: Any) -> HttpResponse:
        draft = own_draft(request.user, team, id)
        try:
            return view(request, draft, **rest)
        except Stale as stale:
            return conflict(request, stale.draft)
        except Draft.DoesNotExist:  # submitted or discarded in another window, this very moment
            raise Http404(str(id)) from None

    return guarded


def version_of(request: HttpRequest) -> int:
    """The version that a form changes; 0, which none is, where it names none."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


def typed(request: HttpRequest) -> str:
    return request.POST.get("text", "").replace("\r\n", "\n")


def about(request: HttpRequest, draft: Draft, tab: str) -> dict[str, Any]:
    """What every page of a draft says of it."""
    return {
        "nav": "reviews",
        "tab": tab,
        "team": draft.team,
        "design": draft.design,
        "draft": draft,
        "next": _next(draft),
        "others": others(request, draft),
        "can_undo": bool(draft.state and draft.state.before_id),
    }


def _next(draft: Draft) -> int:
    """The number that the draft would be submitted as, as things stand."""
    if draft.design is None:
        return 1
    latest = draft.design.revisions.order_by("-number").values_list("number", flat=True).first()
    return (latest or 0) + 1


def others(request: HttpRequest, draft: Draft) -> list[Draft]:
    if draft.design is None:
        return []
    return list(Draft.objects.of_others(draft.design, request.user)[:8])


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_draft
def editor(request: HttpRequest, draft: Draft) -> HttpResponse:
    if request.method != "POST":
        return _editor(request, draft, draft.text)
    text, version = typed(request), version_of(request)
    act = request.POST.get("act") or request.GET.get("act", "check")
    try:
        if act == "aside":
            drafts.set_aside(draft, version, text)
            messages.info(request, "What you typed is kept in the history of the draft.")
            return redirect(draft)
        held = drafts.save(draft, version, text, drafts.KEPT if act == "keep" else drafts.TYPED)
    except TooLarge as large:
        return _editor(request, draft, text, error=str(large), status=422)
    if act in ("undo", "redo"):
        return _stepped(request, held, act)
    if act == "tidy":
        return _tidied(request, held)
    if act == "submit":
        return redirect("reviews:draft_submit", held.team.slug, held.pk)
    if act == "replace":
        return _replaced(request, held)
    return _editor(request, held, held.text)


def _stepped(request: HttpRequest, held: Draft, act: str) -> HttpResponse:
    done = (drafts.undo if act == "undo" else drafts.redo)(held, held.version)
    if done is None:
        messages.info(request, f"There is nothing to {act}.")
    return redirect(held)


def _tidied(request: HttpRequest, held: Draft) -> HttpResponse:
    """The text in canonical order, comments included; or why that cannot be."""
    try:
        text = tidy(held.text)
    except document.Invalid:
        error = "Only a text that can be read can be tidied. Put right what is listed first."
        return _editor(request, held, held.text, error=error, status=422)
    except Refused as refused:
        return _editor(request, held, held.text, error=str(refused), status=422)
    drafts.save(held, held.version, text, "tidied: canonical order and spacing")
    return redirect(held)


def _replaced(request: HttpRequest, held: Draft) -> HttpResponse:
    """Puts in what the hint of a problem proposes, without a script."""
    given = request.POST.get("line", "")
    line = int(given) if given.isascii() and given.isdecimal() and len(given) < 8 else -1
    for fault in editing.see(held.text).faults:
        found = editing.replacement(fault)
        if fault.line == line and found:
            lines = held.text.splitlines(keepends=True)
            lines[line - 1] = lines[line - 1].replace(*found)
            what = f"“{found[0]}” replaced with “{found[1]}”"
            drafts.save(held, held.version, "".join(lines), what)
            break
    return redirect(held)


def _editor(
    request: HttpRequest, draft: Draft, text: str, error: str = "", status: int = 200
) -> HttpResponse:
    seen = editing.see(text)
    context = about(request, draft, "text") | editing.panel(seen)
    context |= {"text": text, "error": error, "marks": editing.marks(seen), "seen": seen}
    return render(request, "reviews/draft/editor.html", context, status=status)


@require_POST
@of_a_draft
def save(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What a pause in typing sends: the text is saved, and what is found in it comes back."""
    text = typed(request)
    try:
        held = drafts.save(draft, version_of(request), text)
    except Stale as stale:
        shown = render_to_string(
            "reviews/draft/_conflict.html", _conflict(stale.draft, text), request
        )
        return JsonResponse({"conflict": shown}, status=409)
    except TooLarge as large:
        return JsonResponse({"error": str(large)}, status=422)
    seen = editing.see(text)
    context = about(request, held, "text") | editing.panel(seen)
    return JsonResponse(
        {
            "version": held.version,
            "saved": timezone.localtime(held.saved).strftime("%H:%M"),
            "readable": seen.result is not None,
            "marks": editing.marks(seen),
            "problems": len(seen.problems),
            "open": context.get("open_count", 0),
            "panel": render_to_string("reviews/draft/_panel.html", context, request),
        }
    )


def conflict(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The page for somebody whose draft was changed in another window: the difference, with what
    they typed kept."""
    text = typed(request) if "text" in request.POST else draft.text
    context = about(request, draft, "text") | _conflict(draft, text)
    return render(request, "reviews/draft/conflict.html", context, status=409)


def _conflict(draft: Draft, text: str) -> dict[str, Any]:
    difference = hunks(draft.text, text)
    return {"draft": draft, "team": draft.team, "text": text, "hunks": difference}


@require_safe
@of_a_draft
def present(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Who else works on the design, for the editor to ask for every few seconds."""
    context = {"others": others(request, draft), "polled": request.path}
    return render(request, "reviews/draft/_others.html", context)


# History, submission, merging


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_draft
def history(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The states of the draft; any of them can be gone back to."""
    if request.method == "POST":
        given = request.POST.get("state", "")
        state = int(given) if given.isascii() and given.isdecimal() and len(given) < 18 else 0
        if drafts.go_to(draft, version_of(request), state) is None:
            messages.error(request, "That state is no longer kept.")
            return redirect(request.path)
        return redirect(draft)
    states = list(draft.states.defer("text").order_by("-pk"))
    context = about(request, draft, "history") | {"states": states}
    return render(request, "reviews/draft/history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_draft
def submit(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What would be submitted, against what it rests on, and the act itself."""
    form = NoteForm(request.POST or None)
    error = ""
    if request.method == "POST" and form.is_valid():
        try:
            run = drafts.submit(draft, version_of(request), form.cleaned_data["note"])
            return redirect(run.revision)
        except workflow.MovedOn:
            return merging(request, draft, status=409)
        except (workflow.Unchanged, workflow.Archived) as refused:
            error = str(refused)
        except document.Invalid:
            pass  # the page shows the problems
    seen = editing.see(draft.text)
    if seen.result is None and not error and request.method == "POST":
        error = "This is not a design yet: put right what is listed below."
    context = about(request, draft, "submit") | editing.panel(seen)
    context |= {"form": form, "error": error, "seen": seen}
    context["hunks"] = hunks(draft.base.text, draft.text) if draft.base else []
    context["newer"] = _newer(draft)
    status = 422 if error or form.errors else 200
    return render(request, "reviews/draft/submit.html", context, status=status)


def _newer(draft: Draft) -> Revision | None:
    if draft.design is None:
        return None
    return draft.design.newer_than(draft.base.number if draft.base else 0)


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_draft
def merge_page(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A newer revision and the draft, merged by lines where that is possible."""
    newer = _newer(draft)
    if newer is None or draft.base is None:
        return redirect(draft)
    if request.method != "POST":
        return merging(request, draft)
    if request.POST.get("newer") != str(newer.number):
        return merging(request, draft, status=409)
    text = _taken(request, draft, draft.base, newer)
    if text is None:
        return merging(request, draft, status=422)
    drafts.save(draft, version_of(request), text, f"merged with revision {newer.number}", newer)
    messages.success(request, f"The draft now rests on revision {newer.number}.")
    return redirect("reviews:draft_submit", draft.team.slug, draft.pk)


def _taken(request: HttpRequest, draft: Draft, base: Revision, newer: Revision) -> str | None:
    """The text that the choices on the page make; None while one is missing."""
    act = request.POST.get("act", "")
    if act == "mine":
        return draft.text
    if act == "theirs":
        return newer.text
    try:
        made = merge(base.text, draft.text, newer.text)
    except TooLong:
        return None
    choices = {n: request.POST.get(f"c-{n}", "") for n in range(len(made.conflicts))}
    if not all(choice in CHOICES for choice in choices.values()):
        return None
    return made.chosen(choices)


def merging(request: HttpRequest, draft: Draft, status: int = 200) -> HttpResponse:
    newer = _newer(draft)
    context = about(request, draft, "submit") | {"newer": newer, "choices": CHOICES}
    context["missing"] = status == 422
    if newer and draft.base:
        try:
            made = merge(draft.base.text, draft.text, newer.text)
            context["chunks"] = _shown(made.chunks)
            context["merged"] = made
        except TooLong as long:
            context["too_long"] = str(long)
    return render(request, "reviews/draft/merge.html", context, status=status)


_AROUND = 2


def _shown(chunks: Any) -> list[dict[str, Any]]:
    """Chunks as the page shows them: of what is the same only the lines around a change."""
    shown, number = [], 0
    for chunk in chunks:
        row: dict[str, Any] = {"how": chunk.how, "chunk": chunk, "number": number}
        number += chunk.how == "conflict"
        if chunk.how == "same":
            lines = chunk.mine
            cut = len(lines) > 2 * _AROUND + 1
            row["head"] = lines[:_AROUND] if cut else lines
            row["left_out"] = len(lines) - 2 * _AROUND if cut else 0
            row["tail"] = lines[-_AROUND:] if cut else ()
        shown.append(row)
    return shown


@require_POST
@of_a_draft
def discard(request: HttpRequest, draft: Draft) -> HttpResponse:
    drafts.discard(draft, version_of(request))
    messages.success(request, f"The draft of “{draft}” was discarded.")
    return redirect(draft.design or ("reviews:team"), *([] if draft.design else [draft.team.slug]))


# Beginning


@require_POST
@guests_sign_in
@login_required
def edit(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    """Opens this person's draft of the next revision; with a text, that becomes its state."""
    design = editable_design(request.user, team, slug)
    if design.archived:
        messages.error(request, f"“{design}” is archived: restore it first.")
        return redirect(design)
    draft = drafts.resume(design, request.user)
    if "text" in request.POST:
        what = request.POST.get("what", "")[:150] or "a text from elsewhere"
        try:
            draft = drafts.save(draft, draft.version, typed(request), what)
        except TooLarge as large:
            return _editor(request, draft, typed(request), error=str(large), status=422)
    if request.POST.get("to") == "questions":
        return redirect("reviews:draft_questions", team, draft.pk)
    return redirect(draft)


@require_safe
@never_cache
@guests_sign_in
def drafts_of(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    """Who is at work on a design, for its page to ask for every few seconds; members only."""
    design = readable_design(request.user, team, slug)
    found = []
    if design.team.role_of(request.user) is not None:
        found = list(Draft.objects.of_others(design, request.user)[:8])
    return render(request, "reviews/draft/_others.html", {"others": found, "polled": request.path})


@require_safe
@cache_control(public=True, max_age=3600)
def completion(request: HttpRequest) -> HttpResponse:
    """What the editor proposes; the same for everybody."""
    return JsonResponse(table())
