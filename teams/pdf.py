"""PDF files from fixed templates. What people wrote reaches a template as data, never as markup."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import typst
from django.conf import settings

FOLDER = settings.BASE_DIR / "templates" / "print"


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Our own, then those that come with the typesetter; none of the machine's, so that a file
    looks the same wherever it was made."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FOLDER / "fonts")])


def typeset(template: str, data: dict[str, Any]) -> bytes:
    """A PDF from a template of templates/print, which reads `data` as JSON. The same data give
    the same bytes. Raises typst.TypstError on a fault of the template."""
    made = typst.compile(
        str(FOLDER / template),
        root=str(FOLDER),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    return made
