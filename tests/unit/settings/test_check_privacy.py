"""What the settings say of identifiers is one thing, and has reasons."""

import pytest

from alsdecline.settings.file import SettingsError, parse_settings
from support.trial_folder import PROJECT

CONFIGURATION = (PROJECT / "config.yaml").read_text(encoding="utf-8")
FILE = "    file: data/subjects.csv\n"

WRONG = {
    "drop: [age]": "'age' is used as 'age'; take it out of `drop:`",
    "drop: [subject_id]": "'subject_id' is used as 'patient'; take it out",
    "drop: [name, name]": "'name' is there 2 times; keep one",
    "drop: [site]\n    where: {site: [A]}": "'site' is used by `where:`",
    'no_identifier: {city: " "}': "gives no reason; give one",
}


@pytest.mark.parametrize("said", WRONG)
def test_what_contradicts_itself_is_told(said: str) -> None:
    text = CONFIGURATION.replace(FILE, f"{FILE}    {said}\n")
    with pytest.raises(SettingsError, match="subjects") as refused:
        parse_settings(text, "config.yaml")
    assert WRONG[said] in str(refused.value)
