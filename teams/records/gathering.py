"""Everything that is stored of a person or a team, as files.

Nobody lists the tables: what goes with a row when it is deleted is what belongs to it, and the
database's own relations say so. A table that is added tomorrow is in tomorrow's file. What only
names a person and stays with a team is listed without its content: it is the team's.
"""

from __future__ import annotations

import json
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cache
from typing import IO, Any, Final

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.module_loading import import_string

from teams.models import Team, User

_SECRET: Final = frozenset(
    {"password", "token_hash", "secret", "token", "token_secret", "key", "claim"}
)
_SECRET_APPS: Final = frozenset({"mfa", "sessions"})
"""What would let somebody in is never given out, not even to its owner."""

_CHUNK: Final = 50

ABOUT: Final = """\
What this site has stored, one JSON file for each table, each a list of rows.
Passwords, keys and hashes of tokens are left out.
"""
ABOUT_PERSON: Final = """\
Under yours/ are the rows that would go with your account. Under named/ is what names you and stays
with its team: which rows, without their content.
"""

Rows = Iterable[dict[str, Any]]
Table = tuple[str, Rows]


@cache
def belonging(root: type[models.Model]) -> dict[type[models.Model], str]:
    """Each table whose rows are deleted with a row of `root`, with the lookup that leads to it."""
    found: dict[type[models.Model], str] = {}
    queue = deque([(root, "")])
    while queue:
        parent, route = queue.popleft()
        for relation in _relations(parent):
            child = relation.related_model
            if relation.on_delete is not models.CASCADE or child in found or child is root:
                continue
            found[child] = f"{relation.field.name}__{route}" if route else relation.field.name
            queue.append((child, found[child]))
    return {model: route for model, route in found.items() if _given(model)}


def _relations(model: type[models.Model]) -> Iterator[Any]:
    """Foreign keys of other tables to this one, also those without a name on this side."""
    for field in model._meta.get_fields(include_hidden=True):
        if field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one):
            yield field


def _given(model: type[models.Model]) -> bool:
    return model._meta.app_label not in _SECRET_APPS


class _People:
    """Names for the ids of people, each asked once."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}

    def name(self, id: int | None) -> str | None:
        if id is None:
            return None
        if id not in self._names:
            found = User.objects.filter(pk=id).first()
            self._names[id] = str(found) if found else ""
        return self._names[id]


def _row(row: models.Model, people: _People) -> dict[str, Any]:
    said = {}
    for field in row._meta.concrete_fields:
        if field.name in _SECRET:
            continue
        value = field.value_from_object(row)
        person = field.is_relation and field.related_model is User
        said[field.name] = people.name(value) if person else value
    return said


def _tables(root: models.Model, folder: str) -> Iterator[Table]:
    people = _People()
    yield f"{folder}{root._meta.label_lower}.json", [_row(root, people)]
    for model, route in belonging(root._meta.model).items():
        rows = model._base_manager.filter(**{route: root}).order_by("pk").distinct()
        found = (_row(row, people) for row in rows.iterator(_CHUNK))
        yield f"{folder}{model._meta.label_lower}.json", found


def _named(user: User) -> Iterator[Table]:
    """What names a person and outlives the account."""
    for model in apps.get_models():
        own = model in belonging(User) or model is User or not _given(model)
        for field in () if own else model._meta.concrete_fields:
            if field.is_relation and field.related_model is User:
                rows = model._base_manager.filter(**{field.name: user}).order_by("pk")
                found = (
                    {"id": row.pk, "as": field.name, "what": str(row), "at": _moment(row)}
                    for row in rows.iterator(_CHUNK)
                )
                yield f"named/{model._meta.label_lower}.{field.name}.json", found


def _moment(row: models.Model) -> Any:
    return getattr(row, "created", None)


def write_person(user: User, file: IO[bytes]) -> None:
    """Everything of a person, as a ZIP."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", f"{ABOUT}\n{ABOUT_PERSON}")
        for table in (*_tables(user, "yours/"), *_named(user)):
            _write(archive, *table)


def write_team(team: Team, file: IO[bytes]) -> None:
    """Everything of a team, as a ZIP: the tables, and what the apps know to give as plain files."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", ABOUT)
        for table in _tables(team, "tables/"):
            _write(archive, *table)
        for path in settings.TEAM_FILES:
            for name, text in import_string(path)(team):
                archive.writestr(name, text)


def _write(archive: zipfile.ZipFile, name: str, rows: Rows) -> None:
    """A table row by row, so that one of any size fits; an empty one makes no file."""
    given = iter(rows)
    first = next(given, None)
    if first is None:
        return
    with archive.open(name, "w") as out:
        out.write(b"[\n" + _json(first))
        for row in given:
            out.write(b",\n" + _json(row))
        out.write(b"\n]\n")


def _json(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, cls=_Encoder).encode()


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        return bytes(o).hex() if isinstance(o, bytes | memoryview) else super().default(o)
