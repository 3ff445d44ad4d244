"""What an estimand says of patients and events is carried out, or refused."""

import pytest
import yaml

from alsdecline.settings.file import parse_settings
from support.configurations import Change, changed, refusal
from support.trial_folder import PROJECT

TEXT = (PROJECT / "config.yaml").read_text("utf-8")
DOSED = {"label": "Dosed", "dosed": True}
EVENTS = "estimands.0.intercurrent_events"


def told(*changes: Change) -> list[str]:
    """Say why a configuration is refused, without its lines."""
    content = changed(yaml.safe_load(TEXT), *changes)
    lines = refusal(yaml.safe_dump(content, sort_keys=False))
    return [line.partition(": ")[2] for line in lines]


def test_a_population_must_be_one_of_the_plans() -> None:
    changes = [(f"estimands.{i}.population", "PPROTFL") for i in range(4)]
    said = told(*changes)
    assert said[0] == (
        "estimands.0.population: 'PPROTFL' is no population; use one of all; or define "
        "it at the top: `populations: {PPROTFL: {label: Per protocol, "
        "values_after_baseline: [alsfrs_r]}}`"
    )
    assert len(said) == 4


def test_all_estimands_have_the_same_population() -> None:
    (said,) = told(
        ("populations", {"DOSEDFL": DOSED}), ("estimands.2.population", "DOSEDFL")
    )
    assert said.startswith("estimands.2.population: is not 'all', that of the first")


def test_a_population_restricts_every_fit() -> None:
    changes: list[Change] = [("populations", {"DOSEDFL": DOSED})]
    changes += [(f"estimands.{i}.population", "DOSEDFL") for i in range(4)]
    content = changed(yaml.safe_load(TEXT), *changes)
    settings = parse_settings(yaml.safe_dump(content), "config.yaml")
    assert settings.analysed_population == "DOSEDFL"
    assert parse_settings(TEXT, "config.yaml").analysed_population == ""


# event, strategy, and what is said of it
REFUSED = {
    "principal stratum": (
        "missed doses",
        "principal stratum",
        (
            "'principal stratum' cannot be carried out; use one of 'treatment policy', "
            "'while alive', 'while on treatment', 'hypothetical'"
        ),
    ),
    "composite": (
        "death",
        "composite",
        "'composite' cannot be carried out; use one of",
    ),
    "policy past death": (
        "death",
        "treatment policy",
        "'treatment policy' has no meaning past death; use 'while alive'",
    ),
    "alive with another event": (
        "riluzole",
        "while alive",
        "'while alive' is of the event 'death' alone",
    ),
    "hypothetical with values": (
        "riluzole",
        "hypothetical",
        "'hypothetical' is of the event 'withdrawal' alone, after which there are no",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_strategy_that_nothing_carries_out_is_refused(case: str) -> None:
    event, strategy, says = REFUSED[case]
    (said,) = told((EVENTS, [{"event": event, "strategy": strategy}]))
    assert said.startswith(f"{EVENTS}.0.strategy: {says}")


def test_values_after_the_last_dose_are_left_out_of_all_fits_or_none() -> None:
    on_treatment = [{"event": "missed doses", "strategy": "while on treatment"}]
    said = told((EVENTS, on_treatment))
    assert len(said) == 3
    assert said[0].startswith(
        "estimands.1.intercurrent_events: another estimand leaves out values after"
    )
    of_all: list[Change] = [
        (f"estimands.{i}.intercurrent_events", on_treatment) for i in range(4)
    ]
    content = changed(yaml.safe_load(TEXT), *of_all)
    settings = parse_settings(yaml.safe_dump(content), "config.yaml")
    assert settings.until_last_dose
    (said, *_) = told(*of_all, ("data.exposure", None), ("populations", {}))
    assert "needs doses" in said


def test_hypothetical_is_of_withdrawal() -> None:
    event = {"event": "withdrawal", "strategy": "hypothetical"}
    content = changed(yaml.safe_load(TEXT), (EVENTS, [event]))
    parse_settings(yaml.safe_dump(content), "config.yaml")
