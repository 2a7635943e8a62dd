"""What tool pages say about the person in front of them; public pages never load this."""

from __future__ import annotations

from django import template
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import BaseStorage
from django.template.context import RequestContext

from teams.models import User

register = template.Library()


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
