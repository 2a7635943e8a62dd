"""Exercises as QTI 3 items in a package, with a report of what could not be carried over.

Scores are the site's own: the mapping of a response minus what thoughtless answers are worth. Where
an item can only say less than the site does (one variant of the numbers, no follow-through), its
rubric for scorers says so, and so does the report.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from xml.etree.ElementTree import Comment, Element, SubElement, indent, tostring

from scenarios.engine import TYPES, Exercise
from scenarios.exporting.qti._item import Item, NotExportable
from scenarios.exporting.qti._writers import WRITERS

ITEM: Final = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
PACKAGE: Final = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The same exercises give the same bytes."""


@dataclass(frozen=True)
class Package:
    """`files` by path, `items` that were written, `skipped` with the reason."""

    files: Mapping[str, bytes]
    items: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]

    def zipped(self) -> bytes:
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, data in sorted(self.files.items()):
                archive.writestr(zipfile.ZipInfo(path, _EPOCH), data, zipfile.ZIP_DEFLATED)
        return out.getvalue()


def package(exercises: Iterable[Exercise], title: str) -> Package:
    """A content package with a manifest, the items and a report in plain text."""
    files: dict[str, bytes] = {}
    notes: list[tuple[str, str]] = []
    skipped: list[tuple[str, str]] = []
    for exercise in sorted(exercises, key=lambda e: e.id):
        try:
            found, note = item(exercise)
        except NotExportable as error:
            skipped.append((exercise.id, str(error)))
            continue
        files[f"items/{exercise.id}.xml"] = _bytes(found)
        if note:
            notes.append((exercise.id, note))
    ids = tuple(path.removeprefix("items/").removesuffix(".xml") for path in files)
    files["imsmanifest.xml"] = _bytes(_manifest(ids, title))
    files["report.txt"] = _report(ids, notes, skipped).encode()
    return Package(files, ids, tuple(skipped))


def _report(
    ids: tuple[str, ...], notes: list[tuple[str, str]], skipped: list[tuple[str, str]]
) -> str:
    lines = [f"{len(ids)} items exported, {len(skipped)} left out.", ""]
    lines += [f"left out  {id}: {why}" for id, why in skipped]
    lines += [f"differs   {id}: {note}" for id, note in notes]
    return "\n".join(lines) + "\n"


def _bytes(root: Element) -> bytes:
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"


def _manifest(ids: tuple[str, ...], title: str) -> Element:
    root = Element("manifest", {"xmlns": PACKAGE, "identifier": "warmstart-practice"})
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = "QTI Package"
    SubElement(metadata, "schemaversion").text = "3.0.0"
    root.append(_comment(title))
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    for id in ids:
        place = {"identifier": id, "type": "imsqti_item_xmlv3p0", "href": f"items/{id}.xml"}
        SubElement(SubElement(resources, "resource", place), "file", {"href": place["href"]})
    return root


def _comment(text: str) -> Any:
    return Comment(f" {text.replace('--', '')} ")


def item(exercise: Exercise) -> tuple[Element, str]:
    """The item and a note of what it says less. Raises NotExportable."""
    write = WRITERS.get(exercise.type)
    if write is None:
        title = TYPES[exercise.type].title.lower()
        raise NotExportable(f"QTI has no interaction for {title}.")
    root = Element(
        "qti-assessment-item",
        {
            "xmlns": ITEM,
            "identifier": exercise.id,
            "title": exercise.title,
            "adaptive": "false",
            "time-dependent": "false",
            "xml:lang": "en-GB",
        },
    )
    made = Item(root, exercise)
    note = write(made)
    made.finish(note)
    return root, note
