from __future__ import annotations

from django import forms

from teams.models import Invitation, Role, Team


class TeamForm(forms.ModelForm):
    class Meta:
        model = Team
        fields = ("name",)
        labels = {"name": "Name of the team"}
        help_texts = {"name": "Its address is made from it and stays as it is."}


class InvitationForm(forms.ModelForm):
    email = forms.EmailField(
        label="Mail it to",
        required=False,
        help_text="May stay empty: then you pass the link on yourself.",
    )

    class Meta:
        model = Invitation
        fields = ("role", "note")
        labels = {"note": "For whom"}
        help_texts = {"note": "Only for your own list, such as a first name."}


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)
