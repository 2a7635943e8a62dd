from __future__ import annotations

from typing import Final

from django import forms

from teams.models import Scope

DAYS: Final = {30: "30 days", 90: "90 days", 180: "half a year", 365: "a year"}


class TokenForm(forms.Form):
    name = forms.CharField(
        label="What it is for",
        max_length=80,
        help_text="Such as the name of the pipeline that holds it.",
    )
    scope = forms.ChoiceField(label="It may", choices=Scope.choices, initial=Scope.SUBMIT)
    days = forms.TypedChoiceField(
        label="It works for", choices=tuple(DAYS.items()), coerce=int, initial=90
    )
