"""Rows that are for ever as they were: an abstract model that refuses change and deletion.

They go only with what they belong to, by the cascade of the database.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models


class Immutable(Exception):
    """Somebody tried to change or delete what is kept as it was."""


class FixedQuerySet(models.QuerySet[Any]):
    def update(self, **values: Any) -> NoReturn:
        raise Immutable("these rows are not updated")

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        raise Immutable("these rows are not updated")

    def delete(self) -> NoReturn:
        raise Immutable("these rows are not deleted")


class Fixed(models.Model):
    objects: Any = FixedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise Immutable(f"{self} is not changed")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise Immutable(f"{self} is not deleted")
