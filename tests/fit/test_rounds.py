"""A round: alone, then side by side, discussed, settled, kept; dissent stays."""

from __future__ import annotations

import pytest

from fit.assessments import workflow
from fit.model import fit
from fit.models import Assessment, Ballot, Remark, Round
from teams.fixed import Immutable
from teams.models import Membership, Role, User
from tests.cast import Cast
from tests.fit.keeping import SAID, kept_by

ALONE = "The answers are covered"


@pytest.fixture
def round(people: Cast) -> Round:
    return workflow.open_round(kept_by(people), people["editor"])


def answer(people: Cast, round: Round, name: str, **said: str):
    return people.client(name).post(f"{round.get_absolute_url()}answer/", {**SAID, **said})


def page(people: Cast, round: Round, name: str) -> str:
    return people.client(name).get(round.get_absolute_url()).content.decode()


def test_a_lead_opens_one_round_at_a_time(people: Cast) -> None:
    found = kept_by(people)
    for _ in range(2):
        sent = people.client("editor").post(f"{found.get_absolute_url()}rounds/")
        assert sent["Location"] == f"{found.get_absolute_url()}rounds/1/"
    assert Round.objects.count() == 1
    workflow.close(found.open_round())
    people.client("owner").post(f"{found.get_absolute_url()}rounds/")
    assert [r.number for r in found.rounds.all()] == [1, 2]


def test_a_persons_own_assessment_has_no_rounds(people: Cast) -> None:
    from fit.asking import Asked

    mine = workflow.save("mine", people["editor"], Asked(said=SAID))
    sent = people.client("editor").post(f"{mine.get_absolute_url()}rounds/")
    assert sent.status_code == 404 and not Round.objects.exists()


def test_nobody_sees_answers_before_giving_their_own(people: Cast, round: Round) -> None:
    answer(people, round, "reviewer", note="Nights are quiet, says the graph.", traffic="heavy")
    for name in ("owner", "editor", "viewer"):
        body = page(people, round, name)
        assert ALONE in body and "Answered: reviewer." in body
        assert "High, day and night" not in body and "Nights are quiet" not in body
    sheet = people.client("editor").get(f"{round.get_absolute_url()}answer/").content.decode()
    form = sheet[sheet.index("sheet-questions") :]
    assert " checked" not in form, "neither the assessment's answers nor another's lead the hand"
    answer(people, round, "editor")
    for name in ("reviewer", "editor"):
        body = page(people, round, name)
        assert ALONE not in body and "High, day and night" in body and "Nights are quiet" in body
    assert ALONE in page(people, round, "owner")


def test_the_others_see_them_when_the_round_is_closed(people: Cast, round: Round) -> None:
    answer(people, round, "reviewer")
    people.client("editor").post(f"{round.get_absolute_url()}close/")
    for name in ("owner", "editor", "viewer"):
        assert ALONE not in page(people, round, name)
    assert answer(people, round, "owner").status_code == 302
    assert Ballot.objects.count() == 1, "a closed round takes no answers"


def test_answers_stand_once_they_are_sent(people: Cast, round: Round) -> None:
    answer(people, round, "reviewer", traffic="heavy")
    answer(people, round, "reviewer", traffic="idle")
    (ballot,) = Ballot.objects.all()
    assert ballot.answers["traffic"] == "heavy"
    with pytest.raises(workflow.Closed):
        workflow.cast(round, people["reviewer"], {"trigger": "http"})
    with pytest.raises(Immutable):
        ballot.save()
    with pytest.raises(Immutable):
        ballot.delete()


def test_a_ballot_of_nonsense_says_so_and_keeps_the_rest(people: Cast, round: Round) -> None:
    url = f"{round.get_absolute_url()}answer/"
    client = people.client("reviewer")
    response = client.post(url, {"trigger": "owl", "traffic": "spiky", "note": "kept"})
    body = response.content.decode()
    assert response.status_code == 422 and "“owl” is not an answer to question 1" in body
    assert 'value="spiky" checked' in body and ">\nkept</textarea>" in body
    empty = client.post(url, {"trigger": "unknown"})
    assert empty.status_code == 422 and "Answer at least one question." in empty.content.decode()
    assert client.post(url, {**SAID, "note": "x" * 4001}).status_code == 422
    assert not Ballot.objects.exists()


def test_what_is_disputed_is_ranked_discussed_settled_and_kept(people: Cast, round: Round) -> None:
    answer(people, round, "editor", memory="small")
    answer(people, round, "reviewer", traffic="heavy", memory="medium")
    answer(people, round, "owner", memory="unknown")
    url, client = round.get_absolute_url(), people.client("editor")
    body = page(people, round, "editor")
    assert body.index('id="q-traffic"') < body.index('id="q-memory"')
    assert "2 disputed answers count as unknown" in body and "Can still win" in body
    assert client.post(f"{url}agree/", follow=True).status_code == 200
    assert Assessment.objects.get().versions.count() == 1, "not while somebody may be answering"

    empty = client.post(f"{url}traffic/remark/", {"remark-traffic-text": " "})
    assert empty.status_code == 422 and "This field is required" in empty.content.decode()
    people.client("reviewer").post(
        f"{url}traffic/remark/", {"remark-traffic-text": "<b>Look</b> at the nights"}
    )
    assert "&lt;b&gt;Look&lt;/b&gt; at the nights" in page(people, round, "owner")
    assert client.post(f"{url}latency/remark/", {"remark-latency-text": "x"}).status_code == 404

    wrong = client.post(f"{url}traffic/settle/", {"settle-traffic-answer": "owl"})
    assert wrong.status_code == 422 and "Select a valid choice" in wrong.content.decode()
    data = {"settle-traffic-answer": "spiky", "settle-traffic-reason": "the graph of week 46"}
    client.post(f"{url}traffic/settle/", data)
    assert "Settled on 2b" in page(people, round, "reviewer")

    client.post(f"{url}close/")
    client.post(f"{url}agree/")
    made = Assessment.objects.get().latest()
    assert made.number == 2 and made.note == "agreed in round 1, 1 disputed left open"
    assert made.answers == SAID and "memory" not in made.answers
    round.refresh_from_db()
    assert round.agreed == made
    assert client.post(f"{url}traffic/settle/", data).status_code == 302
    client.post(f"{url}traffic/remark/", {"remark-traffic-text": "too late"})
    assert Remark.objects.count() == 1
    client.post(f"{url}agree/")
    assert Assessment.objects.get().versions.count() == 2
    body = page(people, round, "viewer")
    assert "High, day and night" in body and "became version 2" in body


def test_a_member_who_has_not_answered_settles_and_discusses_nothing(
    people: Cast, round: Round
) -> None:
    answer(people, round, "reviewer", traffic="heavy")
    answer(people, round, "editor")
    url = f"{round.get_absolute_url()}traffic/"
    owner = people.client("owner")
    assert owner.post(f"{url}remark/", {"remark-traffic-text": "x"}).status_code == 404
    assert owner.post(f"{url}settle/", {}).status_code == 404


def test_nobody_has_answered(people: Cast, round: Round) -> None:
    client, url = people.client("editor"), round.get_absolute_url()
    client.post(f"{url}close/")
    body = client.post(f"{url}agree/", follow=True).content.decode()
    assert "Nobody has answered yet" in body and "nothing to lay side by side" in body


def test_a_ballot_outlives_its_voter(people: Cast, round: Round) -> None:
    answer(people, round, "reviewer", traffic="heavy")
    answer(people, round, "editor")
    workflow.close(round)
    people["reviewer"].delete()
    body = page(people, round, "owner")
    assert "a former member" in body and "High, day and night" in body


def test_a_page_of_a_round_asks_a_fixed_number_of_times(
    people: Cast, round: Round, django_assert_max_num_queries
) -> None:
    for n in range(6):
        user = User.objects.create_user(f"more-{n}", f"more-{n}@example.org")
        Membership.objects.create(team=people.team, user=user, role=Role.REVIEWER)
        keys = {q.id: q.answers[n % len(q.answers)].key for q in fit().questions}
        workflow.cast(round, user, keys)
    workflow.close(round)
    client = people.client("viewer")
    with django_assert_max_num_queries(16):
        client.get(round.get_absolute_url())
