"""What would turn a result: the smallest changes, and what may not change."""

from __future__ import annotations

from typing import Any

from fit import compare, engine, pages
from fit.asking import Asked
from fit.engine import Flip, Result
from fit.model import Fit


def flips(model: Fit, asked: Asked, found: Result) -> list[dict[str, Any]]:
    """The smallest change, first by one step on each scale, then by any answer. Where it rules
    the leader out, also the smallest that beats it on points, which says more about the choice;
    `ruling_out` lists the single answers of any kind that rule it out."""
    shown: list[dict[str, Any]] = []
    for one_step, knock_outs in ((True, True), (True, False), (False, True), (False, False)):
        flip = engine.smallest_flip(model.numbers, found, asked.locked, one_step, knock_outs)
        if flip is None or (flip.knocks_out and not one_step):
            continue
        if all(flip.changes != old["flip"].changes for old in shown):
            how = "one step on each scale" if one_step else "any answer"
            size = "smallest change" if knock_outs else "smallest change that rules nothing out"
            beside = compare.start_url(asked, dict(flip.changes))
            row = {**_flip(model, found, flip), "one_step": one_step, "how": [size, how]}
            shown.append({**row, "compare_url": beside})
    return shown


def _flip(model: Fit, found: Result, flip: Flip) -> dict[str, Any]:
    changes = []
    for question, answer in flip.changes:
        words = model.by_id[question]
        to = words.by_key[answer]
        before, _, behind = words.stem.partition("{}")
        changes.append(
            {
                "before": before,
                "then": to.then,
                "after": behind,
                "marks": f"{_mark(model, found, question)} to {to.mark}",
            }
        )
    leader = model.options[found.ranking[0].option].phrase
    if flip.winner is None:
        effect = "every option would be ruled out"
    elif flip.knocks_out:
        effect = f"{leader} would be ruled out, and {model.options[flip.winner].phrase} would lead"
    else:
        margin = f" by {flip.margin:.1f}" if flip.margin else ", level with the next"
        effect = f"{model.options[flip.winner].phrase} would lead{margin}"
    return {"flip": flip, "changes": changes, "effect": effect}


def ruling_out(model: Fit, asked: Asked, found: Result) -> list[dict[str, Any]]:
    """Single answers that would rule the leader out, facts aside."""
    if found.top is None:
        return []
    changes = engine.ruling_out(model.numbers, found.answers, found.top.option, asked.locked)
    return [
        {"answer": model.by_id[id].by_key[key], "url": pages.key_url(asked, id)}
        for id, keys in changes
        for key in keys
    ]


def facts(model: Fit, asked: Asked) -> list[dict[str, Any]]:
    """Each answered question, whether it is a fact, and the form fields that say so."""
    return [
        {"question": model.by_id[id], "locked": id in asked.locked}
        for id in asked.answers
        if model.by_id[id].weight
    ]


def _mark(model: Fit, found: Result, question: str) -> str:
    return model.by_id[question].by_key[found.answers[question]].mark
