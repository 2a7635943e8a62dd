"""What tool pages say about the person in front of them; public pages never load this."""

from __future__ import annotations

import re

from django import template
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import BaseStorage
from django.template.context import RequestContext

from teams.models import User

register = template.Library()

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.+-]+Z?")


@register.simple_tag(takes_context=True)
def notices(context: RequestContext) -> BaseStorage | list[str]:
    """Messages for this person, which are gone once they are shown."""
    return get_messages(context["request"])


@register.simple_tag(takes_context=True)
def unread(context: RequestContext) -> int:
    """How many notices this person has not seen."""
    user = context["request"].user
    return user.notices.unread().count() if isinstance(user, User) else 0


@register.filter
def initials(person: object) -> str:
    """Two letters for a person's mark."""
    words = str(person).replace(".", " ").replace("_", " ").split()
    letters = [word[0] for word in (words[:1] + words[1:][-1:])]
    return "".join(letters).upper() or "?"


@register.filter
def told(value: object) -> str:
    """A value of the log's details in words: a list with commas, a moment as its day."""
    if isinstance(value, list):
        return ", ".join(told(one) for one in value)
    text = str(value)
    return text[:10] if _MOMENT.fullmatch(text) else text
