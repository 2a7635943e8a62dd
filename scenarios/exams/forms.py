"""Starting an exam."""

from __future__ import annotations

from typing import Any

from django import forms

from scenarios.exams.blueprint import blueprints
from scenarios.exams.workflow import PAPERS
from scenarios.review.models import MULTIPLIERS

_TIMES = {1.0: "As given", 1.25: "A quarter more", 1.5: "Half as much again", 2.0: "Double"}


class StartForm(forms.Form):
    blueprint = forms.ChoiceField(choices=[], widget=forms.RadioSelect, label="Exam")
    timed = forms.TypedChoiceField(
        label="Clock",
        choices=[("yes", "With its clock"), ("no", "Without a clock")],
        coerce=lambda value: value == "yes",
        initial="yes",
    )
    multiplier = forms.TypedChoiceField(
        label="Time", choices=[(value, _TIMES[value]) for value in MULTIPLIERS], coerce=float
    )
    strict = forms.BooleanField(required=False, label="No partial credit")
    paper = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=PAPERS - 1,
        label="Paper",
        help_text="A number gives everybody the same paper. Empty: one drawn for you.",
    )

    def __init__(self, *args: Any, multiplier: float = 1.0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["blueprint"]
        field.choices = [(b.id, b.title) for b in blueprints().values()]
        field.initial = next(iter(blueprints()), "")
        self.fields["multiplier"].initial = multiplier
