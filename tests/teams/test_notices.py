"""Notices: the page, and what leaves by mail: once, at the wished time, and not at all if unwanted."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from teams.events import KINDS, happened
from teams.models import How, MailWish, Notice, User
from teams.notices import mailing
from teams.notices.topics import topic_of, topics
from tests.cast import Cast, cast

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def people() -> Cast:
    return cast()


def tell(people: Cast, *names: str, at: datetime = NOON, **more: Any) -> None:
    """Something that concerns these people happened then."""
    said = {"kind": "design.revised", "subject": "Orders", "url": "/reviews/", **more}
    event = happened(people.team, by=people["owner"], tell=[people[n] for n in names], **said)
    event.notices.update(created=at)


def wish(person: User, how: How, topic: str = "design") -> None:
    MailWish.objects.create(user=person, topic=topic, how=how)


class TestMail:
    def test_at_once_means_the_next_round_and_no_other(self, people: Cast) -> None:
        wish(people["editor"], How.NOW)
        tell(people, "editor")
        assert mailing.send_due(NOON) == 1
        assert mailing.send_due(NOON) == mailing.send_due(NOON + timedelta(days=1)) == 0
        (sent,) = mail.outbox
        assert sent.to == ["editor@example.org"] and "Orders" in sent.subject
        assert "/teams/notices/" in sent.body
        (html,) = sent.alternatives
        assert html[1] == "text/html" and "Orders" in html[0]

    def test_a_day_goes_into_one_mail(self, people: Cast) -> None:
        for hour in (7, 9, 11):
            tell(people, "editor", at=NOON.replace(hour=hour), subject=f"Design {hour}")
        assert mailing.send_due(NOON) == 0, "the mail of this day has gone"
        assert mailing.send_due(NOON + timedelta(hours=18)) == 1
        (sent,) = mail.outbox
        assert sent.subject == "3 notices from Prints"
        assert [int(n) for n in re.findall(r"Design (\d+)", sent.body)] == [7, 9, 11]

    @pytest.mark.parametrize("why", ["off", "read", "old", "closed", "no address"])
    def test_what_is_not_wanted_is_not_sent(self, people: Cast, why: str) -> None:
        editor = people["editor"]
        wish(editor, How.OFF if why == "off" else How.NOW)
        tell(people, "editor", at=NOON - timedelta(days=8 if why == "old" else 0))
        if why == "read":
            Notice.objects.update(read=NOON)
        User.objects.filter(pk=editor.pk).update(
            is_active=why != "closed", email="" if why == "no address" else editor.email
        )
        assert mailing.send_due(NOON) == 0 and not mail.outbox
        MailWish.objects.update(how=How.NOW)
        User.objects.update(is_active=True)
        assert mailing.send_due(NOON) == 0, "a later wish brings back no old news"

    def test_a_wish_concerns_its_topic_only(self, people: Cast) -> None:
        wish(people["editor"], How.NOW, "member")
        tell(people, "editor")
        tell(people, "editor", kind="member.joined", subject="Prints")
        mailing.send_due(NOON)
        assert [("joined the team" in m.body, "Orders" in m.body) for m in mail.outbox] == [
            (True, False)
        ]

    def test_a_mail_that_fails_is_tried_again_later(
        self, people: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wish(people["editor"], How.NOW)
        tell(people, "editor")

        def refuse(self: Any, messages: Any) -> int:
            raise OSError("no route")

        with monkeypatch.context() as patch:
            patch.setattr(EmailBackend, "send_messages", refuse)
            assert mailing.send_due(NOON) == 0
        assert mailing.send_due(NOON + timedelta(minutes=1)) == 0, "not at every tick"
        assert mailing.send_due(NOON + timedelta(minutes=16)) == 1

    def test_two_rounds_at_once_send_one_mail(
        self, people: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wish(people["editor"], How.NOW)
        tell(people, "editor")
        send = EmailBackend.send_messages
        inner: list[int] = []

        def meanwhile(self: Any, messages: Any) -> int:
            if not inner:
                inner.append(-1)
                inner.append(mailing.send_due(NOON))
            return int(send(self, messages))

        monkeypatch.setattr(EmailBackend, "send_messages", meanwhile)
        assert mailing.send_due(NOON) == 1 and inner == [-1, 0] and len(mail.outbox) == 1

    def test_what_strangers_wrote_is_text(self, people: Cast) -> None:
        wish(people["editor"], How.NOW)
        tell(people, "editor", subject="<b>x</b>\r\nBcc: a@example.org & y")
        mailing.send_due(NOON)
        (sent,) = mail.outbox
        assert "\n" not in sent.subject and not sent.bcc
        assert "<b>x</b>" in sent.body and "<b>x</b>" not in sent.alternatives[0][0]
        assert sent.message()["Message-ID"].startswith("<notices-")

    def test_each_person_gets_a_mail_of_their_own(self, people: Cast) -> None:
        for name in ("editor", "viewer"):
            wish(people[name], How.NOW)
        tell(people, "editor", "viewer", "owner")
        assert mailing.send_due(NOON) == 2
        assert {tuple(m.to) for m in mail.outbox} == {
            ("editor@example.org",),
            ("viewer@example.org",),
        }

    @pytest.mark.parametrize(("hour", "day"), [(5, 24), (6, 25), (23, 25)])
    def test_the_mail_of_a_day_is_due_at_its_hour(self, hour: int, day: int) -> None:
        due = mailing.last_digest(NOON.replace(hour=hour, minute=30))
        assert (due.day, due.hour) == (day, mailing.DIGEST_HOUR)

    def test_a_site_without_a_beat_runs_the_rounds_itself(self, people: Cast, capsys: Any) -> None:
        wish(people["editor"], How.NOW)
        tell(people, "editor", at=timezone.now())
        call_command("periodic")
        assert "teams.tasks.mail_notices: 1" in capsys.readouterr().out
        assert len(mail.outbox) == 1


class TestOff:
    def test_the_link_of_a_mail_ends_them_without_signing_in(self, people: Cast) -> None:
        wish(people["editor"], How.NOW)
        tell(people, "editor")
        mailing.send_due(NOON)
        headers = mail.outbox[0].extra_headers
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        path = headers["List-Unsubscribe"].strip("<>").partition("8000")[2]
        strict = Client(enforce_csrf_checks=True)
        assert strict.get(path).status_code == 200
        assert MailWish.objects.get().how == How.NOW, "a scanner that opens the link ends nothing"
        assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        chosen = people["editor"].mail_wishes.values_list("topic", "how")
        assert dict(chosen) == dict.fromkeys(topics(), How.OFF)

    def test_a_forged_link_is_nothing(self, people: Cast, client: Client) -> None:
        path = mailing.off_path(people["editor"])
        assert client.post(path[:-3] + "xx/").status_code == 404
        assert client.post("/teams/notices/off/x/").status_code == 404
        assert not MailWish.objects.exists()


class TestPage:
    def test_following_one_marks_it_as_seen(self, people: Cast) -> None:
        tell(people, "editor", url="/reviews/team-prints-test/")
        client, found = people.client("editor"), Notice.objects.get()
        assert "Orders" in client.get("/teams/notices/?only=unread").content.decode()
        answer = client.get(f"/teams/notices/{found.pk}/")
        assert answer["Location"] == "/reviews/team-prints-test/"
        assert "Orders" not in client.get("/teams/notices/?only=unread").content.decode()
        assert "Orders" in client.get("/teams/notices/").content.decode()

    @pytest.mark.parametrize("url", ["https://e.example/", "//e.example", "/\\e.example", ""])
    def test_no_notice_leads_off_the_site(self, people: Cast, url: str) -> None:
        tell(people, "editor", url=url)
        path = f"/teams/notices/{Notice.objects.get().pk}/"
        assert people.client("editor").get(path)["Location"] == "/teams/notices/"

    def test_marking_all_spares_what_came_in_between(self, people: Cast) -> None:
        tell(people, "editor")
        newest = Notice.objects.get().pk
        tell(people, "editor", subject="Later")
        client = people.client("editor")
        client.post("/teams/notices/seen/", {"newest": newest})
        assert [n.event.subject for n in Notice.objects.unread()] == ["Later"]
        for wrong in ("", "x", "-1", "9" * 40, "²"):
            assert client.post("/teams/notices/seen/", {"newest": wrong}).status_code == 404

    def test_the_count_beside_the_name_is_that_of_this_moment_for_one_query(
        self, people: Cast
    ) -> None:
        """On every page of the person's, after what they do and after what others do."""
        client, page = people.client("editor"), f"/reviews/{people.team.slug}/"

        def unseen() -> int:
            with CaptureQueriesContext(connection) as asked:
                body = client.get(page).content.decode()
            counted = [q for q in asked if "COUNT" in q["sql"] and "teams_notice" in q["sql"]]
            assert len(counted) == 1
            found = re.search(r'Notices <b>(\d+)<span class="sr"> not seen', body)
            return int(found[1]) if found else 0

        assert unseen() == 0
        for _ in range(3):
            tell(people, "editor")
        assert unseen() == 3
        first = people["editor"].notices.first()
        assert first is not None
        client.get(f"/teams/notices/{first.pk}/")
        assert unseen() == 2
        client.post("/teams/notices/seen/", {"newest": first.pk})
        assert unseen() == 0
        tell(people, "editor")
        assert unseen() == 1

    def test_nobody_reaches_those_of_others(self, people: Cast) -> None:
        tell(people, "editor")
        path = f"/teams/notices/{Notice.objects.get().pk}/"
        assert people.client("owner").get(path).status_code == 404
        assert "Orders" not in people.client("owner").get("/teams/notices/").content.decode()
        assert people.client().get(path).status_code == 302

    def test_wishes_are_kept(self, people: Cast) -> None:
        client, path = people.client("editor"), "/teams/notices/settings/"
        chosen = dict.fromkeys(topics(), "now")
        assert client.post(path, chosen).status_code == 302
        assert client.get(path).content.decode().count('value="now" selected') == len(topics())
        assert client.post(path, {**chosen, "design": "loudly"}).status_code == 422

    def test_every_kind_of_event_has_a_topic(self) -> None:
        assert {topic_of(kind) for kind in KINDS} == set(topics())

    def test_a_long_list_has_pages(self, people: Cast) -> None:
        for number in range(51):
            tell(people, "editor", subject=f"Design {number}")
        client = people.client("editor")
        first = client.get("/teams/notices/").content.decode()
        assert "51 not seen" in first and "1 of 2" in first and "page=2" in first
        assert "Design 0<" in client.get("/teams/notices/?page=2").content.decode()
        assert client.get("/teams/notices/?page=x").status_code == 200
