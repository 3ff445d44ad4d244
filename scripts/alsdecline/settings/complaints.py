"""What is wrong with one setting, by the slip that leads to it, and how it is written.

Pydantic says which form a value has not; what a person did is told by the value itself.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pydantic

from alsdecline.near_names import did_you_mean, nearest
from alsdecline.plain_scalars import is_decimal, shortened
from alsdecline.settings.examples import Location, in_one_line, section_of
from alsdecline.settings.trial import Settings

_GLUED = re.compile(r"([A-Za-z_]+):(\S.*)")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})")
_LARGEST_MONTH = 12
_PERCENT = 100
MOST_PLACES = 2
"""Sections with an unknown key that are named; one that many have says nothing."""


def number_meant(text: str) -> str:
    """Return a number that a text other than one stands for; empty if none plainly."""
    form = text.strip().rstrip("%,").strip()
    if re.fullmatch(r"[-+]?[0-9]+,([0-9]{1,2}|[0-9]{4,})", form):
        form = form.replace(",", ".")
    elif re.fullmatch(r"[0-9]{1,3}([  '][0-9]{3})+", form):
        form = re.sub(r"[^0-9]", "", form)
    if not is_decimal(form):
        return ""
    return f"{float(form) / _PERCENT:g}" if "%" in text else form


def date_meant(text: str) -> str:
    """Return a date in ISO 8601 that another form of it stands for without doubt."""
    form = _DAY_FIRST.fullmatch(text.strip())
    if not form:
        return ""
    first, second, year = (int(part) for part in form.groups())
    day, month = (first, second) if first > _LARGEST_MONTH else (second, first)
    if first <= _LARGEST_MONTH and second <= _LARGEST_MONTH and first != second:
        return ""
    return f"{year}-{month:02}-{day:02}"


def name_meant(text: str, pattern: str) -> str:
    """Return a name that is written as it must be, as near as can be to another."""
    slug = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")
    tight = slug.replace("_", "")
    for name in (slug, slug.lower(), slug.upper()[:8], tight.upper()[:8], f"x_{slug}"):
        if re.fullmatch(pattern, name):
            return name
    return ""


def _of_name(error: Any) -> str:
    text = str(error["input"])
    name = name_meant(text, error["ctx"]["pattern"])
    if not name:
        return "it is not written as is needed"
    if error["loc"][:2] == ("arms", "groups") and error["loc"][-1] == "id":
        recode = in_one_line({"arm": {text: name}})
        return (
            f"not an id; write {name} here, and, as the file has it otherwise, "
            f"`recode: {recode}` below `data: subjects:` (or `allocation:`)"
        )
    return f"not such a name; write {name}"


def _of_list(error: Any) -> str:
    given = error["input"]
    if isinstance(given, str) and given:
        return f"a list is needed; write it in brackets: [{shortened(given)}]"
    if given is None:
        return "a list is needed, and nothing stands here; write [] for none"
    if isinstance(given, Mapping):
        return "a list is needed; begin each of its parts with '- '"
    return f"a list is needed; write it in brackets: [{shortened(in_one_line(given))}]"


def _of_section(error: Any) -> str:
    given = error["input"]
    if given is None:
        return (
            "keys are needed here, and nothing stands below; indent its keys, or "
            "leave it out"
        )
    glued = _GLUED.fullmatch(given) if isinstance(given, str) else None
    if glued:
        return f"a blank is missing behind the colon: write `{glued[1]}: {glued[2]}`"
    if isinstance(given, list):
        return "a mapping of keys to values is needed here, no list; leave out the '- '"
    return "a mapping of keys to values is needed here"


def _of_text(error: Any) -> str:
    given = error["input"]
    if given is None:
        return (
            "a text is needed here; write one (in quotes, if it begins with #), or "
            "leave the key out"
        )
    if isinstance(given, bool | int | float):
        return "a text is needed here; put it in quotes"
    return "one text is needed here, and no list or mapping"


def _of_number(error: Any) -> str:
    whole = error["type"].startswith("int")
    needed = "a whole number is needed here" if whole else "a number is needed here"
    given = error["input"]
    meant = number_meant(given) if isinstance(given, str) else ""
    return f"{needed}; write {meant}" if meant else needed


def _of_date(error: Any) -> str:
    given = error["input"]
    meant = date_meant(given) if isinstance(given, str) else ""
    if meant:
        return f"a date is needed here, as YYYY-MM-DD; write {meant}"
    if isinstance(given, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", given):
        return "no calendar has this day; write one that there is, as YYYY-MM-DD"
    return "a date is needed here, as YYYY-MM-DD"


def _of_limit(error: Any) -> str:
    said = str(error["msg"][0].lower() + error["msg"][1:])
    limits = error.get("ctx", {})
    given = error["input"]
    number = isinstance(given, int | float) and not isinstance(given, bool)
    if number and limits.get("lt") == 1 and 1 < given < _PERCENT:
        return f"{said}; a percentage? write {given / _PERCENT:g}"
    return said


def _of_choice(error: Any) -> str:
    said = str(error["msg"][0].lower() + error["msg"][1:])
    permitted = re.findall(r"'([^']*)'", str(error["ctx"]["expected"]))
    near = nearest(str(error["input"]), permitted)
    return f"{said}; did you mean {near!r}?" if near else said


_BY_KIND: dict[str, Callable[[Any], str]] = {
    "string_pattern_mismatch": _of_name,
    "literal_error": _of_choice,
    "list_type": _of_list,
    "model_type": _of_section,
    "dict_type": _of_section,
    "string_type": _of_text,
    "bool_type": lambda _: "true or false is needed here",
    "bool_parsing": lambda _: "true or false is needed here",
    "string_too_short": lambda _: "a text is needed here, and this is empty",
    "too_short": lambda _: "one at least is needed",
}
"""By the types of pydantic's errors; of all others it says a limit."""


def complaint_of(error: Any) -> str:
    """Say what is wrong with a value, and, where it can be told, how it is written.

    Parameters
    ----------
    error : mapping
        One of pydantic's, of a value that a key may not have.

    Returns
    -------
    str
    """
    kind = str(error["type"])
    if kind.startswith(("int_", "float_")):
        return _of_number(error)
    if kind.startswith("date_"):
        return _of_date(error)
    return _BY_KIND.get(kind, _of_limit)(error)


def _sections_with(key: str) -> list[str]:
    """Return where else in the configuration there is such a key, from the top."""
    found: list[str] = []

    def visit(section: type[pydantic.BaseModel], path: str) -> None:
        for name, field in section.model_fields.items():
            if name == key:
                found.append(path)
            inner = section_of(field.annotation)
            if inner is not None and path.count(":") < 2:
                visit(inner, f"{path} {name}:".strip())

    visit(Settings, "")
    return found


def unknown_key(location: Location, permitted: Mapping[str, Any]) -> str:
    """Say what may be meant by a key that there is not.

    Parameters
    ----------
    location : tuple
        Where it stands; the last part is the key.
    permitted : mapping
        The keys that there are.

    Returns
    -------
    str
        The remedy.
    """
    key = str(location[-1])
    if key.startswith("-"):
        return "a blank is missing behind the hyphen; write '- '"
    if near := did_you_mean(key, permitted):
        return near.rstrip()
    places = _sections_with(key)
    if "" in places:
        return f"`{key}:` stands at the top, without blanks before it; move it there."
    if 0 < len(places) <= MOST_PLACES:
        named = " or ".join(f"`{place}`" for place in places)
        return f"it is a key of {named}; move it there."
    return "remove it."
