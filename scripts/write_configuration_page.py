"""Write the page of all configuration keys, from the settings' own descriptions."""

import argparse
import datetime
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from alsdecline.settings.examples import example_of, in_one_line
from alsdecline.settings.filled_in import FILLED_IN
from alsdecline.settings.trial import Settings

HEADER = """\
# Every key of config.yaml

Written by `make docs` from the settings that check a configuration. A key without a
default must be given. A default *in italics* is filled in from the rest of the
configuration, or from the raw files, before it is checked; `results/plan.yaml` has the
complete configuration, with where each of these values came from. Priors are proposed
from the scale's catalogue where it knows the slope in the disease; else mean slope and
effect are Normal(0, s), where s is the SD of the baseline values of all arms by the
time planned, and the SDs are scaled by that SD. Nothing measured after baseline bears
on them. Their `source` is `proposed`, and the report says so, until somebody writes
another. Names of arms, outcomes and estimands in the examples are of no trial;
messages print those of yours. The bundled [config.yaml](../config.yaml) is one of two
arms; [tests/validation](../tests/validation) has one of raw SDTM transport files with
items, windows and pooled sites, one of a long file without dates, and one of one arm.
Editors that know YAML complete and explain these keys by
[config.schema.json](config.schema.json), which the first line of a configuration names.

What readers of YAML take differently is refused with its line and column: numbers that
begin with 0 (`010`), in sixties (`1:30`), not in tens (`0x10`) or with `_` (`1_000`),
numbers, `yes`, `no`, `on` and `off` where a text is needed (quotes make it one), keys
that are no texts, and tags. `yes` is taken where true is needed, `1e3` where a number
is, `2025-01-01` where a date or a text is. A configuration has at most 250,000 bytes
and 10,000 values, those of an alias counted each time.
"""

NAMES = {
    str: "text",
    float: "number",
    int: "whole number",
    bool: "true or false",
    datetime.date: "date",
}


def sections_of(annotation: Any) -> Iterator[type[BaseModel]]:
    """Find the sections that a key may hold, in lists and mappings too."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from sections_of(part)


def type_text(annotation: Any) -> str:
    """Say in words what a key may hold."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(f"`{part}`" for part in parts)
    if origin in (Union, types.UnionType):
        return type_text(next(p for p in parts if p is not types.NoneType))
    if origin is Annotated:  # limits, which the description tells
        return type_text(parts[0])
    if origin is list:
        return f"list: {type_text(parts[0])}"
    if origin is dict:
        return f"mapping: {type_text(parts[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return NAMES[annotation]


def default_text(section: type[BaseModel], name: str, field: FieldInfo) -> str:
    """Return the default of a key; nothing where it must be given."""
    if filled := FILLED_IN.get(f"{section.__name__}.{name}"):
        return f"*{filled}*"
    if field.is_required():
        return ""
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or value == "" or isinstance(value, BaseModel):
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    return "empty" if value in ([], {}) else f"{value}"


def table(section: type[BaseModel]) -> str:
    """Return a section's heading and the table of its keys."""
    summary = str(section.__doc__).splitlines()[0]
    lines = [
        f"## {section.__name__}",
        "",
        summary,
        "",
        "| key | holds | default | example | |",
        "|---|---|---|---|---|",
    ]
    for name, field in section.model_fields.items():
        cells = [
            f"`{name}`",
            type_text(field.annotation),
            default_text(section, name, field),
            f"`{in_one_line(example_of(section, name))}`",
            str(field.description).replace("|", "\\|"),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def configuration_page() -> str:
    """Return the page: every section once, in the order of the configuration."""
    found: dict[type[BaseModel], None] = {}

    def visit(section: type[BaseModel]) -> None:
        found[section] = None
        for field in section.model_fields.values():
            for inner in sections_of(field.annotation):
                if inner not in found:
                    visit(inner)

    visit(Settings)
    return "\n".join([HEADER, *(table(section) for section in found)])


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path, help="the file to write")
    parser.parse_args().page.write_text(configuration_page(), "utf-8")


if __name__ == "__main__":
    main()
