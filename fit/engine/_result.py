"""Scores, certain ranges, possible winners and what each answer gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ._model import ZERO, Answer, Answers, Model, Question

CLEAR, LEAN = Decimal(6), Decimal("2.5")
KNOCK_OUT_AS = Decimal(-6)  # what a knock-out counts as when questions are compared


@dataclass(frozen=True)
class Standing:
    """One option. `score` ignores knock-outs; `out` names the questions that rule it out."""

    option: str
    score: Decimal
    low: Decimal
    high: Decimal
    out: tuple[str, ...]
    may_be_out: tuple[str, ...]  # open questions that could rule it out
    can_win: bool


@dataclass(frozen=True)
class Contribution:
    """Points of one answer; None where it rules the option out."""

    question: str
    answer: str
    points: Decimal | None


@dataclass(frozen=True)
class NextQuestion:
    """An open question by how far its answers move the margin of the first over the second."""

    question: str
    span: Decimal
    rules_out: tuple[str, ...]  # of the first two, those that some answer rules out


@dataclass(frozen=True)
class Result:
    """What the answers say. `ranking` holds the options left, best first, then those ruled out."""

    answers: Answers
    open: tuple[str, ...]
    ranking: tuple[Standing, ...]

    @cached_property
    def left(self) -> tuple[Standing, ...]:
        return tuple(standing for standing in self.ranking if not standing.out)

    @property
    def top(self) -> Standing | None:
        return self.left[0] if self.left else None

    @property
    def second(self) -> Standing | None:
        return self.left[1] if len(self.left) > 1 else None

    @property
    def margin(self) -> Decimal | None:
        """Top minus second; None when fewer than two are left."""
        return self.left[0].score - self.left[1].score if len(self.left) > 1 else None

    @property
    def band(self) -> str:
        """`clear`, `lean`, `too close`; `only one` or `none` when nothing is left to compare."""
        if self.margin is None:
            return "only one" if self.left else "none"
        return "clear" if self.margin >= CLEAR else "lean" if self.margin >= LEAN else "too close"

    @property
    def winners(self) -> tuple[str, ...]:
        """Options that can still win, whatever the open questions turn out to be."""
        return tuple(standing.option for standing in self.ranking if standing.can_win)


def evaluate(model: Model, answers: Answers) -> Result:
    """Scores, ranges, knock-outs and possible winners. `answers` must be keys of the model."""
    unknown = tuple(q for q in model.scored if q.id not in answers)
    scores = {option: _score(model, answers, option) for option in model.options}
    out = {option: _ruled_out_by(model, answers, option) for option in model.options}
    standings = []
    for option in model.options:
        lows, highs = (sum((q.reach[option][end] for q in unknown), ZERO) for end in (0, 1))
        standings.append(
            Standing(
                option=option,
                score=scores[option],
                low=scores[option] + lows,
                high=scores[option] + highs,
                out=out[option],
                may_be_out=tuple(q.id for q in unknown if q.rules_out(option)),
                can_win=not out[option]
                and not any(
                    _dominates(unknown, scores, rival, option)
                    for rival in model.options
                    if rival != option and not out[rival]
                ),
            )
        )
    order = {option: place for place, option in enumerate(model.options)}
    standings.sort(key=lambda s: (bool(s.out), -s.score, order[s.option]))
    return Result(dict(answers), tuple(q.id for q in unknown), tuple(standings))


def _score(model: Model, answers: Answers, option: str) -> Decimal:
    return model.base + sum((c.points or ZERO for c in contributions(model, answers, option)), ZERO)


def _ruled_out_by(model: Model, answers: Answers, option: str) -> tuple[str, ...]:
    return tuple(c.question for c in contributions(model, answers, option) if c.points is None)


def _dominates(
    unknown: tuple[Question, ...], scores: Mapping[str, Decimal], rival: str, option: str
) -> bool:
    """Whether `rival` stays ahead of `option` under every answer to the open questions."""
    if any(question.rules_out(rival) for question in unknown):
        return False
    most = sum((question.most_over[option, rival] for question in unknown), ZERO)
    return scores[option] - scores[rival] + most < 0


def contributions(model: Model, answers: Answers, option: str) -> tuple[Contribution, ...]:
    """What each answer gave the option, in order of the questions."""
    found = []
    for question in model.scored:
        if question.id in answers:
            effect = question.by_key[answers[question.id]].effects[option]
            points = None if effect is None else question.weight * effect
            found.append(Contribution(question.id, answers[question.id], points))
    return tuple(found)


def differences(
    model: Model, answers: Answers, option: str, rival: str
) -> tuple[Contribution, ...]:
    """What each answer gave one option over another, largest first; the points add up to the
    difference of their scores. An answer that rules either out counts as on the score, 0."""
    pairs = zip(
        contributions(model, answers, option), contributions(model, answers, rival), strict=True
    )
    found = [
        Contribution(ours.question, ours.answer, (ours.points or ZERO) - (theirs.points or ZERO))
        for ours, theirs in pairs
    ]
    return tuple(sorted(found, key=lambda c: -(c.points or ZERO)))


def questions_by_value(model: Model, result: Result) -> tuple[NextQuestion, ...]:
    """Open questions, the one that can move the margin most first. Empty without a second."""
    if result.top is None or result.second is None:
        return ()
    pair = (result.top.option, result.second.option)

    def counted(answer: Answer, option: str) -> Decimal:
        effect = answer.effects[option]
        return KNOCK_OUT_AS if effect is None else effect

    found = []
    for question in model.scored:
        if question.id in result.open:
            moves = [counted(a, pair[0]) - counted(a, pair[1]) for a in question.answers]
            span = question.weight * (max(moves) - min(moves))
            out = tuple(option for option in pair if question.rules_out(option))
            found.append(NextQuestion(question.id, span, out))
    return tuple(sorted(found, key=lambda n: -n.span))
