"""Fixes of permissions, secrets, encryption and trust."""

from __future__ import annotations

from ..kinds import CHANNELS, DATA_CLASSES, STORES
from ..model import Component, Grant
from ._draft import VERBS, Draft
from ._pieces import SECURE, descending
from ._types import NoFix, fixes

WIDE = frozenset({"*", "admin"})


@fixes("SEC01", "Check the list against what the code really calls; the pipeline has to apply it.")
def sec01(draft: Draft) -> str:
    _narrow(draft)
    return f"Grants {draft.subject} the actions that its edges need, one by one."


@fixes("SEC02", "Check the list against what the code really calls; the pipeline has to apply it.")
def sec02(draft: Draft) -> str:
    _narrow(draft)
    return f"Names the components that {draft.subject} may reach."


def _narrow(draft: Draft) -> None:
    """Replaces wide grants by what the outgoing edges need of them."""
    part = draft.component
    kept: list[Grant] = []
    wide: list[Grant] = []
    for grant in part.grants:
        (wide if grant.to == "*" or WIDE & set(grant.actions) else kept).append(grant)
    needed: dict[str, list[str]] = {}
    for edge in draft.design.out_edges(part.id):
        verb = VERBS.get(edge.kind, "write" if edge.kind == "deploy" else "invoke")
        if any(g.to in ("*", edge.target) and {verb, *WIDE} & set(g.actions) for g in wide):
            needed.setdefault(edge.target, []).append(verb)
    for to, verbs in sorted(needed.items()):
        held = next((g for g in kept if g.to == to), None)
        if held is not None:
            kept.remove(held)
        actions = (*(held.actions if held else ()), *verbs)
        kept.append(Grant(to, tuple(dict.fromkeys(actions))))
    draft.set_grants(part, kept)


@fixes("SEC03", "If the edge exists and was not drawn, draw it instead.")
def sec03(draft: Draft) -> str:
    part = draft.component
    used = {edge.target for edge in draft.design.out_edges(part.id)} | {"*"}
    draft.set_grants(part, [grant for grant in part.grants if grant.to in used])
    return f"Takes the grants from {part.id} that no edge uses."


@fixes("SEC04", "The new role needs only what this function's edges need.")
def sec04(draft: Draft) -> str:
    function = draft.component
    taken = {part.get("role") for part in draft.design.components}
    names = [f"role-{function.id}", *(f"role-{function.id}-{n}" for n in range(2, 5000))]
    draft.set(function, "role", next(name for name in names if name not in taken))
    return f"Gives {function.id} a role of its own."


@fixes("SEC05", "The secret that was readable has to be replaced, and the code has to fetch it.")
def sec05(draft: Draft) -> str:
    function = draft.component
    stores = sorted(draft.design.of_kind("secret_store"), key=lambda c: c.id)
    if stores:
        store = stores[0].id
    else:
        store = draft.add(
            "components",
            draft.fresh("secrets"),
            {
                "kind": "secret_store",
                **draft.beside(function),
                "rotation_days": 90,
                "encrypted": True,
                "public": False,
            },
        )
    draft.set(function, "secrets", "store")
    draft.connect(
        function.id, store, "read", protocol="https", timeout_s=descending(draft, function),
        cached=True, calls_per_request=0.01, data=(),
    )  # fmt: skip
    return f"Lets {function.id} fetch its secrets from {store} and keep them for a while."


@fixes("SEC06", "The rotation has to be automated and tried once.")
def sec06(draft: Draft) -> str:
    draft.set(draft.component, "rotation_days", int(min(90, draft.limit("max_rotation_days"))))
    return f"Replaces secrets in {draft.subject} every 90 days."


@fixes("SEC07", "Whose key it is, and who may use it, has to be decided; old data has to be "
       "encrypted too.")  # fmt: skip
def sec07(draft: Draft) -> str:
    draft.set(draft.component, "encrypted", True)
    return f"Encrypts {draft.subject} at rest."


@fixes("SEC08", "Certificates have to be issued and renewed.")
def sec08(draft: Draft) -> str:
    edge = draft.edge
    draft.set(edge, "protocol", SECURE[edge.get("protocol")])
    return f"Encrypts what goes from {edge.source} to {edge.target}."


@fixes("SEC09", "Whoever used the address has to be moved, or given credentials.")
def sec09(draft: Draft) -> str:
    function = draft.component
    callers = draft.design.in_edges(function.id, "call")
    if any(draft.design.component(e.source).kind in ("client", "external") for e in callers):
        draft.set(function, "auth", "jwt")
        return f"Asks callers of {function.id} for a signed token."
    draft.set(function, "public_url", False)
    return f"Takes the address of its own from {function.id}, which no edge uses."


@fixes("SEC10", "Whoever read it directly needs another way, with signed addresses.")
def sec10(draft: Draft) -> str:
    draft.set(draft.component, "public", False)
    return f"Closes {draft.subject} to the internet."


@fixes("SEC11", "The permission has to name the source component and its account.")
def sec11(draft: Draft) -> str:
    draft.set(draft.edge, "source_restricted", True)
    return f"Lets nobody but {draft.edge.source} trigger {draft.edge.target} this way."


@fixes("SEC12", "Somebody has to check that tokens are enough; an agreement that is on file makes "
       "this needless: state dpa instead.")  # fmt: skip
def sec12(draft: Draft) -> str:
    edge, design = draft.edge, draft.design
    kept, tokens = [], []
    for id in edge.get("data", ()):
        item = design.data_item(id)
        rank = DATA_CLASSES.index(item.get("class", "public")) if item else 0
        if rank < DATA_CLASSES.index("confidential"):
            kept.append(id)
            continue
        token = f"{id}-token"
        if design.data_item(token) is None:
            draft.add(
                "data",
                token,
                {
                    "class": "internal",
                    "personal": False,
                    "retention_days": item.get("retention_days") if item else None,
                },
            )
        tokens.append(token)
    draft.set(edge, "data", (*kept, *tokens))
    return f"Sends {edge.target} tokens that stand for the data."


@fixes("SEC13", "The logger has to be changed and tried with a made-up person; old logs have to "
       "be cleaned.")  # fmt: skip
def sec13(draft: Draft) -> str:
    draft.set(draft.component, "logs.redacted", True)
    return f"Removes personal data before {draft.subject} writes a line."


@fixes("SEC14", "The schemas have to be written.")
def sec14(draft: Draft) -> str:
    draft.set(draft.component, "input_validation", "schema")
    return f"Lets {draft.subject} check what it receives against a schema."


def _allowed(draft: Draft, part: Component) -> set[str] | None:
    """Regions in which all bound data of a store or channel may rest; None where
    nothing is bound."""
    design = draft.design
    items = set(part.get("holds", ()))
    if part.kind in CHANNELS:
        items.update(id for edge in design.in_edges(part.id) for id in edge.get("data", ()))
    found: set[str] | None = None
    for id in items:
        item = design.data_item(id)
        allowed = item.get("residency") if item else None
        if allowed is not None:
            found = set(allowed) if found is None else found & set(allowed)
    return found


@fixes("DAT07", "The data that is there has to be moved, and the old copy removed.")
def dat07(draft: Draft) -> str:
    return settle_in_region(draft)


def settle_in_region(draft: Draft) -> str:
    """Moves a store or channel to where all that it keeps may rest: with the whole
    boundary around it where that suits everything inside, else alone."""
    part, design = draft.component, draft.design
    regions = _allowed(draft, part)
    if not regions:
        raise NoFix("No region is allowed for everything that it keeps: part the data first.")
    around = next(b for b in design.boundary_chain(part) if b.get("region") is not None)
    for other in design.components:
        if around in design.boundary_chain(other) and other.kind in STORES | CHANNELS:
            bound = _allowed(draft, other)
            regions = regions if bound is None else regions & bound
    inner = [b for b in design.boundaries if b.parent == around.id and b.get("region")]
    if regions and not inner:
        region = min(regions)
        draft.set(around, "region", region)
        return f"Moves {around.id} with all that is in it to {region}, where its data may rest."
    allowed = _allowed(draft, part) or set()
    fitting = [
        boundary.id
        for boundary in design.boundaries
        if boundary.get("region") in allowed and boundary.kind in ("account", "region", "network")
    ]
    region = min(allowed)
    if not fitting:
        taken = {boundary.id for boundary in design.boundaries}
        names = [region, f"region-{region}", *(f"region-{region}-{n}" for n in range(2, 99))]
        fitting = [next(name for name in names if name not in taken)]
        draft.add("boundaries", fitting[0], {"kind": "region", "region": region})
    draft.set(part, "boundary", fitting[0])
    return f"Places {part.id} in {fitting[0]}, where all that it keeps may rest."
