from __future__ import annotations

from typing import Any

from django import forms

from scenarios import places
from scenarios.catalogue import catalogue
from scenarios.staff.models import LONGEST, Intervention, Report


class ReportForm(forms.Form):
    """What is wrong, in the reader's words."""

    kind = forms.ChoiceField(label="What is wrong", choices=Report.Kind.choices)
    text = forms.CharField(
        label="What you saw, and what you expected",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class OutcomeForm(forms.Form):
    outcome = forms.CharField(label="Outcome", max_length=300)


class InterventionForm(forms.ModelForm):
    exercises = forms.CharField(
        label="Exercises it should help with",
        help_text="Ids, separated by spaces.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta:
        model = Intervention
        fields = ("on", "section", "change", "exercises")
        widgets = {"on": forms.DateInput(attrs={"type": "date"})}
        labels = {"section": "Section", "change": "What was changed"}
        help_texts = {"section": "chapter/section of the guide"}

    def clean_section(self) -> str:
        section = str(self.cleaned_data["section"]).strip()
        if not places.exists(section):
            raise forms.ValidationError(f"There is no section “{section}” in the guide.")
        return section

    def clean_exercises(self) -> list[str]:
        ids = list(dict.fromkeys(str(self.cleaned_data["exercises"]).split()))
        unknown = [id for id in ids if id not in catalogue().exercises]
        if unknown:
            raise forms.ValidationError(f"There is no exercise “{unknown[0][:60]}”.")
        return ids

    def _post_clean(self) -> Any:
        """The text of ids became a list, which the model's field takes as it is."""
        self.instance.on = self.cleaned_data.get("on")
        for name in ("section", "change", "exercises"):
            setattr(self.instance, name, self.cleaned_data.get(name, ""))
