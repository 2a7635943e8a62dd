"""The people of the tests: owner, editor, reviewer and viewer of one team, and a stranger."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from teams.models import Membership, Role, Team, User


@dataclass(frozen=True)
class Cast:
    team: Team
    people: dict[str, User]

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def client(self, name: str = "") -> Client:
        """A browser in which this person has signed in; a guest's without a name."""
        client = Client()
        if name:
            client.force_login(self.people[name])
        return client


def cast() -> Cast:
    team = Team.objects.create(slug="team-prints-test", name="Prints")
    people = {}
    for name in ("owner", "editor", "reviewer", "viewer", "stranger"):
        people[name] = User.objects.create_user(name, f"{name}@example.org")
        if name != "stranger":
            Membership.objects.create(team=team, user=people[name], role=Role(name))
    return Cast(team, people)
