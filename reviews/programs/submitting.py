"""A design that a program sends: the next revision of the design it means, or a new one."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify

from design import document
from reviews import workflow
from reviews.access import editable_design
from reviews.models import Design, Revision, Run, Submission
from teams.models import Team, User


class KeyUsed(ValueError):
    """The idempotency key was used for something else."""


@dataclass(frozen=True)
class Sent:
    """The run to wait for. `made` says whether there is a new revision; `replayed` whether this
    is the answer to an earlier call with the same key."""

    run: Run
    made: bool
    replayed: bool = False


@transaction.atomic
def send(team: Team, by: User, text: str, *, slug: str = "", note: str = "", key: str = "") -> Sent:
    """Stores and checks a text. Without `slug` it belongs to the design whose slug is the id in
    the text, which is made if it does not exist. The text of the latest revision makes no new
    one: a pipeline that runs again gets the result that is there.

    Raises document.Invalid, Http404 for a `slug` that is no design, KeyUsed.
    """
    # Held until the end: two calls with one key follow one another.
    Team.objects.select_for_update().get(pk=team.pk)
    said = digest(text, slug, note)
    if key:
        Submission.objects.filter(team=team).forgotten().delete()
        earlier = Submission.objects.filter(team=team, key=key).first()
        if earlier is not None:
            if earlier.digest != said:
                raise KeyUsed(key)
            return Sent(_run(earlier.run_id), made=False, replayed=True)
    sent = _store(team, by, text, slug, note)
    if key:
        Submission.objects.create(team=team, key=key, digest=said, run=sent.run)
    return sent


def digest(text: str, slug: str, note: str) -> str:
    return hashlib.sha256(json.dumps([text, slug, note]).encode()).hexdigest()


def _store(team: Team, by: User, text: str, slug: str, note: str) -> Sent:
    parsed = document.load(text)
    design: Design | None
    if slug:
        design = editable_design(by, team.slug, slug)
    else:
        design = team.designs.filter(slug=slugify(parsed.id)[:70].strip("-")).first()
    try:
        return Sent(workflow.submit(team, by, text, design=design, note=note), made=True)
    except workflow.Unchanged:
        latest = design.latest() if design else None
        if latest is None:
            raise
        return Sent(_checked(latest), made=False)


def _checked(revision: Revision) -> Run:
    """The run of the current rules over a revision that exists."""
    return workflow.check_again(revision)


def _run(id: int) -> Run:
    return Run.objects.select_related("revision__design__team", "revision__by").get(pk=id)
