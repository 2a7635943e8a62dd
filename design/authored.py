"""YAML that comes with the code: the guide, the models, the profiles.

It is parsed by libyaml where PyYAML was built with it (ten times faster, and a site's start is
mostly reading), by Python otherwise. What strangers write goes through `design.document`.
"""

from __future__ import annotations

from typing import Any, Final

import yaml

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def values(text: str) -> Any:
    """Plain values. Raises yaml.YAMLError with the line."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe one
