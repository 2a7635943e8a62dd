"""What happens to a draft: begun, saved, undone, merged with what others submitted, submitted.

A draft is changed only by naming the version that was changed. Whoever names an older one gets
`Stale` with the draft as it stands, and nothing of what they typed is written over anything.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from design.document import MAX_BYTES
from reviews import workflow
from reviews.models import Design, Draft, DraftState, Revision, Run
from teams.models import Team, User

TYPED: Final = "typed"
KEPT: Final = "kept: typed over what another window had saved"
ASIDE: Final = "set aside: typed in another window"
_TOGETHER: Final = timedelta(minutes=1)
"""What is typed within this time is one state of the history."""
_STATES: Final = 60
_KEPT_CHARACTERS: Final = 4_000_000
"""A history holds at most this many characters, and always the last few states."""
_FEW: Final = 5
MOST_NEW: Final = 40
"""Drafts of new designs that one person may have in one team."""

_TITLE: Final = re.compile(
    r"""\btitle:[ \t]*(?:"(?P<double>(?:\\.|[^"\\\n]){1,200})|'(?P<single>[^'\n]{1,200})"""
    r"""|(?P<bare>[^\n,}#"']{1,200}))"""
)

BLANK: Final = """\
model: sdm/1
design:
  id: {id}
  title: {title}
  # stage: idea          criticality: medium          owner: your team
components:
  - {{id: users, kind: client}}
  # - {{id: api, kind: api, public: true, auth: jwt}}
  # - {{id: work, kind: function, timeout_s: 10}}
# edges:
#   - {{from: users, to: api, kind: call}}
#   - {{from: api, to: work, kind: call}}
"""


class Stale(ValueError):
    """Another window changed the draft first. `draft` is what stands there now."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        super().__init__("This draft was changed in another window.")


class TooLarge(ValueError):
    """A text beyond the limit of a design."""


class TooMany(ValueError):
    """More drafts than anybody can work on."""


def begin(team: Team, by: User, text: str, source: str) -> Draft:
    """A draft of a new design. The text need not be a design yet. Raises TooLarge, TooMany."""
    _fits(text)
    if team.drafts.filter(by=by, design__isnull=True).count() >= MOST_NEW:
        raise TooMany(f"You have {MOST_NEW} drafts of new designs here. Discard one first.")
    return _made(Draft(team=team, by=by, text=text, source=source[:200]))


def resume(design: Design, by: User) -> Draft:
    """This person's draft of the next revision: the one they have, or a new one of the text that
    stands for the design."""
    found = _mine(design, by)
    if found is None:
        base = design.current()
        text = base.text if base else ""
        source = f"revision {base.number}" if base else ""
        draft = Draft(team=design.team, design=design, by=by, base=base, text=text, source=source)
        try:
            with transaction.atomic():
                found = _made(draft)
        except IntegrityError:  # two windows at once
            found = _mine(design, by)
            if found is None:
                raise
    found.design, found.team = design, design.team
    return found


def _mine(design: Design, by: User) -> Draft | None:
    return Draft.objects.filter(design=design, by=by).select_related("base").first()


@transaction.atomic
def _made(draft: Draft) -> Draft:
    draft.title = title_of(draft.text)
    draft.save()
    what = f"begun from {draft.source}" if draft.source else "begun"
    draft.state = DraftState.objects.create(draft=draft, text=draft.text, what=what[:200])
    draft.save(update_fields=["state"])
    return draft


def title_of(text: str) -> str:
    """The title that a text gives itself, also while it is no design yet."""
    found = _TITLE.search(text[:20_000])
    if found is None:
        return ""
    title = found["bare"] or found["single"] or re.sub(r"\\(.)", r"\1", found["double"])
    return title.strip().replace("\x00", "")[:200]


@transaction.atomic
def save(
    draft: Draft, version: int, text: str, what: str = TYPED, base: Revision | None = None
) -> Draft:
    """The draft with a new text, as a new state of its history; typing within a minute is one
    state. `base` says that the text now rests on another revision. Raises Stale, TooLarge."""
    _fits(text)
    held = _held(draft, version)
    if held.text == text and (base is None or base.pk == held.base_id):
        return held
    held.state = _state(held, text, what)
    held.text, held.title, held.saved = text, title_of(text), timezone.now()
    held.version += 1
    if base is not None:
        held.base = base
    held.save()
    _prune(held)
    return held


def _state(held: Draft, text: str, what: str) -> DraftState:
    now, last = timezone.now(), held.state
    newest = held.states.order_by("-pk").values_list("pk", flat=True).first()
    if (
        what == TYPED
        and last is not None
        and last.what == TYPED
        and last.pk == newest
        and last.is_recent(now, _TOGETHER)
    ):
        last.text = text
        last.save(update_fields=["text"])
        return last
    return DraftState.objects.create(draft=held, before=last, text=text, what=what[:200])


def _prune(held: Draft) -> None:
    keep = max(_FEW, min(_STATES, _KEPT_CHARACTERS // max(1, len(held.text))))
    # The newest are kept, and where the draft stands, if that is older.
    ids = list(held.states.order_by("-pk").values_list("pk", flat=True)[keep : keep + 200])
    if ids:
        held.states.filter(pk__in=ids).exclude(pk=held.state_id).delete()


@transaction.atomic
def undo(draft: Draft, version: int) -> Draft | None:
    """The draft as it was before its last change; None when there is nothing before. Raises
    Stale."""
    held = _held(draft, version)
    return _go(held, held.state.before if held.state else None)


@transaction.atomic
def redo(draft: Draft, version: int) -> Draft | None:
    """The draft as it was before the undo; None when nothing was undone. Raises Stale."""
    held = _held(draft, version)
    after = held.state.after.exclude(what=ASIDE).last() if held.state else None
    return _go(held, after)


@transaction.atomic
def go_to(draft: Draft, version: int, state: int) -> Draft | None:
    """The draft at any state of its history; None for no such state. Raises Stale."""
    held = _held(draft, version)
    return _go(held, held.states.filter(pk=state).first())


@transaction.atomic
def set_aside(draft: Draft, version: int, text: str) -> Draft:
    """Keeps a text that another window overtook as a state of the history, and the draft as it
    is. Raises Stale, TooLarge."""
    _fits(text)
    held = _held(draft, version)
    DraftState.objects.create(draft=held, before=held.state, text=text, what=ASIDE)
    _prune(held)
    return held


def _go(held: Draft, state: DraftState | None) -> Draft | None:
    if state is None:
        return None
    held.state, held.text, held.title = state, state.text, title_of(state.text)
    held.version += 1
    held.saved = timezone.now()
    held.save()
    return held


@transaction.atomic
def submit(draft: Draft, version: int, note: str = "") -> Run:
    """The text as a revision, after which the draft is gone. Raises document.Invalid, Stale,
    workflow.Unchanged, workflow.MovedOn and workflow.Archived; then the draft stays."""
    # The team first, as everybody who submits does: two locks are always taken in one order.
    Team.objects.select_for_update().get(pk=draft.team_id)
    held = _held(draft, version)
    base = None
    if held.design is not None:
        base = held.base.number if held.base else 0
    run = workflow.submit(held.team, held.by, held.text, design=held.design, note=note, base=base)
    held.delete()
    return run


@transaction.atomic
def discard(draft: Draft, version: int) -> None:
    """Raises Stale: what was typed elsewhere since is not thrown away unseen."""
    _held(draft, version).delete()


def _held(draft: Draft, version: int) -> Draft:
    """The row, locked for this transaction. Raises Stale."""
    held = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("team", "design", "base", "by", "state")
        .get(pk=draft.pk)
    )
    if held.design is not None:
        held.design.team = held.team
    if held.version != version:
        raise Stale(held)
    return held


def _fits(text: str) -> None:
    size = len(text.encode(errors="replace"))
    if size > MAX_BYTES:
        raise TooLarge(f"The text has {size:,} bytes; {MAX_BYTES:,} is the limit.")
    if "\x00" in text:
        raise TooLarge("The text has a null character, which no design may hold.")
