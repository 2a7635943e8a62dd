"""The workload-fit method: knock-outs, then a weighted sum, with exact what-ifs.

A pure function of a model and answers. Points are decimals, so that sums and comparisons are
exact. A question that is not answered adds nothing to a score and opens its range. An effect of
None is a knock-out: the answer rules the option out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

Answers = Mapping[str, str]  # question id -> answer key; unknown questions are left out

CLEAR, LEAN = Decimal(6), Decimal("2.5")
KNOCK_OUT_AS = Decimal(-6)  # what a knock-out counts as when questions are compared
STALE_AFTER = dt.timedelta(days=183)
ZERO, ENDLESS = Decimal(0), Decimal("Infinity")


@dataclass(frozen=True)
class Answer:
    """One answer; `effects` by option, -3 to +3, or None where it rules the option out."""

    key: str
    effects: Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Question:
    """`ordered`: the answers form a scale on which one step means something."""

    id: str
    weight: Decimal
    ordered: bool
    answers: tuple[Answer, ...]

    @cached_property
    def by_key(self) -> dict[str, Answer]:
        return {answer.key: answer for answer in self.answers}

    def rules_out(self, option: str) -> bool:
        """Whether some answer knocks the option out."""
        return any(answer.effects[option] is None for answer in self.answers)


@dataclass(frozen=True)
class KnockOut:
    """Why an answer rules an option out. `checked`: the oldest check of its sources, if any."""

    option: str
    question: str
    answer: str
    checked: dt.date | None = None


@dataclass(frozen=True)
class Pairing:
    """How the hybrid is derived. A bonus of None: no pair is offered for that answer."""

    elastic: tuple[str, ...]
    steady: tuple[str, ...]
    bonus: Mapping[str, Decimal | None]  # by answer to `parts`
    penalty: Mapping[str, Mapping[str, Decimal]]  # by question, by answer


@dataclass(frozen=True)
class Model:
    """Everything that the method needs. Options are in the order that breaks ties."""

    version: int
    base: Decimal
    options: tuple[str, ...]
    questions: tuple[Question, ...]
    pairing: Pairing
    knock_outs: tuple[KnockOut, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def scored(self) -> tuple[Question, ...]:
        """The questions that move points; the others only steer."""
        return tuple(question for question in self.questions if question.weight)

    def effect(self, question: str, answer: str, option: str) -> Decimal | None:
        return self.by_id[question].by_key[answer].effects[option]


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
class Flip:
    """The fewest changes after which `winner` (None: nobody) leads instead, by `margin`."""

    changes: tuple[tuple[str, str], ...]  # (question, new answer)
    winner: str | None
    margin: Decimal
    knocks_out: bool  # the leader is ruled out rather than overtaken


@dataclass(frozen=True)
class Hybrid:
    """A derived pair; `lead` is its score minus that of the best single option."""

    elastic: str
    steady: str
    score: Decimal
    bonus: Decimal
    penalty: Decimal
    lead: Decimal


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
        lows, highs = _reach(unknown, option)
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


def _reach(unknown: tuple[Question, ...], option: str) -> tuple[Decimal, Decimal]:
    """The least and the most that open questions can add, over answers that keep the option."""
    low = high = ZERO
    for question in unknown:
        effects = [e for a in question.answers if (e := a.effects[option]) is not None]
        low += question.weight * min(effects, default=ZERO)
        high += question.weight * max(effects, default=ZERO)
    return low, high


def _dominates(
    unknown: tuple[Question, ...], scores: Mapping[str, Decimal], rival: str, option: str
) -> bool:
    """Whether `rival` stays ahead of `option` under every answer to the open questions."""
    lead = scores[option] - scores[rival]
    for question in unknown:
        if question.rules_out(rival):
            return False
        lead += question.weight * max(
            (d for a in question.answers if (d := _difference(a, option, rival)) is not None),
            default=ZERO,
        )
    return lead < 0


def _difference(answer: Answer, option: str, rival: str) -> Decimal | None:
    """Effect on one minus effect on the other; None when the answer rules either out."""
    ours, theirs = answer.effects[option], answer.effects[rival]
    return None if ours is None or theirs is None else ours - theirs


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


def hybrid(model: Model, result: Result) -> Hybrid | None:
    """The best elastic option with the best steady one, if the parts differ."""
    pairing = model.pairing
    bonus = pairing.bonus.get(result.answers.get("parts", ""))
    elastic = next((s for s in result.left if s.option in pairing.elastic), None)
    steady = next((s for s in result.left if s.option in pairing.steady), None)
    if bonus is None or elastic is None or steady is None:
        return None
    penalty = sum(
        (
            by.get(result.answers.get(question, ""), ZERO)
            for question, by in pairing.penalty.items()
        ),
        ZERO,
    )
    score = (elastic.score + steady.score) / 2 + bonus - penalty
    lead = score - max(elastic.score, steady.score)
    return Hybrid(elastic.option, steady.option, score, bonus, penalty, lead)


def gates(model: Model, result: Result, today: dt.date) -> tuple[str, ...]:
    """Rules that move no points: pilot, sight, owner, recheck, assessor."""
    answers, found = result.answers, []
    top = result.top.option if result.top and answers else None
    if top == "functions" and answers.get("ops") == "low":
        found.append("pilot")
    if top == "functions" and "ops" not in answers:
        found.append("sight")
    if top == "kubernetes" and answers.get("team") != "platform":
        found.append("owner")
    if any(is_stale(k, today) for k in applied(model, result)):
        found.append("recheck")
    if answers.get("compliance") == "dedicated":
        found.append("assessor")
    return tuple(found)


def applied(model: Model, result: Result) -> tuple[KnockOut, ...]:
    """The knock-outs that these answers cause."""
    return tuple(k for k in model.knock_outs if result.answers.get(k.question) == k.answer)


def is_stale(knock_out: KnockOut, today: dt.date) -> bool:
    """Whether its sources were last read more than six months ago."""
    return knock_out.checked is not None and today - knock_out.checked > STALE_AFTER


def monotonic_breaches(model: Model, option: str = "functions") -> tuple[str, ...]:
    """Ordered questions on which the option's effect rises along the scale."""
    found = []
    for question in model.questions:
        effects = [answer.effects[option] for answer in question.answers]
        steps = [-ENDLESS if effect is None else effect for effect in effects]
        if question.ordered and any(b > a for a, b in pairwise(steps)):
            found.append(question.id)
    return tuple(found)
