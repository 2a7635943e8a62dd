"""Reviews: the lists, a design submitted, looked at, compared."""

from __future__ import annotations
