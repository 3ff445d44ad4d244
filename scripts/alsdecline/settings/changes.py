"""Which settings differ between two configurations, by their values."""

from typing import Any, TypedDict

from alsdecline.settings.trial import Settings

NAMING_KEYS = ("id", "column")
"""Keys that name an entry of a list, so that its place in the list does not."""


class SettingChange(TypedDict):
    """A setting by its dotted path; None on the side that does not have it."""

    key: str
    old: Any
    new: Any


def entry_names(entries: Any) -> list[str] | None:
    """Return the names of a list's entries; None where they have none of their own."""
    if not isinstance(entries, list) or not entries:
        return None
    for key in NAMING_KEYS:
        if all(isinstance(entry, dict) and key in entry for entry in entries):
            names = [str(entry[key]) for entry in entries]
            return names if len(set(names)) == len(names) else None
    return None


def flat_settings(value: Any, at: str = "") -> dict[str, Any]:
    """Return settings by dotted path.

    Parameters
    ----------
    value : object
        Settings as JSON has them.
    at : str
        The path to them.

    Returns
    -------
    dict of str to object
        Numbers, texts, and lists of what has no name. An entry of a list stands under
        its name (``outcomes.bulbar.label``); the order of a list of named entries is a
        value too (``outcomes``).
    """
    if isinstance(value, dict) and value:
        parts = value
        flat = {}
    elif (names := entry_names(value)) is not None:
        parts = dict(zip(names, value, strict=True))
        flat = {at: names}
    else:
        return {at: value}
    for name, part in parts.items():
        flat |= flat_settings(part, f"{at}.{name}" if at else str(name))
    return flat


def compare_settings(old: Settings, new: Settings) -> list[SettingChange]:
    """List the settings that differ; comments, layout and defaults do not count.

    Parameters
    ----------
    old, new : Settings
        The configurations.

    Returns
    -------
    list of SettingChange
        Sorted by key.
    """
    before = flat_settings(old.model_dump(mode="json"))
    after = flat_settings(new.model_dump(mode="json"))
    return [
        {"key": key, "old": before.get(key), "new": after.get(key)}
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]
