"""The fit key over HTTP: answers in, the result out. Nothing is stored, so nobody signs in."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Router, Schema

from fit import objects, report
from fit.model import Fit, fit

LIMIT = 256 * 1024  # bytes

router = Router(tags=["fit"])


class Fault(Schema):
    at: str
    message: str


class Faults(Schema):
    """What is wrong with the body; "at" says where, such as [2].trigger."""

    errors: list[Fault]


class Score(Schema):
    option: str
    score: float
    low: float
    high: float
    knocked_out_by: list[str]


class Contribution(Schema):
    question: str
    answer: str
    points: float | None


class Flip(Schema):
    changes: dict[str, str]
    winner: str | None
    margin: float
    knocks_out: bool


class Flips(Schema):
    one_step: list[Flip]
    any: list[Flip]


class Pair(Schema):
    elastic: str
    steady: str
    score: float
    lead: float


class Result(Schema):
    """What the answers say, as the command “manage.py fit” prints it. Scores are in points."""

    model: int
    answers: dict[str, str]
    ranking: list[Score]
    band: str
    margin: float | None
    contributions: dict[str, list[Contribution]]
    possible_winners: list[str]
    next_question: str | None
    flips: Flips
    pair: Pair | None
    gates: list[str]


class Answer(Schema):
    key: str
    label: str
    effects: dict[str, float | None]


class Question(Schema):
    id: str
    text: str
    weight: float
    ordered: bool
    answers: list[Answer]


class Model(Schema):
    """Every question with its answers and their effects; null rules an option out."""

    model: int
    dated: str
    base: float
    options: dict[str, str]
    questions: list[Question]


def _body() -> dict[str, Any]:
    """The schema of the body, from the model itself."""
    one = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            q.id: {"enum": [*q.by_key, "unknown", None], "description": q.text}
            for q in fit().questions
        },
    }
    many = {"type": "array", "maxItems": objects.MOST, "items": one}
    example = {"trigger": "events", "traffic": "spiky", "latency": "async"}
    content = {"application/json": {"schema": {"oneOf": [one, many]}, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


@router.post(
    "/",
    response={200: Result | list[Result], 413: Faults, 422: Faults},
    openapi_extra=_body(),
    summary="Score answers",
)
def score(request: HttpRequest) -> HttpResponse:
    """An object of question to answer gives a result, a list of such objects gives a list.
    Questions that are left out, null or "unknown" stay open. Nothing is stored."""
    try:
        raw = request.body
    except RequestDataTooBig:
        return _too_large()
    if len(raw) > LIMIT:
        return _too_large()
    try:
        given = json.loads(raw)
    except (ValueError, RecursionError) as error:
        return _faults(422, [objects.Problem("", f"The body is not JSON: {error}")])
    model, today = fit(), timezone.localdate()
    try:
        found = [report.as_json(model, asked, today) for asked in objects.read(model, given)]
    except objects.Invalid as invalid:
        return _faults(422, invalid.problems)
    return JsonResponse(found if isinstance(given, list) else found[0], safe=False)


def _too_large() -> HttpResponse:
    message = f"The body is larger than {LIMIT // 1024} KiB; send the list in parts."
    return _faults(413, [objects.Problem("", message)])


def _faults(status: int, problems: list[objects.Problem]) -> HttpResponse:
    errors = [{"at": p.at, "message": p.message} for p in problems]
    return JsonResponse({"errors": errors}, status=status)


@router.get("/model/", response=Model, summary="The model")
def model(request: HttpRequest) -> dict[str, Any]:
    """Questions, answers and effects of the model that scores today."""
    return _model(fit())


def _model(found: Fit) -> dict[str, Any]:
    return {
        "model": found.numbers.version,
        "dated": found.dated.isoformat(),
        "base": float(found.numbers.base),
        "options": {option.id: option.title for option in found.options.values()},
        "questions": [
            {
                "id": q.id,
                "text": q.text,
                "weight": float(q.weight),
                "ordered": q.ordered,
                "answers": [
                    {
                        "key": a.key,
                        "label": a.label,
                        "effects": {
                            option: None if effect is None else float(effect)
                            for option, effect in found.numbers.by_id[q.id]
                            .by_key[a.key]
                            .effects.items()
                        },
                    }
                    for a in q.answers
                ],
            }
            for q in found.questions
        ],
    }
