"""The blocks of a page, plates apart, as elements that need neither a script nor a form."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from guide import drawings, markup
from guide.editions.elements import append, make, parse
from guide.markup import Context
from guide.patterns import Pattern
from guide.plates import Plate
from guide.reading import Answer, Block, Exercise, Page, Sum


def block(what: Block, page: Page, context: Context) -> Element:
    """One block. A model answer holds marks again; the caller fills them."""
    if isinstance(what, Plate):
        return plate(what, context)
    if isinstance(what, Sum):
        return arithmetic(what)
    if isinstance(what, Answer):
        said = parse(markup.convert(what.body, context).html)
        said.set("class", "said")
        return make("details", make("summary", "A model answer"), said, class_="answer")
    return exercise(what, context)


def plate(what: Plate, context: Context) -> Element:
    """A figure whose picture each form puts in: the element `div.draw` with the plate's number."""
    made = drawings.drawing(what)
    caption = parse(f"<p>{markup.inline(what.caption, context)}</p>")[0]
    head = make("figcaption", make("b", f"Plate {what.number}."), f" {what.title}. ", caption)
    figure = make("figure", class_="plate", id=what.anchor)
    if isinstance(made, str):
        figure.append(make("p", made))
    else:
        figure.append(make("div", class_="draw", data_plate=what.number))
        told = make("ul", *(make("li", sentence) for sentence in made.text))
        head.append(make("details", make("summary", "In words"), told, class_="telling"))
    figure.append(head)
    return figure


def arithmetic(what: Sum) -> Element:
    rows = (
        make(
            "tr",
            make("th", make("code", line.name), scope="row"),
            make("td", make("code", line.expression)),
            make("td", line.value, class_="n"),
        )
        for line in what.lines
    )
    head = make("tr", *(make("th", word, scope="col") for word in ("Name", "How", "Value")))
    table = make("table", make("thead", head), make("tbody", *rows))
    frame = make("div", table, class_="table")
    return make("details", make("summary", "The arithmetic"), frame, class_="arith")


def exercise(what: Exercise, context: Context) -> Element:
    """What is asked, without its key, and the way to the page that grades an answer."""
    head = make("p", make("b", what.title), f" · {what.kind}, {what.minutes} min", class_="head")
    task = make("section", head, class_="task")
    if not what.has_parameters:
        for child in parse(markup.convert(what.prompt, context).html):
            task.append(child)
    if what.options:
        options = (parse(markup.inline(text, context)) for _, text in what.options)
        items = [make("li") for _ in what.options]
        for item, option in zip(items, options, strict=True):
            append(item, option.text or "")
            item.extend(option)
        task.append(make("ol", *items, class_="options"))
    task.append(make("p", make("a", "Answer it on the site", href=f"/practice/{what.id}/")))
    return task


def account(pattern: Pattern, context: Context) -> Element:
    """A pattern account as text under headings."""
    said = pattern.account

    def inline(text: str) -> Element:
        made = parse(markup.inline(text, context))
        made.tag = "span"
        return made

    def prose(text: str) -> list[Element]:
        return list(parse(markup.convert(text, context).html))

    body = make("div", make("p", inline(pattern.summary), class_="lead"))
    body.append(plate(pattern.plate, context))
    body.extend([make("h2", "Habitat"), *prose(said["habitat"])])
    rows = []
    for row in said["range"]:
        source = inline(str(row["source"]))
        if row.get("url"):
            source.tag = "a"
            source.set("href", row["url"])
        cell = make("td", source)
        if row.get("url") or str(row["dated"]) != "undated":
            append(cell, f", {row['dated']}")
        what, value = inline(str(row["what"])), inline(str(row["value"]))
        rows.append(make("tr", make("th", what, scope="row"), make("td", value), cell))
    head = make("tr", *(make("th", word, scope="col") for word in ("Limit", "Value", "Source")))
    table = make("table", make("thead", head), make("tbody", *rows))
    body.extend([make("h2", "Range"), make("div", table, class_="table")])
    likes = make("ul")
    for entry in said["look_alikes"]:
        name = entry.get("name") or entry["pattern"].replace("-", " ").capitalize()
        shown: Element | str = name
        if other := context.library.patterns.get(entry.get("pattern", "")):
            shown = make("a", other.title, href=other.url)
        likes.append(make("li", make("b", shown, ". "), inline(entry["difference"])))
    body.extend([make("h2", "Look-alikes"), likes])
    hazards = make("ul")
    for entry in said["hazards"]:
        item = make("li", make("b", entry["name"].rstrip("."), ". "), inline(entry["text"]))
        if rule := entry.get("rule"):
            append(item, " ")
            item.append(make("a", rule, href=f"/rules/{rule}/"))
        hazards.append(item)
    body.extend([make("h2", "Hazards"), hazards])
    body.extend([make("h2", "Signals to watch"), *prose(said["watch"])])
    body.extend([make("h2", "What it costs"), *prose(said["cost"])])
    return body
