"""The editor of a draft in a real browser, with scripts and without."""

from __future__ import annotations

import re
from typing import Any

import pytest

from reviews import demonstration, drafts
from reviews.models import Design, Draft, DraftState
from teams.models import User
from tests.browser.test_every_page import dark, violations
from tests.browser.test_review import sign_in
from tests.reviews.test_submitting import SMALL

pytestmark = pytest.mark.browser

TEAM = f"/reviews/{demonstration.SLUG}/"


def begun(page: Any, text: str = SMALL, ready: str = "#draft-form.on") -> str:
    """The path of a new draft with this text, opened from the page of a new design."""
    sign_in(page, TEAM + "new/")
    page.fill("[name=text]", text)
    page.click("text=Open in the editor")
    page.wait_for_selector(ready)
    return "/" + page.url.split("/", 3)[3]


def put_cursor(page: Any, after: str) -> None:
    page.evaluate(
        """after => {
            const area = document.getElementById("text");
            const at = area.value.indexOf(after) + after.length;
            area.focus();
            area.setSelectionRange(at, at);
        }""",
        after,
    )


def test_typing_is_saved_checked_and_drawn(open_page: Any) -> None:
    page = open_page("/accounts/login/")
    path = begun(page)
    assert page.locator("#panel .pin-critical").count() >= 1
    put_cursor(page, "kind: function")
    page.keyboard.type("s")
    page.wait_for_selector("#panel [data-replace]")
    assert "expected" in page.locator(".beneath .err .lens").first.inner_text()
    assert page.locator("#panel .lastread .drawing").count() == 1
    page.click("#panel [data-replace]")
    page.wait_for_selector("#panel > .plate")
    page.wait_for_selector("#text-state:has-text('A design')")
    put_cursor(page, "kind: function, ")
    page.keyboard.type("idem")
    page.wait_for_selector("#proposals [role=option]")
    page.keyboard.press("Tab")
    page.keyboard.type(": k")  # the colon and the space stand there already
    page.wait_for_selector("#proposals [role=option]")
    page.keyboard.press("Enter")
    page.keyboard.type(", ")
    page.keyboard.press("Escape")
    page.locator("#saved", has_text=re.compile(r"^saved")).wait_for()
    assert "idempotent: key, timeout_s: 5" in Draft.objects.get(pk=int(path.split("/")[4])).text
    page.goto(page.url)
    assert "idempotent: key" in page.input_value("#text")


def test_a_second_window_is_shown_the_difference(open_page: Any) -> None:
    page = open_page("/accounts/login/")
    path = begun(page)
    draft = Draft.objects.get(pk=int(path.split("/")[4]))
    drafts.save(draft, draft.version, SMALL + "# from the other window\n")
    put_cursor(page, "kind: client")
    # The conflict is an answer of 409, which a browser notes in its console: ours is the page.
    page.route("**/save/", lambda route: answered(route))
    page.keyboard.type(" ")
    page.wait_for_selector("#conflict .callout")
    assert "from the other window" in page.inner_text("#conflict")
    page.click("text=Keep what I typed")
    page.wait_for_selector("#panel > .plate")
    assert DraftState.objects.filter(text__contains="other window").exists()
    assert "other window" not in Draft.objects.get(pk=draft.pk).text


def answered(route: Any) -> None:
    found = route.fetch()
    assert found.status == 409
    route.fulfill(response=found, status=200)


def test_the_same_without_scripts(open_page: Any) -> None:
    page = open_page("/accounts/login/", js=False)
    begun(page, ready=".drafting")
    page.fill("#text", SMALL.replace("kind: function", "kind: functions"))
    page.click("text=Check")
    page.click("text=Replace with function")
    assert page.locator("#panel .plate .drawing").count() == 1
    page.click("text=Forms")
    page.click("[aria-label='Settings of api']")
    page.select_option("[name=v-auth]", "jwt")
    page.click("text=Write into the text")
    assert "jwt" in page.locator(".notice").inner_text()
    page.click("nav >> text=Questions")
    page.check("[name=q-0][value=true]")
    page.click("text=Write the answers into the text")
    page.click("nav >> text=History")
    assert page.locator("tbody tr").count() >= 4
    page.click("nav >> text=Submit")
    page.fill("[name=note]", "first")
    page.click("text=Submit revision 1")
    page.wait_for_url(f"**{TEAM}small/1/")


def test_pages_of_a_draft_are_accessible_and_fit_a_phone(open_page: Any) -> None:
    mara = User.objects.get(username="mara")
    design = Design.objects.get(slug="photo-orders")
    mine = drafts.resume(design, mara)
    drafts.save(mine, 1, mine.text.replace("visibility_s: 200", "visibility_s: 300"))
    other = drafts.resume(design, User.objects.get(username="tomasz"))
    drafts.submit(
        drafts.save(other, 1, other.text.replace("visibility_s: 200", "visibility_s: 250")), 2
    )
    page = open_page("/accounts/login/")
    sign_in(page, TEAM)
    base, found = page.url.partition("/reviews/")[0], {}
    paths = [
        f"{TEAM}drafts/{mine.pk}/{p}"
        for p in ("", "parts/?part=api", "questions/", "history/", "submit/", "merge/")
    ]
    paths += [
        TEAM,
        f"{TEAM}new/",
        f"{TEAM}archive/",
        f"{TEAM}photo-orders/",
        f"{TEAM}photo-orders/3/manage/",
    ]
    paths.append("/reviews/start/?from=/plates/P03.yaml")
    for path in paths:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(base + path)
        if lines := violations(page):
            found[path] = lines
        if "/drafts/" in path:
            if lines := dark(page):
                found[f"{path} (dark)"] = lines
            page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 320, "height": 700})
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            found[f"{path} (320)"] = width
    assert found == {}, found


HEAD = """\
model: sdm/1
design:
  id: x
  goals:
    p99_ms: 300
components:
  - {id: web, kind: client}
  - id: work
    kind: queue
    dlq: dead
  - {id: dead, kind: queue, purpose: dlq}
edges:
  - {from: web, to: work, kind: call}
"""

# Text put in place of a line, with | where the cursor is; what has to be among the proposals, what
# must not be.
COMPLETED = [
    ("    dlq: dead", "    vis|", ["visibility_s"], ["timeout_s", "memory_mb"]),
    ("    dlq: dead", "    dlq: |", ["dead", "work", "unknown"], ["web"]),
    ("    dlq: dead", "    alarms: [de|", ["depth"], ["web"]),
    ("    dlq: dead", "    kind: qu|", ["queue"], ["web"]),
    ("    kind: queue", "    kin|", ["kind"], []),
    ("  - {id: web, kind: client}", "  - {id: web, kind: client, loa|}", ["load"], ["mean_rps"]),
    ("  - {id: web, kind: client}", "  - {id: web, kind: client, load: {me|}}", ["mean_rps"], ["load"]),
    ("    p99_ms: 300", "    avail|", ["availability_pct"], ["goals"]),
    ("  id: x", "  crit|", ["criticality"], ["kind"]),
    ("  id: x", "  criticality: |", ["high", "unknown"], ["true"]),
    ("  - {from: web, to: work, kind: call}", "  - {from: web, to: |", ["work", "dead"], []),
    ("  - {from: web, to: work, kind: call}", "  - {from: web, kind: ca|", ["call"], ["kv"]),
    ("edges:", "bound|", ["boundaries"], ["id"]),
    ("    dlq: dead", "    # a comment vis|", [], ["visibility_s"]),
]  # fmt: skip


def test_proposals_fit_the_place(open_page: Any) -> None:
    page = open_page("/reviews/")
    found = page.evaluate(
        """async texts => {
            const { propose } = await import("/static/completion.js");
            const table = await fetch("/reviews/completion.json").then(answer => answer.json());
            return texts.map(text => propose(text.replace("|", ""), text.indexOf("|"), table, false)
                .map(one => one.word));
        }""",
        [HEAD.replace(line, typed) for line, typed, _, _ in COMPLETED],
    )
    for (_, typed, wanted, unwanted), words in zip(COMPLETED, found, strict=True):
        assert set(wanted) <= set(words), (typed, words)
        assert not set(unwanted) & set(words), (typed, words)
