"""Fixes of access, keys and who may do what, where the catalogue was widened."""

from __future__ import annotations

from ..model import WHOLE, Grant
from ._draft import VERBS, Draft
from ._types import fixes
from .sec import settle_in_region


@fixes("DAT09", "The component that signs has to check what the client asks for.")
def dat09(draft: Draft) -> str:
    draft.set(draft.edge, "signed", True)
    return f"Lets {draft.edge.source} reach {draft.edge.target} with a signed permission only."


@fixes("DAT10", "How old an answer may be is for those who read it to say.")
def dat10(draft: Draft) -> str:
    cache = draft.component
    draft.set(cache, "ttl", True)
    draft.set(cache, "ttl_s", 300)
    return f"Lets entries of {cache.id} expire after five minutes."


@fixes("DAT11", "The client library has to support it, or the code to lock.")
def dat11(draft: Draft) -> str:
    draft.set(draft.component, "stampede_protection", True)
    return f"Lets one caller refill an entry of {draft.subject} while the others wait."


@fixes("DAT13", "A backup counts once a restore has been timed.")
def dat13(draft: Draft) -> str:
    store = draft.component
    draft.set(store, "backups", "versioning" if store.kind == "object_store" else "pitr")
    return f"Lets {store.id} be restored to any point, as the recovery goal asks."


@fixes("DAT16", "What waits there now has to be drained; senders need the new address.")
def dat16(draft: Draft) -> str:
    return settle_in_region(draft)


@fixes("DEL05", "A person chooses who agrees to a release.")
def del05(draft: Draft) -> str:
    draft.set(draft.component, "approvals", 1)
    return f"Lets a second person agree before {draft.subject} releases."


@fixes("DEL06", "What is found has to stop the release, and somebody has to answer it.")
def del06(draft: Draft) -> str:
    draft.set(draft.component, "scans", ("dependencies", "secrets"))
    return f"Lets {draft.subject} look for known faults and secrets before a release."


@fixes("DEL07", "The stages have to be moved.")
def del07(draft: Draft) -> str:
    draft.set(draft.design, "delivery.separate_accounts", True)
    return "Gives each stage an account of its own."


@fixes("SEC17", "Whoever read it from outside needs another way.")
def sec17(draft: Draft) -> str:
    draft.set(draft.component, "public", False)
    return f"Closes {draft.subject} to the internet."


@fixes("SEC18", "Whose key it is, and who may use it, has to be decided.")
def sec18(draft: Draft) -> str:
    draft.set(draft.component, "encrypted", True)
    return f"Encrypts {draft.subject} at rest."


@fixes("SEC19", "People have to be enrolled, and a way back for a lost device is needed.")
def sec19(draft: Draft) -> str:
    draft.set(draft.component, "mfa", True)
    return f"Asks for a second factor at {draft.subject}."


@fixes("SEC20", "Clients have to renew their tokens.")
def sec20(draft: Draft) -> str:
    draft.set(draft.component, "token_minutes", 60)
    return f"Lets tokens of {draft.subject} end after an hour."


@fixes("SEC21", "The permission has to name the source component and its account.")
def sec21(draft: Draft) -> str:
    draft.set(draft.edge, "source_restricted", True)
    return f"Lets nobody but {draft.edge.source} feed {draft.edge.target} this way."


@fixes("SEC22", "The sender has to sign, and the code has to check the signature and its age.")
def sec22(draft: Draft) -> str:
    draft.set(draft.edge, "signed", True)
    return f"Believes what {draft.edge.source} sends only when it is signed."


@fixes("SEC23", "Check the list against what the code really calls.")
def sec23(draft: Draft) -> str:
    part = draft.component
    for edge in draft.design.out_edges(part.id):
        if edge.kind in VERBS:
            draft.grant(part, edge.target, VERBS[edge.kind])
    return f"Grants {part.id} what its edges need."


@fixes("SEC24", "If something is deleted there, draw the edge that does it.")
def sec24(draft: Draft) -> str:
    part = draft.component
    kept = []
    for grant in part.grants:
        kinds = {e.kind for e in draft.design.out_edges(part.id) if e.target == grant.to}
        left = tuple(a for a in grant.actions if not (a == "delete" and kinds == {"read"}))
        if left:
            kept.append(Grant(grant.to, left))
    draft.set_grants(part, kept)
    return f"No longer lets {part.id} remove anything, since it only reads."


@fixes("SEC28", "A person decides which kind of authentication fits its callers.")
def sec28(draft: Draft) -> str:
    draft.set(draft.component, "auth", "jwt")
    return f"Asks callers of {draft.subject} for a signed token instead of a shared key."


@fixes("SEC29", "A person decides the class; confidential is the cautious start.")
def sec29(draft: Draft) -> str:
    items = [
        item
        for item in draft.design.data
        if item.get("personal") and item.get("class") == "public"
        and draft.subject in (WHOLE, item.id)
    ]  # fmt: skip
    for item in items:
        draft.set(item, "class", "confidential")
    return f"Treats {', '.join(item.id for item in items)} as confidential."
