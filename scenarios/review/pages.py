"""What the pages of progress and review show, as contexts for templates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from scenarios import engine, pages, places, workflow
from scenarios.catalogue import Catalogue
from scenarios.exams.models import Exam
from scenarios.models import Attempt, Learner, Move
from scenarios.progress import (
    FIVE_MINUTES,
    FRESH_DAYS,
    PLACEMENT,
    Due,
    Item,
    Level,
    Placed,
    Standing,
    advise,
    calibration,
    day_of,
    for_review,
    placement,
    short,
)
from scenarios.review import chart, map, standings

_SOON = 7
_OPEN_DAYS = 14


# What next


def what_next(learner: Learner, known: Catalogue) -> dict[str, Any]:
    """Reviews that are due, what was begun, and the next best with reasons."""
    now = standings.of(learner, known)
    items = standings.items(known)
    today = standings.today()
    names = {skill.id: skill.name for skill in known.skills.values()}
    advice = [
        {"exercise": known.exercises[a.item.id], "why": a.why, "type": _type(a.item)}
        for a in advise(list(items.values()), now, names, today)
    ]
    return {
        "due": now.today,
        "waiting": len(now.queue),
        "minutes": _minutes(now.today, items, now, today),
        "gentle": now.gentle,
        "resumed": resume(learner, known) if learner else [],
        "advice": advice,
        "began": bool(now.seen),
    }


def _type(item: Item) -> str:
    return engine.TYPES[item.kind].title


def _minutes(due: tuple[Due, ...], items: dict[str, Item], now: Standing, today: date) -> int:
    picked = (for_review(one.skill, items.values(), now, today) for one in due)
    return sum(item.minutes for item in picked if item)


def resume(learner: Learner, known: Catalogue) -> list[dict[str, str]]:
    """What the learner began and did not end: exams, incidents, the last question not solved."""
    found = [
        {"url": exam.get_absolute_url(), "title": exam.title, "what": _exam_left(exam)}
        for exam in Exam.objects.of(learner).open()
    ]
    since = standings.today() - timedelta(days=_OPEN_DAYS)
    moved = Move.objects.of(learner).filter(created__date__gte=since).order_by("exercise")
    for id in moved.values_list("exercise", flat=True).distinct():
        exercise = known.exercises.get(id)
        begun = workflow.under_way(learner, exercise) if exercise else None
        if exercise and begun:
            what = f"incident, {len(begun[1])} steps done"
            found.append({"url": _url(exercise.id), "title": exercise.title, "what": what})
    last = Attempt.objects.of(learner).exclude(mode="exam").order_by("-created", "-id").first()
    exercise = known.exercises.get(last.exercise) if last else None
    if last and exercise and day_of(last.created) >= since:
        state = workflow.state(learner, exercise)
        if not state.revealed and last.mode != PLACEMENT:
            what = f"tried {state.tries} time{'s' * (state.tries != 1)}, not solved"
            found.append({"url": _url(exercise.id), "title": exercise.title, "what": what})
    return found


def _exam_left(exam: Exam) -> str:
    left = exam.seconds_left()
    if left is None:
        return "exam without a clock"
    return f"exam, {left // 60} min left" if left else "exam, the time is over"


def _url(id: str) -> str:
    return reverse("scenarios:exercise", args=[id])


# The queue


def queue(learner: Learner, known: Catalogue) -> dict[str, Any]:
    """What is due today within the cap, and what comes in the days after."""
    now = standings.of(learner, known)
    items = standings.items(known)
    today = standings.today()
    rows = [
        {
            "skill": known.skills[one.skill],
            "section": places.section(known.skills[one.skill].section),
            "now": now.skill(one.skill),
            "chance": one.chance,
            "why": _why(one, now, today),
        }
        for one in now.queue
        if one.skill in known.skills
    ]
    coming = sorted(s.card.due for s in now.skills.values() if s.card and s.card.due > today)
    days = [today + timedelta(days=n) for n in range(1, _SOON + 1)]
    return {
        "nav": "practice",
        "rows": rows[: now.left],
        "rest": max(0, len(rows) - now.left),
        "minutes": _minutes(now.today, items, now, today),
        "reviewed": now.reviewed,
        "gentle": now.gentle,
        "five": FIVE_MINUTES,
        "coming": [(_day(day, today), coming.count(day)) for day in days],
        "next_due": short(coming[0]) if coming else "",
        "began": bool(now.seen),
    }


def _why(one: Due, now: Standing, today: date) -> str:
    if one.wished:
        return "you asked for it"
    if one.sure_and_wrong:
        return "you were sure, and wrong"
    late = (today - one.since).days
    return "due today" if not late else f"due since {short(one.since)}"


def _day(day: date, today: date) -> str:
    return "tomorrow" if day == today + timedelta(days=1) else f"{day:%a} {short(day)}"


# The map


def progress(learner: Learner, known: Catalogue) -> dict[str, Any]:
    """The mastery map, the tables under it, calibration and totals."""
    now = standings.of(learner, known)
    states = workflow.states(learner)
    found = map.profiles(known, now)
    said = calibration(now.firsts)
    firsts = [state for state in states.values() if state.first]
    return {
        "nav": "practice",
        "profiles": found,
        "chapters": [(p, map.by_section(p)) for p in found if p.touched],
        "lines": map.LINES,
        "levels": list(Level),
        "size": (map.WIDE, map.HIGH),
        "now": now,
        "began": bool(now.seen),
        "total": {
            "tried": len(firsts),
            "passed": sum(s.passed for s in firsts),
            "points": sum(s.points for s in states.values()),
            "attempts": sum(s.tries for s in states.values()),
            "skills": sum(len(p.stations) for p in found),
            "due": len(now.queue),
        },
        "said": said,
        "chart": chart.chart(said),
        "guest": bool(learner.guest),
    }


# Placement


def placed(learner: Learner, known: Catalogue, chapter: str) -> Placed:
    """A chapter's placement so far: what was answered in it within the last month."""
    items = standings.items(known)
    today = standings.today()
    ids = [id for id, item in items.items() if item.chapter == chapter]
    since = today - timedelta(days=FRESH_DAYS)
    rows = Attempt.objects.of(learner).filter(mode=PLACEMENT, exercise__in=ids)
    done = [(items[a.exercise], a.record.passed) for a in rows if day_of(a.created) > since]
    skills = [
        s.id
        for s in sorted(known.skills.values(), key=lambda s: (places.order(s.section), s.id))
        if s.section.partition("/")[0] == chapter
    ]
    pool = [i for i in items.values() if i.kind in engine.ONE_PAGE and i.chapter == chapter]
    return placement(skills, pool, done, standings.of(learner, known), today)


def placement_report(learner: Learner, known: Catalogue, chapter: str) -> dict[str, Any]:
    found = placed(learner, known, chapter)
    now = standings.of(learner, known)
    states = workflow.states(learner)
    return {
        "skills": [
            {"skill": known.skills[id], "right": right, "now": now.skill(id)}
            for id, right in found.asked.items()
        ],
        "rows": [pages.row(known.exercises[id], states) for id in found.taken],
    }
