"""Every address that has an owner, crossed with every kind of person.

What is answered is written in tests/snapshots/access.txt and read like a table: a change of it is
a change of who may do what. `make snapshots` writes it anew. Beside it stand rules that hold for
every line, also for those of addresses that are still to come.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections, transaction

from tests.access.world import PEOPLE, Address, World, addresses, world

pytestmark = [pytest.mark.django_db]
TABLE = Path(__file__).resolve().parents[1] / "snapshots" / "access.txt"
MEMBERS = ("viewer", "reviewer", "editor", "owner")
_WORDS = {200: "yes", 302: "yes", 422: "yes", 404: "no", 405: "-", 410: "gone"}

# Pages of no team: everybody's, or one's own.
EVERYBODYS = {
    "fit": {"key", "sheet", "standing", "result", "result_json", "parts", "compare", "cost",
            "cost_csv", "starter_yaml", "starter_svg", "model", "printed", "save"},
    "scenarios": {"home", "progress", "export", "export-csv", "export-xapi", "settings", "review",
                  "wish", "next", "exams", "placement", "exercise", "report", "digest-off"},
    "reviews": {"home", "try", "rubric", "completion"},
    "teams": {"notices_off", "stored"},
}  # fmt: skip
WHO_IS_SIGNED_IN = {
    "fit": {"saved", "due", "calendar"},
    "scenarios": set(),
    "reviews": {"organisations", "organisation_new", "organisation_join", "calibration", "sample"},
    "teams": {"home", "new", "join", "notices", "notice_settings", "you", "your_data"},
}
# What a viewer may send: it concerns nobody but themselves.
OF_ONES_OWN = {"teams:leave", "scenarios:consent", "scenarios:sitting-answer"}
# What a stranger is given as well: nothing, or a link that no longer shows anything.
_NOTHING = ("no", "gone", "-")
# Answers that are not a matter of rank in the team: led by the owner as a person, or given to who
# sits on the panel.
NOT_BY_ROLE = ("reviews:organisation", "reviews:panel_", "scenarios:exam")


def _public(name: str) -> bool:
    app, _, own = name.partition(":")
    return own in EVERYBODYS[app]


def _owned() -> list[Address]:
    return [address for address in addresses() if not _public(address.name)]


def _for_signed_in(name: str) -> bool:
    app, _, own = name.partition(":")
    return _public(name) or own in WHO_IS_SIGNED_IN[app]


def _asked(there: World, address: Address, method: str) -> dict[str, str]:
    """What each person is answered, in a word; whatever it changed is undone."""
    url = there.url(address)
    answers = {who: _answer(there, who, method, url) for who in ("owner",)}
    if answers["owner"] == "-":
        return {}
    return {who: answers.get(who) or _answer(there, who, method, url) for who in PEOPLE}


def _answer(there: World, person: str, method: str, url: str) -> str:
    client = there.client(person)
    with transaction.atomic():
        # As a browser says it of a form of ours.
        response = client.generic(method, url, headers={"Sec-Fetch-Site": "same-origin"})
        # A file that is not read to its end is held open otherwise; the connection stays.
        request_finished.disconnect(close_old_connections)
        response.close()
        request_finished.connect(close_old_connections)
        transaction.set_rollback(True)
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/"):
        return "sign in"
    return _WORDS.get(response.status_code, str(response.status_code))


@pytest.fixture(scope="module")
def table(
    django_db_setup: None, django_db_blocker: object
) -> dict[tuple[str, str], dict[str, str]]:
    """(method, name of the address) to what each person is answered."""
    found = {}
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        there = world()
        # Outside the savepoints that undo what is answered.
        for person in PEOPLE:
            there.client(person)
        for address in _owned():
            for method in ("GET", "POST"):
                answers = _asked(there, address, method)
                if answers:
                    found[method, address.name] = answers
        transaction.set_rollback(True)
    return found


def _written(table: dict[tuple[str, str], dict[str, str]]) -> str:
    lines = [f"{'':5}{'':36}" + "".join(f"{person:<10}" for person in PEOPLE)]
    for (method, name), answers in sorted(table.items(), key=lambda item: item[0][::-1]):
        cells = "".join(f"{answers[person]:<10}" for person in PEOPLE)
        lines.append(f"{method:<5}{name:<36}{cells}")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def test_the_table_is_the_one_of_the_snapshot(table) -> None:
    made = _written(table)
    if os.environ.get("SNAPSHOTS") == "write":
        TABLE.write_text(made)
    assert made.splitlines() == TABLE.read_text().splitlines()


def test_no_address_is_left_out(table) -> None:
    assert {address.name for address in _owned()} == {name for _, name in table}


def wrong(table, rule) -> list[str]:
    return [
        f"{method} {name}: {a}" for (method, name), a in table.items() if not rule(name, method, a)
    ]


def test_a_stranger_gets_nothing_that_is_a_teams(table) -> None:
    def rule(name: str, method: str, a: dict[str, str]) -> bool:
        return _for_signed_in(name) or a["stranger"] in _NOTHING

    assert wrong(table, rule) == []


def test_who_has_left_is_a_stranger(table) -> None:
    assert wrong(table, lambda name, method, a: a["former"] == a["stranger"]) == []


def test_a_guest_is_asked_to_sign_in_and_told_no_more(table) -> None:
    def rule(name: str, method: str, a: dict[str, str]) -> bool:
        # An invitation is read by whoever has its link; to join takes an account.
        invited = (name, method) == ("teams:join", "GET")
        return _public(name) or invited or a["anonymous"] in ("sign in", "no", "gone", "-")

    assert wrong(table, rule) == []


def test_who_holds_a_revoked_link_is_a_guest(table) -> None:
    assert wrong(table, lambda name, method, a: a["holder"] == a["anonymous"]) == []
    shared = [a for (method, name), a in table.items() if "shared" in name and method == "GET"]
    assert len(shared) >= 3 and all(set(a.values()) == {"gone"} for a in shared)


def test_who_is_more_may_more(table) -> None:
    def rule(name: str, method: str, a: dict[str, str]) -> bool:
        may = [a[who] == "yes" for who in MEMBERS]
        return name.startswith(NOT_BY_ROLE) or may == sorted(may)

    assert wrong(table, rule) == []


def test_viewers_change_nothing_but_their_own(table) -> None:
    def rule(name: str, method: str, a: dict[str, str]) -> bool:
        own = name in OF_ONES_OWN or _for_signed_in(name)
        return method == "GET" or own or a["viewer"] in _NOTHING

    assert wrong(table, rule) == []


def test_nobody_meets_a_broken_page(table) -> None:
    known = {"yes", "no", "-", "gone", "sign in", "400", "409"}
    assert wrong(table, lambda name, method, a: set(a.values()) <= known) == []
