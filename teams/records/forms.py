from __future__ import annotations

from typing import Any

from django import forms

from teams.models import Team, User


class EndAccountForm(forms.Form):
    """A password proves who sits there; an account without one types its name."""

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        if user.has_usable_password():
            self.fields["proof"] = forms.CharField(
                label="Your password",
                strip=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )
        else:
            self.fields["proof"] = forms.CharField(
                label=f"Type your user name, {user.username}",
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    def clean_proof(self) -> str:
        given: str = self.cleaned_data["proof"]
        if self.user.has_usable_password():
            if not self.user.check_password(given):
                raise forms.ValidationError("That is not your password.")
        elif given != self.user.username:
            raise forms.ValidationError("That is not your user name.")
        return given


class EndTeamForm(forms.Form):
    def __init__(self, *args: Any, team: Team, **options: Any) -> None:
        super().__init__(*args, **options)
        self.team = team
        self.fields["proof"] = forms.CharField(
            label=f"Type the team’s address, {team.slug}",
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )

    def clean_proof(self) -> str:
        given: str = self.cleaned_data["proof"]
        if given != self.team.slug:
            raise forms.ValidationError("That is not the address of this team.")
        return given
