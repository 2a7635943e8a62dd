"""Chapters and sections of the guide, as practice names and links them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Spot:
    number: str
    title: str
    url: str


def _title(slug: str) -> str:
    return slug.replace("-", " ").capitalize()


def chapter(slug: str) -> Spot:
    return Spot("", _title(slug), f"/guide/{slug}/")


def section(id: str) -> Spot:
    return Spot("", _title(id.partition("/")[2]), f"/guide/{id}/")


def order(section: str) -> tuple[int, str]:
    """Sorts section ids as the guide does."""
    return (0, section)
