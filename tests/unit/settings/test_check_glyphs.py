"""What figures cannot draw is told with the label and its characters."""

import unicodedata

import pytest
import yaml
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font

from alsdecline.drawn_characters import EVERYDAY, undrawn
from alsdecline.settings.file import SettingsError, parse_settings
from support.trial_folder import PROJECT

CHARACTERS = FT2Font(findfont("DejaVu Sans", fallback_to_default=False)).get_charmap()
"""Of the font that Matplotlib's defaults name, which figures keep."""


def test_what_is_not_looked_up_is_in_the_font() -> None:
    everyday = [chr(number) for number in range(0x20, EVERYDAY)]
    assert not [
        character
        for character in everyday
        if unicodedata.category(character) != "Cc" and ord(character) not in CHARACTERS
    ]


@pytest.mark.parametrize(
    "label",
    [
        "3 µg/kg",
        "Žádný <b>lék</b>",
        "лечение",
        "δόση",
        "العربية",
        "שלום",
        "e\u0301",
        "≥ 3",
    ],
)
def test_a_label_that_the_font_has_is_drawn(label: str) -> None:
    assert undrawn(label) == []


@pytest.mark.parametrize(
    ("label", "missing"),
    [
        ("한국 한국", ["한", "국"]),
        ("placebo 👍", ["👍"]),
        ("ยา", ["ย", "า"]),
        ("abc\u202edef", ["\u202e"]),
    ],
)
def test_what_would_be_a_box_or_turned_round_is_named(
    label: str, missing: list[str]
) -> None:
    assert undrawn(label) == missing


def test_labels_of_arms_outcomes_and_scales_are_refused_with_their_characters() -> None:
    text = (PROJECT / "config.yaml").read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    content["arms"]["groups"][0]["label"] = "한국"
    content["outcomes"][0]["label"] = "Norris 👍"
    with pytest.raises(SettingsError) as refused:
        parse_settings(yaml.safe_dump(content, allow_unicode=True), "config.yaml")
    told = str(refused.value)
    assert "arms.groups.0.label: figures cannot draw 한 (U+D55C), 국 (U+AD6D)" in told
    assert "outcomes.0.label: figures cannot draw 👍 (U+1F44D)" in told
