"""Accounts and the matrix."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import yaml
from django.http import QueryDict
from django.test import Client

from guide.book import book
from guide.matrix import asked, groups, ordered
from guide.patterns import MARKS, NEEDS, read
from guide.problems import CONTENT

MODEL = CONTENT / "patterns" / "queue-load-levelling.yaml"


def want(query: str):
    return asked(QueryDict(query), book().patterns)


def test_what_does_not_fit_stays_in_sight() -> None:
    patterns = book().patterns.values()
    (_, fit), (_, rest) = groups(patterns, want("needs=fast_answer"))
    assert all(MARKS[p.marks["fast_answer"]][0] >= 3 for p in fit)
    assert {p.slug for p in (*fit, *rest)} == set(book().patterns)


def test_answers_to_one_question_add_up_and_questions_narrow() -> None:
    patterns = list(book().patterns.values())
    one = [p for p in patterns if want("state=queue").fits(p)]
    both = [p for p in patterns if want("state=queue&state=store").fits(p)]
    assert set(p.slug for p in one) <= set(p.slug for p in both)
    assert all(p.axes["state"] == "queue" for p in one) and one


def test_unknown_words_in_the_address_are_dropped() -> None:
    nonsense = want("needs=x&family=y&state=z&sort=w&compare=a,b,c")
    assert not nonsense.any and nonsense.sort == "number" and nonsense.compare == ()


def test_sorting_by_a_need_puts_the_best_first() -> None:
    for need in NEEDS:
        scores = [MARKS[p.marks[need]][0] for p in ordered(book().patterns.values(), need)]
        assert scores == sorted(scores, reverse=True)


def test_the_view_is_in_the_address() -> None:
    query = "needs=spiky&needs=no_loss&family=messaging&waits=receipt&sort=effort"
    assert want(query).query() == query


def test_at_most_four_are_compared(client) -> None:
    slugs = list(book().patterns)[:6]
    assert len(want(f"compare={','.join(slugs)}").compare) == min(4, len(slugs))
    if len(slugs) > 1:
        body = client.get("/patterns/", {"compare": ",".join(slugs[:2])}).content.decode()
        assert "Side by side" in body


def test_the_csv_has_what_the_page_has(client) -> None:
    rows = list(csv.reader(io.StringIO(client.get("/patterns/matrix.csv").content.decode())))
    assert len(rows) == len(book().patterns) + 1
    assert rows[1][1] == next(iter(book().patterns.values())).title
    narrowed = client.get("/patterns/matrix.csv", {"family": "messaging"}).content.decode()
    assert all(row[2] == "Messaging" for row in list(csv.reader(io.StringIO(narrowed)))[1:])


def test_an_account_that_is_wrong_says_all_of_it(tmp_path: Path) -> None:
    raw = yaml.safe_load(MODEL.read_text())
    raw["family"], raw["axes"]["waits"], raw["extra"] = "odd", "maybe", 1
    del raw["marks"]["order"]
    raw["account"]["hazards"] = [{"name": "x"}, {"name": "y"}]
    path = tmp_path / "queue-load-levelling.yaml"
    path.write_text(yaml.safe_dump(raw))
    pattern, report = read(path)
    assert pattern is None
    assert len(report.found) >= 6


def test_a_file_that_is_no_account_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    for name, text in (("a", "["), ("b", "- 1"), ("c", "slug: c\naxes: 3\naccount: []\nrules: x")):
        path = tmp_path / f"{name}.yaml"
        path.write_text(text)
        pattern, report = read(path)
        assert pattern is None and report.found


def test_there_are_enough_accounts_and_no_shape_fails_any_rule() -> None:
    patterns = book().patterns.values()
    assert len(patterns) >= 36
    for pattern in patterns:
        failing = [rule for rule, said in pattern.plate.verdicts.items() if "fail" in said]
        assert failing == [], pattern.slug


def test_an_account_leads_to_sections_that_lead_back(client: Client) -> None:
    for pattern in book().patterns.values():
        assert pattern.sections and pattern.exercises and pattern.neighbours, pattern.slug
        section = book().contents.section(pattern.sections[0])
        if section and section.written:
            assert f'href="{pattern.url}"' in client.get(section.url).content.decode(), pattern.slug


def test_no_rule_that_an_account_names_fails_on_its_shape() -> None:
    for pattern in book().patterns.values():
        for rule in pattern.rules:
            assert "fail" not in pattern.plate.verdicts.get(rule, set()), (pattern.slug, rule)


def test_a_comma_that_cuts_a_range_is_found(tmp_path: Path) -> None:
    text = MODEL.read_text(encoding="utf-8")
    assert text.count("252,000 orders waiting") == 1
    path = tmp_path / MODEL.name
    path.write_text(text.replace('"252,000 orders waiting"', "many, and more"), encoding="utf-8")
    _, report = read(path)
    assert any("a key “and more”" in p.message for p in report.found)
