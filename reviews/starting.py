"""Where the text of a new draft comes from: another page of the site, named by its address.

Only addresses that give the text of a design are followed, and only on this site: the starter of
the fit key, a plate of the guide, a revision that the person may read. The apps do not know one
another; they meet in these addresses.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, QueryDict
from django.urls import Resolver404, resolve

from reviews.access import readable_revision

_PAGES: Final = {
    "fit:starter_yaml": "the starter of the fit key",
    "guide:plate-yaml": "plate {number}",
}
_LONGEST: Final = 4_000


def text_from(user: object, address: str) -> tuple[str, str]:
    """The text of the design behind an address of this site, and what that is in words. Raises
    Http404 for any other address, and where the person may not read what is there."""
    try:
        parts = urlsplit(address[:_LONGEST])
    except ValueError:
        raise Http404("no address") from None
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        raise Http404("not an address of this site")
    try:
        match = resolve(parts.path)
    except Resolver404:
        raise Http404("nothing is there") from None
    if match.view_name == "reviews:text":
        found = readable_revision(user, **match.kwargs)
        return found.text, f"{found.design.title}, revision {found.number}"
    if match.view_name not in _PAGES:
        raise Http404("no design is there")
    asked = HttpRequest()
    asked.method, asked.path, asked.path_info = "GET", parts.path, parts.path
    asked.GET = QueryDict(parts.query)
    answer = match.func(asked, *match.args, **match.kwargs)
    if answer.status_code != 200:
        raise Http404("no design is there")
    text: str = answer.content.decode("utf-8")
    return text, _PAGES[match.view_name].format(**match.kwargs)
