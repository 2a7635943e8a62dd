"""The book as EPUB 3: a zip file of XHTML, one file for each leaf, drawings inline.

The same book gives the same bytes. Nothing is remote: fonts and drawings are inside.
"""

from __future__ import annotations

import io
import re
import uuid
import xml.etree.ElementTree as etree
import zipfile
from dataclasses import dataclass, field
from html import escape
from xml.etree.ElementTree import Element

from guide import drawings
from guide.book import Book
from guide.editions.elements import make, pairs
from guide.editions.leaf import PART, SECTION, Leaf
from guide.editions.whole import Whole, whole
from guide.problems import ROOT

XHTML, OPS_NS = "http://www.w3.org/1999/xhtml", "http://www.idpf.org/2007/ops"
SVG = "http://www.w3.org/2000/svg"
FONTS = ("serif", "serif-italic", "sans-400", "sans-600", "mono-400")
_STYLE = ROOT / "templates" / "print" / "epub.css"
_TYPES = {
    ".xhtml": "application/xhtml+xml",
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".png": "image/png",
}


@dataclass(frozen=True)
class About:
    """What the file says about itself. `dated` is an ISO date; `site` has no slash at its end."""

    title: str
    edition: str
    dated: str
    site: str


@dataclass
class _Made:
    """The parts of the archive, in order; those of `spine` are read one after another."""

    files: dict[str, bytes] = field(default_factory=dict)
    spine: list[str] = field(default_factory=list)
    drawn: set[str] = field(default_factory=set)
    styles: str = ""


def epub(book: Book, about: About, cover: bytes) -> bytes:
    """The file. `cover` is a PNG."""
    gathered = whole(book, about.site)
    made = _Made()
    made.files["cover.png"] = cover
    _page(made, "cover", "Cover", _cover(about), kind="cover")
    _page(made, "title", about.title, _title(about), kind="titlepage")
    for leaf in gathered.leaves:
        _page(made, leaf.key, leaf.heading, _leaf(leaf, gathered, book, made), kind=_kind(leaf))
    made.files["style.css"] = (_STYLE.read_text("utf-8") + made.styles).encode()
    for name in FONTS:
        path = ROOT / "static" / "fonts" / f"warmstart-{name}.woff2"
        made.files[f"fonts/{path.name}"] = path.read_bytes()
    made.files["nav.xhtml"] = _nav(gathered, book, made).encode()
    return _zip(made, about)


def _kind(leaf: Leaf) -> str:
    if leaf.level == PART:
        return "part"
    if leaf.key == "glossary":
        return "glossary"
    return "appendix" if leaf.key in ("patterns", "plates", "rules") else "chapter"


# Pages


def _page(made: _Made, key: str, title: str, body: list[Element], kind: str) -> None:
    section = make("section", *body, **{"epub:type": kind})
    made.files[f"{key}.xhtml"] = _document(title, section).encode()
    made.spine.append(key)
    if next(section.iter("svg"), None) is not None:
        made.drawn.add(key)


def _document(title: str, *body: Element) -> str:
    head = make("head", make("meta", charset="utf-8"), make("title", title))
    head.append(make("link", rel="stylesheet", type="text/css", href="style.css"))
    root = Element("html", {"xmlns": XHTML, "xmlns:epub": OPS_NS, "lang": "en-GB"})
    root.set("xml:lang", "en-GB")
    root.extend([head, make("body", *body)])
    text = etree.tostring(root, encoding="unicode", short_empty_elements=False)
    text = re.sub(r"></(meta|link|br|hr|img|col|wbr)>", "/>", text)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n{text}\n'


def _cover(about: About) -> list[Element]:
    return [make("img", class_="cover", src="cover.png", alt=f"{about.title}. Warmstart.")]


def _title(about: About) -> list[Element]:
    rights = "Text under CC BY 4.0, code and design files under Apache 2.0."
    return [
        make("h1", about.title),
        make("p", f"Warmstart, edition {about.edition}. Text and facts as of {about.dated}."),
        make("p", rights),
        make("p", "Read it with tools that work on your own designs: ", _link(about.site)),
    ]


def _link(address: str) -> Element:
    return make("a", address, href=f"{address}/")


def _leaf(leaf: Leaf, gathered: Whole, book: Book, made: _Made) -> list[Element]:
    _inside(leaf, gathered, book, made)
    head = make("h1", id=leaf.key)
    if leaf.number:
        head.append(make("span", leaf.number, class_="no"))
        head[0].tail = f" {leaf.title}"
    else:
        head.text = leaf.title
    lead = [make("p", leaf.lead, class_="lead")] if leaf.lead else []
    return [head, *lead, *leaf.body]


def _inside(leaf: Leaf, gathered: Whole, book: Book, made: _Made) -> None:
    for _, child in pairs(leaf.body):
        for name in ("tabindex", "role", "aria-labelledby", "data-label"):
            child.attrib.pop(name, None)
        if to := child.attrib.pop("data-to", ""):
            home = gathered.home[to]
            child.set("href", f"{home.key}.xhtml#{to}")
        if number := child.attrib.pop("data-plate", ""):
            child.append(_drawing(book, number, made))


def _drawing(book: Book, number: str, made: _Made) -> Element:
    """The picture; its colours go into the stylesheet, once for all pictures."""
    text = drawings.standalone(book.plates[number])
    assert text is not None
    text = text.partition("?>\n")[2].replace(f' xmlns="{SVG}"', "")
    before, _, rest = text.partition("<style>")
    style, _, after = rest.partition("</style>")
    made.styles = style
    picture = etree.fromstring(before + after)  # noqa: S314 - drawn by us
    picture.set("xmlns", SVG)
    wide = picture.attrib.pop("width")
    picture.attrib.pop("height")
    picture.set("style", f"max-width:{wide}px")
    for element in picture.iter():
        for name in [n for n in element.attrib if n.startswith("data-")]:
            del element.attrib[name]
    picture.tail = None
    return picture


# Navigation


def _nav(gathered: Whole, book: Book, made: _Made) -> str:
    contents = make("nav", make("h1", "Contents"), _tree(gathered.leaves), id="toc")
    contents.set("epub:type", "toc")
    contents.set("role", "doc-toc")
    marks = make("nav", make("h2", "Landmarks"), id="landmarks", hidden="")
    marks.set("epub:type", "landmarks")
    first = next(leaf for leaf in gathered.leaves if leaf.level != PART)
    targets = (
        ("cover", "cover.xhtml", "Cover"),
        ("toc", "nav.xhtml", "Contents"),
        ("bodymatter", f"{first.key}.xhtml", "Begin reading"),
        ("glossary", "glossary.xhtml", "Glossary"),
    )
    items = (make("li", make("a", t, href=h, **{"epub:type": kind})) for kind, h, t in targets)
    marks.append(make("ol", *items))
    plates = make("nav", make("h2", "Plates"), id="plates", hidden="")
    plates.set("epub:type", "loi")
    drawn = [p for p in book.plates.values() if p.anchor in gathered.home]
    rows = (
        make("li", make("a", f"{p.number} {p.title}", href=_home(gathered, p.anchor)))
        for p in drawn
    )
    plates.append(make("ol", *rows))
    return _document("Contents", contents, marks, *([plates] if drawn else []))


def _home(gathered: Whole, id: str) -> str:
    return f"{gathered.home[id].key}.xhtml#{id}"


def _tree(leaves: tuple[Leaf, ...]) -> Element:
    """Parts hold chapters, chapters hold sections."""
    root = make("ol")
    lists: dict[int, Element] = {0: root}
    for leaf in leaves:
        above = max(level for level in lists if level < leaf.level)
        item = make("li", make("a", leaf.heading, href=f"{leaf.key}.xhtml"))
        lists[above].append(item)
        for level in [level for level in lists if level >= leaf.level]:
            del lists[level]
        if leaf.level < SECTION:
            lists[leaf.level] = make("ol")
            item.append(lists[leaf.level])
    for parent, child in pairs(root):
        if child.tag == "ol" and not len(child):
            parent.remove(child)
    return root


# The archive


def _zip(made: _Made, about: About) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        _put(archive, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        _put(archive, "META-INF/container.xml", _CONTAINER.encode())
        _put(archive, "OPS/package.opf", _package(made, about).encode())
        for name, content in made.files.items():
            _put(archive, f"OPS/{name}", content)
    return out.getvalue()


def _put(
    archive: zipfile.ZipFile, name: str, content: bytes, how: int = zipfile.ZIP_DEFLATED
) -> None:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = how
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content, compresslevel=9 if how == zipfile.ZIP_DEFLATED else None)


_CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OPS/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>
"""
_FEATURES = (
    *("tableOfContents", "structuralNavigation", "readingOrder", "alternativeText"),
    *("longDescription", "displayTransformability"),
)
_SUMMARY = (
    "Text with headings, tables with row and column headers, and line drawings; every drawing is "
    "told in words behind it. Colour is never the only sign."
)


def _package(made: _Made, about: About) -> str:
    id = uuid.uuid5(uuid.NAMESPACE_URL, f"https://warmstart.example/guide/{about.edition}")
    meta = "".join(
        f'<meta property="{name}">{escape(value)}</meta>'
        for name, value in (
            ("dcterms:modified", f"{about.dated}T00:00:00Z"),
            ("schema:accessMode", "textual"),
            ("schema:accessMode", "visual"),
            ("schema:accessModeSufficient", "textual"),
            *(("schema:accessibilityFeature", f) for f in _FEATURES),
            ("schema:accessibilityHazard", "none"),
            ("schema:accessibilitySummary", _SUMMARY),
        )
    )
    items = []
    for name in made.files:
        stem, dot, ending = name.rpartition(".")
        more = {"nav": "nav", "cover.png": "cover-image"}.get(name if ending == "png" else stem, "")
        if stem in made.drawn:
            more = "svg"
        properties = f' properties="{more}"' if more else ""
        kind = _TYPES[dot + ending]
        items.append(f'<item id="{_id(name)}" href="{name}" media-type="{kind}"{properties}/>')
    order = [*made.spine[:2], "nav", *made.spine[2:]]
    spine = "".join(f'<itemref idref="{_id(f"{key}.xhtml")}"/>' for key in order)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en-GB">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{id}</dc:identifier>
<dc:title>{escape(about.title)}</dc:title><dc:language>en-GB</dc:language>
<dc:creator>Warmstart</dc:creator><dc:publisher>Warmstart</dc:publisher>
<dc:date>{about.dated}</dc:date><dc:rights>CC BY 4.0</dc:rights>
<dc:subject>Serverless computing</dc:subject><dc:source>{escape(about.site)}/guide/</dc:source>
{meta}</metadata>
<manifest>{"".join(items)}</manifest>
<spine>{spine}</spine>
</package>
"""


def _id(name: str) -> str:
    return "f-" + re.sub(r"[^a-z0-9]+", "-", name.lower())
