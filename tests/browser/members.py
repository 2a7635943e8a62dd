"""Every page of teams and reviews as a member of the demonstration team sees it, filled.

The addresses come from the site's own list; a new one finds its sample by the name of its part, or
beside its own name.
"""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from reviews import drafts
from reviews.models import Comment, Design, Draft, Organisation, Panel, Report, Waiver
from teams.models import User, Webhook
from tests.access.world import addresses

TEAM = "team-prints"
OWNER = "mara"


def fill() -> User:
    """What the demonstration lacks: a draft of the owner's with a history."""
    owner = User.objects.get(username=OWNER)
    photo = Design.objects.get(team__slug=TEAM, slug="photo-orders")
    draft = drafts.resume(photo, owner)
    drafts.save(draft, draft.version, draft.text + "# more to come\n", "a remark")
    return owner


def _samples(owner: User) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    shop = Design.objects.get(team__slug=TEAM, slug="shop-monolith")
    finding = shop.tracked.still_open().filter(rule="REL06").first()
    assert finding is not None
    panel = Panel.objects.filter(revision__design=shop).first()
    assert panel is not None
    thread = shop.threads.filter(finding__isnull=False).first()
    waiver = Waiver.objects.filter(design=shop).first()
    action = shop.plan.actions.exclude(rule="").first()
    draft = Draft.objects.filter(by=owner).first()
    assert thread and waiver and action and draft
    mine = Comment.objects.filter(thread__design=shop, by=owner).first()
    hook = Webhook.objects.filter(team__slug=TEAM).first()
    assert hook
    notice = owner.notices.first()
    group = Organisation.objects.of(owner).first()
    report = Report.objects.filter(revision__design__team__slug=TEAM).first()
    assert report
    own: dict[str, dict[str, Any]] = {
        "reviews:finding": {"id": finding.pk},
        "reviews:patch": {"id": finding.pk},
        "reviews:thread": {"id": thread.pk},
        "reviews:edit_comment": {"id": mine.pk if mine else 0},
        "reviews:waiver": {"id": waiver.pk},
        "reviews:action": {"id": action.pk},
        "reviews:frozen": {"slug": report.revision.design.slug, "report": report.number},
        "reviews:reports": {"slug": report.revision.design.slug},
        "teams:webhook": {"id": hook.pk},
        "teams:notice": {"id": notice.pk if notice else 0},
    }
    for name in ("draft", "draft_parts", "draft_questions", "draft_history", "draft_submit"):
        own[f"reviews:{name}"] = {"id": draft.pk}
    samples = {
        "team": TEAM,
        "slug": shop.slug,
        "number": panel.revision.number,
        "before": 1,
        "after": shop.revisions.count(),
        "organisation": group.slug if group else "none",
    }
    return samples, own


def pages() -> tuple[User, list[str]]:
    """The owner, and every address that answers her with a page of its own."""
    owner = fill()
    samples, own = _samples(owner)
    client = Client()
    client.force_login(owner)
    found = []
    for address in addresses():
        app = address.name.partition(":")[0]
        if app not in ("reviews", "teams"):
            continue
        known = samples | ({"slug": TEAM} if app == "teams" else {}) | own.get(address.name, {})
        if not set(address.parts) <= set(known):
            continue
        url = reverse(address.name, kwargs={part: known[part] for part in address.parts})
        answer = client.get(url)
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code == 200 and kind.startswith("text/html") and _whole(answer):
            found.append(url)
        answer.close()
    return owner, found


def _whole(answer: Any) -> bool:
    """A page, and no fragment of one."""
    return not answer.streaming and answer.content.lstrip().startswith(b"<!doctype")
