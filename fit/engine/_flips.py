"""The fewest answers that turn a result, exactly and without a search."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ._model import ENDLESS, ZERO, Answer, Answers, Model, Question
from ._result import Result, Standing, evaluate


@dataclass(frozen=True)
class Flip:
    """The fewest changes after which `winner` (None: nobody) leads instead, by `margin`."""

    changes: tuple[tuple[str, str], ...]  # (question, new answer)
    winner: str | None
    margin: Decimal
    knocks_out: bool  # the leader is ruled out rather than overtaken


def smallest_flip(
    model: Model,
    result: Result,
    locked: Collection[str] = (),
    one_step: bool = False,
    knock_outs: bool = True,
) -> Flip | None:
    """The fewest answers that have to change for another option to lead. None if none suffice.

    `one_step`: only neighbours on ordered scales; otherwise any answer. `knock_outs`: whether
    the leader may be ruled out rather than overtaken. Exact: against one rival the gains of
    questions are independent, so taking the largest first is the fewest.
    """
    if result.top is None:
        return None
    leader = result.top
    moves = [
        (question, answer)
        for question, answer in _moves(model, result.answers, locked, one_step)
        if knock_outs or answer.effects[leader.option] is not None
    ]
    best: tuple[tuple[int, int, int], dict[str, str]] | None = None
    for place, rival in enumerate(result.ranking):
        if rival.option == leader.option:
            continue
        changes = _overtake(result, leader, rival, moves)
        if changes is not None:
            ousted = any(model.effect(q, a, leader.option) is None for q, a in changes.items())
            rank = (len(changes), int(ousted), place)
            if best is None or rank < best[0]:
                best = (rank, changes)
    for question, answer in moves:
        if answer.effects[leader.option] is None and (best is None or len(best[1]) > 1):
            best = ((1, 1, 0), {question.id: answer.key})
    return None if best is None else _as_flip(model, result, leader.option, best[1])


def _as_flip(model: Model, result: Result, leader: str, changes: Mapping[str, str]) -> Flip:
    after = evaluate(model, {**result.answers, **changes})
    ousted = any(model.effect(q, a, leader) is None for q, a in changes.items())
    winner = after.top.option if after.top else None
    in_order = tuple((q.id, changes[q.id]) for q in model.scored if q.id in changes)
    return Flip(in_order, winner, after.margin or ZERO, ousted)


def _moves(
    model: Model, answers: Answers, locked: Collection[str], one_step: bool
) -> Iterator[tuple[Question, Answer]]:
    """Every change of one answer that is allowed."""
    for question in model.scored:
        if question.id not in answers or question.id in locked:
            continue
        if one_step and not question.ordered:
            continue
        here = list(question.by_key).index(answers[question.id])
        for place, answer in enumerate(question.answers):
            if place != here and (not one_step or abs(place - here) == 1):
                yield question, answer


def _overtake(
    result: Result, leader: Standing, rival: Standing, moves: Collection[tuple[Question, Answer]]
) -> dict[str, str] | None:
    """The fewest changes that put `rival`, alive, strictly ahead of the leader."""
    gains: dict[str, tuple[Decimal, str]] = {}  # question -> largest gain and its answer
    for question, answer in moves:
        theirs = answer.effects[rival.option]
        if theirs is None:
            continue
        ours = answer.effects[leader.option]
        now = question.by_key[result.answers[question.id]]
        before = (now.effects[leader.option] or ZERO) - (now.effects[rival.option] or ZERO)
        gain = ENDLESS if ours is None else question.weight * (before - (ours - theirs))
        if question.id not in gains or gain > gains[question.id][0]:
            gains[question.id] = (gain, answer.key)
    if any(question not in gains for question in rival.out):
        return None  # ruled out by an answer that may not change
    behind = leader.score - rival.score
    changes = {}
    for question_id in rival.out:
        behind -= gains[question_id][0]
        changes[question_id] = gains[question_id][1]
    rest = sorted(((g, q, a) for q, (g, a) in gains.items() if q not in changes), reverse=True)
    for gain, question_id, key in rest:
        if behind < 0 or gain <= 0:
            break
        behind -= gain
        changes[question_id] = key
    return changes if behind < 0 else None


def ruling_out(
    model: Model, answers: Answers, option: str, locked: Collection[str] = ()
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The single changes of an answer that would rule the option out, by question."""
    found: dict[str, list[str]] = {}
    for question, answer in _moves(model, answers, locked, one_step=False):
        if answer.effects[option] is None:
            found.setdefault(question.id, []).append(answer.key)
    return tuple((question_id, tuple(keys)) for question_id, keys in found.items())
