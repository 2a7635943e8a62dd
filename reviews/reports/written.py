"""A frozen report in each of its formats. The same report gives the same bytes."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone

from design.diagram import View
from design.export import FORMATS
from design.result import Result, from_dict
from reviews import pages, pictures
from reviews.models import Report
from teams import pdf

# Where the Content-Security-Policy of the site does not reach, the file brings its own.
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"

_FONT: Final = re.compile(r"url\((fonts/[\w-]+\.woff2)\)")


class Undrawn(ValueError):
    """There is no picture of this design; the sentence says why."""


@dataclass(frozen=True)
class Format:
    """What a page calls it, its content type, and what writes it."""

    word: str
    kind: str
    write: Callable[[Report], str | bytes]


def context(report: Report, site: str = "") -> dict[str, Any]:
    """What a page of a report shows. `site` stands in front of addresses of the guide, for files
    that are read elsewhere."""
    result = from_dict(report.result)
    made = pages.review(result)
    return {
        "report": report,
        "revision": report.revision,
        "design": report.revision.design,
        "facts": _facts(result),
        "site": site,
        **made,
    }


def _facts(result: Result) -> list[tuple[str, str]]:
    """What the head of a report says of the design: only what the text states."""
    design = result.design
    said = [(name, design.get(name)) for name in ("owner", "criticality", "stage")]
    return [
        *((name, str(value)) for name, value in said if value not in (None, "")),
        ("profile", result.profile),
        ("rules", ", ".join(result.versions)),
        ("components", str(len(design.components))),
        ("edges", str(len(design.edges))),
    ]


@lru_cache(maxsize=1)
def _styles() -> str:
    """The stylesheets of the site with every font inside."""
    folder = settings.BASE_DIR / "static"
    sheets = (folder / "fonts.css", Path(str(finders.find("reviews.css"))))
    text = "\n".join(sheet.read_text("utf-8") for sheet in sheets)
    return _FONT.sub(lambda found: _inside(folder / found[1]), text)


def _inside(path: Path) -> str:
    return f"url(data:font/woff2;base64,{b64encode(path.read_bytes()).decode()})"


def as_html(report: Report) -> str:
    """One page with its styles, its fonts and its picture, and no script."""
    more = {"styles": _styles(), "policy": POLICY}
    return render_to_string(
        "reviews/reports/file.html", context(report, settings.BASE_URL.rstrip("/")) | more
    )


def as_svg(report: Report) -> bytes:
    """Raises Undrawn."""
    made = pictures.file(from_dict(report.result), "svg", View())
    if isinstance(made, str):
        raise Undrawn(made)
    return made


def as_pdf(report: Report) -> bytes:
    made = context(report)
    design, revision = made["design"], report.revision
    try:
        svg = as_svg(report).decode()
    except Undrawn:
        svg = ""
    score = made["score"]
    data = {
        "title": design.title,
        "number": report.number,
        "revision": revision.number,
        "hash": report.short_hash,
        "made": f"{timezone.localtime(report.created):%-d %B %Y}",
        "submitted": f"{timezone.localtime(revision.created):%-d %B %Y}",
        "note": report.note,
        "facts": made["facts"],
        "total": None if score.provisional else round(score.total),
        "grade": score.grade or "",
        "word": made["word"],
        "coverage": round(score.coverage),
        "best": round(made["best"]),
        "caps": list(score.caps),
        "counts": {key: score.counts.get(key, 0) for key in ("pass", "fail", "unknown")},
        "tally": made["tally"],
        "pillars": [
            {
                "name": row["name"].capitalize(),
                "score": None if row["pillar"].score is None else round(row["value"]),
                "coverage": round(row["pillar"].coverage),
            }
            for row in made["pillars"]
        ],
        "svg": svg,
        "wide": _wide(svg),
        "groups": [
            {"heading": group.heading, "bundles": [_bundle(b) for b in group.bundles]}
            for group in made["groups"]
        ],
        "broken": [{"rule": f.rule, "message": f.message} for f in made["broken"]],
        "waived": [
            {"rule": f.rule, "title": f.title, "where": pages.where(f.subject)}
            for f in made["waived"]
        ],
        "questions": [
            {"missing": ", ".join(q.missing), "where": q.where, "rules": ", ".join(q.rules)}
            for q in made["questions"]
        ],
    }
    return pdf.typeset("report.typ", data)


def _wide(svg: str) -> bool:
    """Whether a picture needs a page of its own, lying down."""
    head = svg.partition('viewBox="')[2].partition('"')[0].split()
    return len(head) == 4 and float(head[2]) > 1.25 * float(head[3]) and float(head[2]) > 760


def _bundle(bundle: pages.Bundle) -> dict[str, Any]:
    section = bundle.section
    return {
        "rule": bundle.first.finding.rule,
        "title": bundle.first.finding.title,
        "why": bundle.rule.why if bundle.rule else "",
        "fix": bundle.rule.fix if bundle.rule else "",
        "section": f"{section.label} {section.title}" if section else "",
        "places": [
            {
                "number": one.number,
                "where": one.where,
                "line": one.finding.line,
                "message": one.finding.message,
            }
            for one in bundle.findings
        ],
    }


def _export(name: str) -> Callable[[Report], str]:
    return lambda report: FORMATS[name](from_dict(report.result))


FILES: Final = {
    "html": Format("HTML, one file", "text/html; charset=utf-8", as_html),
    "pdf": Format("PDF", "application/pdf", as_pdf),
    "md": Format("Markdown", "text/markdown; charset=utf-8", _export("markdown")),
    "json": Format("JSON", "application/json", _export("json")),
    "sarif": Format("SARIF", "application/sarif+json", _export("sarif")),
    "csv": Format("CSV", "text/csv; charset=utf-8", _export("csv")),
    "svg": Format("SVG, the picture", "image/svg+xml", as_svg),
    "yaml": Format("YAML, the design", "text/yaml; charset=utf-8", lambda r: r.revision.text),
}
"""By the ending of the file."""
