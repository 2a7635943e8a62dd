"""Short texts: what is accepted as one, who may rate, and the way from draft to comparison."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from scenarios import engine
from scenarios.catalogue import BANK, catalogue
from scenarios.engine import Exercise, Place, Unanswered, essay, read_exercise
from scenarios.engine._words import copied, repeats, stands_in
from scenarios.essays.models import Essay, PeerRating
from scenarios.models import Attempt
from tests.cast import Cast, cast

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
ID = "e-1001-ten-attempts"
OWN = (
    "Ten tries in ten seconds do nothing for an outage of twenty minutes, so I would refuse this. "
    "What we need is patience: stop reading while the database refuses us and look once a minute "
    "whether it is back. The queue keeps two thousand events without any trouble at all. Before "
    "anybody replays what was set aside, every write has to carry the event's number, so that the "
    "second one finds it and does nothing."
)


def ten() -> Exercise:
    return catalogue().exercises[ID]


def essays() -> list[Exercise]:
    return [e for e in catalogue().live() if e.type == "essay"]


def source() -> str:
    return (Path(BANK) / "reliability-and-resilience" / f"{ID}.yaml").read_text(encoding="utf-8")


class TestWhatIsAText:
    def test_four_chapters_have_one(self) -> None:
        assert len({e.chapter for e in essays()}) >= 4

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "0 words; at least 60"),
            ("Ten attempts are too few.", "5 words"),
            ("retry more " * 40, "over and over"),
            (("We stop the consumer at once and wait for the database. " * 7), "over and over"),
            (ten().prompt + " " + ten().prompt[:200], "taken from the question"),
            (OWN * 3, "at most 140"),
            (ten().body.model_answer, "from an example"),
        ],
    )
    def test_what_is_none_is_refused_with_a_reason(self, text: str, said: str) -> None:
        with pytest.raises(Unanswered, match=said):
            essay.submitted(ten(), text)

    def test_an_honest_text_is_taken_as_it_is(self) -> None:
        assert essay.submitted(ten(), f"  {OWN}\r\n") == OWN

    @given(st.text(max_size=400))
    def test_any_text_is_accepted_or_refused(self, text: str) -> None:
        assert 0 <= copied(text, [OWN]) <= 1
        assert repeats(text) in (True, False)
        try:
            essay.submitted(ten(), text)
        except Unanswered as refused:
            assert str(refused)

    @given(st.lists(st.sampled_from(["stop", "the", "queue", "10"]), min_size=3, max_size=9))
    def test_what_was_cut_out_of_a_text_stands_in_it(self, cut: list[str]) -> None:
        assert stands_in("  ".join(cut).upper(), f"before, {' '.join(cut)}; after")
        assert not stands_in(" ".join([*cut, "elsewhere"]), " ".join(cut))


class TestScore:
    def graded(self, **change: Any) -> engine.Grade:
        return engine.grade(ten(), 0, {**essay.key(ten(), 0), **change})

    def test_a_level_without_its_words_is_worth_nothing(self) -> None:
        assert self.graded().score == 1
        quotes = essay.key(ten(), 0)["quotes"]
        assert self.graded(quotes=["", *quotes[1:]]).score == pytest.approx(4 / 6)
        assert self.graded(quotes=["not in this text", *quotes[1:]]).score < 1

    def test_who_rates_the_examples_otherwise_has_no_score(self) -> None:
        right = [list(e.score) for e in ten().body.examples]
        near = [[right[0][0] - 1, *right[0][1:]], right[1]]
        far = [near[0], [right[1][0] + 1, *right[1][1:]]]
        assert self.graded(ratings=near).score == 1
        assert self.graded(ratings=far).score == 0
        assert "2 levels away" in self.graded(ratings=far).said

    @pytest.mark.parametrize("found", essays(), ids=lambda e: e.id)
    def test_no_level_given_to_everything_passes_for_a_judgement(self, found: Exercise) -> None:
        for name, answer in essay.trivial(found, 0).items():
            assert engine.grade(found, 0, answer).score == 0, name

    def test_it_is_known_to_be_rated_by_its_author(self) -> None:
        assert {"essay"} == engine.SELF_RATED

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("words: [60, 140]", "words: [60]", "two numbers"),
            ("words: [60, 140]", "words: [200, 300]", "would be refused"),
            ("score: [1, 0, 0]", "score: [2, 2, 0]", "two thirds"),
            ("score: [1, 0, 0]", "score: [1, 0]", "for each criterion"),
            ("Proposes something that", "The style of writing", "is about form"),
            (
                'levels: ["Nothing", "That repeats are a danger", ',
                'levels: ["Nothing", ',
                "3 levels",
            ),
            ("id: harmless", "id: verdict", "stands twice"),
            ("model_answer:", "model_text:", "“model_answer” is missing"),
        ],
    )
    def test_what_cannot_be_fair_is_not_loaded(self, old: str, new: str, said: str) -> None:
        assert old in source()
        found, problems = read_exercise(source().replace(old, new), Place(f"{ID}.yaml"))
        assert found is None
        assert any(said in str(p) for p in problems), problems


def send(client: Client, act: str, **data: Any) -> Any:
    return client.post(f"/practice/{ID}/", {"act": act, **data}, **HERE)


def field(response: Any, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', response.content.decode())
    assert found, name
    return found[1]


def write(client: Client, text: str = OWN) -> str:
    """Hands a text in and gives its id."""
    id = str(uuid.uuid4())
    response = send(client, "submit", attempt=id, version="0", text=text)
    assert response.status_code == 200
    return field(response, "attempt")


def as_the_author(id: str, change: int = 0) -> dict[str, str]:
    """Ratings of both examples, in the order in which this text's page shows them."""
    body = ten().body
    shown = body.examples if uuid.UUID(id).int % 2 else tuple(reversed(body.examples))
    data = {
        f"{place}-{criterion.id}": str(level)
        for place, example in zip(("first", "second"), shown, strict=True)
        for criterion, level in zip(body.rubric, example.score, strict=True)
    }
    for key in list(data)[:change]:
        data[key] = str((int(data[key]) + 1) % 3)
    return data


def own(level: int = 2, quote: str = "stop reading while the database") -> dict[str, str]:
    ids = [c.id for c in ten().body.rubric]
    return {f"level-{i}": str(level) for i in ids} | {f"quote-{i}": quote for i in ids}


def finish(client: Client) -> str:
    id = write(client)
    send(client, "examples", attempt=id, **as_the_author(id))
    assert send(client, "own", attempt=id, **own()).status_code == 200
    return id


@pytest.mark.django_db
class TestTheWay:
    def test_nothing_of_the_author_is_shown_before_it_is_due(self, client: Client) -> None:
        body = ten().body
        page = client.get(f"/practice/{ID}/").content.decode()
        for text in (body.model_answer, *(e.text for e in body.exemplars)):
            assert text[:40] not in page
        id = write(client)
        page = client.get(f"/practice/{ID}/").content.decode()
        assert body.exemplars[0].text[:40] in page
        for text in (body.model_answer, *(e.why for e in body.exemplars)):
            assert text[:30] not in page
        page = send(client, "examples", attempt=id, **as_the_author(id)).content.decode()
        assert body.exemplars[0].why[:30] in page and body.model_answer[:40] not in page
        page = send(client, "own", attempt=id, **own()).content.decode()
        assert body.model_answer[:40] in page

    def test_a_text_that_is_rated_is_one_attempt(self, client: Client) -> None:
        id = finish(client)
        send(client, "own", attempt=id, **own(0))
        attempt = Attempt.objects.get()
        assert (str(attempt.id), attempt.score) == (id, 1)
        assert attempt.response["text"] == OWN

    def test_what_was_locked_or_rated_stays(self, client: Client) -> None:
        id = write(client)
        send(client, "submit", attempt=id, version="1", text=OWN + " And more.")
        send(client, "keep", attempt=id, version="1", text="gone")
        send(client, "examples", attempt=id, **as_the_author(id))
        send(client, "examples", attempt=id, **as_the_author(id, change=3))
        stored = Essay.objects.get()
        assert stored.text == OWN
        assert stored.ratings == [list(e.score) for e in ten().body.examples]

    def test_the_own_text_is_not_rated_before_the_examples(self, client: Client) -> None:
        id = write(client)
        response = send(client, "own", attempt=id, **own())
        assert response.status_code == 422 and not Attempt.objects.exists()

    def test_a_level_needs_its_words_and_what_was_typed_stays(self, client: Client) -> None:
        id = write(client)
        send(client, "examples", attempt=id, **as_the_author(id))
        response = send(client, "own", attempt=id, **own(quote="<b>never said</b>"))
        assert response.status_code == 422
        assert "&lt;b&gt;never said" in response.content.decode()
        assert not Attempt.objects.exists()

    def test_a_bad_judge_sees_why_and_scores_nothing(self, client: Client) -> None:
        id = write(client)
        send(client, "examples", attempt=id, **as_the_author(id, change=4))
        body = send(client, "own", attempt=id, **own()).content.decode()
        assert Attempt.objects.get().score == 0 and "It does not count" in body

    def test_a_refused_text_is_kept_as_a_draft(self, client: Client) -> None:
        response = send(client, "submit", attempt=str(uuid.uuid4()), version="0", text="Too short.")
        assert response.status_code == 422
        assert "Too short." in client.get(f"/practice/{ID}/").content.decode()
        assert not Attempt.objects.exists()

    def test_a_draft_is_kept_without_the_page(self, client: Client) -> None:
        data = {"act": "keep", "attempt": str(uuid.uuid4()), "version": "0", "text": OWN}
        part = client.post(f"/practice/{ID}/", data, HTTP_HX_REQUEST="true", **HERE)
        assert "Kept at" in part.content.decode() and "<section" not in part.content.decode()
        assert Essay.objects.get().text == OWN

    def test_two_windows_do_not_overwrite_one_another(self, client: Client) -> None:
        id = str(uuid.uuid4())
        send(client, "keep", attempt=id, version="0", text="first")
        send(client, "keep", attempt=id, version="1", text="first, longer")
        response = send(client, "keep", attempt=id, version="1", text="second")
        assert response.status_code == 422
        body = response.content.decode()
        assert "first, longer" in body and "second" in body
        other = send(client, "keep", attempt=str(uuid.uuid4()), version="0", text="third")
        assert other.status_code == 422
        assert Essay.objects.get().text == "first, longer"

    def test_the_model_answer_can_be_asked_for_and_ends_what_can_be_earned(
        self, client: Client
    ) -> None:
        send(client, "solution")
        finish(client)
        assert sum(a.points for a in Attempt.objects.all()) == 0

    def test_markup_in_a_text_is_shown_as_text(self, client: Client) -> None:
        id = write(client, OWN + " <script>alert(1)</script>")
        send(client, "examples", attempt=id, **as_the_author(id))
        page = client.get(f"/practice/{ID}/").content.decode()
        assert "&lt;script&gt;alert" in page and "<script>alert" not in page


@pytest.mark.django_db
class TestColleagues:
    @pytest.fixture
    def people(self) -> Cast:
        return cast()

    def asked(self, people: Cast, team: str = "") -> str:
        author = people.client("editor")
        id = finish(author)
        send(author, "colleagues", attempt=id, team=team)
        return id

    def rate(self, people: Cast, name: str, id: str, level: int) -> int:
        client = people.client(name)
        ids = [c.id for c in ten().body.rubric]
        data = {f"level-{i}": str(level) for i in ids} | {"comment": f"<i>{name}</i>"}
        return int(client.post(f"/practice/{ID}/colleague/{id}/", data).status_code)

    def test_only_who_has_done_it_as_the_author_rates_may_rate(self, people: Cast) -> None:
        id = self.asked(people)
        assert self.rate(people, "owner", id, 1) == 404
        finish(people.client("owner"))
        assert self.rate(people, "owner", id, 1) == 302
        assert self.rate(people, "owner", id, 2) == 404
        assert self.rate(people, "editor", id, 2) == 404
        assert PeerRating.objects.count() == 1

    def test_a_text_for_the_team_is_not_shown_outside(self, people: Cast) -> None:
        id = self.asked(people, people.team.slug)
        finish(people.client("stranger"))
        finish(people.client("viewer"))
        assert self.rate(people, "stranger", id, 2) == 404
        assert self.rate(people, "viewer", id, 2) == 302

    def test_the_middle_is_shown_once_two_have_rated_without_names(self, people: Cast) -> None:
        id = self.asked(people)
        for name, level in (("owner", 0), ("viewer", 2), ("reviewer", 2)):
            finish(people.client(name))
            page = people.client("editor").get(f"/practice/{ID}/").content.decode()
            assert ("the middle of their ratings" in page) == (name == "reviewer")
            self.rate(people, name, id, level)
        page = people.client("editor").get(f"/practice/{ID}/").content.decode()
        assert ten().body.rubric[0].levels[2] in page
        assert "&lt;i&gt;viewer" in page and "3 colleagues" in page

    def test_nobody_is_asked_without_a_text(self, people: Cast) -> None:
        send(people.client("editor"), "colleagues", attempt=str(uuid.uuid4()))
        assert not Essay.objects.wanted().exists()

    def test_a_rating_without_all_levels_is_asked_again(self, people: Cast) -> None:
        id = self.asked(people)
        finish(people.client("owner"))
        client = people.client("owner")
        response = client.post(f"/practice/{ID}/colleague/{id}/", {"comment": "kept here"})
        assert response.status_code == 422 and "kept here" in response.content.decode()


class TestAsEvidence:
    def test_it_makes_a_skill_familiar_at_most_and_never_speaks_against_it(self) -> None:
        from datetime import UTC, datetime, timedelta

        from scenarios.progress import Item, Level, Record, standing

        items = {
            f"e{n}": Item(f"e{n}", ("reliability.retries",), self_rated=True) for n in range(6)
        }
        start = datetime(2026, 11, 1, tzinfo=UTC)

        def level(score: float) -> Level:
            log = [
                Record(str(n), id, score, 0, False, start + timedelta(days=n))
                for n, id in enumerate(items)
            ]
            return standing(log, items, start.date()).skill("reliability.retries").level

        assert level(1.0) == Level.FAMILIAR
        assert level(0.2) == Level.NEW
