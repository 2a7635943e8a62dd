"""The forms of what becomes of findings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from design.result import Result
from design.rules import RULES, Verdict
from design.waivers import SHORTEST_REASON
from reviews.followup import waiving
from reviews.models import (
    CATEGORIES,
    LONGEST_COMMENT,
    STILL,
    Action,
    Design,
    Effort,
    TrackedFinding,
    Waiver,
)
from reviews.pages import where
from teams.models import User


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AssignForm(forms.Form):
    """`version` is that of the finding when the page was made."""

    to = forms.ModelChoiceField(
        label="Assigned to", queryset=User.objects.none(), required=False, empty_label="nobody yet"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]


class CommentForm(forms.Form):
    text = forms.CharField(
        label="Say something",
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Markdown. @ and a user name calls a member of the team in.",
    )


class ThreadForm(CommentForm):
    about = forms.ChoiceField(label="About", required=False)
    field_order = ("about", "text")

    def __init__(self, *args: Any, places: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["about"].choices = places  # type: ignore[attr-defined]


class EditForm(CommentForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].label = "Your comment"


class RemarkForm(forms.Form):
    """A second person's word. `act` is the button."""

    remark = forms.CharField(
        label="Remark",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed to reject.",
    )
    act = forms.ChoiceField(choices=[("approve", ""), ("reject", "")], widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("act") == "reject" and not cleaned.get("remark", "").strip():
            self.add_error("remark", "Say why, so that it can be proposed better.")
        return cleaned


class WaiverForm(forms.Form):
    """`found` are the findings that the subject names, once it has been read."""

    rule = forms.ChoiceField(label="Rule")
    subject = forms.CharField(
        label="Where",
        max_length=500,
        help_text="A component, an edge, or a pattern: * stands for any text.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
        ),
    )
    category = forms.ChoiceField(label="Because it is", choices=CATEGORIES)
    reason = forms.CharField(
        label="Reason",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"At least {SHORTEST_REASON} characters; somebody will read it next year.",
    )
    expires = forms.DateField(label="Last day", widget=_Day(), required=False)

    def __init__(self, *args: Any, design: Design, result: Result, **options: Any) -> None:
        super().__init__(*args, **options)
        self.design, self.result = design, result
        self.found: list[Any] = []
        failing = sorted({f.rule for f in result.of(Verdict.FAIL)})
        self.fields["rule"].choices = [  # type: ignore[attr-defined]
            (id, f"{id} {RULES[id].title}") for id in failing if id in RULES
        ]
        rule = RULES.get(str(self["rule"].value() or ""))
        if rule:
            days = waiving.usual(rule.id)
            self.fields["expires"].help_text = (
                f"At most {waiving.longest(rule.id)} days from today for a {rule.severity.value} "
                f"finding; {days} days if you leave it empty."
            )

    def clean_subject(self) -> str:
        subject = str(self.cleaned_data["subject"]).strip()
        if not subject.strip("* "):
            raise ValidationError("A waiver of everything is none: name a component or an edge.")
        return subject

    def clean_rule(self) -> str:
        rule = str(self.cleaned_data["rule"])
        if not RULES[rule].waivable:
            raise ValidationError("This rule cannot be waived.")
        return rule

    def clean_reason(self) -> str:
        reason = str(self.cleaned_data["reason"]).strip()
        if len(reason) < SHORTEST_REASON:
            raise ValidationError(
                f"{len(reason)} of the {SHORTEST_REASON} characters that are needed. "
                "Say what makes it harmless, or who carries it."
            )
        return reason

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        rule, subject = cleaned.get("rule"), cleaned.get("subject")
        if not rule:
            return cleaned
        self._until(cleaned, rule)
        if subject:
            self.found = waiving.matched(self.result, rule, subject)
            if not self.found:
                self.add_error("subject", self._near(rule))
        return cleaned

    def _until(self, cleaned: dict[str, Any], rule: str) -> None:
        today, most = timezone.localdate(), waiving.longest(rule)
        given = cleaned.get("expires")
        if given is None:
            cleaned["expires"] = today + timedelta(days=waiving.usual(rule))
        elif given < today:
            self.add_error("expires", "This day has passed.")
        elif (given - today).days > most:
            last = waiving.day(today + timedelta(days=most))
            severity = RULES[rule].severity.value
            self.add_error(
                "expires", f"At most {most} days for a {severity} finding: until {last}."
            )

    def _near(self, rule: str) -> str:
        fails = [f.subject for f in self.result.of(Verdict.FAIL) if f.rule == rule]
        shown = ", ".join(fails[:5]) + (f" and {len(fails) - 5} more" if len(fails) > 5 else "")
        return f"{rule} fails at none of these. It fails at {shown}."

    def draft(self) -> Waiver:
        data = self.cleaned_data
        return Waiver(
            rule=data["rule"],
            subject=data["subject"],
            category=data["category"],
            reason=data["reason"],
            expires=data["expires"],
            matches=len(self.found),
        )


class ActionForm(forms.Form):
    owner = forms.ModelChoiceField(
        label="Owner", queryset=User.objects.none(), required=False, empty_label="nobody yet"
    )
    due = forms.DateField(label="Due", required=False, widget=_Day())
    effort = forms.TypedChoiceField(label="Effort", choices=Effort.choices, coerce=int)
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What was decided, a link to the ticket. Markdown.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]

    @staticmethod
    def said(action: Action) -> dict[str, Any]:
        """What is stored of an action, as the form's initial values."""
        own = {"title": action.title, "findings": list(action.findings.all())}
        return (own if action.is_by_hand else {}) | {
            "owner": action.owner_id,
            "due": action.due,
            "effort": action.effort,
            "note": action.note,
            "version": action.version,
        }


class OwnActionForm(ActionForm):
    """An action that was added by hand; what it is about may be left out."""

    title = forms.CharField(label="What is to be done", max_length=200)
    findings = forms.ModelMultipleChoiceField(
        label="Findings that it is about, if any",
        queryset=TrackedFinding.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("title", "owner", "due", "effort", "note", "findings", "version")

    def __init__(
        self, *args: Any, people: Any, design: Design, action: Action | None = None, **options: Any
    ) -> None:
        super().__init__(*args, people=people, **options)
        if action is None:
            self.fields.pop("version")
            self.fields["effort"].initial = Effort.HALF_DAY
        choice = Q(state__in=STILL) | (Q(actions=action) if action else Q(pk=None))
        found: Any = self.fields["findings"]
        found.queryset = design.tracked.filter(choice).distinct().order_by("rule", "subject")
        found.label_from_instance = lambda one: f"{one.rule} at {where(one.subject)}"
        if not found.queryset.exists():
            self.fields.pop("findings")


def action_form(action: Action, people: Any, *args: Any, **options: Any) -> ActionForm:
    """The form that fits an action."""
    if action.is_by_hand:
        design = action.plan.design
        return OwnActionForm(*args, people=people, design=design, action=action, **options)
    return ActionForm(*args, people=people, **options)
