"""``results/plan.yaml``: the completed configuration, with where its values came from.

It is itself a configuration, which says and gives the same.
"""

import types
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import pydantic
import yaml

from alsdecline.plain_scalars import meant
from alsdecline.plain_yaml import Location, parse_yaml
from alsdecline.settings.trial import Settings

PLAN = Path("results/plan.yaml")

HEADER = """\
# The complete configuration of this run: config.yaml with all that it leaves out. A
# comment at the end of a line says where a value came from that config.yaml does not
# have. This file can stand in place of config.yaml, and gives the same results.
# A prior whose source is `proposed` is nobody's choice yet: confirm or replace it, and
# write where it comes from.
"""


class _Dumper(yaml.SafeDumper):
    """Puts in quotes what our reader would take for no text."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """Write what is there twice twice."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if meant(text) == (text, "") and "\n" not in text else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


class Origin(pydantic.BaseModel):
    """Where a value that was filled in came from, as a job is given it."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    at: list[str | int]
    origin: str


def origins_for_job(origins: Mapping[Location, str]) -> list[dict[str, Any]]:
    """Return where values came from as JSON has it."""
    return [{"at": list(at), "origin": origin} for at, origin in origins.items()]


def _ordered(value: Any, annotation: Any) -> Any:
    """Put keys into the order that the settings declare them in."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(
            part for part in get_args(annotation) if part is not types.NoneType
        )
    parts = get_args(annotation)
    if isinstance(value, list):
        inner = parts[0] if parts else None
        return [_ordered(part, inner) for part in value]
    if not isinstance(value, dict):
        return value
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        fields = annotation.model_fields
        return {
            key: _ordered(value[key], fields[key].annotation)
            for key in fields
            if key in value
        }
    inner = parts[-1] if parts else None
    return {key: _ordered(part, inner) for key, part in value.items()}


def plan_text(content: Mapping[str, Any], origins: Iterable[Origin]) -> str:
    """Return the text of the file.

    Parameters
    ----------
    content : mapping
        The completed configuration.
    origins : iterable of Origin
        Where values came from that were filled in.

    Returns
    -------
    str
        YAML in the order of the settings, whatever that of `content`.
    """
    text = yaml.dump(
        _ordered(dict(content), Settings),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=float("inf"),
    )
    lines = text.splitlines()
    for line, words in _comments(text, origins).items():
        lines[line - 1] += f"  # {words}"
    return "\n".join([HEADER.rstrip(), "", *lines]) + "\n"


def _comments(text: str, origins: Iterable[Origin]) -> dict[int, str]:
    """Return what is said at the end of each line; of several keys each by its name."""
    places = parse_yaml(text).places
    first: dict[int, Location] = {}
    for at, place in places.items():
        if at and len(at) < len(first.get(place.line, (*at, ""))):
            first[place.line] = at
    said: dict[int, dict[str, list[str]]] = {}
    for one in origins:
        at = tuple(one.at)
        if one.origin:
            line = places[at].line
            own = at == first[line]
            names = said.setdefault(line, {}).setdefault(one.origin, [])
            names += [] if own else [str(at[-1])]
    return {
        line: "; ".join(
            f"{', '.join(names)}: {origin}" if names else origin
            for origin, names in by_origin.items()
        )
        for line, by_origin in said.items()
    }
