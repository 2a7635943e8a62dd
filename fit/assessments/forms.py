"""Forms of kept assessments."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from fit import asking
from fit.asking import Asked
from fit.assessments import record
from fit.model import Fit, QuestionWords
from fit.models import LINK_DAYS, LONG, Assessment, Ballot, Record, Remark, Settlement, Version
from teams.models import Team

MINE = "me"
NEW = "new"
LATEST_REVIEW = dt.timedelta(days=3653)


class SaveForm(forms.Form):
    """Where a result goes: a new assessment of oneself or of a team, or a version of an old one."""

    into = forms.ChoiceField(label="Keep it as")
    name = forms.CharField(
        label="Name",
        max_length=120,
        required=False,
        help_text="What is being decided, such as “photo orders”. Only for a new assessment.",
    )
    where = forms.ChoiceField(
        label="Whose it is",
        required=False,
        help_text="A team’s assessment is read by all its members. Only for a new assessment.",
    )
    note = forms.CharField(
        label="Note",
        max_length=200,
        required=False,
        help_text="One line for the history.",
    )

    def __init__(
        self, *args: Any, teams: list[Team], mine: list[Assessment], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.teams = {team.slug: team for team in teams}
        self.mine = {str(each.pk): each for each in mine}
        self.fields["into"].choices = [
            (NEW, "a new assessment"),
            *((key, f"the next version of {each.name}") for key, each in self.mine.items()),
        ]
        self.fields["where"].choices = [
            (MINE, "mine alone"),
            *((slug, team.name) for slug, team in self.teams.items()),
        ]
        if not self.mine:
            del self.fields["into"]
            for name in ("name", "where"):
                field = self.fields[name]
                field.help_text = field.help_text.replace(" Only for a new assessment.", "")
        if not self.teams:
            del self.fields["where"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("into", NEW) == NEW and not cleaned.get("name", "").strip():
            self.add_error("name", "Give the assessment a name.")
        return cleaned

    @property
    def assessment(self) -> Assessment | None:
        """The one that gets a version more; None for a new one."""
        return self.mine.get(self.cleaned_data.get("into", NEW))

    @property
    def team(self) -> Team | None:
        return self.teams.get(self.cleaned_data.get("where", MINE))


class RenameForm(forms.ModelForm):
    class Meta:
        model = Assessment
        fields = ("name",)


class LinkForm(forms.Form):
    days = forms.TypedChoiceField(
        label="Works for", coerce=int, choices=[(n, f"{n} days") for n in LINK_DAYS], initial=30
    )
    note = forms.CharField(
        label="For whom",
        max_length=80,
        required=False,
        help_text="Only for your own list, such as a first name.",
    )


class BallotForm(forms.ModelForm):
    """The note of a ballot; its answers are read like an address, see `read_ballot`."""

    class Meta:
        model = Ballot
        fields = ("note",)
        labels = {"note": "What the others should know"}
        help_texts = {"note": "They read it once they have answered, or when the round is closed."}
        widgets = {"note": forms.Textarea(attrs={"rows": 3, "maxlength": LONG})}


def read_ballot(posted: QueryDict, model: Fit) -> Asked:
    """The answers in a posted form; `notices` say what was not understood."""
    only = QueryDict(mutable=True)
    for question in model.questions:
        if question.id in posted:
            only.setlist(question.id, posted.getlist(question.id))
    return asking.read(only, model)


class RemarkForm(forms.ModelForm):
    class Meta:
        model = Remark
        fields = ("text",)
        labels = {"text": "To the discussion"}
        widgets = {"text": forms.Textarea(attrs={"rows": 2, "maxlength": LONG})}


class SettleForm(forms.ModelForm):
    answer = forms.ChoiceField(label="Settle it on")

    class Meta:
        model = Settlement
        fields = ("answer", "reason")
        labels = {"reason": "Why"}
        widgets = {"reason": forms.Textarea(attrs={"rows": 2, "maxlength": LONG})}

    def __init__(self, *args: Any, question: QuestionWords, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["answer"].choices = [
            (answer.key, f"{answer.mark} {answer.plain}") for answer in question.answers
        ]


class RecordForm(forms.ModelForm):
    choice = forms.ChoiceField(label="Decision")

    class Meta:
        model = Record
        fields = (
            "title", "choice", "decision", "context", "consequences", "dissent",
            "review_on", "on_traffic", "on_team", "on_limit", "supersedes",
        )  # fmt: skip
        labels = {
            "title": "Title",
            "decision": "Why, in your words",
            "context": "Context",
            "consequences": "Consequences",
            "dissent": "Dissent",
            "review_on": "Look again on",
            "on_traffic": "or when traffic or needs change",
            "on_team": "or when the team changes",
            "on_limit": "or when a provider’s limit changes",
            "supersedes": "Supersedes",
        }
        help_texts = {
            "title": "A sentence that can be agreed with, such as “Photo orders run on functions”.",
            "context": "What is so, whatever is decided: numbers, people, deadlines.",
            "consequences": "What becomes easier, what harder, and who pays for it.",
            "dissent": "Who would have decided otherwise, and why. Answers that differ in the"
            " team’s round are added by themselves.",
        }
        widgets = {
            **{
                name: forms.Textarea(attrs={"rows": rows, "maxlength": LONG})
                for name, rows in (
                    ("decision", 4), ("context", 4), ("consequences", 3), ("dissent", 2),
                )
            },
            "review_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }  # fmt: skip

    def __init__(
        self, *args: Any, assessment: Assessment, version: Version, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["choice"].choices = record.choices(version)
        standing = assessment.records.filter(status="accepted")
        supersedes = self.fields["supersedes"]
        supersedes.queryset = standing
        supersedes.empty_label = "nothing"
        if not standing:
            del self.fields["supersedes"]

    def clean_review_on(self) -> dt.date:
        given: dt.date = self.cleaned_data["review_on"]
        today = timezone.localdate()
        if given <= today:
            raise forms.ValidationError("Choose a day after today.")
        if given > today + LATEST_REVIEW:
            raise forms.ValidationError("Choose a day within ten years.")
        return given
