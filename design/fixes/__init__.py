"""Fixes: changes of a design's text that clear a finding.

`fix_for(design, finding)` drafts the edits for one finding, or None where only a
person can help. `mend(text)` carries fixes out on a text and proves each of
them: the finding is gone, nothing fails that did not fail before, else the fix
is declined with the reason. What one fix makes necessary elsewhere is fixed
along with it. Nothing is ever written anywhere: both return values.

To add a fix, copy its neighbour in the module of its area; the test walks all.
"""

from __future__ import annotations

from . import (  # noqa: F401 - to import an area is to register its fixes
    api,
    evt,
    fun,
    guard,
    limits,
    ops,
    rel,
    sec,
    servers,
)
from ._mend import Declined, Mended, fix_for, mend
from ._types import FIXES, NOT_PROVED, Fix

__all__ = ["FIXES", "NOT_PROVED", "Declined", "Fix", "Mended", "fix_for", "mend"]
