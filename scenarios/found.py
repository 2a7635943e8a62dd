"""Exercises as search finds them: title and task, never options or keys."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.book import book
from guide.documents import Document
from scenarios.catalogue import exercises_unproved

_MARKS = re.compile(r"[*`_\[\]|#]+")


def documents() -> Iterator[Document]:
    contents = book().contents
    for exercise in exercises_unproved():
        section = contents.section(exercise.section)
        yield Document(
            "exercise",
            exercise.title,
            _MARKS.sub(" ", exercise.prompt)[:600],
            f"/practice/{exercise.id}/",
            section.chapter_number if section else 0,
            section.label if section else "",
        )
