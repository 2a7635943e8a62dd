"""Progress, review and an exam in a real browser: with history, by keyboard, with and without a script."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from scenarios.catalogue import catalogue
from scenarios.exams import workflow
from scenarios.exams.blueprint import blueprints
from scenarios.exams.models import Exam
from scenarios.models import Attempt, Learner, Preferences
from teams.models import User
from tests.browser.test_every_page import dark, violations
from tests.browser.test_review import sign_in
from tests.scenarios.answers import of_each_type, right, singles, wrong

pytestmark = pytest.mark.browser


def history() -> User:
    """Mara has answered sixty questions over three weeks, said how sure she was, and sat an exam."""
    mara = User.objects.get(username="mara")
    chance = random.Random(4)
    for exercise in chance.sample([e for e in catalogue().live() if e.skills], 60):
        Attempt.objects.create(
            user=mara,
            exercise=exercise.id,
            rev=exercise.rev,
            score=float(chance.random() < 0.75),
            points=0,
            tries=1,
            confidence=chance.choice([1, 2, 3]),
            created=timezone.now() - timedelta(days=chance.randrange(22)),
        )
    Preferences.objects.create(user=mara, confidence=True)
    exam = workflow.start(Learner(user=mara), blueprints()["short"], paper=3)
    for item in exam.items.all()[:15]:
        exercise = catalogue().exercises[item.exercise]
        given = wrong(exercise) if exercise.type == "single" else right(exercise, item.seed)
        workflow.save(exam, item, exercise, {**given, "confidence": ["3"], "flag": ["1"]})
    workflow.finish(exam)
    return mara


def test_a_members_pages_pass_axe_in_both_themes_and_fit_a_phone(open_page: Any, site: str) -> None:
    mara = history()
    done = Exam.objects.get()
    page = open_page("/accounts/login/")
    sign_in(page, "/practice/")
    under_way = workflow.start(Learner(user=mara), blueprints()["architect"], paper=3)
    numbers: dict[str, int] = {}
    for item in under_way.items.all():
        numbers.setdefault(catalogue().exercises[item.exercise].type, item.number)
    paths = ["/practice/", "/practice/progress/", "/practice/review/", "/practice/exam/"]
    paths += [done.get_absolute_url(), f"{done.get_absolute_url()}1/"]
    paths += [f"{under_way.get_absolute_url()}{n}/" for n in ("summary", *numbers.values())]
    found: dict[str, object] = {}
    for path in paths:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(site + path)
        if lines := violations(page):
            found[path] = lines
        if lines := dark(page):
            found[f"{path} (dark)"] = lines
        page.set_viewport_size({"width": 320, "height": 700})
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            found[f"{path} (320)"] = width
    assert found == {}, found


def test_an_exam_by_keyboard_saves_by_itself_and_by_the_button(open_page: Any, site: str) -> None:
    mara = User.objects.get(username="mara")
    page = open_page("/accounts/login/")
    sign_in(page, "/practice/exam/")
    exam = workflow.start(Learner(user=mara), blueprints()["short"], paper=3)
    number = 4
    exam.items.filter(number=number).update(exercise=singles(1)[0].id)
    page.goto(f"{site}{exam.get_absolute_url()}{number}/")
    page.locator("#answer input").first.focus()
    page.keyboard.press("Space")
    page.locator("#saved", has_text="Saved").wait_for()
    assert exam.items.get(number=number).draft
    assert ", answered" in (page.locator(f"#q-{number}").text_content() or "")
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Save and next").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{number + 1}/")
    page.locator(f"#q-{number}").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{number}/")
    assert page.locator("#answer input:checked").count() == 1


def test_an_exam_without_a_script(open_page: Any, site: str) -> None:
    mara = User.objects.get(username="mara")
    page = open_page("/accounts/login/", js=False)
    sign_in(page, "/practice/exam/")
    exam = workflow.start(Learner(user=mara), blueprints()["short"], paper=3)
    steps = next(e for e in of_each_type() if e.type == "order")
    exam.items.filter(number=2).update(exercise=steps.id)
    page.goto(f"{site}{exam.get_absolute_url()}2/")
    page.get_by_role("button", name="Move down", exact=False).first.click()
    page.get_by_role("button", name="Summary").click()
    assert "1 of 20 answered" in page.locator("main").inner_text()
    page.get_by_role("button", name="Hand in").click()
    assert "By domain" in page.locator("main").inner_text()
