"""Measures side by side, in turns, in one run; prints medians and ratios and judges nothing.

Figures in seconds differ between machines and minutes; the ratios and the microseconds of
processor time hold better. nginx and wrk are used where they are installed.
"""

from __future__ import annotations

import os
import sys
import tempfile


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["DATABASE_URL"] = ""
    folder = tempfile.TemporaryDirectory(prefix="warmstart-bench-")
    os.environ["WARMSTART_VAR"] = folder.name
    import django

    django.setup()
    from bench import core, fit, pages, practice, scale

    with folder:
        sys.stdout.write("Warmstart, what it costs\n")
        core.report()
        scale.report()
        fit.report()
        practice.report()
        pages.report()


if __name__ == "__main__":
    main()
