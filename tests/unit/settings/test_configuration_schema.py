"""The schema that editors read is that of the settings, and holds configurations."""

import datetime
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from support.short_trial import SHORT
from write_configuration_schema import configuration_schema

PROJECT = Path(__file__).parents[3]
SCHEMA = PROJECT / "docs" / "config.schema.json"
CONFIGURATIONS = [
    PROJECT / "config.yaml",
    *sorted(PROJECT.glob("tests/validation/*/config.yaml")),
]


def content(path: Path) -> Any:
    """Return a configuration as JSON has it, in which dates are text."""
    found = yaml.safe_load(path.read_text("utf-8"))
    return json.loads(json.dumps(found, default=datetime.date.isoformat))


def complaints(configuration: Any) -> list[tuple[str, str]]:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    found = jsonschema.Draft202012Validator(schema).iter_errors(configuration)
    return [(error.json_path, error.message) for error in found]


def test_the_schema_is_up_to_date() -> None:
    assert SCHEMA.read_text("utf-8") == configuration_schema(), "run `make docs`"


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.parent.name)
def test_the_schema_accepts_every_configuration_of_the_project(path: Path) -> None:
    assert complaints(content(path)) == []


@pytest.mark.parametrize(
    ("section", "at"),
    [((), "$"), (("data", "visits"), "$.data.visits"), (("arms",), "$.arms")],
)
def test_the_schema_refuses_an_unknown_key(section: tuple[str, ...], at: str) -> None:
    configuration = content(PROJECT / "config.yaml")
    inner = configuration
    for key in section:
        inner = inner[key]
    inner["colour"] = "blue"

    ((where, message),) = complaints(configuration)

    assert where == at
    assert "'colour' was unexpected" in message


def test_the_schema_refuses_what_a_key_does_not_permit() -> None:
    configuration = content(PROJECT / "config.yaml")
    configuration["sampler"]["chains"] = 1
    configuration["time_origin"] = "birth"
    del configuration["arms"]

    assert {where for where, _ in complaints(configuration)} == {
        "$",
        "$.sampler.chains",
        "$.time_origin",
    }


def test_the_schema_accepts_what_leaves_out_all_that_is_filled_in() -> None:
    assert complaints(yaml.safe_load(SHORT)) == []


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.parent.name)
def test_the_first_line_of_every_configuration_leads_to_the_schema(path: Path) -> None:
    mark, _, named = path.read_text("utf-8").splitlines()[0].partition("$schema=")

    assert mark == "# yaml-language-server: "
    assert (path.parent / named).resolve() == SCHEMA
