"""Write the JSON schema of config.yaml, by which editors complete and explain keys."""

import argparse
import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from alsdecline.settings.examples import example_of, section_of
from alsdecline.settings.filled_in import FILLED_IN
from alsdecline.settings.trial import Settings


def with_examples(schema: dict[str, Any], section: type[BaseModel]) -> None:
    """Give each key of a section, and of those within, an example in the schema."""
    part = schema if section is Settings else schema["$defs"][section.__name__]
    for key, field in section.model_fields.items():
        shown = part["properties"][key]
        if "examples" in shown:  # of a section that is met again
            return
        shown["examples"] = [example_of(section, key)]
        inner = section_of(field.annotation)
        if inner is not None:
            with_examples(schema, inner)


def configuration_schema() -> str:
    """Return the schema of the settings as JSON, with their own descriptions.

    It is what the settings say one by one: keys, types, limits, examples; what is
    filled in may be left out. How they must agree is checked when a run begins.
    """
    settings = Settings.model_json_schema()
    for name, section in {"Settings": settings, **settings["$defs"]}.items():
        needed = section.get("required", [])
        section["required"] = [k for k in needed if f"{name}.{k}" not in FILLED_IN]
        if not section["required"]:
            section.pop("required")
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **settings}
    with_examples(schema, Settings)
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the schema."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("schema", type=Path, help="the file to write")
    parser.parse_args().schema.write_text(configuration_schema(), "utf-8")


if __name__ == "__main__":
    main()
