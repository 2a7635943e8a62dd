"""What every problem of an exercise is called, and what to do about it where nothing closer is
known. Codes are for ever: E refuses the exercise, W warns and may be accepted with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Code(NamedTuple):
    title: str
    remedy: str


CODES: Final[Mapping[str, Code]] = {
    "E001": Code("A field is missing, unknown or of the wrong shape", "Compare it with the output of: exercises schema."),
    "E002": Code("An id or a key stands twice", "Give the second one a name of its own."),
    "E003": Code("Something is named that does not exist", "Choose an id that exists, or enter it first."),
    "E004": Code("The id differs from the file's name", "Rename the file; ids are for ever."),
    "E005": Code("The key changed and the revision did not", "Raise “rev” by one, so that old answers keep their meaning."),
    "E006": Code("Raw HTML", "Use Markdown, or backquotes around code."),
    "E007": Code("The key does not score 1, or an error in it costs nothing", "Correct the key or the weights."),
    "E008": Code("A trivial answer scores", "Change the parts so that thoughtless answers earn nothing."),
    "E009": Code("A trivial answer scores more than half before normalising", "Even out the parts: no group may be in the majority."),
    "E010": Code("A part has no reason", "Say why it is right or wrong in this case."),
    "E011": Code("A retired id is used again", "Choose a new id; the old one belongs to the answers given to it."),
    "W001": Code("No skill is named", "Name one to three ids of skills.yaml."),
    "W002": Code("Something is accepted that does not occur", "Take the entry out of “accepts”."),
    "W101": Code("The right option is the longest", "Cut it, or give the others the same detail."),
    "W102": Code("Only the right option has a number, code or a bracket", "Give the others the same detail."),
    "W103": Code("All or none of the above", "Ask for each by itself, as a multiple selection."),
    "W104": Code("A negated question", "Ask for what is true, or put the negation in bold."),
    "W105": Code("Absolutes or hedges give the key away", "Use them on both sides or on neither."),
    "W106": Code("A rare word of the question stands in the right option alone", "Say it in other words, or use it in a wrong option too."),
    "W107": Code("One option begins unlike the others", "Give all of them the same grammar."),
    "W108": Code("Two options are nearly the same", "Merge them, or say what sets them apart."),
    "W109": Code("Fewer than two misconceptions", "Ask what else somebody may believe who is wrong."),
    "W110": Code("An article gives the key away", "Write “a or an”, or end the question before it."),
    "W111": Code("An option is named by its place", "Name it by what it says: the order is shuffled."),
    "W112": Code("A reason that only judges or repeats", "Say why, in the terms of this case."),
    "W113": Code("A reason of a few words", "Say why, in the terms of this case."),
    "W114": Code("More than five options", "Take out those that nobody would choose."),
    "E201": Code("An expression that is not arithmetic", "Use numbers, names, + - * / ** and brackets."),
    "E202": Code("An expression without a finite value", "Keep zero out of what is divided by."),
    "E203": Code("An answer outside what is plausible", "Widen “plausible”, or correct the formula."),
    "E204": Code("A number that is printed is the answer", "Choose other values, or ask for another step."),
    "E205": Code("A slip cannot be told from the answer", "Choose values at which they differ."),
    "W206": Code("The answer as it is printed is not within the tolerance", "Widen the tolerance, or use rounder values."),
    "W207": Code("The answer has no unit", "Name the unit, even if it is “messages”."),
    "W208": Code("The formula uses a number that nobody was told", "Put it into the question."),
    "W209": Code("Few variants", "Give a parameter more values: a retry shows other numbers."),
    "E301": Code("A way without an end, or too many ways", "End earlier, or limit a choice with “max”."),
    "E302": Code("A place that no way leads to", "Lead a choice to it, or take it out."),
    "E303": Code("Every way ends equally well", "Let the utility tell good ends from bad ones."),
    "E305": Code("The design cannot be read, or lacks a part that is named", "Try the design alone: warmstart check."),
    "E306": Code("The text alternative names the answer", "Describe the symptom without its place."),
    "W307": Code("No first step is tempting and wrong", "Add what people really do first, with its misconception."),
    "E308": Code("The rules find something other than the key", "Mend the look-alike in the design, state what is missing, or correct the key."),
    "E311": Code("The examples or the model answer do not fit the rubric", "Rewrite the example or its levels."),
    "E401": Code("The reference does not repair the design", "Correct the reference, or the rules to clear."),
    "E402": Code("The design is not broken", "Take the rule out, or break the design."),
    "E403": Code("An edit of the reference is not needed", "Take it out, or name the rule that it clears."),
    "E404": Code("A trap is worth too much", "Add the rule that the trap leaves open."),
    "E405": Code("The reference needs more edits than are allowed", "Raise “allow.edits”."),
    "E406": Code("A flow is kept although it is cut", "Name the two ends of a way that exists."),
    "E407": Code("The proofs take longer than 5 s of processor time", "Use a smaller design."),
    "W408": Code("The reference clears a rule that is not listed", "Add it to “must_clear”, or repair it in the design."),
    "W409": Code("Random edits earn something", "Name a rule that chance does not clear."),
    "W501": Code("Hard to read", "Shorter sentences, shorter words."),
    "W502": Code("A long question", "Take out what the answer does not need."),
    "W503": Code("A term that a later section introduces", "Use plain words, or move the exercise."),
    "W504": Code("A term in another spelling than the glossary's", "Spell it as the glossary does."),
    "W505": Code("The reader is blamed", "Blame the configuration."),
    "W506": Code("A picture without a text", "Say in the brackets what it shows."),
    "W507": Code("Facts of a vendor that were checked long ago", "Check them again and set “checked”."),
    "E507": Code("Facts of a vendor that were checked over a year ago", "Check them again and set “checked”."),
    "W508": Code("A link into the guide that leads nowhere", "Use an address of the guide as it is now."),
    "W601": Code("The key stands at one end too often", "Place the cause elsewhere in the next designs."),
    "W602": Code("The key is the longest option too often", "Cut keys, or fill wrong options."),
    "W603": Code("A section with few exercises or without application", "Write one more that asks for a decision."),
    "W604": Code("A skill with fewer than three exercises or with one type", "Write one of another type."),
    "W605": Code("A misconception that is used once", "Let a second exercise meet it."),
    "W606": Code("Too much to remember in one section", "Ask what to do instead of what is."),
    "W607": Code("One question tells the key of another", "Change one of the two cases."),
    "W608": Code("Yes or no is right too often", "Turn some of the cases round."),
    "W609": Code("Much about vendors", "Ask it without the product."),
    "W610": Code("A section that takes long", "Split an exercise, or retire one."),
    "W701": Code("Too easy", "Keep it for warming up, or retire it."),
    "W702": Code("Too hard, or the key is wrong", "Look at the key first, then at the section that teaches it."),
    "W703": Code("Those who know more do no better", "Keep it out of exams until somebody has looked at it."),
    "W704": Code("The best prefer a wrong option", "Rewrite: the option can be defended."),
    "W705": Code("An option that nobody takes", "Replace it or take it out."),
    "W706": Code("Many are sure and wrong", "Add a paragraph to the section, and note it as an intervention."),
}  # fmt: skip

FOUND_LATER: Final = frozenset(
    code for code in CODES if code in ("W106", "W503", "W504", "W507", "W508") or code[1] == "6"
)
"""Warnings that need the whole bank, the glossary or the day, and so are not known here."""
