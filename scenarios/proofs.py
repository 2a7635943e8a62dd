"""Which texts of exercises have been proved, remembered between starts.

Proving all of the bank takes a quarter of a minute, and a proof holds as long as the text and the
code that judges it are the same. So the hash of a proved text is kept in a file under `var/`,
together with a hash of that code. Nothing breaks without the file: the bank is then proved again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.conf import settings

_ROOT = Path(__file__).resolve().parent.parent
_CODE = ("design", "scenarios/engine")


@lru_cache(maxsize=1)
def code() -> str:
    """A hash of everything that a proof depends on besides the text."""
    made = hashlib.sha256()
    for folder in _CODE:
        for file in sorted((_ROOT / folder).rglob("*")):
            if file.suffix in {".py", ".yaml"}:
                made.update(str(file.relative_to(_ROOT)).encode() + b"\0" + file.read_bytes())
    return made.hexdigest()


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def known() -> frozenset[str]:
    """Digests of the texts that were proved by this very code."""
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads(_file().read_text(encoding="ascii"))
        if isinstance(kept, dict) and kept.get("code") == code():
            return frozenset(map(str, kept.get("texts", ())))
    return frozenset()


def remember(digests: Iterable[str]) -> None:
    """Keeps these and forgets all others. A folder that cannot be written is no error."""
    body = json.dumps({"code": code(), "texts": sorted(digests)})
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(dir=settings.VAR, prefix="proofs-")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(body)
        Path(name).replace(_file())


def _file() -> Path:
    return Path(settings.VAR) / "proofs.json"
