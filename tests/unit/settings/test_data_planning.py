"""What of the settings the datasets and their descriptions depend on."""

import pytest
import yaml

from alsdecline.settings.data_planning import counted_values
from alsdecline.settings.trial import Settings
from support.configurations import changed
from support.trial_folder import PROJECT

DOSED = {"DOSEDFL": {"label": "Dosed", "dosed": True}}
SEEN = {"SEENFL": {"label": "Seen again", "values_after_baseline": ["limb"]}}


@pytest.mark.parametrize(
    ("blinded", "populations", "expected"),
    [
        (False, DOSED, ("DOSEDFL", True)),
        (True, DOSED, ("", False)),
        (False, SEEN, ("SEENFL", True)),
        (True, SEEN, ("SEENFL", False)),
    ],
)
def test_who_was_dosed_is_counted_with_all_others_while_the_trial_is_blinded(
    blinded: bool, populations: dict[str, dict[str, object]], expected: tuple[str, bool]
) -> None:
    content = yaml.safe_load((PROJECT / "config.yaml").read_text("utf-8"))
    events = [{"event": "the last dose", "strategy": "while on treatment"}]
    (population,) = populations
    changed(content, ("trial.blinded", blinded), ("populations", populations))
    for estimand in content["estimands"]:
        estimand |= {"population": population, "intercurrent_events": events}
    assert counted_values(Settings.model_validate(content)) == expected
