"""Figures draw what the check of labels lets through, without a box."""

import warnings
from pathlib import Path

import pytest

from alsdecline.figures.style import new_figure, save_figure
from support.small_figure import PLAN


@pytest.mark.parametrize("label", ["対照プラセボ", "العربية", "e\u0301 ≥ 3 µg"])
def test_a_label_is_drawn_from_the_fonts_of_the_lock(
    label: str, tmp_path: Path
) -> None:
    figure = new_figure(PLAN, 1)
    figure.text(0.1, 0.5, label)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # as Matplotlib warns of a glyph that is missing
        save_figure(figure, [tmp_path / "a.svg", tmp_path / "a.png"], 50)


def test_a_character_that_no_font_has_would_be_a_box(tmp_path: Path) -> None:
    figure = new_figure(PLAN, 1)
    figure.text(0.1, 0.5, "한")
    with pytest.warns(UserWarning, match="missing from font"):
        save_figure(figure, [tmp_path / "a.png"], 50)
