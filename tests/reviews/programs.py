"""A program of the tests: a client that shows a token."""

from __future__ import annotations

from typing import Any

from django.test import Client

from teams.models import AccessToken, Scope
from tests.cast import Cast


class Program:
    """Speaks for one person in the team of the cast."""

    def __init__(self, people: Cast, who: str = "editor", scope: Scope = Scope.SUBMIT) -> None:
        self.token, self.text = AccessToken.issue(
            people.team, people[who], "pipeline", scope, days=30
        )
        self.client = Client(headers={"authorization": f"Bearer {self.text}"})
        self.base = f"/api/teams/{people.team.slug}/"

    def get(self, path: str = "", **query: Any) -> Any:
        return self.client.get(self.base + path, query)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        names = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.client.post(
            self.base + path, body, content_type="application/json", headers=names
        )

    def submit(self, text: str, *, key: str = "", **more: Any) -> Any:
        headers = {"idempotency_key": key} if key else {}
        return self.post("submissions/", {"text": text, **more}, **headers)
