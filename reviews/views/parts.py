"""A draft as forms and as a questionnaire: both are edits of its text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from design.edit import (
    Edit,
    Refused,
    Rename,
    Unreadable,
    addition,
    changes,
    connection,
    name,
    removal,
    sentence,
)
from design.model import Design
from reviews import drafts, editing
from reviews.models import Draft
from reviews.views.drafts import about, of_a_draft, version_of

_SAID = 5


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_draft
def parts(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Components, edges and attributes as forms."""
    seen = editing.see(draft.text)
    opened = request.GET.get("part", "")
    if request.method != "POST" or seen.design is None:
        return _parts(request, draft, seen, opened)
    act, _, subject = request.POST.get("act", "").partition(":")
    opened = subject if act in ("save", "rename") else ""
    try:
        edits = _edits(seen.design, act, subject, request)
        text = editing.changed(draft.text, edits)
    except (Unreadable, Refused) as error:
        return _parts(request, draft, seen, opened, error=str(error), status=422)
    if version_of(request) != draft.version:
        return _parts(request, draft, seen, opened, status=409)
    if not edits:
        messages.info(request, "Nothing changed.")
        return redirect(_address(draft, opened))
    said = _sentence(edits)
    drafts.save(draft, draft.version, text, said)
    messages.success(request, said)
    if act in ("add", "rename"):
        opened = request.POST.get("new-id", "").strip()
    return redirect(_address(draft, opened))


def _edits(design: Design, act: str, subject: str, request: HttpRequest) -> list[Edit]:
    """What a button does. Raises Unreadable."""
    posted = request.POST
    if act == "save":
        typed = {k[2:]: str(v) for k, v in posted.items() if k.startswith("v-")}
        return changes(design, subject, typed)
    if act in ("cut", "remove"):
        return removal(design, subject)
    if act == "add":
        return addition(posted.get("new-kind", ""), posted.get("new-id", ""))
    if act == "connect":
        ends = posted.get("from", ""), posted.get("to", "")
        return connection(design, *ends, posted.get("edge-kind", ""))
    if act == "rename" and design.find(subject):
        new = name(posted.get("new-id", ""))
        return [Rename("components", subject, new)] if new != subject else []
    raise Unreadable("Choose one of the buttons.")


def _sentence(edits: Sequence[Edit]) -> str:
    said = " ".join(sentence(edit) for edit in edits[:_SAID])
    return f"{said} And {len(edits) - _SAID} more." if len(edits) > _SAID else said


def _address(draft: Draft, part: str = "") -> str:
    address = reverse("reviews:draft_parts", args=[draft.team.slug, draft.pk])
    return f"{address}?{urlencode({'part': part})}#part" if part else address


def _parts(
    request: HttpRequest,
    draft: Draft,
    seen: editing.Seen,
    opened: str,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    context = about(request, draft, "parts") | editing.panel(seen)
    context |= {"seen": seen, "error": error, "stale": status == 409}
    if seen.design is not None:
        typed = {k: str(v) for k, v in request.POST.items()} if status != 200 else None
        context |= editing.parts(seen.design)
        rows = editing.settings(seen.design, opened, typed) if opened else []
        context |= {
            "opened": opened if rows else "",
            "rows": rows,
            "open_all": status != 200 or not any(row.stated for row in rows),
            "is_component": bool(opened and seen.design.find(opened)),
            "typed": typed or {},
            "new_kind": (typed or {}).get("new-kind", "function"),
            "new_id": (typed or {}).get("new-id", ""),
        }
    return render(request, "reviews/draft/parts.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_draft
def questions(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What the text leaves unknown, the most consequential first; an answer changes the text."""
    seen = editing.see(draft.text)
    if request.method != "POST" or seen.result is None:
        return _questions(request, draft, seen)
    given = [
        (request.POST.get(f"k-{n}", ""), _answer(request.POST.getlist(f"q-{n}")))
        for n in range(editing.ASKED)
    ]
    edits, shown = editing.answers(seen.result, given)
    if any(one.error for one in shown):
        return _questions(request, draft, seen, shown, status=422)
    if version_of(request) != draft.version:
        return _questions(request, draft, seen, shown, status=409)
    try:
        text = editing.changed(draft.text, edits)
    except Refused as error:
        return _questions(request, draft, seen, shown, error=str(error), status=422)
    if edits:
        said = "1 answer" if len(edits) == 1 else f"{len(edits)} answers"
        drafts.save(draft, draft.version, text, f"{said}: {_sentence(edits)}")
        messages.success(request, f"{said} written into the text. {_sentence(edits)}")
    else:
        messages.info(request, "No question was answered.")
    return redirect("reviews:draft_questions", draft.team.slug, draft.pk)


def _answer(given: Sequence[str]) -> str:
    """What was ticked or typed; “none of these” counts only where nothing else is."""
    said = [answer for answer in given if answer.strip()]
    return ", ".join([answer for answer in said if answer != "[]"] or said[:1])


def _questions(
    request: HttpRequest,
    draft: Draft,
    seen: editing.Seen,
    shown: Sequence[editing.Asked] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = about(request, draft, "questions")
    context |= {"seen": seen, "error": error, "stale": status == 409}
    context["faults"] = [(fault, None) for fault in seen.faults]
    if seen.result is not None:
        asked, waiting = editing.asked(seen.result)
        if not shown:
            shown = [editing.Asked(f"q-{n}", question) for n, question in enumerate(asked)]
        context |= {
            "asked": shown,
            "waiting": waiting,
            "score": seen.result.score,
            "wrong": sum(bool(one.error) for one in shown),
        }
    return render(request, "reviews/draft/questions.html", context, status=status)
