from __future__ import annotations

from typing import Any

from django import forms

from teams.models import Webhook
from teams.notices.topics import topics
from teams.webhooks import outbound

MOST = 20


class WebhookForm(forms.ModelForm):
    topics = forms.MultipleChoiceField(
        label="It is told of",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked means all.",
    )

    class Meta:
        model = Webhook
        fields = ("url", "topics")
        labels = {"url": "Address"}
        help_texts = {"url": "https://, reachable from the open network."}
        widgets = {"url": forms.URLInput(attrs={"placeholder": "https://"})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = self.fields["topics"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = list(topics().items())

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            outbound.parts_of(url)
        except outbound.Refused as refused:
            raise forms.ValidationError(str(refused)) from None
        return url
