"""What a design leaves open, as questions that a person can answer.

`questions(design, findings)` gives one question for each attribute of a part
that an *unknown* verdict waits for, however many rules wait for it; those whose
answers could move the score most come first. A question knows its possible
answers and the edit that an answer makes:

    first = questions(design, findings)[0]
    first.text        # "How long may one message stay invisible on work?"
    first.rules       # ("EVT05",)
    first.low, first.high      # the score if these verdicts fail, or pass
    first.edit(180)   # Set("components", "work", "visibility_s", 180)
"""

from __future__ import annotations

from ._ask import NotAnAnswer, Question, as_dict, questions
from ._range import Outlook

__all__ = ["NotAnAnswer", "Outlook", "Question", "as_dict", "questions"]
