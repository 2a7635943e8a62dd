"""A workload in parts and variants side by side; all of it in the address."""

from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fit import engine
from fit.model import fit

MODEL = fit().numbers
UPLOADS = {"trigger": "events", "traffic": "spiky", "latency": "async", "cost": "idle_zero"}
SHOP = {"trigger": "http", "start": "container", "state": "memory", "traffic": "steady"}
FEW = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def _parts(*sets: dict[str, str], **more: str) -> str:
    pairs = [("part", name) for name in ("Uploads", "Shop", "Reports", "Feed", "Desk")[: len(sets)]]
    pairs += [(f"{n}.{q}", key) for n, said in enumerate(sets, 1) for q, key in said.items()]
    return "/fit/parts/?" + urlencode([*pairs, *more.items()])


def test_parts_are_fitted_apart_and_the_pair_is_named(client: Client) -> None:
    page = client.get(_parts(UPLOADS, SHOP))
    body = page.content.decode()
    assert "Split it: functions beside managed containers" in body
    assert "Functions for Uploads; managed containers for Shop." in body
    for column, said in zip(page.context["columns"], (UPLOADS, SHOP), strict=True):
        assert column["result"].ranking == engine.evaluate(MODEL, said).ranking
        assert column["url"] == "/fit/result/?" + urlencode(
            {q.id: said[q.id] for q in MODEL.questions if q.id in said}
        )


def test_what_a_split_is_worth(client: Client) -> None:
    """The tops of both parts against the best option for both, a part."""
    split = client.get(_parts(UPLOADS, SHOP)).context["split"]
    scores = [
        {s.option: s.score for s in engine.evaluate(MODEL, a).ranking} for a in (UPLOADS, SHOP)
    ]
    best = max(sum(s[o] for s in scores) for o in MODEL.options)
    assert split["gain"] == (sum(max(s.values()) for s in scores) - best) / 2
    assert split["penalty"] == 0 and split["pays"]


def test_a_tiny_blind_team_pays_for_two_ways(client: Client) -> None:
    poor = {"team": "tiny", "ops": "low"}
    split = client.get(_parts({**UPLOADS, **poor}, {**SHOP, **poor})).context["split"]
    assert split["kind"] == "one" or split["penalty"] == 4


def test_one_option_for_all_is_said(client: Client) -> None:
    body = client.get(_parts(UPLOADS, UPLOADS)).content.decode()
    assert "One way of running it: functions" in body


def test_parts_that_no_single_option_carries(client: Client) -> None:
    """Each option is ruled out by one of the parts, or the split wins on points."""
    split = client.get(_parts(UPLOADS, {"connections": "custom", "control": "os"})).context["split"]
    assert split["kind"] == "split" and split["single"].id not in {"functions", "edge", "paas"}


@pytest.mark.parametrize(("act", "count"), [("add", 3), ("remove-2", 2), ("", 2)])
def test_an_act_leads_to_a_clean_address(client: Client, act: str, count: int) -> None:
    response = client.get(_parts(UPLOADS, SHOP, do=act, sent="1"))
    assert response.status_code == 302
    page = client.get(response["Location"])
    assert "do=" not in response["Location"] and len(page.context["columns"]) == count


def test_a_part_is_removed_and_the_others_stay(client: Client) -> None:
    response = client.get(_parts(UPLOADS, SHOP, {"trigger": "stream"}, do="remove-1"))
    columns = client.get(response["Location"]).context["columns"]
    assert [c["name"] for c in columns] == ["Shop", "Reports"]
    assert dict(columns[0]["result"].answers) == SHOP


def test_open_answers_are_filled_from_the_first_part(client: Client) -> None:
    response = client.get(_parts(UPLOADS, {"trigger": "http"}, do="fill-2"))
    second = client.get(response["Location"]).context["columns"][1]["result"].answers
    assert dict(second) == {**UPLOADS, "trigger": "http"}


def test_no_more_than_five_parts(client: Client) -> None:
    page = client.get(_parts(*[UPLOADS] * 5, do="add"), follow=True)
    assert len(page.context["columns"]) == 5 and not page.context["may_add"]


def test_a_name_is_text_and_no_longer_than_it_may_be(client: Client) -> None:
    page = client.get("/fit/parts/", {"part": ["<script>alert(1)</script>" + "x" * 90, ""]})
    body = page.content.decode()
    assert "<script>alert" not in body
    assert [len(c["name"]) for c in page.context["columns"]] == [40, 6]


def test_a_result_leads_to_its_parts_and_its_variants(client: Client) -> None:
    page = client.get("/fit/result/", UPLOADS)
    parts = client.get(page.context["parts_url"]).context["columns"]
    assert dict(parts[0]["result"].answers) == UPLOADS and parts[1]["answered"] == 0
    beside = client.get(page.context["flips"][0]["compare_url"]).context["columns"]
    assert dict(beside[0]["result"].answers) == UPLOADS
    changes = dict(page.context["flips"][0]["flip"].changes)
    assert dict(beside[1]["result"].answers) == {**UPLOADS, **changes} and beside[1]["turned"]


# Variants


def test_a_variant_says_only_what_differs(client: Client) -> None:
    page = client.get("/fit/compare/?" + urlencode({**UPLOADS, "2.traffic": "heavy"}))
    first, second = page.context["columns"]
    assert dict(second["result"].answers) == {**UPLOADS, "traffic": "heavy"}
    assert first["changes"] == [] and [c["question"].id for c in second["changes"]] == ["traffic"]
    changed = [
        (row["question"].id, cell["was"])
        for row in page.context["rows"]
        for cell in row["cells"]
        if cell["changed"]
    ]
    assert changed == [("traffic", "Sudden peaks, at least five times normal")]
    assert 'class="changed"' in page.content.decode()


def test_deltas_are_against_the_first(client: Client) -> None:
    page = client.get("/fit/compare/?" + urlencode({**UPLOADS, "2.traffic": "heavy"}))
    for row in page.context["options"]:
        before, after = (cell["standing"].score for cell in row["cells"])
        assert row["cells"][0]["delta"] is None and row["cells"][1]["delta"] == after - before
    functions = next(r for r in page.context["options"] if r["option"].id == "functions")
    assert functions["cells"][1]["delta"] == Decimal("-9.0")


def test_an_answer_can_be_opened_in_a_variant(client: Client) -> None:
    page = client.get("/fit/compare/?" + urlencode({**UPLOADS, "2.trigger": "unknown"}))
    assert "trigger" not in page.context["columns"][1]["result"].answers


def test_variants_come_and_go(client: Client) -> None:
    address = "/fit/compare/?" + urlencode({**UPLOADS, "2.traffic": "heavy", "do": "add"})
    three = client.get(address, follow=True)
    assert len(three.context["columns"]) == 3
    gone = client.get(f"{three.redirect_chain[-1][0]}&do=remove-2", follow=True)
    assert len(gone.context["columns"]) == 2 and gone.context["same"]
    four = client.get("/fit/compare/?4.traffic=idle&do=add", follow=True)
    assert len(four.context["columns"]) == 4


@pytest.mark.parametrize("path", ["/fit/parts/", "/fit/compare/"])
def test_nonsense_is_named_and_the_rest_kept(client: Client, path: str) -> None:
    page = client.get(f"{path}?1.traffic=spiky&2.traffic=owl&2.owl=1&9.traffic=idle&zz=1&sent=1")
    assert page.status_code == 200
    body = page.content.decode()
    assert "Column 2: “owl” is not an answer to question 2" in body
    assert "Column 2: The key has no question “owl”" in body and "no question “zz”" in body
    assert dict(page.context["columns"][0]["result"].answers) == {"traffic": "spiky"}


@pytest.mark.parametrize("path", ["/fit/parts/", "/fit/compare/"])
@FEW
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(["part", "do", "sent", "1.trigger", "2.traffic", "5.cpu", "trigger"])
            | st.text(max_size=8),
            st.text(max_size=8) | st.sampled_from(["events", "add", "remove-1", "fill-2", "gpu"]),
        ),
        max_size=6,
    )
)
def test_whatever_the_address_says_there_is_a_page(path: str, pairs: list[tuple[str, str]]) -> None:
    query = urlencode(pairs, errors="replace")
    response = Client().get(f"{path}?{query}", follow=True)
    assert response.status_code == 200
    assert len(response.redirect_chain) <= 1


def test_the_pages_hold_no_style_of_their_own(client: Client) -> None:
    for path in (_parts(UPLOADS, SHOP), "/fit/compare/?trigger=events&2.trigger=http"):
        body = client.get(path).content.decode()
        assert not re.search(r"<style| style=", body)
