"""A draft: begun, saved, overtaken, undone, merged, submitted."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from design import document
from reviews import drafts, life, workflow
from reviews.models import Design, Draft, Revision
from teams.models import Event, Membership, Notice, Role, User
from tests.cast import Cast, cast
from tests.reviews.test_submitting import SMALL

pytestmark = pytest.mark.django_db(transaction=True)

BASE = "/reviews/team-prints-test/"
JWT = SMALL.replace("auth: none", "auth: jwt")
SLOW = SMALL.replace("timeout_s: 5", "timeout_s: 9")


@pytest.fixture
def people() -> Cast:
    made = cast()
    second = User.objects.create_user("second", "second@example.org")
    Membership.objects.create(team=made.team, user=second, role=Role.EDITOR)
    made.people["second"] = second
    workflow.submit(made.team, made["editor"], SMALL)
    return made


def opened(people: Cast, who: str = "editor") -> Draft:
    answer = people.client(who).post(f"{BASE}small/edit/")
    assert answer.status_code == 302
    return Draft.objects.get(by=people[who])


def url(draft: Draft, path: str = "") -> str:
    return f"{BASE}drafts/{draft.pk}/{path}"


class TestEditor:
    def test_a_draft_begins_with_the_text_of_the_design(self, people: Cast) -> None:
        draft = opened(people)
        assert draft.text == SMALL and draft.base.number == 1 and draft.version == 1
        body = people.client("editor").get(url(draft)).content.decode()
        assert "A small design" in body and "API01" in body and "<svg class=" in body
        assert opened(people).pk == draft.pk

    def test_a_pause_in_typing_saves_and_tells_what_is_found(self, people: Cast) -> None:
        draft = opened(people)
        answer = people.client("editor").post(url(draft, "save/"), {"text": JWT, "version": 1})
        found = answer.json()
        draft.refresh_from_db()
        assert answer.status_code == 200 and draft.text == JWT and found["version"] == 2
        assert found["readable"] and "<svg class=" in found["panel"]
        assert "API01" not in found["panel"]

    def test_problems_come_with_their_line_and_what_was_meant(self, people: Cast) -> None:
        draft = opened(people)
        wrong = SMALL.replace("kind: function", "kind: functon")
        answer = people.client("editor").post(url(draft, "save/"), {"text": wrong, "version": 1})
        found = answer.json()
        assert not found["readable"] and found["marks"][0]["line"] == 6
        assert 'data-replace="functon" data-with="function"' in found["panel"]
        page = people.client("editor").post(
            url(draft) + "?act=replace", {"text": wrong, "version": 2, "line": 6}
        )
        draft.refresh_from_db()
        assert page.status_code == 302 and draft.text == SMALL

    def test_a_second_window_is_shown_the_difference_and_loses_nothing(self, people: Cast) -> None:
        draft, client = opened(people), people.client("editor")
        client.post(url(draft, "save/"), {"text": JWT, "version": 1})
        answer = client.post(url(draft, "save/"), {"text": SLOW, "version": 1})
        assert answer.status_code == 409 and "timeout_s: 9" in answer.json()["conflict"]
        page = client.post(url(draft), {"text": SLOW, "version": 1})
        body = page.content.decode()
        assert page.status_code == 409 and "timeout_s: 9" in body and "another window" in body
        draft.refresh_from_db()
        assert draft.text == JWT
        client.post(url(draft) + "?act=aside", {"text": SLOW, "version": draft.version})
        draft.refresh_from_db()
        assert draft.text == JWT and draft.states.filter(text=SLOW).exists()
        client.post(url(draft) + "?act=keep", {"text": SLOW, "version": draft.version})
        draft.refresh_from_db()
        assert draft.text == SLOW and draft.states.filter(text=JWT).exists()

    @pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "١"])
    def test_a_version_that_is_none_is_an_old_one(self, people: Cast, version: str) -> None:
        draft = opened(people)
        answer = people.client("editor").post(
            url(draft, "save/"), {"text": JWT, "version": version}
        )
        assert answer.status_code == 409

    def test_tidying_keeps_comments_and_is_a_state(self, people: Cast) -> None:
        draft, client = opened(people), people.client("editor")
        text = SMALL.replace("edges:", "# how they meet\nedges:")
        client.post(url(draft) + "?act=tidy", {"text": text, "version": 1})
        draft.refresh_from_db()
        assert draft.text != text and "# how they meet" in draft.text
        assert document.load(draft.text).id == "small"
        for version, wrong in ((3, "model: ["), (4, "model: sdm/1\n")):
            answer = client.post(url(draft) + "?act=tidy", {"text": wrong, "version": version})
            assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()

    def test_a_text_that_is_too_large_is_refused_and_kept_on_the_page(self, people: Cast) -> None:
        draft = opened(people)
        answer = people.client("editor").post(
            url(draft), {"text": "#" * (document.MAX_BYTES + 1), "version": 1}
        )
        assert answer.status_code == 422 and "limit" in answer.content.decode()
        assert "#" * 1000 in answer.content.decode()

    def test_what_others_do_is_said_and_their_text_is_not(self, people: Cast) -> None:
        draft = opened(people)
        client = people.client("second")
        client.post(f"{BASE}small/edit/")
        body = client.get(f"{BASE}small/").content.decode()
        assert "<b>editor</b> is editing, since" in body
        assert "editor" in people.client("viewer").get(f"{BASE}small/drafts/").content.decode()
        assert client.get(url(draft)).status_code == 404
        people.team.public = True
        people.team.save()
        assert "editing" not in people.client().get(f"{BASE}small/drafts/").content.decode()

    def test_pages_of_a_draft_ask_the_database_at_most_twelve_times(
        self, people: Cast, django_assert_max_num_queries
    ) -> None:
        draft, client = opened(people), people.client("editor")
        for path in ("", "parts/", "questions/", "history/", "submit/"):
            with django_assert_max_num_queries(12):
                assert client.get(url(draft, path)).status_code == 200, path


class TestHistory:
    def test_undo_and_redo_and_any_state(self, people: Cast) -> None:
        draft = drafts.resume(Design.objects.get(), people["editor"])
        one = drafts.save(draft, 1, JWT, "one")
        two = drafts.save(one, one.version, SLOW, "two")
        back = drafts.undo(two, two.version)
        assert back and back.text == JWT
        first = drafts.undo(back, back.version)
        assert first and first.text == SMALL and drafts.undo(first, first.version) is None
        again = drafts.redo(first, first.version)
        assert again and again.text == JWT
        other = drafts.save(again, again.version, SMALL + "# other\n", "a branch")
        kept = other.states.get(what="two")
        assert drafts.go_to(other, other.version, kept.pk).text == SLOW

    def test_typing_within_a_minute_is_one_state(self, people: Cast) -> None:
        draft = drafts.resume(Design.objects.get(), people["editor"])
        for n in range(4):
            draft = drafts.save(draft, draft.version, f"{SMALL}# {n}\n")
        assert draft.states.count() == 2 and draft.version == 5

    def test_a_history_does_not_grow_for_ever(self, people: Cast) -> None:
        draft = drafts.resume(Design.objects.get(), people["editor"])
        for n in range(70):
            draft = drafts.save(draft, draft.version, f"{SMALL}# {n}\n", f"state {n}")
        assert draft.states.count() == 60 and drafts.undo(draft, draft.version)

    def test_the_page_goes_back(self, people: Cast) -> None:
        draft, client = opened(people), people.client("editor")
        client.post(url(draft), {"text": JWT, "version": 1})
        first = draft.states.first()
        answer = client.post(url(draft, "history/"), {"version": 2, "state": first.pk})
        draft.refresh_from_db()
        assert answer.status_code == 302 and draft.text == SMALL


class TestSubmission:
    def test_a_draft_becomes_the_next_revision_and_is_gone(self, people: Cast) -> None:
        draft, client = opened(people), people.client("editor")
        client.post(url(draft), {"text": JWT, "version": 1})
        page = client.get(url(draft, "submit/")).content.decode()
        assert "auth: jwt" in page and "Submit revision 2" in page
        answer = client.post(url(draft, "submit/"), {"version": 2, "note": "auth"})
        assert answer["Location"] == f"{BASE}small/2/" and not Draft.objects.exists()
        assert Revision.objects.get(number=2).note == "auth"
        event = Event.objects.get(kind="design.revised")
        assert event.by == people["editor"] and event.url == f"{BASE}small/2/"
        told = set(Notice.objects.filter(event=event).values_list("user__username", flat=True))
        assert told == {"owner", "reviewer", "viewer", "second"}

    def test_what_is_no_design_or_no_news_is_told_and_kept(self, people: Cast) -> None:
        draft, client = opened(people), people.client("editor")
        answer = client.post(url(draft, "submit/"), {"version": 1})
        assert answer.status_code == 422 and "text of revision 1" in answer.content.decode()
        client.post(url(draft), {"text": "model: sdm/1\n", "version": 1})
        answer = client.post(url(draft, "submit/"), {"version": 2})
        assert answer.status_code == 422 and "no components" in answer.content.decode()
        assert Draft.objects.exists() and Revision.objects.count() == 1

    def test_two_who_change_different_lines_are_merged(self, people: Cast) -> None:
        mine, theirs = opened(people), opened(people, "second")
        drafts.save(mine, 1, JWT)
        held = drafts.save(theirs, 1, SLOW)
        drafts.submit(theirs, held.version)
        client = people.client("editor")
        answer = client.post(url(mine, "submit/"), {"version": 2})
        body = answer.content.decode()
        assert answer.status_code == 409 and "both fit into one text" in body
        assert Revision.objects.count() == 2
        client.post(url(mine, "merge/"), {"version": 2, "newer": 2, "act": "merge"})
        mine.refresh_from_db()
        assert "auth: jwt" in mine.text and "timeout_s: 9" in mine.text and mine.base.number == 2
        assert client.post(url(mine, "submit/"), {"version": 3})["Location"] == f"{BASE}small/3/"

    def test_two_who_change_the_same_line_choose(self, people: Cast) -> None:
        mine, theirs = opened(people), opened(people, "second")
        drafts.save(mine, 1, JWT)
        drafts.save(theirs, 1, SMALL.replace("auth: none", "auth: mtls"))
        drafts.submit(theirs, 2)
        client = people.client("editor")
        assert "Place 1" in client.get(url(mine, "merge/")).content.decode()
        answer = client.post(url(mine, "merge/"), {"version": 2, "newer": 2, "act": "merge"})
        assert answer.status_code == 422 and "Choose for every place" in answer.content.decode()
        choice = {"version": 2, "newer": 2, "act": "merge", "c-0": "theirs"}
        assert client.post(url(mine, "merge/"), choice | {"newer": 9}).status_code == 409
        assert client.post(url(mine, "merge/"), choice | {"version": 1}).status_code == 409
        assert client.post(url(mine, "merge/"), choice).status_code == 302
        mine.refresh_from_db()
        assert "auth: mtls" in mine.text and mine.states.filter(text=JWT).exists()

    def test_an_uploaded_revision_that_was_overtaken_becomes_a_draft(self, people: Cast) -> None:
        design = Design.objects.get()
        workflow.submit(people.team, people["second"], SLOW, design=design)
        answer = people.client("editor").post(f"{BASE}small/revise/", {"text": JWT, "base": 1})
        draft = Draft.objects.get()
        assert answer["Location"] == url(draft, "merge/")
        assert draft.text == JWT and draft.base.number == 1

    def test_a_draft_is_discarded_only_as_it_was_seen(self, people: Cast) -> None:
        draft, client = opened(people), people.client("editor")
        assert client.post(url(draft, "discard/"), {"version": 7}).status_code == 409
        assert client.post(url(draft, "discard/"), {"version": 1})["Location"] == f"{BASE}small/"
        assert not Draft.objects.exists()

    def test_only_an_editor_has_drafts(self, people: Cast) -> None:
        for name in ("reviewer", "viewer", "stranger"):
            assert people.client(name).post(f"{BASE}small/edit/").status_code == 404
        draft = opened(people)
        Membership.objects.filter(user=people["editor"]).update(role=Role.VIEWER)
        for path in ("", "save/", "parts/", "submit/", "discard/"):
            answer = people.client("editor").post(url(draft, path), {"version": 1, "text": JWT})
            assert answer.status_code == 404, path


class TestForms:
    def post(self, people: Cast, draft: Draft, version: int, **data: str):
        sent = {key.replace("_dash_", "-"): value for key, value in data.items()}
        return people.client("editor").post(url(draft, "parts/"), sent | {"version": version})

    def test_every_button_writes_into_the_text_and_keeps_comments(self, people: Cast) -> None:
        draft = opened(people)
        draft = drafts.save(draft, 1, SMALL + "# mine\n")
        steps = (
            {"act": "save:api", "v-auth": "jwt"},
            {"act": "add", "new-kind": "kv", "new-id": "orders"},
            {"act": "connect", "from": "run", "to": "orders", "edge-kind": "write"},
            {"act": "rename:orders", "new-id": "basket"},
            {"act": "cut:web->api:call"},
            {"act": "save:design", "v-criticality": "high"},
        )
        for step in steps:
            answer = self.post(people, draft, draft.version, **step)
            assert answer.status_code == 302, (step, answer.content.decode())
            draft.refresh_from_db()
        assert "auth: jwt" in draft.text and "to: basket" in draft.text and "# mine" in draft.text
        assert "from: web" not in draft.text and "criticality: high" in draft.text
        assert "was: orders" in draft.text
        self.post(people, draft, draft.version, act="remove:basket")
        draft.refresh_from_db()
        assert "to: basket" not in draft.text and draft.states.count() == 9

    def test_what_cannot_stand_is_told_beside_what_was_typed(self, people: Cast) -> None:
        draft = opened(people)
        for step in (
            {"act": "save:run", "v-timeout_s": "soon"},
            {"act": "save:api", "v-auth": "nonsense"},
            {"act": "add", "new-kind": "kv", "new-id": "No Id"},
            {"act": "add", "new-kind": "kv", "new-id": "run"},
            {"act": "connect", "from": "run", "to": "gone", "edge-kind": "write"},
            {"act": "rename:run", "new-id": "api"},
            {"act": "save:gone", "v-auth": "jwt"},
            {"act": "dance"},
        ):
            answer = self.post(people, draft, 1, **step)
            assert answer.status_code == 422, step
            assert 'role="alert"' in answer.content.decode()
        assert "soon" in self.post(people, draft, 1, act="save:run", **{"v-timeout_s": "soon"}).content.decode()  # fmt: skip
        draft.refresh_from_db()
        assert draft.text == SMALL

    def test_a_form_of_an_older_text_shows_what_the_text_says_now(self, people: Cast) -> None:
        draft = opened(people)
        drafts.save(draft, 1, JWT)
        answer = self.post(people, draft, 1, act="save:api", **{"v-auth": "mtls"})
        body = answer.content.decode()
        assert answer.status_code == 409 and "The text says: jwt" in body
        assert "<option selected>mtls</option>" in body

    def test_a_text_that_cannot_be_read_has_no_forms(self, people: Cast) -> None:
        draft = drafts.save(opened(people), 1, "model: [")
        for path in ("parts/", "questions/"):
            body = people.client("editor").get(url(draft, path)).content.decode()
            assert "need a text that can be read" in body and "1 problem" in body


class TestQuestions:
    def asked(self, people: Cast, draft: Draft) -> list[str]:
        keys: list[str] = []

        class Reader(HTMLParser):
            def handle_starttag(self, tag: str, attrs: list) -> None:
                found = dict(attrs)
                if tag == "input" and str(found.get("name", "")).startswith("k-"):
                    keys.append(str(found["value"]))

        Reader().feed(people.client("editor").get(url(draft, "questions/")).content.decode())
        return keys

    def test_an_answer_is_a_change_of_the_text(self, people: Cast) -> None:
        draft = opened(people)
        keys = self.asked(people, draft)
        assert 1 < len(keys) <= 12
        at = keys.index("components\nrun\nduration_ms.p99")
        answer = "120"
        sent = {f"k-{n}": key for n, key in enumerate(keys)} | {f"q-{at}": answer, "version": 1}
        response = people.client("editor").post(url(draft, "questions/"), sent)
        draft.refresh_from_db()
        assert response.status_code == 302, response.content.decode()
        assert "p99: 120" in draft.text and draft.version == 2
        assert keys[at] not in self.asked(people, draft)

    def test_what_is_no_answer_is_told_and_nothing_is_written(self, people: Cast) -> None:
        draft = opened(people)
        keys = self.asked(people, draft)
        sent = {f"k-{n}": key for n, key in enumerate(keys)} | {"version": 1}
        sent |= {f"q-{n}": "%%" for n in range(len(keys))}
        response = people.client("editor").post(url(draft, "questions/"), sent)
        assert response.status_code == 422 and "is no answer" in response.content.decode()
        draft.refresh_from_db()
        assert draft.text == SMALL

    def test_none_of_these_is_an_answer(self, people: Cast) -> None:
        draft = opened(people)
        sent = {"k-0": "design\ndesign\nneeds", "q-0": "[]", "version": 1}
        people.client("editor").post(url(draft, "questions/"), sent)
        draft.refresh_from_db()
        assert "needs: []" in draft.text
        sent = {"k-0": "components\nrun\nalarms", "q-0": ["[]", "errors"], "version": 2}
        people.client("editor").post(url(draft, "questions/"), sent)
        draft.refresh_from_db()
        assert "alarms: [errors]" in draft.text

    def test_keys_that_ask_nothing_are_passed_over(self, people: Cast) -> None:
        draft = opened(people)
        sent = {"k-0": "components\nrun\n../x", "q-0": "1", "k-1": "x", "q-1": "y", "version": 1}
        assert people.client("editor").post(url(draft, "questions/"), sent).status_code == 302
        draft.refresh_from_db()
        assert draft.text == SMALL


class TestBeginning:
    def begin(self, people: Cast, **data: object) -> Draft:
        answer = people.client("editor").post(f"{BASE}new/", data)
        assert answer.status_code == 302, answer.content.decode()[:2000]
        draft = Draft.objects.get()
        assert answer["Location"] == url(draft)
        return draft

    def test_a_blank_is_a_design(self, people: Cast) -> None:
        draft = self.begin(people, act="blank", title='Orders: "new" {way}')
        design, problems = document.read(draft.text)
        assert design is not None, problems
        assert design.title == 'Orders: "new" {way}' and design.id == "orders-new-way"
        run = drafts.submit(draft, 1)
        assert run.revision.design.slug == "orders-new-way"
        assert Event.objects.filter(kind="design.created").count() == 2

    def test_a_pattern(self, people: Cast) -> None:
        draft = self.begin(people, act="from", **{"from": "/plates/P01.yaml"})
        assert document.read(draft.text)[0] is not None and draft.source == "plate P01"

    def test_a_copy(self, people: Cast) -> None:
        draft = self.begin(people, act="from", **{"from": f"{BASE}small/1/design.yaml"})
        assert draft.text == SMALL and draft.design is None

    def test_an_upload_that_is_no_design_yet(self, people: Cast) -> None:
        file = SimpleUploadedFile("d.yaml", b"model: sdm/1\r\ncomponents: [\r\n")
        draft = self.begin(people, act="draft", file=file)
        assert draft.text == "model: sdm/1\ncomponents: [\n"

    def test_a_result_of_the_fit_key(self, people: Cast) -> None:
        address = "/fit/starter.yaml?trigger=events&traffic=spiky&volume=lt1m&latency=async"
        client = people.client("editor")
        body = client.get("/reviews/start/", {"from": address}).content.decode()
        assert "the starter of the fit key" in body and people.team.slug in body
        answer = client.post("/reviews/start/", {"from": address, "team": people.team.slug})
        draft = Draft.objects.get()
        assert answer["Location"] == url(draft) and document.read(draft.text)[0] is not None

    @pytest.mark.parametrize(
        "address",
        ["", "/", "https://example.org/plates/P01.yaml", "//example.org/plates/P01.yaml",
         "/plates/P99.yaml", "/fit/starter.yaml", "/accounts/logout/", "/reviews/x/y/1/design.yaml",
         "/plates/../../etc/passwd", "/\x00", "http://[", "plates/P01.yaml"],
    )  # fmt: skip
    def test_no_other_address_is_followed(self, people: Cast, address: str) -> None:
        client = people.client("editor")
        assert client.get("/reviews/start/", {"from": address}).status_code == 404
        sent = {"act": "from", "from": address}
        assert client.post(f"{BASE}new/", sent).status_code == 404
        assert not Draft.objects.exists()

    def test_nobody_copies_what_they_may_not_read(self, people: Cast) -> None:
        address = f"{BASE}small/1/design.yaml"
        assert (
            people.client("stranger").get("/reviews/start/", {"from": address}).status_code == 404
        )
        answer = people.client().get("/reviews/start/", {"from": address})
        assert answer.status_code == 302 and "/accounts/login/" in answer["Location"]

    def test_a_refused_text_stays_on_the_page(self, people: Cast) -> None:
        client = people.client("editor")
        assert client.post(f"{BASE}new/", {"act": "blank", "title": " "}).status_code == 422
        assert client.post(f"{BASE}new/", {"act": "draft", "text": " "}).status_code == 422
        people_drafts = [
            Draft(team=people.team, by=people["editor"], text="x") for _ in range(drafts.MOST_NEW)
        ]
        Draft.objects.bulk_create(people_drafts)
        answer = client.post(f"{BASE}new/", {"act": "draft", "text": SMALL})
        assert answer.status_code == 422 and "Discard one" in answer.content.decode()


class TestLife:
    def test_a_milestone_is_named_once_in_a_design(self, people: Cast) -> None:
        client = people.client("editor")
        manage = f"{BASE}small/1/manage/"
        assert client.post(manage, {"act": "name", "name": "launch"}).status_code == 302
        assert client.post(manage, {"act": "name", "name": "Launch"}).status_code == 422
        assert client.post(manage, {"act": "name", "name": " "}).status_code == 422
        assert "launch" in client.get(f"{BASE}small/").content.decode()
        mark = Design.objects.get().milestones.get()
        stranger = people.client("viewer").post(f"{BASE}small/milestones/{mark.pk}/remove/")
        assert stranger.status_code == 404
        assert client.post(f"{BASE}small/milestones/{mark.pk}/remove/").status_code == 302
        assert not Design.objects.get().milestones.exists()
        kinds = list(Event.objects.values_list("kind", flat=True))
        assert kinds[-2:] == ["design.milestone", "design.milestone_removed"]

    def test_a_withdrawn_revision_no_longer_stands_for_its_design(self, people: Cast) -> None:
        design = Design.objects.get()
        workflow.submit(people.team, people["editor"], JWT, design=design)
        client = people.client("editor")
        manage = f"{BASE}small/2/manage/"
        assert client.post(manage, {"act": "withdraw", "reason": ""}).status_code == 422
        client.post(manage, {"act": "withdraw", "reason": "the wrong file"})
        assert design.current().number == 1 and design.latest().number == 2
        assert "the wrong file" in client.get(f"{BASE}small/2/").content.decode()
        assert "revision 1" in client.get(f"{BASE}small/").content.decode()
        draft = opened(people)
        assert draft.text == SMALL
        assert drafts.submit(drafts.save(draft, 1, SLOW), 2).revision.number == 3
        client.post(manage, {"act": "reinstate"})
        assert design.current().number == 3
        assert not Revision.objects.get(number=2).is_withdrawn

    def test_an_archived_design_is_read_and_takes_no_revision(self, people: Cast) -> None:
        client, draft = people.client("editor"), opened(people)
        drafts.save(draft, 1, JWT)
        client.post(f"{BASE}small/archive/", {"act": "archive"})
        assert f'href="{BASE}small/"' not in client.get(BASE).content.decode()
        assert "A small design" in client.get(f"{BASE}archive/").content.decode()
        assert "In the archive" in client.get(f"{BASE}small/").content.decode()
        answer = client.post(url(draft, "submit/"), {"version": 2})
        assert answer.status_code == 422 and "Restore it" in answer.content.decode()
        answer = client.post(f"{BASE}small/revise/", {"text": SLOW})
        assert answer.status_code == 422
        client.post(f"{BASE}small/archive/", {"act": "restore"})
        assert client.post(url(draft, "submit/"), {"version": 2}).status_code == 302

    def test_twice_is_once(self, people: Cast) -> None:
        design, by = Design.objects.get(), people["editor"]
        revision = design.latest()
        revision.design = design
        for _ in range(2):
            life.archive(design, by)
            life.withdraw(revision, by, "why")
        for _ in range(2):
            life.restore(design, by)
            life.reinstate(revision, by)
        kinds = list(Event.objects.values_list("kind", flat=True))
        assert sorted(kinds[1:]) == [
            "design.archived", "design.reinstated", "design.restored", "design.withdrawn",
        ]  # fmt: skip


def test_the_table_for_completion_is_json_for_everybody(people: Cast) -> None:
    answer = people.client().get("/reviews/completion.json")
    table = json.loads(answer.content)
    assert "visibility_s" in table["kinds"]["queue"]["attributes"]
    assert table["sections"]["design"]["criticality"]["words"] and not answer.cookies


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('title: "Labels: \\"two\\" printers, one queue"', 'Labels: "two" printers, one queue'),
        ("title: 'It, is # one'", "It, is # one"),
        ("design: {id: x, title: Some thing, owner: y}", "Some thing"),
        ("title: Photo orders  # draft", "Photo orders"),
        ('title: "', ""),
    ],
)
def test_the_title_of_a_text_that_is_no_design_yet(text: str, title: str) -> None:
    assert drafts.title_of(text) == title
