"""What is stored of a person: every table and field, made from the models and described in
`stored.yaml`. What the models have and the file does not is an error, and the other way round."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.apps import apps
from django.db import models

from teams.models import User
from teams.records.gathering import belonging

_FILE: Final = Path(__file__).with_suffix(".yaml")
_SECRET_TABLES: Final = ("mfa.Authenticator",)
"""Tables of a person that are given out to nobody, and so are not in the file of their data."""


class Undescribed(LookupError):
    """A table or field of a person without a description, or a description of none."""


@dataclass(frozen=True)
class Table:
    """A table whose rows go with the account. `fields` are pairs of a name and what it holds."""

    label: str
    name: str
    why: str
    long: str
    seen: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Named:
    """A table of teams that names a person: by which fields, as pairs like those of a table."""

    label: str
    name: str
    seen: str
    fields: tuple[tuple[str, str], ...]


@cache
def described() -> tuple[tuple[Table, ...], tuple[Named, ...]]:
    """What goes with an account, and what only names it. Raises Undescribed."""
    said = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return made(said["yours"], said["named"], said["common"])


def made(
    yours: dict[str, Any], named: dict[str, Any], common: dict[str, str]
) -> tuple[tuple[Table, ...], tuple[Named, ...]]:
    """The same from descriptions. Raises Undescribed for what they lack or have too much."""
    tables = {model._meta.label: model for model in owned()}
    _agree("table", set(tables), set(yours))
    naming = {label: fields for label, fields in _naming().items() if fields}
    _agree("table that names people", set(naming), set(named))
    return (
        tuple(_table(label, tables[label], said, common) for label, said in yours.items()),
        tuple(_named(label, naming[label], said) for label, said in named.items()),
    )


def owned() -> list[type[models.Model]]:
    """The account, and every table whose rows are deleted with it."""
    return [User, *belonging(User), *(apps.get_model(label) for label in _SECRET_TABLES)]


def _naming() -> dict[str, list[str]]:
    """Each table to its fields that name a person and outlive the account."""
    return {
        model._meta.label: [
            field.name
            for field in model._meta.concrete_fields
            if field.is_relation
            and field.related_model is User
            and field.remote_field.on_delete is not models.CASCADE
        ]
        for model in apps.get_models()
    }


def _table(
    label: str, model: type[models.Model], said: dict[str, Any], common: dict[str, str]
) -> Table:
    own = said["fields"]
    names = [field.name for field in model._meta.concrete_fields]
    _agree(f"field of {label}", set(names), set(own) | (set(common) & set(names)))
    fields = tuple((name, own.get(name) or common[name]) for name in names)
    return Table(label, said["name"], said["why"], said["long"], said["seen"], fields)


def _named(label: str, names: list[str], said: dict[str, Any]) -> Named:
    _agree(f"field of {label}", set(names), set(said["fields"]))
    words = str(apps.get_model(label)._meta.verbose_name_plural).capitalize()
    return Named(label, words, said["seen"], tuple((n, said["fields"][n]) for n in names))


def _agree(what: str, there: set[str], told: set[str]) -> None:
    if missing := sorted(there - told):
        raise Undescribed(f"Describe in {_FILE.name}: {what} {', '.join(missing)}")
    if spare := sorted(told - there):
        raise Undescribed(f"Take out of {_FILE.name}: {what} {', '.join(spare)}")
