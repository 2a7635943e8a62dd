from __future__ import annotations

from typing import Any

from django import forms

from teams.models import How
from teams.notices.topics import topics


class WishesForm(forms.Form):
    """A choice for each topic."""

    def __init__(self, *args: Any, wishes: dict[str, How], **options: Any) -> None:
        super().__init__(*args, **options)
        for topic, name in topics().items():
            self.fields[topic] = forms.ChoiceField(
                label=name,
                choices=[(how.value, how.label.capitalize()) for how in How],
                initial=wishes[topic].value,
            )
