"""Each setting has an example that is valid, which messages, page and schema show."""

import json

import pydantic
import pytest
import yaml

from alsdecline.plain_yaml import parse_yaml
from alsdecline.settings.examples import (
    _given,
    example_at,
    example_of,
    in_one_line,
    section_of,
)
from alsdecline.settings.trial import Settings
from support.trial_folder import PROJECT


def _fields() -> dict[str, tuple[type[pydantic.BaseModel], str]]:
    found: dict[str, tuple[type[pydantic.BaseModel], str]] = {}

    def visit(section: type[pydantic.BaseModel]) -> None:
        for key, field in section.model_fields.items():
            name = f"{section.__name__}.{key}"
            if name not in found:
                found[name] = (section, key)
                inner = section_of(field.annotation)
                if inner is not None:
                    visit(inner)

    visit(Settings)
    return found


FIELDS = _fields()


@pytest.mark.parametrize("name", FIELDS)
def test_the_example_of_a_key_is_valid_as_it_is_printed(name: str) -> None:
    section, key = FIELDS[name]
    printed = in_one_line(example_of(section, key))
    read = parse_yaml(f"{key}: {printed}")
    assert read.doubts == {}
    assert yaml.safe_load(printed) is not None
    with pytest.raises(pydantic.ValidationError) as refused:
        section.model_validate({**read.content, "no such key": 1})
    wrong = [e["loc"] for e in refused.value.errors() if e["loc"][0] == key]
    assert wrong == []


def test_every_example_is_of_a_key_that_there_is() -> None:
    sections = {section.__name__: section for section, _ in FIELDS.values()}
    sections |= {s.__mro__[1].__name__: s for s in sections.values()}
    for name, examples in _given().items():
        assert examples.keys() - {"also"} <= set(sections[name].model_fields), name


def test_an_example_is_in_the_words_of_the_trial() -> None:
    content = {
        "arms": {"reference": "low", "groups": [{"id": "low"}, {"id": "high"}]},
        "outcomes": [{"id": "all", "sum_of": ["limb"]}, {"id": "limb"}],
        "estimands": [{"id": "main"}],
    }
    assert example_at(("primary",), content) == "primary: main"
    assert example_at(("arms", "reference"), content) == "reference: low"
    told = example_at(("estimands", 0, "treatment"), content)
    assert told == "treatment: high"
    assert example_at(("models", "joint", 0), content) == "joint: [limb]"


def test_a_setting_that_there_is_not_has_no_example() -> None:
    assert example_at(("colour",)) == ""


def test_the_schema_has_the_examples() -> None:
    schema = json.loads((PROJECT / "docs/config.schema.json").read_text("utf-8"))
    assert schema["$defs"]["Sampler"]["properties"]["chains"]["examples"] == [4]
    assert schema["properties"]["primary"]["examples"] == ["rate"]


def test_the_page_of_keys_has_the_examples() -> None:
    page = (PROJECT / "docs/configuration.md").read_text("utf-8")
    assert "| `chains` | whole number | *4* | `4` | Chains, at least 2. |" in page
