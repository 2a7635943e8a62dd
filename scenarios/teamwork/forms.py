from __future__ import annotations

from typing import Any

from django import forms

from scenarios.engine import TYPES
from scenarios.teamwork.pages import offered


class SittingForm(forms.Form):
    """Which exercise, and for which meeting."""

    exercise = forms.ChoiceField(
        label="Exercise", help_text="Repairs and incidents first: they are worth a meeting."
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
