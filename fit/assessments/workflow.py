"""What writes: saving and re-scoring versions, rounds of a team, decisions."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from fit import engine, pages, report
from fit.asking import Asked
from fit.assessments import disagreement, record
from fit.model import Fit, fit
from fit.models import Assessment, Ballot, Record, Round, Settlement, Status, Version
from teams.models import Team, User


class Unchanged(ValueError):
    """The newest version says the same."""


class Closed(ValueError):
    """The round takes no more answers, or this member has answered."""


# Versions


def computed(assessment: Assessment, answers: Asked, moment: datetime | None = None) -> Version:
    """A version of the current model that is not stored yet."""
    model, moment = fit(), moment or timezone.now()
    found = engine.evaluate(model.numbers, answers.answers)
    return Version(
        assessment=assessment,
        model=model.numbers.version,
        answers=answers.answers,
        locked=sorted(answers.locked),
        result=report.as_json(model, answers, timezone.localdate(moment)),
        headline=pages.headline(model, found)[:200],
        created=moment,
    )


@transaction.atomic
def save(
    name: str,
    by: User,
    answers: Asked,
    *,
    team: Team | None = None,
    note: str = "",
    created: datetime | None = None,
) -> Assessment:
    """A new assessment, of the team or else of the person, with its first version."""
    made = Assessment.objects.create(
        name=name,
        team=team,
        person=None if team else by,
        created_by=by,
        created=created or timezone.now(),
    )
    add(made, by, answers, note=note, created=created)
    return made


@transaction.atomic
def add(
    assessment: Assessment,
    by: User | None,
    answers: Asked,
    *,
    note: str = "",
    created: datetime | None = None,
    confirms: bool = False,
) -> Version:
    """The next version. Raises Unchanged when answers, facts and model are those of the last,
    unless it `confirms` them."""
    _lock(assessment)
    made = computed(assessment, answers, created)
    last = assessment.versions.last()
    same = last and all(
        getattr(last, name) == getattr(made, name) for name in ("answers", "locked", "model")
    )
    if last and same and not confirms:
        raise Unchanged(f"These are the answers of version {last.number}.")
    made.number = last.number + 1 if last else 1
    made.by, made.note = by, note
    made.save()
    return made


def carried(model: Fit, version: Version) -> tuple[Asked, list[str]]:
    """The answers of a version that the model still has, and the ids of questions it has not."""
    said = {
        q.id: version.answers[q.id]
        for q in model.questions
        if version.answers.get(q.id) in q.by_key
    }
    locked = frozenset(id for id in version.locked if id in model.by_id)
    return Asked(said=said, locked=locked), [id for id in version.answers if id not in said]


def rescored(version: Version) -> tuple[Version, list[str]]:
    """What the current model makes of the answers, not stored, and the questions it lost."""
    answers, lost = carried(fit(), version)
    return computed(version.assessment, answers), lost


def rescore(assessment: Assessment, by: User) -> Version:
    """Keeps what the current model says as the next version. Raises Unchanged."""
    answers, _ = carried(fit(), assessment.latest())
    return add(assessment, by, answers, note=f"scored again with model {fit().numbers.version}")


# Rounds


@transaction.atomic
def open_round(assessment: Assessment, by: User, opened: datetime | None = None) -> Round:
    """A new round, or the one that is open already."""
    _lock(assessment)
    if found := assessment.open_round():
        return found
    last = assessment.rounds.aggregate(Max("number"))["number__max"] or 0
    moment = opened or timezone.now()
    return Round.objects.create(assessment=assessment, number=last + 1, opened_by=by, opened=moment)


@transaction.atomic
def cast(
    round: Round, by: User, answers: dict[str, str], note: str = "", created: datetime | None = None
) -> Ballot:
    """One member's answers, which stand from then on. Raises Closed."""
    held = Round.objects.select_for_update().get(pk=round.pk)
    if not held.is_open:
        raise Closed("The round is closed.")
    try:
        with transaction.atomic():
            return Ballot.objects.create(
                round=round, by=by, answers=answers, note=note, created=created or timezone.now()
            )
    except IntegrityError:
        raise Closed("You have answered already.") from None


@transaction.atomic
def close(round: Round, moment: datetime | None = None) -> None:
    held = Round.objects.select_for_update().get(pk=round.pk)
    if held.is_open:
        held.closed = moment or timezone.now()
        held.save(update_fields=["closed"])
    round.closed = held.closed


def side_by_side(round: Round) -> disagreement.Comparison:
    """The ballots of a round under the current model, with what was settled."""
    numbers = fit().numbers
    ballots = [_known(fit(), ballot.answers) for ballot in round.ballots.all()]
    settled = {s.question: s.answer for s in round.settlements.all()}
    return disagreement.compare(numbers, ballots, settled)


def _known(model: Fit, answers: dict[str, str]) -> dict[str, str]:
    """Without what a newer model no longer asks."""
    return {q.id: answers[q.id] for q in model.questions if answers.get(q.id) in q.by_key}


@transaction.atomic
def settle(
    round: Round, by: User, question: str, answer: str, reason: str, created: datetime | None = None
) -> None:
    """Settles a disputed question, or settles it anew. Raises Closed once the round has its
    version."""
    held = Round.objects.select_for_update().get(pk=round.pk)
    if held.agreed_id:
        raise Closed("The round is settled; open another one.")
    Settlement.objects.update_or_create(
        round=held,
        question=question,
        defaults={
            "answer": answer,
            "reason": reason,
            "by": by,
            "created": created or timezone.now(),
        },
    )


@transaction.atomic
def agree(round: Round, by: User, created: datetime | None = None) -> Version:
    """Closes the round and keeps the agreed answers as the next version; what is disputed and
    not settled stays open. Raises Closed when it was done before."""
    _lock(round.assessment)
    held = Round.objects.select_for_update().get(pk=round.pk)
    if held.agreed_id:
        raise Closed("The round is settled; open another one.")
    found = side_by_side(held)
    left = sum(d.settled is None for d in found.disputes)
    note = f"agreed in round {held.number}" + (f", {left} disputed left open" if left else "")
    locked = frozenset(round.assessment.latest().locked)
    answers = Asked(said=dict(found.result.answers), locked=locked)
    # A team that confirms what one person answered is news, and its dissent hangs on the version.
    made = add(round.assessment, by, answers, note=note, created=created, confirms=True)
    held.agreed, held.closed = made, held.closed or timezone.now()
    held.save(update_fields=["agreed", "closed"])
    return made


# Decisions


@transaction.atomic
def propose(draft: Record, assessment: Assessment, version: Version, by: User) -> Record:
    """Stores a new record as proposed."""
    _lock(assessment)
    last = assessment.records.aggregate(Max("number"))["number__max"] or 0
    draft.assessment, draft.version, draft.by = assessment, version, by
    draft.number, draft.status = last + 1, Status.PROPOSED
    draft.save()
    return draft


@transaction.atomic
def accept(found: Record, by: User, moment: datetime | None = None) -> None:
    """Fixes a proposal as it is, and supersedes the record it names. Does nothing twice."""
    _lock(found.assessment)
    if not Record.objects.filter(pk=found.pk, status=Status.PROPOSED).exists():
        return
    found.status, found.accepted_by = Status.ACCEPTED, by
    found.accepted = moment or timezone.now()
    found.body = record.document(found)
    found.save()
    if (old := found.supersedes) and old.is_accepted:
        old.status = Status.SUPERSEDED
        old.save(update_fields=["status"])


def _lock(assessment: Assessment) -> None:
    """Two who write at once get two numbers."""
    list(Assessment.objects.select_for_update().filter(pk=assessment.pk))
