"""The page that lists every field that is stored of a person is made from the models."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml
from django.test import Client

from teams.models import User
from teams.records import gathering, stored


@pytest.fixture
def said() -> dict[str, Any]:
    return copy.deepcopy(yaml.safe_load(stored._FILE.read_text()))


def made(said: dict[str, Any]) -> Any:
    return stored.made(said["yours"], said["named"], said["common"])


def test_every_table_and_field_of_the_models_is_described() -> None:
    tables, named = stored.described()
    by_label = {table.label: table for table in tables}
    for model in (User, *gathering.belonging(User)):
        fields = [name for name, _ in by_label[model._meta.label].fields]
        assert fields == [field.name for field in model._meta.concrete_fields], model
    assert {"reviews.Comment", "reviews.Revision", "teams.Event"} <= {one.label for one in named}
    words = [w for t in tables for w in (t.name, t.why, t.long, t.seen, *dict(t.fields).values())]
    words += [w for one in named for w in (one.seen, *dict(one.fields).values())]
    assert all(isinstance(word, str) and len(word) > 2 for word in words)


def test_a_field_or_table_without_a_description_is_an_error(said: dict[str, Any]) -> None:
    del said["yours"]["teams.User"]["fields"]["email"]
    with pytest.raises(stored.Undescribed, match=r"field of teams\.User email"):
        made(said)
    said["yours"]["teams.User"]["fields"]["email"] = "the address"
    made(said)
    del said["yours"]["reviews.Draft"]
    with pytest.raises(stored.Undescribed, match=r"table reviews\.Draft"):
        made(said)


def test_so_is_one_that_names_people_and_one_that_is_gone(said: dict[str, Any]) -> None:
    del said["named"]["reviews.Waiver"]["fields"]["decided_by"]
    with pytest.raises(stored.Undescribed, match="decided_by"):
        made(said)
    said["named"]["reviews.Waiver"]["fields"]["decided_by"] = "who agreed"
    said["yours"]["teams.User"]["fields"]["shoe_size"] = "never asked"
    with pytest.raises(stored.Undescribed, match=r"Take out.*shoe_size"):
        made(said)


@pytest.mark.django_db
def test_the_page_is_everybodys_and_linked_where_people_look() -> None:
    answer = Client().get("/teams/you/stored/")
    body = answer.content.decode()
    assert answer.status_code == 200
    for word in ("user_agent", "extra_data", "24 months", "decided_by"):
        assert word in body
    user = User.objects.create_user("ada", "ada@example.org")
    client = Client()
    client.force_login(user)
    for path in ("/teams/you/", "/accounts/email/"):
        assert "/teams/you/stored/" in client.get(path).content.decode(), path
    assert "/teams/you/stored/" in Client().get("/accounts/signup/").content.decode()
