"""The workbench of a repair: what its page shows, and what each of its buttons does.

The list of edits is the answer and travels in the form, so a page is a function of the exercise
and that list; nothing is stored before the learner asks for a grade.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, QueryDict

from design.diagram import Drawing, LayoutFailed, Pin, TooLarge, draw
from design.edit import (
    Add,
    Edit,
    Set,
    Unreadable,
    addition,
    changes,
    connection,
    diff,
    fields,
    removal,
    sentence,
)
from design.kinds import COMPONENT_KINDS, EDGE_KINDS
from design.model import Design
from design.rules import RULES
from guide.drawings import layouts
from scenarios import pages, workflow
from scenarios.catalogue import catalogue
from scenarios.engine import Exercise, Grade, Unanswered, repair, tree
from scenarios.engine.repair import Judgement
from scenarios.models import Attempt, Learner
from scenarios.review import way


def shown(found: Exercise, learner: Learner) -> dict[str, Any]:
    return page(found, learner, uuid.uuid4(), [])


def acted(request: HttpRequest, found: Exercise, learner: Learner, id: uuid.UUID) -> dict[str, Any]:
    """One button: an edit, its undoing, a part's settings, or the grade."""
    posted = request.POST
    edits = posted_edits(posted)
    act, _, subject = posted.get("act", "").partition(":")
    if act == "solution":
        attempt, grade = workflow.give_up(learner, found, id, 0, way.noted(request, learner, found))
        return _graded(found, learner, attempt, grade, list(found.body.reference))
    if act == "check":
        try:
            stored = [repair.stored(edit) for edit in edits]
            noted = way.noted(request, learner, found)
            attempt, grade = workflow.answer(learner, found, id, 0, {"edits": stored}, noted)  # type: ignore[dict-item]
        except Unanswered as unanswered:
            return page(found, learner, id, edits) | {"error": str(unanswered)}
        return _graded(found, learner, attempt, grade, edits)
    if act == "hint":
        number = int(subject) if subject.isdecimal() and len(subject) < 3 else 0
        workflow.take_hint(learner, found, number)
        return page(found, learner, id, edits) | {"said": "A hint is shown."}
    if act in ("edit", "text"):
        return page(found, learner, id, edits, opened=subject if act == "edit" else "", paste=act)
    try:
        wanted, said = _changed(found, edits, act, subject, posted)
        before = repair.judge(found.body, edits, 0)
        after = repair.judge(found.body, wanted, 0)
    except (Unanswered, Unreadable, repair.NoEdit) as error:
        opened = subject if act == "save" else ""
        context = page(found, learner, id, edits, opened=opened, typed=posted, paste=act)
        return context | {"error": str(error)}
    return page(found, learner, id, wanted) | {"said": f"{said} {_effect(before, after)}"}


def posted_edits(posted: QueryDict) -> list[Edit]:
    """The edits so far. What cannot be read is as if nothing had been changed yet."""
    try:
        entries = json.loads(posted.get("edits", "[]")[:100_000])
        return repair.restore_all(entries if isinstance(entries, list) else [])
    except (ValueError, RecursionError):
        return []


def _effect(before: Judgement, after: Judgement) -> str:
    cleared, lost = (
        set(after.cleared) - set(before.cleared),
        set(before.cleared) - set(after.cleared),
    )
    parts = [f"Satisfied now: {', '.join(sorted(cleared))}."] if cleared else []
    parts += [f"No longer satisfied: {', '.join(sorted(lost))}."] if lost else []
    left = len({f.rule for f in after.left})
    parts.append(f"{left} to go." if left else "Every rule of the task is satisfied.")
    return " ".join(parts)


# The buttons


def _changed(
    found: Exercise, edits: list[Edit], act: str, subject: str, posted: QueryDict
) -> tuple[list[Edit], str]:
    """The edits after a button, and what it did. Raises what the page tells."""
    _, now = repair.edited(found.body, edits)
    if act == "undo":
        number = int(subject) if subject.isdecimal() and len(subject) < 3 else len(edits)
        rest = [edit for i, edit in enumerate(edits) if i != number]
        return rest, "Undone."
    if act == "reset":
        return [], "The design is as you found it."
    if act == "paste":
        return _pasted(posted.get("pasted", "")), "The list is taken over."
    if act == "save":
        typed = {k[2:]: v for k, v in posted.items() if k.startswith("v-") and isinstance(v, str)}
        new = changes(now, subject, typed)
        return _tidy([*edits, *new]), " ".join(sentence(e) for e in new) or "Nothing changed."
    new = _structural(found, now, act, subject, posted)
    return [*edits, *new], " ".join(sentence(edit) for edit in new)


def _structural(
    found: Exercise, now: Design, act: str, subject: str, posted: QueryDict
) -> list[Edit]:
    if act == "remove" and subject in found.body.locked:
        raise Unanswered(f"{subject} has to stay.")
    if act in ("cut", "remove"):
        return removal(now, subject)
    if act == "add":
        kinds = found.body.kinds or COMPONENT_KINDS
        return addition(posted.get("new-kind", ""), posted.get("new-id", ""), kinds)
    if act == "connect":
        ends = posted.get("from", ""), posted.get("to", "")
        return connection(now, *ends, posted.get("edge-kind", ""))
    raise Unanswered("Choose one of the buttons.")


def _tidy(edits: Sequence[Edit]) -> list[Edit]:
    """One change is one edit, however often somebody tries values: a setting that is set again
    replaces its earlier edit, and one of a part that was added goes into the adding."""
    kept: list[Edit] = []
    for edit in edits:
        if isinstance(edit, Set):
            added = next(
                (e for e in kept if isinstance(e, Add) and _added(e) == edit.subject), None
            )
            if added is not None:
                merged = Add(
                    added.section, added.subject, {**added.attributes, edit.path: edit.value}
                )
                kept[kept.index(added)] = merged
                continue
            same = (edit.subject, edit.path)
            kept = [e for e in kept if not (isinstance(e, Set) and (e.subject, e.path) == same)]
        kept.append(edit)
    return kept


def _added(edit: Add) -> str:
    """The subject under which the design knows what was added."""
    if edit.section != "edges":
        return edit.subject
    ends = "{from}->{to}:{kind}".format(**edit.attributes)
    return ends + (f"#{edit.subject}" if edit.subject else "")


def _pasted(text: str) -> list[Edit]:
    node, problems = tree(text[:20_000])
    if problems:
        raise Unanswered(f"Line {problems[0].line}: {problems[0].message}")
    return repair.edits_of(node)


# The page


def page(
    found: Exercise,
    learner: Learner,
    id: uuid.UUID,
    edits: list[Edit],
    opened: str = "",
    typed: QueryDict | None = None,
    paste: str = "",
) -> dict[str, Any]:
    state = workflow.state(learner, found)
    context = pages.question(found, 0, state, workflow.hints_used(learner, found))
    try:
        text, design = repair.edited(found.body, edits)
        judged = repair.judge(found.body, edits, 0)
    except Unanswered:
        edits = []
        text, design = repair.edited(found.body, edits)
        judged = repair.judge(found.body, edits, 0)
    open_ = list(enumerate((*judged.left, *judged.new), 1))
    return context | {
        "attempt_id": id,
        "edits": [sentence(edit) for edit in edits],
        "edits_json": json.dumps([repair.stored(edit) for edit in edits]),
        "most": found.body.most,
        "flows": found.body.flows,
        "locked": found.body.locked,
        "rules": [
            (RULES[id], id in judged.cleared, [(n, f) for n, f in open_ if f.rule == id])
            for id in found.body.must_clear
        ],
        "new": open_[len(judged.left) :],
        "broken": judged.broken,
        "design": design,
        "components": [(c, COMPONENT_KINDS[c.kind].title) for c in design.components],
        "edge_rows": [(e, EDGE_KINDS[e.kind].title) for e in design.edges],
        "kinds": [(k, COMPONENT_KINDS[k].title) for k in found.body.kinds or COMPONENT_KINDS],
        "edge_kinds": list(EDGE_KINDS.values()),
        "opened": opened,
        "open_all": bool(opened) and not any(f.value for f in fields(design, opened)),
        "form_fields": _fields(design, opened, typed),
        "paste": paste in ("text", "paste"),
        "pasted": (typed or {}).get("pasted", ""),
        "difference": diff(found.body.text, text) if edits else "",
        "picture": _picture(design, [finding for _, finding in open_]),
    }


def _fields(design: Design, subject: str, typed: QueryDict | None) -> list[dict[str, Any]]:
    """The settings of the part that is open, with what was typed where it was refused."""
    rows = []
    for one in fields(design, subject) if subject else ():
        value = (typed or {}).get(f"v-{one.path}", one.value)
        rows.append({"field": one, "value": value, "stated": bool(one.value)})
    return rows


def _picture(design: Design, findings: Sequence[Any]) -> Drawing | str:
    places = {c.id for c in design.components} | {e.id for e in design.edges}
    pins: dict[str, Pin] = {}
    for number, finding in enumerate(findings, 1):
        for place in (finding.subject, *finding.subject.split("+")):
            if place in places:
                pins.setdefault(place, Pin(place, number, finding.severity.value))
                break
    try:
        return draw(design, pins=list(pins.values()), id="repair", layouts=layouts())
    except (TooLarge, LayoutFailed) as error:
        return str(error)


def _graded(
    found: Exercise, learner: Learner, attempt: Attempt, grade: Grade, edits: list[Edit]
) -> dict[str, Any]:
    context = page(found, learner, attempt.id, edits)
    context |= pages.result(catalogue(), found, attempt, grade, workflow.state(learner, found))
    context["attempt_id"] = uuid.uuid4()
    if context["revealed"]:
        text, design = repair.edited(found.body, found.body.reference)
        context |= {
            "reference": [sentence(edit) for edit in found.body.reference],
            "reference_difference": diff(found.body.text, text),
            "reference_picture": _picture(design, ()),
        }
    return context
