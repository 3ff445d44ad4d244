"""Each message leads: its remedy, applied as it is printed, lets the setting pass."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from alsdecline.settings.file import SettingsError, parse_settings
from support.applied_remedies import applied
from support.configurations import LONG, Change, changed, refusal
from support.trial_folder import PROJECT

TEXT = (PROJECT / "config.yaml").read_text(encoding="utf-8")
CONTENT = yaml.safe_load(TEXT)


def written(content: Any) -> str:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)


def with_changes(*changes: Change) -> str:
    return written(changed(copy.deepcopy(CONTENT), *changes))


def mended(text: str) -> list[str]:
    """Apply the first remedy that is printed; return what is told still."""
    text = applied(text, refusal(text)[0])
    try:
        parse_settings(text, "config.yaml")
    except SettingsError as error:
        return str(error).split("\n")
    return []


def _paths(content: Any, path: str = "") -> Iterator[str]:
    parts = content.items() if isinstance(content, dict) else enumerate(content)
    for key, part in parts:
        here = f"{path}.{key}".strip(".")
        if not isinstance(content, list):
            yield here
        if isinstance(part, dict | list):
            yield from _paths(part, here)


def _compulsory() -> Iterator[str]:
    """Yield the paths of keys of config.yaml that a trial cannot do without."""
    for path in _paths(CONTENT):
        try:
            parse_settings(with_changes((path, None)), "config.yaml")
        except SettingsError as error:
            if f"key {path!r} is missing" in str(error):
                yield path


# what others refer to, and what must be another in each entry, which no example knows
NAMING = ("arms", "outcomes", "estimands", "priors.outcomes", "priors.alternatives")
OF_ENTRIES = (".column", ".label")


@pytest.mark.slow
def test_a_compulsory_key_that_is_missing_is_printed_so_that_it_can_be_pasted() -> None:
    paths = [
        path
        for path in _compulsory()
        if not path.startswith(NAMING) and not path.endswith(OF_ENTRIES)
    ]
    assert len(paths) >= 10
    still = {p: told for p in paths if (told := mended(with_changes((p, None))))}
    # of the other outcomes a message tells next
    assert still.keys() <= {"models", "priors"}, still


# what is changed in config.yaml
LEADS: dict[str, tuple[Change, ...]] = {
    "text for a number": (("sampler.chains", "many"),),
    "number over its limit": (("sampler.target_accept", 1.5),),
    "percentage": (("summaries.interval", 95),),
    "number for a text": (("trial.title", 1),),
    "nothing for a text": (("trial.title", ""),),
    "kind in capitals": (("trial.data_kind", "Real"),),
    "day first": (("data.cutoff", "31.12.2005"),),
    "list without brackets": (("figures.formats", "svg, png"),),
    "no svg": (("figures.formats", ["png"]),),
    "retry like the first": (("sampler.retry_target_accept", 0.9),),
    "scale that is none": (("outcomes.3.scale", "letters"),),
    "population that is none": (
        tuple((f"estimands.{i}.population", "PPROTFL") for i in range(4))
    ),
    "covariate that is no characteristic": (
        ("supplementary", {"adjusted_for": ["height"]}),
    ),
    "no schedule": (("visits.weeks", None),),
    "one visit": (("visits.weeks", [0]),),
    "weeks that fall": (("visits.weeks", [0, 4, 2]),),
    "no window": (("visits.window_days", None),),
    "no weak prior": (("priors.alternatives", {"sceptical": {"effect": 0.3}}),),
    "no prior of an outcome": (("priors.outcomes.fvc", None),),
    "no prior of an effect": (("priors.outcomes.fvc.effect_sd", None),),
    "no prior of a curve": (
        ("models.curved", ["fvc"]),
        ("priors.outcomes.fvc.sd_curvature", 0.05),
    ),
    "doses from no file": (("data.exposure", None), ("time_origin", "first_dose")),
}


@pytest.mark.parametrize("name", LEADS)
def test_the_remedy_as_it_is_printed_lets_the_setting_pass(name: str) -> None:
    text = with_changes(*LEADS[name])
    first, *_ = refusal(text)
    about = first.split(": ")[1].split(" is ")[0]
    still = mended(text)
    assert not [line for line in still if f": {about}" in line], (first, still)


def test_a_long_file_is_named_by_two_tables_and_permitted_by_a_setting() -> None:
    content = yaml.safe_load(LONG)
    content["data"]["subjects"]["one_row_a_patient"] = True
    assert mended(written(content)) == []


def test_times_that_are_no_dates_are_counted_from_a_baseline() -> None:
    content = yaml.safe_load(LONG)
    content["time_origin"] = "randomisation"
    assert mended(written(content)) == []


# what is written in config.yaml, by what, and what is said in the words of the slip
SLIPS: dict[str, tuple[str, str, str]] = {
    "key of another section": (
        "  cutoff: 2005-12-31",
        "  cutoff: 2005-12-31\n  window_days: 6",
        "unknown key 'data.window_days'; it is a key of `visits:`; move it there.",
    ),
    "key of the top that is indented": (
        "  window_days: 6",
        "  window_days: 6\n  time_unit: months",
        "unknown key 'visits.time_unit'; `time_unit:` stands at the top, without",
    ),
    "hyphen for an underscore": (
        "  window_days: 6",
        "  window-days: 6",
        "unknown key 'visits.window-days'; did you mean 'window_days'?",
    ),
    "decimal comma within braces": (
        "      slope: {mean: -2.2, sd: 0.8}",
        "      slope: {mean: -2,2, sd: 0.8}",
        "priors.outcomes.limb.slope.2 is 2: a decimal comma? write a point, or",
    ),
    "decimal comma": (
        "      effect_sd: 2.2",
        "      effect_sd: 2,2",
        "priors.outcomes.limb.effect_sd is '2,2': a number is needed here; write 2.2.",
    ),
    "colon without its blank": (
        (
            "    file: data/events.csv\n"
            "    columns: {patient: subject_id, date: event_date}"
        ),
        "    file:data/events.csv",
        (
            "data.events is 'file:data/events.csv': a blank is missing behind the "
            "colon: write `file: data/events.csv`"
        ),
    ),
    "arm with a colon": (
        "    - {id: high, label: 3 µg/kg, dose: 3}",
        '    - {id: "IGF-1: high", label: 3 µg/kg, dose: 3}',
        (
            "arms.groups.1.id is 'IGF-1: high': not an id; write IGF_1_high here, and, "
            'as the file has it otherwise, `recode: {arm: {"IGF-1: high": IGF_1_high}}`'
        ),
    ),
    "outcome in capitals": (
        "  - id: fvc\n",
        "  - id: FVC %\n",
        "outcomes.3.id is 'FVC %': not such a name; write fvc.",
    ),
    "columns the wrong way round": (
        "    columns: {patient: subject_id, date: event_date}",
        "    columns: {subject_id: patient, date: event_date}",
        (
            "data.events.columns.subject_id: 'subject_id' is not one of our columns: "
            "patient, event, date, reason; the other way round? write "
            "`patient: subject_id`: our name comes first"
        ),
    ),
    "recoded the wrong way round": (
        "    columns: {patient: subject_id, date: event_date}",
        (
            "    columns: {patient: subject_id, date: event_date}\n"
            "    recode: {event: {died: dead}}"
        ),
        (
            "data.events.recode.event.died: 'dead' is not one of completed, withdrawn, "
            "died; the other way round? write `dead: died`: the value in the file"
        ),
    ),
    "weeks without brackets": (
        "  weeks: [0, 2, 4,",
        "  weeks: 0, 2, 4 #",
        "visits.weeks is '0, 2, 4': a list is needed; write it in brackets: [0, 2, 4].",
    ),
    "day of a calendar elsewhere": (
        "  cutoff: 2005-12-31",
        "  cutoff: 12/31/2005",
        "data.cutoff is '12/31/2005': a date is needed here, as YYYY-MM-DD; write 2005",
    ),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_in_its_own_words(name: str) -> None:
    old, new, says = SLIPS[name]
    assert TEXT.count(old) == 1
    told = refusal(TEXT.replace(old, new))
    assert [line for line in told if f": {says}" in line], told


def test_an_arm_is_recoded_as_the_message_prints() -> None:
    old, new, _ = SLIPS["arm with a colon"]
    (line, *_) = refusal(TEXT.replace(old, new))
    name = line.split("write ")[1].split()[0]
    content = yaml.safe_load(TEXT.replace("id: high", f"id: {name}"))
    content["data"]["subjects"] |= yaml.safe_load(line.split("`")[1])
    for estimand in content["estimands"]:
        estimand["treatment"] = name
    settings = parse_settings(written(content), "config.yaml")
    assert settings.data.subjects.recode == {"arm": {"IGF-1: high": name}}
