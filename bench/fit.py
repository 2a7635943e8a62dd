"""The fit wizard: a full result of the engine, and the pages with everything on them."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from bench.measure import heading, line, median_ms
from fit import asking, engine
from fit import report as reporting
from fit.asking import Asked
from fit.model import Fit, fit

FORMS = 40


def _form(model: Fit, chance: random.Random) -> dict[str, str]:
    """Fourteen answers, as a reader gives them."""
    asked = {q.id for q in chance.sample(model.questions, 14)}
    return {q.id: chance.choice(q.answers).key for q in model.questions if q.id in asked}


def full_result(model: Fit, answers: dict[str, str]) -> None:
    """Everything that the engine has to say of one form."""
    numbers = model.numbers
    found = engine.evaluate(numbers, answers)
    for option in numbers.options:
        engine.contributions(numbers, answers, option)
    if found.top and found.second:
        engine.differences(numbers, answers, found.top.option, found.second.option)
    engine.questions_by_value(numbers, found)
    for one_step in (True, False):
        for knock_outs in (True, False):
            engine.smallest_flip(numbers, found, asking.LOCKED, one_step, knock_outs)
    engine.hybrid(numbers, found)


def report() -> None:
    from django.test import Client
    from django.utils import timezone

    today = timezone.localdate()
    model, chance = fit(), random.Random(1)
    forms = [_form(model, chance) for _ in range(FORMS)]
    heading("The fit wizard")
    client = Client(headers={"host": "localhost"})
    client.get("/fit/result/", forms[0])  # the first one loads the book

    def each(act: Callable[[dict[str, str]], object]) -> str:
        taken = sorted(median_ms(partial(act, a), 1) for a in forms)
        return f"{taken[len(taken) // 2]:.2f} ms", f"slowest of {len(taken)}: {taken[-1]:.1f}"

    line("a full result, median of 40 forms", *each(lambda a: full_result(model, a)))
    line("the result as JSON", *each(lambda a: reporting.as_json(model, Asked(said=a), today)))
    line("the result page, a new starter drawn", *each(lambda a: client.get("/fit/result/", a)))
    line("the result page again", *each(lambda a: client.get("/fit/result/", a)))
    line("the sheet", *each(lambda a: client.get("/fit/sheet/", a)))
    line("the cost page", *each(lambda a: client.get("/fit/cost/", a)))
