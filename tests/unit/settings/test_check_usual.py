"""Ranges of what is usual are ranges of numbers; scales of items begin at 0."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from alsdecline.settings.data_planning import data_plan, for_ingest
from alsdecline.settings.file import SettingsError, parse_settings
from alsdecline.settings.trial import Settings
from support.trial_folder import PROJECT

BUNDLED = (PROJECT / "config.yaml").read_text(encoding="utf-8")


def _settings(change: Callable[[dict[str, Any]], None]) -> Settings:
    content = yaml.safe_load(BUNDLED)
    change(content)
    text = yaml.safe_dump(content, allow_unicode=True)
    return parse_settings(text, "config.yaml")


def _of_characteristic(at: int, usual: list[float]) -> Callable[[Any], None]:
    def change(content: Any) -> None:
        content["data"]["subjects"]["characteristics"][at]["usual"] = usual

    return change


def _of_outcome(at: int, usual: list[float]) -> Callable[[Any], None]:
    def change(content: Any) -> None:
        content["outcomes"][at]["usual"] = usual

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_of_characteristic(0, [90, 18]), "[90, 18] is no range; write the least"),
        (_of_characteristic(1, [0, 1]), "is of a number; leave it out of a category"),
        (_of_outcome(3, [150, 150]), "outcomes.3.usual: [150, 150] is no range"),
        (_of_outcome(0, [0, 100]), "write it to the parts of this sum"),
        (_of_outcome(3, [10]), "usual"),
    ],
)
def test_what_is_no_range_of_numbers_is_told(
    change: Callable[[Any], None], says: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        _settings(change)
    assert says in str(refused.value)


def test_an_outcome_has_its_own_range_or_the_catalogues() -> None:
    plan = data_plan(parse_settings(BUNDLED, "config.yaml"))
    assert plan.usual == {"fvc_percent": [10, 180]}
    plan = data_plan(_settings(_of_outcome(3, [20, 140])))
    assert plan.usual == {}
    assert plan.outcomes[3].usual == [20, 140]


def test_no_dataset_is_made_anew_by_what_is_usual() -> None:
    changed = _settings(_of_outcome(3, [20, 140]))
    as_it_was = parse_settings(BUNDLED, "config.yaml")
    assert for_ingest(data_plan(changed)) == for_ingest(data_plan(as_it_was))


def test_a_scale_of_items_begins_at_0() -> None:
    def change(content: Any) -> None:
        content["scales"] = {
            "pair": {
                "name": "pair",
                "unit": "points",
                "minimum": 1,
                "maximum": 2,
                "better": "higher",
                "item_maxima": [1, 1],
                "source": "own",
            }
        }

    with pytest.raises(SettingsError, match="items begin at 0, so 0 points are poss"):
        _settings(change)
