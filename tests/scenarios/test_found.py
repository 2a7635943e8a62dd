"""Exercises are found by what they ask, and what is found never tells their keys."""

from __future__ import annotations

from guide.search import search
from scenarios import catalogue, found


def test_every_exercise_on_offer_is_found_by_its_title() -> None:
    titles = {d.url: d.title for d in found.documents()}
    assert len(titles) == len(catalogue.catalogue().live())
    url, title = next(iter(titles.items()))
    hits = search(f'"{title}"', kind="exercise").hits
    assert url in [hit.document.url for hit in hits]


def test_no_option_stands_in_what_search_knows() -> None:
    texts = {d.url: d.text for d in found.documents()}
    for exercise in catalogue.catalogue().live():
        for option in getattr(exercise.body, "options", ()):
            text = getattr(option, "text", "")
            if len(text) > 40 and text not in exercise.prompt:
                assert text not in texts[f"/practice/{exercise.id}/"]
