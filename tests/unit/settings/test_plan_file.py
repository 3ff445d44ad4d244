"""``results/plan.yaml``: the completed configuration as a file."""

from pathlib import Path

import pytest
import yaml

from alsdecline.plain_yaml import parse_yaml
from alsdecline.settings.file import parse_configuration, read_configuration
from alsdecline.settings.plan_file import Origin, origins_for_job, plan_text
from support.configurations import LONG, PILOT
from support.short_trial import SHORT, short_trial
from support.trial_folder import PROJECT

CONFIGURATIONS = {
    "bundled": (PROJECT / "config.yaml").read_text("utf-8"),
    "pilot": PILOT,
    "long": LONG,
}


def _text(content: dict, origins: list | None = None) -> str:
    return plan_text(content, [Origin(**origin) for origin in origins or []])


def test_it_is_a_configuration_of_the_same_settings(tmp_path: Path) -> None:
    found = read_configuration(short_trial(tmp_path))
    text = _text(found.filled.content, origins_for_job(found.filled.origins))
    again = parse_configuration(text, "plan.yaml")  # no raw file is at hand
    assert again.settings == found.settings
    assert not again.filled.origins


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_a_complete_configuration_comes_out_as_it_went_in(name: str) -> None:
    document = parse_yaml(CONFIGURATIONS[name])
    text = _text(document.content)
    again = parse_yaml(text)
    assert again.content == document.content
    assert not again.doubts


def test_each_value_that_was_filled_in_has_a_comment(tmp_path: Path) -> None:
    found = read_configuration(short_trial(tmp_path))
    lines = _text(
        found.filled.content, origins_for_job(found.filled.origins)
    ).splitlines()
    assert "time_origin: baseline  # visits have no dates" in lines
    [groups] = [line for line in lines if "id: active" in line]
    assert groups.endswith("# label: the id")
    [reference] = [line for line in lines if "reference:" in line]
    assert "#" not in reference  # which was written
    assert sum("source: proposed" in line for line in lines) == 7


def test_texts_that_look_like_something_else_stay_texts() -> None:
    texts = ["1e3", "no", "010", "1:30", "a: b", "two\nlines", "", "null", "x # y", "2"]
    content = {"data": {"visits": {"where": {text or "y": [text] for text in texts}}}}
    again = parse_yaml(_text(content))
    assert again.content == content
    assert not again.doubts


def test_the_order_of_keys_is_that_of_the_settings(tmp_path: Path) -> None:
    found = read_configuration(short_trial(tmp_path)).filled
    backwards = dict(reversed(found.content.items()))
    assert _text(backwards) == _text(found.content)
    top = list(yaml.safe_load(_text(backwards)))
    assert top[:3] == ["trial", "data", "arms"]
    assert SHORT.startswith("trial")
