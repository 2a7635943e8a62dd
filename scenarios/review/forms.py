"""How a learner wants to practise."""

from __future__ import annotations

from typing import Any

from django import forms

from scenarios.progress import CAP
from scenarios.review.models import LEAST_CAP, MULTIPLIERS, RETENTIONS, Preferences

_TIMES = {1.0: "As given", 1.25: "A quarter more", 1.5: "Half as much again", 2.0: "Double"}


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    confidence = forms.BooleanField(required=False, label="Ask how sure I am before grading")
    retention = forms.TypedChoiceField(
        label="Review when this much is likely still there",
        coerce=float,
        choices=[(value, f"{value:.0%}") for value in RETENTIONS],
        help_text="More means shorter intervals and more reviews.",
    )
    cap = forms.IntegerField(
        label="Reviews a day, at most",
        min_value=LEAST_CAP,
        max_value=CAP,
        help_text=f"{LEAST_CAP} to {CAP}. What is left over is tomorrow's.",
    )
    multiplier = forms.TypedChoiceField(
        label="Time in exams",
        coerce=float,
        choices=[(value, _TIMES[value]) for value in MULTIPLIERS],
    )

    digest = forms.BooleanField(
        required=False,
        label="Mail me what is due for review, once a week at most",
    )

    class Meta:
        model = Preferences
        fields = ("confidence", "digest", "retention", "cap", "multiplier")

    def __init__(self, *args: Any, to: str | None = None, **kwargs: Any) -> None:
        """`to` is the confirmed address of the user, empty without one, None for a guest."""
        super().__init__(*args, **kwargs)
        self.to = to
        if to is None:
            del self.fields["digest"]

    def clean_digest(self) -> bool:
        wanted = bool(self.cleaned_data["digest"])
        if wanted and not self.to:
            raise forms.ValidationError("Confirm your e-mail address first, under your account.")
        return wanted
