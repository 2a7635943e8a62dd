"""What the key, the sheet and the model page show, as contexts for templates."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from math import ceil, floor
from typing import Any

from django.urls import reverse

from fit import asking, engine, places, risks
from fit.asking import UNKNOWN, Asked
from fit.engine import Result
from fit.model import AnswerWords, Fit, QuestionWords
from fit.prices import prices

_NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_CRUMBS, _FIRST, _LAST = 14, 3, 5  # a longer path keeps so many at its ends


def key_url(asked: Asked, at: str = "") -> str:
    return _with("fit:key", asked.query(at=at))


def result_url(asked: Asked) -> str:
    return _with("fit:result", asked.query())


def sheet_url(asked: Asked) -> str:
    return _with("fit:sheet", asked.query())


def json_url(asked: Asked) -> str:
    return _with("fit:result_json", asked.query())


def _with(name: str, query: str) -> str:
    return f"{_address(name)}?{query}" if query else _address(name)


@lru_cache(maxsize=16)
def _address(name: str) -> str:
    """A result page has dozens of links to the key."""
    return reverse(name)


def words(names: list[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    return f"{', '.join(names[:-1])} {last} {names[-1]}" if len(names) > 1 else "".join(names)


def lower(topic: str) -> str:
    """A topic inside a sentence: only its first letter, for I/O and CPU stay as they are."""
    return topic if topic[1:2] == "/" else topic[:1].lower() + topic[1:]


def count(number: int) -> str:
    """A small number as a word."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


@lru_cache(maxsize=2)
def widest(model: Fit) -> tuple[int, int]:
    """The tens around every score that any answers can give: the axis beside the key."""
    return axis(engine.evaluate(model.numbers, {}))


def axis(result: Result) -> tuple[int, int]:
    """The tens around everything that can still be. Decimals truncate in //, so not by that."""
    lowest = min(min(s.low, s.score) for s in result.ranking)
    highest = max(max(s.high, s.score) for s in result.ranking)
    return floor(lowest / 10) * 10, ceil(highest / 10) * 10


def path(model: Fit, asked: Asked, current: str = "") -> list[dict[str, Any]]:
    """The crumbs: answered questions and the current one, in the order of the key."""
    steps = []
    for question in model.questions:
        said = asked.said.get(question.id)
        if said is None and question.id != current:
            continue
        answer = question.by_key.get(said or "")
        mark = answer.mark if answer else f"{question.number}{'?' if said else ''}"
        steps.append(
            {
                "mark": str(question.number) if question.id == current else mark,
                "label": f"{question.text} {_said(answer, said)}",
                "url": key_url(asked, question.id),
                "current": question.id == current,
            }
        )
    return _shortened(steps, sheet_url(asked))


def _shortened(steps: list[dict[str, Any]], all_of_them: str) -> list[dict[str, Any]]:
    """A long path without its middle, which one step to the sheet stands for."""
    if len(steps) <= _CRUMBS:
        return steps
    shown: list[dict[str, Any]] = []
    for place, step in enumerate(steps):
        if place < _FIRST or place >= len(steps) - _LAST or step["current"]:
            shown.append(step)
        elif shown[-1].get("gap"):
            shown[-1]["gap"] += 1
        else:
            shown.append({"gap": 1, "url": all_of_them, "current": False})
    return shown


def _said(answer: AnswerWords | None, said: str | None) -> str:
    return answer.label if answer else "I don’t know." if said else ""


# The key


def question(model: Fit, asked: Asked, at: str) -> dict[str, Any]:
    """The page of one question."""
    words_of = model.by_id[at]
    result = engine.evaluate(model.numbers, asked.answers)
    following = asking.following(model, asked.said, at)
    target = f"{model.by_id[following].number}" if following else "the result"
    before = [q for q in model.questions[: words_of.number - 1]]
    left = sum(q.id not in asked.said and q.id != at for q in model.questions)
    return {
        "nav": "fit",
        "fit": model,
        "question": words_of,
        "section": places.section(words_of.section),
        "rows": _rows(model, asked, words_of, target),
        "unknown": asked.said.get(at) == UNKNOWN,
        "target": target,
        "path": path(model, asked, at),
        "left": left,
        "hidden": hidden(asked, at),
        "back": {"number": before[-1].number, "url": key_url(asked, before[-1].id)}
        if before
        else None,
        "settled": settled(model, result),
        **standing(model, asked),
    }


def hidden(asked: Asked, without: str = "") -> list[tuple[str, str]]:
    """The rest of the state, for the hidden fields of a form."""
    return [(id, key) for id, key in asked.said.items() if id != without] + locks(asked)


def locks(asked: Asked) -> list[tuple[str, str]]:
    """The locked facts and where the answers came from, for the hidden fields of a form; nothing
    for what every reader gets."""
    origin = [("into", asked.into)] if asked.into else []
    if asked.locked == asking.LOCKED:
        return origin
    return ([("lock", id) for id in sorted(asked.locked)] or [("lock", "none")]) + origin


def _rows(model: Fit, asked: Asked, of: QuestionWords, target: str) -> list[dict[str, Any]]:
    """The answers with their leaders: what each rules out or settles, and where it leads."""
    rest = asked.without(of.id)
    open_race = len(engine.evaluate(model.numbers, rest.answers).winners) > 1
    rows = []
    for answer in of.answers:
        leads = []
        if out := ruled_out(model, of.id, answer.key):
            leads.append(f"rules out {', '.join(out)}")
        winners = engine.evaluate(model.numbers, {**rest.answers, of.id: answer.key}).winners
        if len(winners) == 1:
            leads.append(f"only {model.options[winners[0]].name} can win")
        leads.append("to the result" if len(winners) == 1 and open_race else f"to {target}")
        on = asked.said.get(of.id) == answer.key
        rows.append({"answer": answer, "leads": " · ".join(leads), "on": on})
    return rows


def settles(model: Fit, asked: Asked, question_id: str) -> bool:
    """Whether the answer to a question leaves one option that can win, where there were more.
    Then the key stops; who goes on afterwards is not stopped again."""
    if question_id not in asked.answers:
        return False
    with_it, without = (
        engine.evaluate(model.numbers, each.answers) for each in (asked, asked.without(question_id))
    )
    return len(with_it.winners) == 1 < len(without.winners)


def ruled_out(model: Fit, question_id: str, key: str) -> list[str]:
    """Names of the options that an answer rules out."""
    effects = model.numbers.by_id[question_id].by_key[key].effects
    return [model.options[option].name for option, effect in effects.items() if effect is None]


def settled(model: Fit, result: Result) -> str:
    """The only option that can still win, if it is so and questions are left."""
    one = len(result.winners) == 1 and result.answers and result.open
    return model.options[result.winners[0]].phrase if one else ""


def standing(model: Fit, asked: Asked) -> dict[str, Any]:
    """The options as they stand now, for the panel beside the key and the sheet."""
    result = engine.evaluate(model.numbers, asked.answers)
    low, high = widest(model)
    can_win = [model.options[option].name for option in result.winners]
    return {
        "asked": asked,
        "notices": asked.notices,
        "result": result,
        "answered": len(asked.answers),
        "answered_word": count(len(asked.answers)),
        "standings": [{"standing": s, "option": model.options[s.option]} for s in result.ranking],
        "low": low,
        "high": high,
        "can_win": words(can_win),
        "can_win_count": len(can_win),
        "can_win_word": count(len(can_win)).capitalize(),
        "headline": headline(model, result),
        "tensions": [
            {
                "tension": tension,
                "answers": [
                    {
                        "answer": model.by_id[id].by_key[asked.answers[id]],
                        "url": key_url(asked, id),
                    }
                    for id in tension.when
                ],
            }
            for tension in risks.contradictions(asked.answers)
        ],
        "result_url": result_url(asked),
        "sheet_url": sheet_url(asked),
        "key_url": key_url(asked),
    }


def headline(model: Fit, result: Result) -> str:
    """The verdict in words."""
    if not result.answers:
        return "Nothing answered yet."
    phrases = [model.options[s.option].phrase for s in result.left]
    pair = engine.hybrid(model.numbers, result)
    if pair and pair.lead > 0:
        first, second = model.options[pair.elastic], model.options[pair.steady]
        return f"Split it: {first.phrase} beside {second.phrase}."
    return {
        "clear": lambda: f"Clearly {phrases[0]}.",
        "lean": lambda: f"Lean to {phrases[0]}, {phrases[1]} close behind.",
        "too close": lambda: f"Too close to call: {phrases[0]} or {phrases[1]}.",
        "only one": lambda: f"Only one is left: {phrases[0]}.",
        "none": lambda: "Every option is ruled out.",
    }[result.band]()


# The sheet


def sheet(model: Fit, asked: Asked) -> dict[str, Any]:
    """All questions at once."""
    rows = []
    for of in model.questions:
        said = asked.said.get(of.id)
        answers = [
            {
                "answer": answer,
                "on": said == answer.key,
                "out": ", ".join(ruled_out(model, of.id, answer.key)),
            }
            for answer in of.answers
        ]
        section = places.section(of.section)
        rows.append(
            {"question": of, "answers": answers, "unknown": said == UNKNOWN, "section": section}
        )
    shown = {"nav": "fit", "fit": model, "rows": rows, "locks": locks(asked)}
    return {**shown, **standing(model, asked)}


# The model, and the key on paper


def leads(model: Fit) -> list[dict[str, Any]]:
    """Every couplet of the key, for print."""
    last = len(model.questions)
    return [
        {
            "question": of,
            "to": "the result" if of.number == last else f"{of.number + 1}",
            "answers": [
                {"answer": a, "out": ", ".join(ruled_out(model, of.id, a.key))} for a in of.answers
            ],
        }
        for of in model.questions
    ]


def model_page(model: Fit) -> dict[str, Any]:
    """Questions, effects, weights, evidence and accuracy."""
    tables = []
    for of in model.questions:
        numbers = model.numbers.by_id[of.id]
        rows = [
            (answer, [numbers.by_key[answer.key].effects[option] for option in model.options])
            for answer in of.answers
        ]
        tables.append(
            {
                "question": of,
                "rows": rows,
                "section": places.section(of.section),
                "share": _share(model, of.weight),
            }
        )
    return {
        "nav": "fit",
        "fit": model,
        "options": model.options.values(),
        "tables": tables,
        "scored": len(model.numbers.scored),
        "ordered": [q for q in model.questions if q.ordered],
        "reasons": [
            {
                "reason": r,
                "option": model.options[r.option],
                "question": model.by_id[r.question],
                "answer": model.by_id[r.question].by_key[r.answer],
            }
            for r in model.reasons
        ],
        "accuracy": model.accuracy,
        "families": [
            words([model.options[id].phrase for id in family])
            for family in (model.numbers.pairing.elastic, model.numbers.pairing.steady)
        ],
        "prices": prices(),
    }


def _share(model: Fit, weight: Decimal) -> Decimal:
    """A weight as a percentage of all weights."""
    return 100 * weight / sum((q.weight for q in model.questions), Decimal(0))
