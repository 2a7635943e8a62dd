"""Forms of panels, marks, notes, decisions and the rules of a team."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone

from design.model import Design
from reviews.judging.rubric import LEVELS, Criterion
from reviews.models import NoteKind, TeamRules, Verdict
from reviews.models.judging import LONG
from teams.models import Membership, User

NONE: Final = "none"
SHORTEST: Final = 10
_LATEST: Final = timedelta(days=366)
_MANY: Final = 12


class InviteForm(forms.Form):
    """Who is asked to judge; the choices are members who may."""

    people = forms.MultipleChoiceField(
        label="Reviewers",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one reviewer."},
    )

    def __init__(self, *args: Any, members: Iterable[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self.users = {str(m.user_id): m.user for m in members}
        self.fields["people"].choices = [
            (str(m.user_id), f"{m.user}, {m.get_role_display().lower()}") for m in members
        ]

    def chosen(self) -> list[User]:
        return [self.users[key] for key in self.cleaned_data["people"]]


class OpenForm(InviteForm):
    due = forms.DateField(
        label="Marks are due",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="May stay empty. Nothing closes by itself on that day.",
    )
    hide_score = forms.BooleanField(
        label="Cover the automatic score until a reviewer has sent marks",
        required=False,
    )

    def clean_due(self) -> Any:
        due, today = self.cleaned_data["due"], timezone.localdate()
        if due and not today <= due <= today + _LATEST:
            raise forms.ValidationError("Choose a day from today to a year from now.")
        return due


class MarksForm(forms.Form):
    """A mark and a reason for each criterion. With `send` each needs both; without, what is there
    is kept as a draft."""

    def __init__(
        self, *args: Any, criteria: Sequence[Criterion], send: bool = True, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.criteria, self.send = criteria, send
        choices = [*((str(n), str(n)) for n in LEVELS), (NONE, "cannot judge")]
        for criterion in criteria:
            self.fields[f"mark-{criterion.id}"] = forms.ChoiceField(
                choices=choices,
                required=False,
                error_messages={"invalid_choice": "A mark is 0 to 4, or “cannot judge”."},
            )
            self.fields[f"reason-{criterion.id}"] = forms.CharField(
                label="Reason",
                required=False,
                max_length=LONG,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for criterion in self.criteria if self.send else ():
            mark = f"mark-{criterion.id}"
            if mark not in self.errors and not cleaned.get(mark):
                self.add_error(mark, "Choose a level, or say that you cannot judge.")
            reason = f"reason-{criterion.id}"
            if reason not in self.errors and len(cleaned.get(reason, "")) < SHORTEST:
                self.add_error(reason, f"Say why, in {SHORTEST} characters or more.")
        return cleaned

    def given(self) -> dict[str, tuple[int | None, str]]:
        """What was said, for the criteria on which anything was."""
        found = {}
        for criterion in self.criteria:
            mark = self.cleaned_data[f"mark-{criterion.id}"]
            reason = self.cleaned_data[f"reason-{criterion.id}"]
            if mark or reason:
                found[criterion.id] = (int(mark) if mark.isdecimal() else None, reason)
        return found

    def rows(self) -> list[dict[str, Any]]:
        """Criteria with their levels, which of them is chosen, and the fields."""
        found = []
        for criterion in self.criteria:
            mark, reason = self[f"mark-{criterion.id}"], self[f"reason-{criterion.id}"]
            value = mark.value()
            found.append(
                {
                    "criterion": criterion,
                    "mark": mark,
                    "reason": reason,
                    "levels": [
                        (str(n), text, value == str(n)) for n, text in enumerate(criterion.levels)
                    ],
                    "none": value == NONE,
                }
            )
        return found


class NoteForm(forms.Form):
    kind = forms.ChoiceField(label="What it is", choices=NoteKind.choices)
    text = forms.CharField(
        label="In words",
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what you found."},
    )
    subjects = forms.CharField(
        label="Where",
        required=False,
        max_length=1000,
        help_text="Components or boundaries, <code>a -> b</code> for an edge, with commas between. "
        "Empty for the whole design.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"}),
    )

    def __init__(self, *args: Any, design: Design, **options: Any) -> None:
        super().__init__(*args, **options)
        self.design = design

    def clean_subjects(self) -> list[str]:
        """Names that the design has, in its own spelling of edges. An unknown one is told with
        the nearest there is."""
        edges = {f"{edge.source}->{edge.target}" for edge in self.design.edges}
        known = {c.id for c in self.design.components} | {b.id for b in self.design.boundaries}
        found, wrong = [], []
        for part in self.cleaned_data["subjects"].split(","):
            name = "->".join(end.strip() for end in part.replace("→", "->").split("->"))
            if not name:
                continue
            if name in known or name in edges:
                found.append(name)
                continue
            near = difflib.get_close_matches(name, sorted(known | edges), 1)
            wrong.append(f"“{name[:80]}”" + (f", perhaps {near[0]}" if near else ""))
        if wrong:
            raise forms.ValidationError(f"The design has no {'; no '.join(wrong[:5])}.")
        if len(found) > _MANY:
            raise forms.ValidationError(f"At most {_MANY} places; else it is the whole design.")
        return list(dict.fromkeys(found))


class DecisionForm(forms.Form):
    verdict = forms.ChoiceField(
        label="Decision",
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the four."},
    )
    text = forms.CharField(
        label="Reason, conditions or changes",
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="May be left out only when you approve.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        needed = {
            Verdict.CONDITIONS: "Name the conditions.",
            Verdict.CHANGES: "Name the changes.",
            Verdict.REJECT: "Say why.",
        }
        said = needed.get(cleaned.get("verdict"))
        if said and len(cleaned.get("text", "")) < SHORTEST:
            self.add_error("text", f"{said} {SHORTEST} characters or more.")
        return cleaned


class RulesForm(forms.ModelForm):
    """How a team judges. `seen` is the version that was read."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = TeamRules
        fields = (
            "quorum",
            "quorum_critical",
            "voice",
            "needs_owner",
            "settle",
            "calibrate",
            "hide_score",
            "blend",
        )
        labels = {
            "quorum": "Decisions that are needed",
            "quorum_critical": "The same for a critical design",
            "voice": "Whose decision counts",
            "needs_owner": "An owner of the team must be among those who decide",
            "settle": "When decisions differ",
            "calibrate": "Calibration",
            "hide_score": "Cover the automatic score in the first round, unless said otherwise",
            "blend": "Share of the automatic score in a blended one, in %",
        }
        help_texts = {
            "quorum": "And so the least number of reviewers. 1 to 9.",
            "voice": "This role and those above it. Everybody on a panel marks.",
            "calibrate": "Two sample designs are marked and held against reference marks.",
            "blend": "Empty: the two scores stand side by side and are never mixed. "
            "60 means 60 % automatic and 40 % human; the formula stands beside the number.",
        }

    def clean_quorum(self) -> int:
        return _within(self.cleaned_data["quorum"], 1, 9)

    def clean_quorum_critical(self) -> int:
        return _within(self.cleaned_data["quorum_critical"], 1, 9)

    def clean_blend(self) -> int | None:
        blend = self.cleaned_data["blend"]
        return None if blend is None else _within(blend, 1, 99)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        least, critical = cleaned.get("quorum"), cleaned.get("quorum_critical")
        if least and critical and critical < least:
            self.add_error("quorum_critical", "A critical design needs no fewer than the others.")
        return cleaned


def _within(value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise forms.ValidationError(f"From {low} to {high}.")
    return value
