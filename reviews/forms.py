"""The form in which a design arrives: as text, or as a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms

from design import document
from design.document import MAX_BYTES, Problem
from design.model import Design
from reviews.models import LINK_DAYS, Organisation, Report

_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem of the text beside the line that it concerns."""

    line: int
    path: str
    message: str
    hint: str
    source: str


class DesignForm(forms.Form):
    """`clean` reads the design; `faults` are the problems with their lines, for the page."""

    text = forms.CharField(
        label="Text of the design",
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 24,
                "spellcheck": "false",
                "autocapitalize": "off",
                "autocomplete": "off",
                "wrap": "off",
                "class": "yaml",
            }
        ),
    )
    file = forms.FileField(
        label="or a file",
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml,.json,.txt"}),
        help_text="YAML, at most 1 MiB. A file counts before the text.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.text = ""
        self.design: Design | None = None
        self.faults: list[Fault] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        text = self._given()
        cleaned["text"] = self.text = text
        if not text.strip():
            if not self.errors:
                self.add_error("text", "Paste the text of a design, or choose a file.")
            return cleaned
        self._keep(text)
        self.design, problems = document.read(text)
        if self.design is None:
            self.faults = faults(text, problems)
            count = len(self.faults)
            found = "1 problem" if count == 1 else f"{count} problems"
            self.add_error("text", f"This is not a design yet: {found}, listed above.")
        return cleaned

    def given(self) -> str:
        """The text of a form that was cleaned, whether it is a design or not; empty where the file
        could not be taken."""
        self.is_valid()
        return self.text if "file" not in self.errors and self.text.strip() else ""

    def _given(self) -> str:
        upload = self.cleaned_data.get("file")
        if not upload:
            return str(self.cleaned_data.get("text") or "").replace("\r\n", "\n")
        if upload.size > MAX_BYTES:
            self.add_error("file", f"The file has {upload.size:,} bytes; 1,048,576 is the limit.")
            return ""
        try:
            text: str = upload.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error(
                "file", "The file is not UTF-8 text. Save it as UTF-8, then choose it again."
            )
            return ""
        return text.replace("\r\n", "\n")

    def _keep(self, text: str) -> None:
        """What came as a file stands in the text field from now on, so nothing is lost."""
        self.data = self.data.copy()
        self.data[self.add_prefix("text")] = text


class NoteForm(forms.Form):
    note = forms.CharField(
        label="What this revision changes",
        required=False,
        max_length=200,
        help_text="One line for the history.",
    )


class RevisionForm(DesignForm):
    note = forms.CharField(
        label="What this revision changes",
        required=False,
        max_length=200,
        help_text="One line for the history.",
    )
    base = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


def faults(text: str, problems: Iterable[Problem]) -> list[Fault]:
    """Problems with the lines that they are in."""
    lines = text.splitlines()
    return [Fault(p.line, p.path, p.message, p.hint, _source(lines, p.line)) for p in problems]


def _source(lines: list[str], number: int) -> str:
    return lines[number - 1][:_SHOWN] if 0 < number <= len(lines) else ""


class FreezeForm(forms.ModelForm):
    class Meta:
        model = Report
        fields = ("note",)
        help_texts = {"note": "Such as the meeting it is for."}


class ReportLinkForm(forms.Form):
    days = forms.TypedChoiceField(
        label="Works for", coerce=int, choices=[(n, f"{n} days") for n in LINK_DAYS], initial=30
    )
    note = forms.CharField(
        label="For whom",
        max_length=80,
        required=False,
        help_text="Only for your own list, such as a first name.",
    )


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ("name",)
        labels = {"name": "Name of the organisation"}


class OrganisationInvitationForm(forms.Form):
    whom = forms.ChoiceField(
        label="Invite",
        choices=[("team", "a team, through one of its owners"), ("person", "a person who reads")],
    )
    note = forms.CharField(
        label="For whom",
        max_length=80,
        required=False,
        help_text="Only for your own list, such as a first name.",
    )
