"""What a team takes along of its reviews as plain files: every text as it was submitted."""

from __future__ import annotations

from collections.abc import Iterator

from reviews.models import Revision
from teams.models import Team


def files(team: Team) -> Iterator[tuple[str, str]]:
    """Path and content of each text."""
    rows = Revision.objects.filter(design__team=team).select_related("design")
    for revision in rows.order_by("design__slug", "number").iterator(50):
        yield f"designs/{revision.design.slug}/{revision.number}.yaml", revision.text
