"""Plates as figures, and what happens when there is no drawing."""

from __future__ import annotations

import pytest
from django.test import Client

from guide import drawings
from guide.book import book
from guide.plates import Plate


def test_a_plate_that_cannot_be_drawn_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawings, "drawing", lambda plate, figures=(): "Too many parts to draw.")
    plate = book().plates["10.3a"]
    figure = drawings.figure(plate, "<p>A caption.</p>")
    assert "Too many parts to draw." in figure and 'id="plate-10-3a"' in figure
    assert drawings.standalone(plate) is None


def test_a_text_that_is_no_design_makes_no_crash() -> None:
    broken = Plate("1.1a", "model: nonsense", "A caption.", 1)
    assert "cannot be read" in drawings.figure(broken, "<p>A caption.</p>")


def test_a_plate_is_a_file_that_stands_alone(client: Client) -> None:
    response = client.get("/plates/10.3a.svg")
    text = response.content.decode()
    assert text.startswith("<?xml") and 'xmlns="http://www.w3.org/2000/svg"' in text
    assert "<script" not in text and "http://www.w3.org/1999/xlink" not in text
    assert "script-src" not in response["Content-Security-Policy"]


def test_the_file_of_a_plate_is_the_text_it_was_drawn_from(client: Client) -> None:
    text = client.get("/plates/10.3b.yaml").content.decode()
    assert text == book().plates["10.3b"].text and "model: sdm/1" in text


def test_figures_carry_their_number_and_their_files(client: Client) -> None:
    body = client.get("/plates/10.3a/").content.decode()
    assert "Plate 10.3a" in body
    assert 'href="/plates/10.3a.svg"' in body and 'href="/plates/10.3a.yaml"' in body
