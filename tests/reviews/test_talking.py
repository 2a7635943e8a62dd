"""Threads on a finding, a component, the whole design: said, edited, resolved, told to people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews import workflow
from reviews.followup import prose
from reviews.models import Comment, Run, Thread
from teams.models import Membership, Notice
from tests.cast import Cast, cast
from tests.reviews.test_submitting import SMALL

database = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def run(people: Cast) -> Run:
    return workflow.submit(people.team, people["editor"], SMALL)


def talk(run: Run) -> str:
    return f"{run.revision.design.get_absolute_url()}talk/"


def begun(people: Cast, run: Run, text: str = "Who watches this?", about: str = "") -> Thread:
    response = people.client("reviewer").post(talk(run), {"text": text, "about": about})
    assert response.status_code == 302
    return Thread.objects.latest("pk")


def told(name: str) -> list[str]:
    found = Notice.objects.filter(user__username=name, event__kind__startswith="talk.")
    return list(found.values_list("event__kind", flat=True))


@database
class TestThreads:
    @pytest.mark.parametrize(("about", "said"), [("", "the whole design"), ("api", "api")])
    def test_one_begins_on_the_design_or_a_component(
        self, people: Cast, run: Run, about: str, said: str
    ) -> None:
        thread = begun(people, run, about=about)
        assert thread.about == said and thread.revision == 1
        body = people.client("viewer").get(talk(run)).content.decode()
        assert "Who watches this?" in body and said in body
        assert told("editor") == ["talk.commented"]

    def test_not_on_what_the_design_does_not_have(self, people: Cast, run: Run) -> None:
        post = {"text": "Well", "about": "nothing"}
        response = people.client("reviewer").post(talk(run), post)
        assert response.status_code == 422 and "Well" in response.content.decode()

    def test_one_begins_on_a_finding_and_stands_on_its_page(self, people: Cast, run: Run) -> None:
        row = run.revision.design.tracked.get(rule="API01")
        client = people.client("reviewer")
        client.post(row.get_absolute_url() + "discuss/", {"text": "Is it public at all?"})
        assert Thread.objects.get().finding == row
        assert "Is it public at all?" in client.get(row.get_absolute_url()).content.decode()
        empty = client.post(row.get_absolute_url() + "discuss/", {"text": " "})
        assert empty.status_code == 422

    def test_a_reply_tells_those_who_spoke(self, people: Cast, run: Run) -> None:
        thread = begun(people, run)
        people.client("owner").post(thread.get_absolute_url() + "reply/", {"text": "We do."})
        assert thread.comments.count() == 2
        assert told("reviewer") == ["talk.commented"] and told("owner") == []

    def test_a_former_member_is_told_nothing(self, people: Cast, run: Run) -> None:
        thread = begun(people, run)
        Membership.objects.filter(user=people["reviewer"]).delete()
        people.client("owner").post(
            thread.get_absolute_url() + "reply/", {"text": "@reviewer, we do."}
        )
        assert told("reviewer") == []

    def test_resolved_it_leaves_the_list_until_it_is_reopened(self, people: Cast, run: Run) -> None:
        thread = begun(people, run)
        client, url = people.client("owner"), thread.get_absolute_url()
        client.post(url + "settle/", {"act": "resolve"})
        client.post(url + "settle/", {"act": "resolve"})
        assert "No open thread" in client.get(talk(run)).content.decode()
        assert "Who watches" in client.get(talk(run) + "?state=resolved").content.decode()
        assert told("reviewer") == ["talk.resolved"]
        client.post(url + "settle/", {"act": "reopen"})
        thread.refresh_from_db()
        assert thread.resolved is None and thread.resolved_by is None

    def test_an_open_page_asks_for_what_is_new(self, people: Cast, run: Run) -> None:
        url = begun(people, run).get_absolute_url()
        viewer = people.client("viewer")
        body = viewer.get(url).content.decode()
        assert f'hx-get="{url}comments/"' in body and "<form" not in body.split('id="main"')[1]
        people.client("owner").post(url + "reply/", {"text": "New words"})
        assert "New words" in viewer.get(url + "comments/").content.decode()

    def test_viewers_read_and_strangers_do_not_even_that(self, people: Cast, run: Run) -> None:
        url = begun(people, run).get_absolute_url()
        for name, read, write in (
            ("viewer", 200, 404),
            ("stranger", 404, 404),
            ("reviewer", 200, 302),
        ):
            client = people.client(name)
            assert client.get(url).status_code == client.get(url + "comments/").status_code == read
            assert client.post(url + "reply/", {"text": "x"}).status_code == write
            assert client.post(url + "settle/", {"act": "resolve"}).status_code == write


@database
class TestMentions:
    def test_who_is_named_is_told_once_and_that_they_are_named(
        self, people: Cast, run: Run
    ) -> None:
        begun(people, run, "@editor and @Owner, @owner: look. Not you, @stranger, nor a@viewer.org")
        assert told("editor") == ["talk.mentioned"] and told("owner") == ["talk.mentioned"]
        assert told("stranger") == [] and told("viewer") == []

    def test_an_edit_tells_only_who_is_new(self, people: Cast, run: Run) -> None:
        begun(people, run, "@owner, look")
        comment = Comment.objects.get()
        url = f"{talk(run)}comments/{comment.pk}/edit/"
        people.client("reviewer").post(url, {"text": "@owner and @viewer, look", "version": 1})
        assert told("owner") == ["talk.mentioned"] and told("viewer") == ["talk.mentioned"]


@database
class TestEdits:
    def test_what_was_said_at_first_stays_readable(self, people: Cast, run: Run) -> None:
        thread = begun(people, run, "The very first words")
        url = f"{talk(run)}comments/{thread.comments.get().pk}/edit/"
        client = people.client("reviewer")
        client.post(url, {"text": "Second words", "version": 1})
        client.post(url, {"text": "Third words", "version": 2})
        comment = thread.comments.get()
        assert comment.text == "Third words" and comment.first_text == "The very first words"
        body = people.client("viewer").get(thread.get_absolute_url()).content.decode()
        assert "The very first words" in body and "Third words" in body

    def test_two_windows_lose_nothing(self, people: Cast, run: Run) -> None:
        thread = begun(people, run)
        url = f"{talk(run)}comments/{thread.comments.get().pk}/edit/"
        client = people.client("reviewer")
        client.post(url, {"text": "From one window", "version": 1})
        late = client.post(url, {"text": "From the other", "version": 1})
        body = late.content.decode()
        assert late.status_code == 409 and "From one window" in body and "From the other" in body
        form = late.context["form"]
        again = {"text": form["text"].value(), "version": form["version"].value()}
        assert client.post(url, again).status_code == 302
        assert thread.comments.get().text == "From the other"

    def test_nobody_edits_for_somebody_else(self, people: Cast, run: Run) -> None:
        thread = begun(people, run)
        url = f"{talk(run)}comments/{thread.comments.get().pk}/edit/"
        for name in ("owner", "editor", "viewer", "stranger"):
            assert people.client(name).get(url).status_code == 404
            assert people.client(name).post(url, {"text": "x", "version": 1}).status_code == 404


class TestProse:
    def test_markdown_is_shown_and_html_is_not(self) -> None:
        html = prose.rendered("**b** `c` <b onclick=x>no</b> <script>alert(1)</script>")
        assert "<strong>b</strong>" in html and "<script" not in html and "onclick" not in html

    @pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
    def test_links_lead_to_pages_only(self, link: str) -> None:
        assert "href" not in prose.rendered(f"[a]({link})")
        assert 'rel="nofollow noopener noreferrer"' in prose.rendered("[a](https://e.example)")

    @pytest.mark.parametrize("text", ["[" * 9000, "> " * 4000, "1. " * 3000, "*" * 9000])
    def test_what_is_nested_beyond_reading_is_shown_as_typed(self, text: str) -> None:
        assert prose.rendered(text).startswith(("<pre>", "<p>", "<hr")) or not text.strip()

    @given(st.text(alphabet="ab<>\"'&*_[]()`#-!@:/\n x", max_size=200))
    def test_no_text_becomes_a_script_or_an_event(self, text: str) -> None:
        html = prose.rendered(text)
        tags = {part.split(">")[0].split()[0].strip("/") for part in html.split("<")[1:]}
        assert tags <= {
            "p",
            "strong",
            "em",
            "code",
            "pre",
            "ul",
            "ol",
            "li",
            "br",
            "a",
            "blockquote",
        }

    @given(st.text(max_size=100))
    def test_names_are_found_in_any_text(self, text: str) -> None:
        assert all(name == name.lower() for name in prose.names(text))
        assert "mara" in prose.names(f"{text} @Mara.")


@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_sent_twice_is_one_comment(people: Cast, run: Run) -> None:
    thread = begun(people, run)
    reply = f"{talk(run)}{thread.pk}/reply/"
    for text in ("Yes.", "Yes.", "No.", "Yes."):
        people.client("editor").post(reply, {"text": text})
    assert [c.text for c in thread.comments.order_by("pk")][1:] == ["Yes.", "No.", "Yes."]
