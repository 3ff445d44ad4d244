"""The bundled trial in a folder of its own, its patients called by pseudonyms."""

from pathlib import Path

import pytest

from alsdecline.settings.privacy import KEY_VARIABLE
from support.trial_folder import copy_bundled_trial

KEY = "0123456789abcdef-of-a-test"


def pseudonymised_trial(folder: Path, environment: pytest.MonkeyPatch) -> Path:
    """Copy the trial, ask for pseudonyms and put their key into the environment."""
    environment.setenv(KEY_VARIABLE, KEY)
    copy_bundled_trial(folder)
    with (folder / "config.yaml").open("a", encoding="utf-8") as stream:
        stream.write("privacy: {pseudonymise: true}\n")
    return folder
