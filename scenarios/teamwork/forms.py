from __future__ import annotations

from typing import Any

from django import forms

from design.rules import RULES
from scenarios import places
from scenarios.catalogue import catalogue
from scenarios.engine import TYPES, Exercise
from scenarios.pages import practised
from scenarios.teamwork.models import Level
from scenarios.teamwork.pages import offered


class SittingForm(forms.Form):
    """Which exercise, and for which meeting."""

    exercise = forms.ChoiceField(
        label="Exercise",
        help_text="Repairs, incidents and short texts first: they are worth a meeting.",
    )
    agenda = forms.CharField(
        label="For the agenda",
        required=False,
        max_length=300,
        help_text="What you want to talk about, in a line.",
    )
    meets_on = forms.DateField(
        label="Meeting on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="If it is for a meeting. Answers are due before it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for exercise in offered():
            title = f"{exercise.title} ({exercise.minutes} min)"
            groups.setdefault(TYPES[exercise.type].title, []).append((exercise.id, title))
        self.fields["exercise"].choices = list(groups.items())


class ConsentForm(forms.Form):
    level = forms.ChoiceField(
        label="What the team sees of your practice",
        choices=Level.choices,
        widget=forms.RadioSelect,
    )


class SetForm(forms.Form):
    """A set of exercises: all of a section, of a chapter, or on a rule."""

    name = forms.CharField(label="Name", max_length=120)
    place = forms.ChoiceField(label="From the guide", required=False)
    rule = forms.CharField(
        label="On a rule",
        required=False,
        max_length=8,
        help_text="Such as REL04. Alone, or within the chapter or section.",
    )
    starts_on = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    due_on = forms.DateField(
        label="Until", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chapters: dict[str, list[str]] = {}
        for exercise in sorted(catalogue().live(), key=lambda e: places.order(e.section)):
            sections = chapters.setdefault(exercise.chapter, [])
            if exercise.section not in sections:
                sections.append(exercise.section)
        groups: list[tuple[str, Any]] = [("", "Any chapter")]
        for slug, sections in chapters.items():
            spot = places.chapter(slug)
            options = [(slug, f"All of chapter {spot.number}")]
            options += [
                (s, f"{places.section(s).number} {places.section(s).title}") for s in sections
            ]
            groups.append((f"{spot.number} {spot.title}", options))
        self.fields["place"].choices = groups

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        place, rule = data.get("place", ""), data.get("rule", "").strip().upper()
        if rule and rule not in RULES:
            self.add_error("rule", f"There is no rule “{rule}”.")
        elif not place and not rule:
            self.add_error("place", "Choose a chapter, a section or a rule.")
        else:
            found = [e for e in catalogue().live() if _matches(e, place, rule)]
            found.sort(key=lambda e: (places.order(e.section), e.level, e.id))
            data["exercises"] = [e.id for e in found]
            if not found:
                self.add_error("rule", "No exercise fits both.")
        if data.get("due_on") and data.get("starts_on") and data["due_on"] < data["starts_on"]:
            self.add_error("due_on", "This is before the first day.")
        return data


def _matches(exercise: Exercise, place: str, rule: str) -> bool:
    there = not place or place in (exercise.chapter, exercise.section)
    return there and (not rule or rule in practised(exercise))
