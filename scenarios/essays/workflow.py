"""What changes a text: keeping a draft, locking it, rating examples, and colleagues."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone

from scenarios import workflow
from scenarios.engine import Exercise, Grade, Unanswered, essay
from scenarios.essays.models import FEWEST_PEERS, MOST_PEERS, Essay, PeerRating
from scenarios.models import Attempt, Learner
from teams.models import Team, User

LONGEST_COMMENT = 1000
PLACES = ("first-", "second-")
"""How the fields of the two examples begin, in the order in which they are shown."""


class Changed(Exception):
    """The draft was changed in another window since this one was loaded."""

    def __init__(self, stored: Essay) -> None:
        super().__init__("This text was changed in another window. Both versions stand below.")
        self.stored = stored


def current(of: Learner, exercise: Exercise) -> Essay | None:
    """The text that the learner is at; else the one that was finished last."""
    mine = Essay.objects.of(of).filter(exercise=exercise.id)
    open_ = mine.filter(done__isnull=True).order_by("-updated").first()
    found: Essay | None = open_ or mine.order_by("-done").first()
    if found and not found.done and found.rev != exercise.rev:
        # The exercise was revised meanwhile: the text stays, the examples may be other ones.
        found.rev, found.ratings = exercise.rev, []
        found.save(update_fields=["rev", "ratings"])
    return found


def one(of: Learner, exercise: Exercise, id: uuid.UUID) -> Essay | None:
    found: Essay | None = Essay.objects.of(of).filter(exercise=exercise.id, id=id).first()
    return found


def keep(of: Learner, exercise: Exercise, id: uuid.UUID, version: int, text: str) -> Essay:
    """Keeps a draft. A text that is locked stays. Raises Changed where another window was first."""
    text = text.replace("\r\n", "\n")[: essay.MOST_CHARACTERS]
    stored = one(of, exercise, id)
    if stored is None:
        return _begun(of, exercise, id, text)
    if stored.submitted or stored.text == text:
        return stored
    changed = {"text": text, "version": version + 1, "updated": timezone.now()}
    open_ = Essay.objects.of(of).filter(id=id, submitted__isnull=True, version=version)
    kept = open_.update(**changed)
    stored.refresh_from_db()
    if not kept and stored.text != text and not stored.submitted:
        raise Changed(stored)
    return stored


def _begun(of: Learner, exercise: Exercise, id: uuid.UUID, text: str) -> Essay:
    other = current(of, exercise)
    if other and not other.done:
        if other.text and other.text != text:
            raise Changed(other)
        return keep(of, exercise, other.id, other.version, text)
    row = {"exercise": exercise.id, "rev": exercise.rev, "text": text, "version": 1, **of.owner}
    try:
        with transaction.atomic():
            made: Essay = Essay.objects.create(id=id, **row)
    except IntegrityError:
        # The same form came twice at once, or the id belongs to somebody else.
        made = one(of, exercise, id) or Essay.objects.create(**row)
    return made


def submit(of: Learner, exercise: Exercise, id: uuid.UUID, version: int, text: str) -> Essay:
    """Locks a text. Raises Unanswered where it is none; the draft is kept even so."""
    found = keep(of, exercise, id, version, text)
    if not found.submitted:
        locked = essay.submitted(exercise, found.text)
        now = timezone.now()
        open_ = Essay.objects.filter(id=found.id, submitted__isnull=True, version=found.version)
        open_.update(text=locked, submitted=now, updated=now)
        found.refresh_from_db()
    return found


def order(found: Essay) -> tuple[int, int]:
    """Which of the two examples is shown first: it differs from text to text."""
    return (0, 1) if found.id.int % 2 else (1, 0)


def rate_examples(exercise: Exercise, found: Essay, data: Mapping[str, Sequence[str]]) -> None:
    """Notes the ratings of the two examples; the first ones sent stand. Raises Unanswered."""
    if found.stage != "examples":
        return
    shown = [essay.levels(exercise.body, data, before) for before in PLACES]
    ratings = [shown[place] for place in order(found)]
    with transaction.atomic():
        locked = Essay.objects.select_for_update().get(id=found.id)
        if not locked.ratings:
            locked.ratings = ratings
            locked.save(update_fields=["ratings"])
    found.refresh_from_db()


def rate_own(
    of: Learner,
    exercise: Exercise,
    found: Essay,
    data: Mapping[str, Sequence[str]],
    noted: workflow.Noted | None = None,
) -> tuple[Attempt, Grade]:
    """Grades the text by the learner's own rating. Raises Unanswered."""
    if found.stage in ("write", "examples"):
        raise Unanswered("Rate the two examples first.")
    answer: dict[str, Any] = {**data, "text": [found.text], "ratings": found.ratings}
    graded = workflow.answer(of, exercise, found.id, 0, answer, noted or workflow.Noted())
    Essay.objects.filter(id=found.id, done__isnull=True).update(done=timezone.now())
    found.refresh_from_db()
    return graded


def begin_again(of: Learner, exercise: Exercise) -> Essay:
    """A new, empty text; the one that is under way, where there is one."""
    found = current(of, exercise)
    if found and not found.done:
        return found
    made: Essay = Essay.objects.create(exercise=exercise.id, rev=exercise.rev, **of.owner)
    return made


# Colleagues


def ask_colleagues(found: Essay, team: Team | None) -> None:
    """Shows the text to two or three colleagues, of one team or of the site; asking twice is
    asking once."""
    if found.user and found.done and not found.peers_asked:
        found.peers_asked, found.peers_team = timezone.now(), team
        found.save(update_fields=["peers_asked", "peers_team"])


def calibrated(user: User, exercise: Exercise) -> bool:
    """Whether this person has rated the examples as the author does, and so may rate others."""
    mine = Essay.objects.filter(user=user, exercise=exercise.id, done__isnull=False)
    body = exercise.body
    return any(
        len(e.ratings) == 2
        and {len(r) for r in e.ratings} == {len(body.rubric)}
        and essay.off(body, e.ratings) <= essay.MOST_OFF
        for e in mine
    )


def to_rate(user: object, exercise: Exercise) -> list[Essay]:
    """Texts of others that this person may rate, the one that waits longest first."""
    if not isinstance(user, User) or not exercise.body.peers or not calibrated(user, exercise):
        return []
    asked = Essay.objects.wanted().filter(exercise=exercise.id, rev=exercise.rev)
    others = asked.exclude(user=user).exclude(peer_ratings__by=user)
    waiting = others.annotate(count=Count("peer_ratings")).filter(count__lt=MOST_PEERS)
    mine = set(Team.objects.of(user).values_list("pk", flat=True))
    return [
        e
        for e in waiting.order_by("peers_asked")
        if e.peers_team_id is None or e.peers_team_id in mine
    ]


def rate_other(
    user: User, exercise: Exercise, found: Essay, data: Mapping[str, Sequence[str]]
) -> None:
    """Notes a colleague's rating; the first of each person counts. Raises Unanswered."""
    levels = essay.levels(exercise.body, data, "level-")
    comment = (list(data.get("comment", ())) or [""])[0].strip()[:LONGEST_COMMENT]
    with transaction.atomic():
        locked = Essay.objects.select_for_update().get(id=found.id)
        if locked.peer_ratings.filter(by=user).exists():
            return
        if locked.peer_ratings.count() < MOST_PEERS:
            PeerRating.objects.create(essay=locked, by=user, levels=levels, comment=comment)


def told(exercise: Exercise, found: Essay) -> dict[str, Any]:
    """What colleagues think: the median level of each criterion once two have rated, or at the
    end of the week."""
    ratings = list(found.peer_ratings.all())
    enough = len(ratings) >= FEWEST_PEERS or (found.peers_over and ratings)
    count = len(exercise.body.rubric)
    middle = essay.middle(exercise.body, [r.levels for r in ratings if len(r.levels) == count])
    criteria = exercise.body.rubric
    return {
        "asked": found.peers_asked,
        "over": found.peers_over,
        "count": len(ratings),
        "levels": [(c.text, c.levels[level]) for c, level in zip(criteria, middle, strict=False)]
        if enough
        else [],
        "comments": [r.comment for r in ratings if r.comment] if enough else [],
    }
