"""What is checked before Snakemake plans: settings, raw files and releases."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alsdecline.column_specs import raw_tables
from alsdecline.data_plan import data_plan
from alsdecline.faults import DataError
from alsdecline.recorded_runs import last_release
from alsdecline.settings import Settings
from alsdecline.settings_file import SettingsError, read_settings

CONFIG = Path("config.yaml")


def load_plan(overwriting: Mapping[str, Any]) -> Settings:
    """Read the trial's settings from the working folder.

    Parameters
    ----------
    overwriting : mapping of str to object
        What Snakemake got by ``--configfile`` or ``--config``; must be empty.

    Returns
    -------
    Settings

    Raises
    ------
    SettingsError
        If the configuration is absent or wrong.
    DataError
        If settings come from elsewhere, or a raw file is absent.
    """
    if overwriting:
        raise DataError(
            "--configfile and --config are refused: Snakemake merges them over "
            "config.yaml, and another trial's settings would leak into yours. Make a "
            "folder with a config.yaml of its own and choose it with --directory"
        )
    settings = read_settings(CONFIG)
    absent = [file for file in raw_files(settings) if not Path(file).is_file()]
    if absent:
        raise DataError(
            "\n".join(
                f"{file}: no such raw file; put it there, or correct `file:` under "
                f"`data:` in {CONFIG}"
                for file in absent
            )
        )
    return settings


def plan_or_exit(overwriting: Mapping[str, Any]) -> Settings:
    """Read the settings as :func:`load_plan` does; tell what is wrong and exit.

    Raises
    ------
    SystemExit
        With status 1, so that a user sees the message and no traceback.
    """
    try:
        return load_plan(overwriting)
    except (SettingsError, DataError) as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None


def last_release_or_exit(trial: Path) -> Path | None:
    """Find the last release as :func:`last_release` does; tell what is wrong and exit.

    Raises
    ------
    SystemExit
        With status 1, so that a user sees the message and no traceback.
    """
    try:
        return last_release(trial)
    except DataError as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None


def raw_files(settings: Settings) -> list[str]:
    """Return the names of the trial's raw files."""
    tables = raw_tables(data_plan(settings)).values()
    return list(dict.fromkeys(table.file for table in tables))
