"""What is wrong with one setting: its value, what is permitted, an example."""

from collections.abc import Mapping
from typing import Any, get_args

import pydantic

from alsdecline.near_names import nearest
from alsdecline.plain_scalars import shortened
from alsdecline.plain_yaml import Document, Location, Place
from alsdecline.settings.complaints import complaint_of, unknown_key
from alsdecline.settings.examples import example_at
from alsdecline.settings.trial import Settings

MOST_SOUGHT = 100
"""Unknown keys of which the one that is meant is sought; nobody reads more."""


def dotted(location: Location) -> str:
    """Return a place in a configuration as people write it, with dots."""
    return shortened(".".join(str(part) for part in location))


def place_of(location: Location, places: Mapping[Location, Place]) -> Place:
    """Return line and column of a key, or of the nearest around one that is absent."""
    while location and location not in places:
        written = (*location[:-1], str(location[-1]))  # as a key of a mapping is
        location = written if written in places else location[:-1]
    return places[location]


def section_at(location: Location) -> type[pydantic.BaseModel] | None:
    """Return the model that holds the key at this location."""
    model: Any = Settings
    for part in location[:-1]:
        if isinstance(model, type) and issubclass(model, pydantic.BaseModel):
            field = model.model_fields.get(str(part))
            model = field.annotation if field else None
        elif get_args(model):
            model = get_args(model)[-1]
        options = [a for a in get_args(model) if a is not type(None)]
        if len(options) == 1 and type(None) in get_args(model):
            model = options[0]
    if isinstance(model, type) and issubclass(model, pydantic.BaseModel):
        return model
    return None


def _meant(error: Any) -> str | None:
    """Return the permitted key that an unknown one is closest to, if any is close."""
    section = section_at(error["loc"])
    fields = list(section.model_fields) if section else []
    return nearest(str(error["loc"][-1]), fields) or None


def without_misspelt(errors: list[Any]) -> list[Any]:
    """Leave out the absence of a key that is there misspelt, which is told already."""
    lacking = {e["loc"][:-1] for e in errors if e["type"] == "missing"}
    unknown = [e for e in errors if e["type"] == "extra_forbidden"]
    few = [e for e in unknown if e["loc"][:-1] in lacking][:MOST_SOUGHT]
    misspelt = {(*e["loc"][:-1], _meant(e)) for e in few}
    return [e for e in errors if e["type"] != "missing" or e["loc"] not in misspelt]


def _description(location: Location) -> str:
    """Describe the setting here, or that of whose mapping or list this is a part."""
    while location:
        section = section_at(location)
        if section and location[-1] in section.model_fields:
            return section.model_fields[str(location[-1])].description or ""
        location = location[:-1]
    return ""


def _shown(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def as_written(document: Document, at: Location) -> str:
    """Return a value as it stands in the file, shortened."""
    return shortened(document.places[at].written or "")


def value_told(
    location: Location, shown: str, complaint: str, document: Document
) -> str:
    """Say what is wrong with a value, what is permitted, and where it stands."""
    place = place_of(location, document.places)
    end = "" if complaint.endswith("?") else "."
    said = f"{dotted(location)} is {shown}: {complaint}{end} {_description(location)}"
    example = example_at(location, document.content)
    shows = f" For example: `{example}`" if example else ""
    written = shown if place.written is None else shortened(place.written)
    also = "" if written in {shown, shown.strip("'")} else f", `{written}`"
    return f"{said.rstrip()}{shows} (column {place.column}{also})"


def _lacking(location: Location, document: Document) -> str:
    """Say that a key is missing, where, and what may be written there."""
    where = [str(part) for part in location[:-1] if isinstance(part, str)]
    below = f" below `{where[-1]}:`" if where else " at the top"
    if len(location) > 1 and isinstance(location[-2], int):
        below = f" in entry {location[-2] + 1} of `{where[-1]}:`"
    said = f"key {dotted(location)!r} is missing. {_description(location)}"
    example = example_at(location, document.content)
    return f"{said.rstrip()} Write{below}, for example: `{example}`"


def explain(error: Any, document: Document) -> str:
    """Say what is wrong with one setting and what is permitted."""
    location: Location = error["loc"]
    if error["type"] == "extra_forbidden":
        section = section_at(location)
        fields = section.model_fields if section else {}
        meant = unknown_key(location, fields)
        name = dotted(location)
        return f"unknown key {name!r}; {meant} Permitted here: {', '.join(fields)}"
    if error["type"] == "missing":
        return _lacking(location, document)
    return value_told(location, _shown(error["input"]), complaint_of(error), document)
