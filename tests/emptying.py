"""Empties the database after a test of whole transactions.

Django truncates every table and then makes all content types and permissions anew: a quarter of a
second for each such test, most of it for files of PostgreSQL that nobody wrote to. A test leaves
some rows; deleting them does the same. Permissions and content types stay, for they are those
of the code.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connections, transaction
from django.test import TransactionTestCase

_STAY = {"django_content_type", "auth_permission"}


def install() -> None:
    """From here on every such test is emptied like this."""
    TransactionTestCase._fixture_teardown = _teardown  # type: ignore[attr-defined]


def _teardown(case: Any) -> None:
    for alias in case._databases_names(include_mirrors=False):
        empty(alias)


def empty(alias: str) -> None:
    """Foreign keys are deferred, so that the order of the tables does not matter."""
    connection = connections[alias]
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        for statement in _statements(alias):
            cursor.execute(statement)


@cache
def _statements(alias: str) -> tuple[str, ...]:
    connection = connections[alias]
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - _STAY)
    deletes = [f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables]
    if connection.vendor == "postgresql":
        # One trip instead of a hundred; a cursor with no parameters sends several at once.
        return ("SET CONSTRAINTS ALL DEFERRED", "; ".join(deletes))
    return tuple(deletes)
