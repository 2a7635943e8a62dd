"""A database that is filled once and then put back as often as it is needed.

The demonstration team takes seconds to make, and each browser test wants a site that has it. Its
rows are read after the first time and written again for every later one, as plain values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

_STAY = {"django_migrations", "django_content_type", "auth_permission"}
_kept: dict[str, list[tuple[str, list[str], list[tuple[Any, ...]]]]] = {}


def put_back(name: str, fill: Callable[[], object]) -> None:
    """The rows that `fill` makes in an empty database; `name` is what they are known by."""
    if name not in _kept:
        fill()
        _kept[name] = _read()
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns, rows in _kept[name]:
            names = ", ".join(connection.ops.quote_name(c) for c in columns)
            holes = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({holes})", rows)


def _read() -> list[tuple[str, list[str], list[tuple[Any, ...]]]]:
    found = []
    with connection.cursor() as cursor:
        for name in connection.introspection.django_table_names(only_existing=True):
            if name in _STAY:
                continue
            table = connection.ops.quote_name(name)
            cursor.execute(f"SELECT * FROM {table}")
            rows = [tuple(map(_plain, row)) for row in cursor.fetchall()]
            if rows:
                found.append((table, [column[0] for column in cursor.description], rows))
    return found


def _plain(value: Any) -> Any:
    """JSON comes as Python's own where the driver reads it; it is written as JSON again."""
    if isinstance(value, dict | list) and connection.vendor == "postgresql":
        from psycopg.types.json import Jsonb

        return Jsonb(value)
    return value
