"""Write the JSON schema of config.yaml, by which editors complete and explain keys."""

import argparse
import json
from pathlib import Path

from alsdecline.settings.filled_in import FILLED_IN
from alsdecline.settings.trial import Settings


def configuration_schema() -> str:
    """Return the schema of the settings as JSON, with their own descriptions.

    It is what the settings say one by one: keys, types, limits; what is filled in may
    be left out. How they must agree
    with each other is checked when a run begins.
    """
    settings = Settings.model_json_schema()
    for name, section in {"Settings": settings, **settings["$defs"]}.items():
        needed = section.get("required", [])
        section["required"] = [k for k in needed if f"{name}.{k}" not in FILLED_IN]
        if not section["required"]:
            section.pop("required")
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **settings}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the schema."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("schema", type=Path, help="the file to write")
    parser.parse_args().schema.write_text(configuration_schema(), "utf-8")


if __name__ == "__main__":
    main()
