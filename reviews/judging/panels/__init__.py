"""What writes of a panel: opened, marked blind, talked about, decided, closed.

Every function locks the panel first, so that the last two who send their marks at once close the
first round once, and rewrites its summary in the same transaction.
"""

from reviews.judging.panels._deciding import close, decide, note, withdraw
from reviews.judging.panels._marks import Given, close_first, keep_draft, mark, mark_again
from reviews.judging.panels._read import (
    Refused,
    disputed,
    marks_of,
    owed,
    standing_decisions,
    summarize,
)
from reviews.judging.panels._seats import (
    Stale,
    call_off,
    candidates,
    excuse,
    invite,
    open_panel,
    rules_of,
    save_rules,
)

__all__ = [
    "Given",
    "Refused",
    "Stale",
    "call_off",
    "candidates",
    "close",
    "close_first",
    "decide",
    "disputed",
    "excuse",
    "invite",
    "keep_draft",
    "mark",
    "mark_again",
    "marks_of",
    "note",
    "open_panel",
    "owed",
    "rules_of",
    "save_rules",
    "standing_decisions",
    "summarize",
    "withdraw",
]
