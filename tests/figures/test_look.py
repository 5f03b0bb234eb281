from __future__ import annotations

import pytest

from cocoonsim.figures._look import PALETTE, number, percent, plain


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "0"), (-1e-15, "0"), (-0.5, "−0.5"), (12.345, "12.3"), (12345.6, "12,346"), (None, "undefined")],
)
def test_numbers_are_for_people(value: float | None, words: str) -> None:
    assert number(value) == words


@pytest.mark.parametrize(("share", "words"), [(0.091, "9.1"), (0.5, "50"), (0.02, "2"), (1.0, "100"), (0.0, "0")])
def test_shares_become_percentages(share: float, words: str) -> None:
    assert percent(share) == f"{words}\u202f%"


def test_markup_of_the_user_is_disarmed() -> None:
    assert "<" not in plain('<a href="javascript:alert(1)">news</a>')


def test_colours_stand_out_from_white() -> None:
    """WCAG 2.1 asks for a contrast of 3 to 1 for strong lines; the paler two of Okabe & Ito's come late and with a dash."""

    def luminance(colour: str) -> float:  # the definition of WCAG 2.1, "relative luminance"
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    contrast = [1.05 / (luminance(colour) + 0.05) for colour in PALETTE]
    assert min(contrast[:3]) > 3.0
    assert min(contrast) > 2.0
