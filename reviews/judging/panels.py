"""What writes of a panel: opened, marked blind, talked about, decided, closed.

Every function locks the panel first, so that the last two who send their marks at once close the
first round once, and rewrites its summary in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from design.result import from_dict
from reviews.judging.outcome import Rules, Voice, outcome
from reviews.judging.rubric import rubric
from reviews.judging.statistics import score, spread
from reviews.models import (
    Decision,
    Mark,
    Note,
    Panel,
    PanelState,
    Revision,
    Seat,
    TeamRules,
    Verdict,
)
from teams.events import happened
from teams.models import Membership, Role, Team, User

Given = Mapping[str, tuple[int | None, str]]
"""Criterion id to a mark (None: cannot judge) and its reason."""


class Refused(ValueError):
    """The panel is not in a state in which this can be done; the text says why."""


# Rules of a team


def rules_of(team: Team) -> Rules:
    found = TeamRules.objects.filter(team=team).first()
    return found.rules() if found else Rules()


class Stale(Exception):
    """Somebody changed the rules since they were read."""

    def __init__(self, current: TeamRules) -> None:
        super().__init__(str(current))
        self.current = current


@transaction.atomic
def save_rules(team: Team, by: User, said: Mapping[str, Any], version: int) -> TeamRules:
    """Changes how the team judges; panels that are open keep their rules. Raises Stale when
    `version` is no longer the one in force."""
    list(Team.objects.select_for_update().filter(pk=team.pk))
    found = TeamRules.objects.filter(team=team).first() or TeamRules(team=team)
    if found.version != version:
        raise Stale(found)
    before = found.rules().as_json()
    for name, value in said.items():
        setattr(found, name, value)
    if found.rules().as_json() == before:
        return found
    found.version += 1
    found.changed_by, found.changed = by, timezone.now()
    found.save()
    happened(
        team,
        "panel.rules",
        f"how {team} judges",
        by=by,
        detail={"before": before, "after": found.rules().as_json()},
    )
    return found


# Opening, and who sits


def candidates(revision: Revision) -> list[Membership]:
    """Members who may judge a revision: reviewers and above, never the one who submitted it."""
    roles = [role for role in Role if role.includes(Role.REVIEWER)]
    members = revision.design.team.memberships.with_people().filter(role__in=roles)
    return [m for m in members if m.user_id != revision.by_id]


@transaction.atomic
def open_panel(
    revision: Revision,
    by: User,
    people: Iterable[User],
    *,
    due: date | None = None,
    hide_score: bool = False,
    opened: datetime | None = None,
) -> Panel:
    """A panel in its first round. Raises Refused when there is one, or too few are invited."""
    team = revision.design.team
    list(Team.objects.select_for_update().filter(pk=team.pk))
    if Panel.objects.filter(revision=revision).exists():
        raise Refused("This revision has a panel already.")
    rules, invited = rules_of(team), list(people)
    needed = rules.needed(_criticality(revision))
    if len(invited) < needed:
        chosen = f"{len(invited)} {'is' if len(invited) == 1 else 'are'} chosen"
        raise Refused(f"A panel on this design needs {needed} reviewers; {chosen}.")
    moment = opened or timezone.now()
    panel = Panel.objects.create(
        revision=revision,
        opened_by=by,
        opened=moment,
        due=due,
        hide_score=hide_score,
        quorum=needed,
        rules=rules.as_json(),
        rubric=rubric().version,
    )
    _seat(panel, by, invited, moment)
    happened(team, "panel.opened", str(revision), by=by, url=panel.get_absolute_url())
    _tell_invited(panel, by, invited)
    summarize(panel)
    return panel


def _criticality(revision: Revision) -> str:
    """What the design says of its own importance; empty when it does not, or is not checked."""
    run = revision.run()
    if run is None or not run.is_done:
        return ""
    said = from_dict(run.result).design.attrs.get("criticality")
    return str(said.value) if said else ""


@transaction.atomic
def invite(panel: Panel, by: User, people: Iterable[User]) -> None:
    """More reviewers. Raises Refused once marks are open: they would not judge blind."""
    held = _held(panel)
    if not held.is_blind:
        raise Refused("The marks are open; a new reviewer would not judge blind.")
    seated = set(held.seats.values_list("user", flat=True))
    new = [person for person in people if person.pk not in seated]
    _seat(held, by, new, timezone.now())
    _tell_invited(held, by, new)
    summarize(held)


def _seat(panel: Panel, by: User, people: Iterable[User], moment: datetime) -> None:
    Seat.objects.bulk_create(
        [Seat(panel=panel, user=p, who=str(p), invited_by=by, invited=moment) for p in people]
    )


def _tell_invited(panel: Panel, by: User, people: list[User]) -> None:
    if not people:
        return
    due = f", until {panel.due:%-d %B %Y}" if panel.due else ""
    happened(
        panel.revision.design.team,
        "panel.invited",
        str(panel.revision),
        by=by,
        url=panel.get_absolute_url(),
        tell=people,
        text=f"{by} asks you to judge {panel.revision}{due}",
        detail={"people": [str(person) for person in people]},
    )


@transaction.atomic
def excuse(seat: Seat, by: User) -> None:
    """Takes somebody who has sent no marks off the panel. Raises Refused for one who has."""
    held = _held(seat.panel)
    seat.refresh_from_db(fields=["marked"])
    if seat.marked:
        raise Refused(f"{seat} has sent marks, which stay.")
    if not held.is_blind:
        raise Refused("The first round is over.")
    happened(
        held.revision.design.team,
        "panel.excused",
        f"{seat} from {held.revision}",
        by=by,
        url=held.get_absolute_url(),
    )
    Seat.objects.filter(pk=seat.pk).delete()
    _finish_first(held)
    summarize(held)


@transaction.atomic
def call_off(panel: Panel, by: User) -> None:
    """Removes a panel in which nobody has sent marks. Raises Refused otherwise."""
    held = _held(panel)
    if held.seats.filter(marked__isnull=False).exists():
        raise Refused("Somebody has sent marks; close the panel instead.")
    revision = held.revision
    happened(
        revision.design.team,
        "panel.called_off",
        str(revision),
        by=by,
        url=revision.get_absolute_url(),
        tell=[seat.user for seat in held.seats.select_related("user") if seat.user],
    )
    held.delete()


# Marks


@transaction.atomic
def keep_draft(seat: Seat, said: Mapping[str, str]) -> None:
    """Keeps a sheet that is not sent. Raises Refused when it can no longer be."""
    _unsent(seat)
    seat.draft = dict(said)
    seat.save(update_fields=["draft"])


@transaction.atomic
def mark(seat: Seat, given: Given, moment: datetime | None = None) -> None:
    """Sends one person's marks of the first round, which stand; the last of the panel closes the
    round. Raises Refused when the round or the marks are closed."""
    held = _unsent(seat)
    _keep(seat, Mark.FIRST, given, moment)
    seat.marked, seat.draft = moment or timezone.now(), {}
    seat.save(update_fields=["marked", "draft"])
    happened(
        held.revision.design.team,
        "panel.marked",
        str(held.revision),
        by=seat.user,
        url=held.get_absolute_url(),
        tell=[held.opened_by] if held.opened_by else [],
    )
    _finish_first(held, moment)
    summarize(held)


def _unsent(seat: Seat) -> Panel:
    held = _held(seat.panel)
    panel = seat.panel
    seat.refresh_from_db()
    seat.panel = panel
    if seat.marked:
        raise Refused("Your marks are sent and stand.")
    if not held.is_blind:
        raise Refused("The first round was closed before you sent your marks.")
    return held


def _keep(seat: Seat, round: int, given: Given, moment: datetime | None) -> None:
    for criterion, (value, reason) in given.items():
        Mark.objects.update_or_create(
            seat=seat,
            round=round,
            criterion=criterion,
            defaults={
                "value": value,
                "reason": reason,
                "changed": moment or timezone.now(),
            },
        )


def _finish_first(panel: Panel, moment: datetime | None = None) -> None:
    """Opens the marks once all who sit have sent theirs."""
    seats = list(panel.seats.all())
    if len(seats) >= panel.quorum and all(seat.marked for seat in seats):
        _open_marks(panel, moment)


def _open_marks(panel: Panel, moment: datetime | None = None) -> None:
    panel.state, panel.first_closed = PanelState.TALK, moment or timezone.now()
    panel.save(update_fields=["state", "first_closed"])
    happened(
        panel.revision.design.team,
        "panel.open_marks",
        str(panel.revision),
        url=panel.get_absolute_url(),
        tell=[seat.user for seat in panel.seats.select_related("user") if seat.user],
        text=f"The marks on {panel.revision} are open",
    )


@transaction.atomic
def close_first(panel: Panel, by: User) -> None:
    """Opens the marks without those who have not sent theirs. Raises Refused below the quorum."""
    held = _held(panel)
    if not held.is_blind:
        raise Refused("The marks are open already.")
    marked = held.seats.filter(marked__isnull=False).count()
    if marked < held.quorum:
        raise Refused(f"{marked} of the {held.quorum} reviewers that are needed have sent marks.")
    _open_marks(held)
    summarize(held)


@transaction.atomic
def mark_again(seat: Seat, given: Given, moment: datetime | None = None) -> None:
    """Second marks, on criteria where the first lay far apart; may be changed until the panel is
    closed. Raises Refused outside that."""
    held = _held(seat.panel)
    if not held.is_talk or not seat.marked:
        raise Refused(
            "Second marks are given while the marks are open, by those who sent first ones."
        )
    if strange := set(given) - set(disputed(held)):
        raise Refused(f"The first marks on {', '.join(sorted(strange))} lie together.")
    _keep(seat, Mark.SECOND, given, moment)
    summarize(held)


def marks_of(panel: Panel) -> list[Mark]:
    """Marks of both rounds; drafts are none."""
    return list(Mark.objects.filter(seat__panel=panel))


def disputed(panel: Panel) -> list[str]:
    """Criteria whose first marks lie two levels or more apart, in the rubric's order."""
    first: dict[str, list[int]] = {}
    for one in marks_of(panel):
        if one.round == Mark.FIRST and one.value is not None:
            first.setdefault(one.criterion, []).append(one.value)
    return [c for c, values in first.items() if (found := spread(values)) and found.disputed]


def owed(seat: Seat) -> list[str]:
    """Disputed criteria on which this person has yet to give a second mark."""
    given = seat.marks.filter(round=Mark.SECOND).values_list("criterion", flat=True)
    return [criterion for criterion in disputed(seat.panel) if criterion not in set(given)]


# Notes


@transaction.atomic
def note(
    seat: Seat, kind: str, text: str, subjects: list[str], moment: datetime | None = None
) -> Note:
    """Raises Refused once the panel is closed."""
    held = _held(seat.panel)
    if held.is_closed:
        raise Refused("The panel is closed.")
    created = moment or timezone.now()
    return Note.objects.create(
        panel=held, seat=seat, kind=kind, text=text, subjects=subjects, created=created
    )


@transaction.atomic
def withdraw(found: Note) -> None:
    """Raises Refused once the panel is closed."""
    held = _held(found.panel)
    if held.is_closed:
        raise Refused("The panel is closed.")
    if found.withdrawn is None:
        found.withdrawn = timezone.now()
        found.save(update_fields=["withdrawn"])


# Decisions


@transaction.atomic
def decide(seat: Seat, verdict: str, text: str, moment: datetime | None = None) -> Decision:
    """One reviewer's decision. Raises Refused while that person owes a second mark, and outside
    the second round."""
    held = _held(seat.panel)
    if not held.is_talk or not seat.marked or seat.user is None:
        raise Refused("Decisions are made while the marks are open, by those who sent marks.")
    if missing := owed(seat):
        names = ", ".join(
            rubric().by_id[id].short.lower() for id in missing if id in rubric().by_id
        )
        raise Refused(f"Give your second mark first, on {names}.")
    team = held.revision.design.team
    role = team.role_of(seat.user)
    if role is None:
        raise Refused("You are no longer a member of the team.")
    made = Decision.objects.create(
        seat=seat, verdict=verdict, text=text, role=role, created=moment or timezone.now()
    )
    happened(
        team,
        "panel.decided",
        f"{Verdict(verdict).label.lower()}, {held.revision}",
        by=seat.user,
        url=held.get_absolute_url(),
        tell=[held.opened_by] if held.opened_by else [],
    )
    summarize(held)
    return made


def standing_decisions(panel: Panel) -> dict[int, Decision]:
    """Seat id to the decision that stands."""
    found = Decision.objects.filter(seat__panel=panel).select_related("seat")
    return {one.seat_id: one for one in found}


def _outcome(panel: Panel) -> Any:
    rules = panel.agreed()
    least = Role(rules.voice)
    voices = [
        Voice(d.verdict, d.role == Role.OWNER, Role(d.role).includes(least))
        for d in standing_decisions(panel).values()
    ]
    return outcome(voices, rules, panel.quorum)


@transaction.atomic
def close(panel: Panel, by: User, moment: datetime | None = None) -> None:
    """Fixes the outcome. Raises Refused while it waits for something."""
    held = _held(panel)
    if not held.is_talk:
        raise Refused("Only a panel whose marks are open can be closed.")
    found = _outcome(held)
    if not found.verdict:
        raise Refused(f"The outcome waits for {found.waits}.")
    held.state, held.outcome = PanelState.CLOSED, found.verdict
    held.closed, held.closed_by = moment or timezone.now(), by
    held.save(update_fields=["state", "outcome", "closed", "closed_by"])
    revision = held.revision
    people = [seat.user for seat in held.seats.select_related("user") if seat.user]
    happened(
        revision.design.team,
        "panel.closed",
        f"{Verdict(found.verdict).label.lower()}, {revision}",
        by=by,
        url=held.get_absolute_url(),
        tell=[*people, *([revision.by] if revision.by else [])],
        text=f"The panel on {revision} has decided: {Verdict(found.verdict).label.lower()}",
    )
    summarize(held)


# What pages show


def summarize(panel: Panel) -> None:
    """Rewrites the summary. `first` and `final` are the marks by criterion once they are open;
    `automatic` is the score beside which they were given, as it was then."""
    seats = list(panel.seats.all())
    said: dict[str, Any] = {
        "seats": len(seats),
        "marked": sum(seat.marked is not None for seat in seats),
        "waiting": [s.user_id for s in seats if s.marked is None and s.user_id is not None],
    }
    if not panel.is_blind:
        said |= _marks(panel)
        said["automatic"] = panel.summary.get("automatic") or _automatic(panel.revision)
        standing = standing_decisions(panel).values()
        said["decisions"] = [d.verdict for d in standing]
        said["waits"] = "" if panel.is_closed else _outcome(panel).waits
    panel.summary = said
    panel.save(update_fields=["summary"])


def _marks(panel: Panel) -> dict[str, Any]:
    first: dict[str, dict[int, int]] = {c.id: {} for c in rubric().criteria}
    final: dict[str, dict[int, int]] = {c.id: {} for c in rubric().criteria}
    for one in marks_of(panel):
        for kept in (first, final) if one.round == Mark.FIRST else (final,):
            given = kept.setdefault(one.criterion, {})
            if one.value is None:
                given.pop(one.seat_id, None)
            else:
                given[one.seat_id] = one.value
    spreads = {id: spread(given.values()) for id, given in final.items()}
    return {
        "first": {id: sorted(given.values()) for id, given in first.items()},
        "final": {id: sorted(given.values()) for id, given in final.items()},
        "score": score(found.median for found in spreads.values() if found),
    }


def _automatic(revision: Revision) -> dict[str, Any] | None:
    run = revision.run()
    if run is None or not run.is_done:
        return None
    found = from_dict(run.result).score
    return {
        "total": found.total,
        "coverage": found.coverage,
        "pack": run.pack_version,
        "pillars": {
            name: pillar.score for name, pillar in found.pillars.items() if pillar.score is not None
        },
    }


def _held(panel: Panel) -> Panel:
    """The panel's row, locked until the end of the transaction."""
    found = Panel.objects.select_for_update().get(pk=panel.pk)
    found.revision = panel.revision
    return found
