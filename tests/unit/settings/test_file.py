"""The configuration: what is permitted is documented, what is wrong has its line."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pydantic
import pytest
import yaml

from alsdecline.datasets.adsl import subject_level
from alsdecline.datasets.labels import labelled_adsl
from alsdecline.raw.files import read_trial_files
from alsdecline.settings.check_columns import ADSL_COLUMNS
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.data_planning import data_plan
from alsdecline.settings.file import (
    MOST_TOLD,
    SettingsError,
    parse_settings,
    read_settings,
)
from alsdecline.settings.trial import Settings

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "config.yaml").read_text(encoding="utf-8")


def sections(model: type[pydantic.BaseModel]) -> Iterator[type[pydantic.BaseModel]]:
    """Yield a model and every model that its fields hold."""
    yield model
    for field in model.model_fields.values():
        waiting: list[Any] = [field.annotation]
        while waiting:
            part = waiting.pop()
            if isinstance(part, type) and issubclass(part, pydantic.BaseModel):
                yield from sections(part)
            waiting += get_args(part)


FIELDS = {
    f"{section.__name__}.{name}": field
    for root in (Settings, DataPlan)
    for section in sections(root)
    for name, field in section.model_fields.items()
}


def spoilt(old: str, new: str) -> str:
    assert TEXT.count(old) == 1, f"{old!r} stands {TEXT.count(old)} times"
    return TEXT.replace(old, new)


def line_of(text: str) -> int:
    """Return the line of config.yaml that has a text which stands there once."""
    (number,) = [i for i, line in enumerate(TEXT.split("\n"), 1) if text in line]
    return number


def refusal(text: str) -> str:
    with pytest.raises(SettingsError) as refused:
        parse_settings(text, "config.yaml")
    return str(refused.value)


def test_the_bundled_configuration_is_valid() -> None:
    settings = read_settings(ROOT / "config.yaml")
    assert settings.trial.id == "IGF1-IT-SYN"
    assert [arm.dose for arm in settings.arms.groups] == [0.5, 3]


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_has_a_description(name: str) -> None:
    description = FIELDS[name].description or ""
    assert len(description) >= 5
    assert description.endswith(".")


def test_settings_are_all_found_by_this_test() -> None:
    # one from each level, that the parametrisation above does not pass by being empty
    assert {
        "Settings.trial",
        "OutcomePriors.slope",
        "Normal.sd",
        "Scale.better",
    } <= set(FIELDS)


def test_a_json_schema_can_be_made_and_describes_every_key() -> None:
    schema = json.loads(json.dumps(Settings.model_json_schema()))
    parts = {"Settings": schema, **schema["$defs"]}
    assert {"Arm", "Estimand", "Sampler", "Scale"} <= set(parts)
    for name, part in parts.items():
        assert part["additionalProperties"] is False, name
        for key, value in part["properties"].items():
            # a section's own description stands where it is defined
            section = value.get("$ref", "").rpartition("/")[2]
            described = {**schema["$defs"].get(section, {}), **value}
            assert described.get("description"), f"{name}.{key}"


def test_the_order_of_keys_does_not_matter() -> None:
    content = yaml.safe_load(TEXT)
    turned = yaml.safe_dump(dict(reversed(content.items())), sort_keys=False)
    assert parse_settings(turned, "turned") == parse_settings(TEXT, "config.yaml")


# what is replaced in config.yaml, by what, and what must be said of which line
FAULTS: dict[str, tuple[str, str, str]] = {
    "unknown key": (
        "  window_days: 6",
        "  window_dayz: 6",
        "unknown key 'visits.window_dayz'; did you mean 'window_days'? Permitted here:",
    ),
    "key of another section": (
        "  window_days: 6",
        "  window_days: 6\n  colour: red",
        "unknown key 'visits.colour'; remove it. Permitted here: weeks, days",
    ),
    "missing key": (
        "  disease: amyotrophic",
        "  # amyotrophic",
        (
            "key 'trial.disease' is missing. The disease, as printed. Write below "
            "`trial:`, for example: `disease: amyotrophic lateral sclerosis`"
        ),
    ),
    "text for a number": (
        "  chains: 4",
        "  chains: many",
        "sampler.chains is 'many': a whole number is needed here. Chains",
    ),
    "number out of range": (
        "  chains: 4",
        "  chains: 1",
        "sampler.chains is 1: input should be greater than or equal to 2. Chains, at",
    ),
    "list for a section": (
        "  joint: [limb, bulbar, fvc]",
        "  joint: limb",
        "models.joint is 'limb': a list is needed; write it in brackets: [limb]",
    ),
    "number for an identifier": (
        "  reference: low",
        "  reference: 1",
        "arms.reference is 1: a text is needed here; put it in quotes. Id of",
    ),
    "infinite number": (
        "      effect_sd: 2.2",
        "      effect_sd: .inf",
        "priors.outcomes.limb.effect_sd is inf: not a number that can be used",
    ),
    "no number": (
        "      slope: {mean: -2.2, sd: 0.8}",
        "      slope: {mean: .nan, sd: 0.8}",
        "priors.outcomes.limb.slope.mean is nan: not a number that can be used",
    ),
    "number that begins with 0": (
        "  window_days: 6",
        "  window_days: 010",
        (
            "visits.window_days is 010: it begins with 0, by which some readers of "
            "YAML count in eights; write a number in plain digits, or a text in "
            "quotes. Days that a visit may lie from its scheduled day before a finding "
            "tells of it. For example: `window_days: 7` (column 16)"
        ),
    ),
    "identifier that begins with 0": (
        "  reference: low",
        "  reference: 010",
        "arms.reference is 010: it begins with 0",
    ),
    "number in sixties": (
        "  tune: 500",
        "  tune: 8:20",
        "sampler.tune is 8:20: it is a number in sixties to some readers of YAML",
    ),
    "number that is not in tens": (
        "  tune: 500",
        "  tune: 0x1f4",
        "sampler.tune is 0x1f4: it is a number to some readers of YAML and a text to",
    ),
    "number with marks of thousands": (
        "  draws: 4000",
        "  draws: 4_000",
        "sampler.draws is 4_000: it has '_', which some readers of YAML leave out",
    ),
    "text with marks for a number": (
        "  draws: 4000",
        '  draws: "4_000"',
        "sampler.draws is '4_000': a number is needed here. Iterations of each",
    ),
    "number of 5,000 digits": (
        "  seed: 20050727",
        f"  seed: {'9' * 5000}",
        f"sampler.seed is {'9' * 57}...: it has 5000 digits; write at most 18.",
    ),
    "word for no number in quotes": (
        "      effect_sd: 2.2",
        '      effect_sd: "inf"',
        "priors.outcomes.limb.effect_sd is 'inf': a number is needed here. SD of",
    ),
    "yes for a number": (
        "  window_days: 6",
        "  window_days: yes",
        "visits.window_days is yes: a number is needed here. Days that",
    ),
    "yes for a text": (
        "  dose_unit: µg/kg",
        "  dose_unit: yes",
        (
            "arms.dose_unit is True: a text is needed here; put it in quotes. Unit of "
            "the doses. For example: `dose_unit: mg` (column 14, `yes`)"
        ),
    ),
    "on as a key": (
        "    columns: {patient: subject_id, date: event_date}",
        "    columns: {patient: subject_id, date: event_date, on: reason}",
        (
            "data.events.columns.on is on: a text is needed here; put it in quotes. "
            "Our column name: the name in the file. Columns that have our name already "
            "need no entry. For example: `columns: {date: event_date}` (column 54)"
        ),
    ),
    "number in scientific form for a text": (
        "  dose_unit: µg/kg",
        "  dose_unit: 1e3",
        (
            "arms.dose_unit is 1000.0: a text is needed here; put it in quotes. Unit "
            "of the doses. For example: `dose_unit: mg` (column 14, `1e3`)"
        ),
    ),
    "nothing for a text": (
        "  dose_unit: µg/kg",
        "  dose_unit: ~",
        (
            "arms.dose_unit is None: a text is needed here; write one (in quotes, if "
            "it begins with #), or leave the key out. Unit of the doses. For example: "
            "`dose_unit: mg` (column 14, `~`)"
        ),
    ),
    "number for a date": (
        "  cutoff: 2005-12-31",
        "  cutoff: 86400",
        "data.cutoff is 86400: a date is needed here, as YYYY-MM-DD. No date in the",
    ),
    "moment for a date": (
        "  cutoff: 2005-12-31",
        "  cutoff: 2005-12-31T00:00:00",
        "data.cutoff is 2005-12-31T00:00:00: a date is needed here, as YYYY-MM-DD.",
    ),
    "control character behind an escape": (
        "  dose_unit: µg/kg",
        '  dose_unit: "\\e[31m"',
        "arms.dose_unit is '\\x1b[31m': it has a control character, U+001B; remove it.",
    ),
    "infinite whole number": (
        "  seed: 20050727",
        "  seed: .inf",
        "sampler.seed is inf: not a number that can be used",
    ),
    "day that does not exist": (
        "  cutoff: 2005-12-31",
        "  cutoff: 2005-02-30",
        "data.cutoff is '2005-02-30': no calendar has this day",
    ),
    "value of no use": (
        "  data_kind: synthetic",
        "  data_kind: fake",
        "trial.data_kind is 'fake': input should be 'real' or 'synthetic'",
    ),
    "unknown scale": (
        "    scale: norris_limb",
        "    scale: norris_leg",
        "outcomes.1.scale: 'norris_leg' is no scale; did you mean 'norris_limb'? There",
    ),
    "unknown reference": (
        "  reference: low",
        "  reference: placebo",
        "arms.reference: 'placebo' is no arm; use one of low, high",
    ),
    "unknown primary estimand": (
        "primary: rate_total",
        "primary: rate",
        "primary: 'rate' is no estimand; use one of rate_total, rate_limb",
    ),
    "sum of what is not measured": (
        "    sum_of: [limb, bulbar]",
        "    sum_of: [limb, arm]",
        "outcomes.0.sum_of.1: 'arm' is no measured outcome; use one of limb, bulbar",
    ),
    "model of no outcome": (
        "  single: [limb, bulbar, fvc, total]",
        "  single: [limb, bulbar, fvc, total, leg]",
        "models.single.4: 'leg' is no outcome; use one of total, limb, bulbar, fvc",
    ),
    "joint model of a sum": (
        "  joint: [limb, bulbar, fvc]",
        "  joint: [limb, bulbar, fvc, total]",
        "models.joint.3: 'total' is no measured outcome; use one of limb, bulbar, fvc",
    ),
    "outcome twice": (
        "  - id: fvc\n",
        "  - id: limb\n",
        "outcomes.3: outcome 'limb' is there 2 times; give each its own",
    ),
    "label twice": (
        "    label: Forced vital capacity",
        "    label: Norris limb",
        "outcomes.3: label 'Norris limb' is there 2 times; give each its own",
    ),
    "column of two outcomes": (
        "    column: fvc_percent",
        "    column: norris_limb",
        "outcomes.3: column 'norris_limb' is there 2 times; keep one",
    ),
    "outcome in the column of the patient": (
        "    column: fvc_percent",
        "    column: patient",
        "outcomes.3.column: 'patient' is a column with a meaning of its own already",
    ),
    "characteristic in the column of the arm": (
        "column: riluzole,",
        "column: arm,",
        "data.subjects.characteristics.4.column: 'arm' is a column with a meaning",
    ),
    "characteristic that would replace the analysis dataset's": (
        "column: riluzole,",
        "column: armcd,",
        "data.subjects.characteristics.4.column: 'ARMCD' is a column of the analysis",
    ),
    "characteristic twice": (
        "column: riluzole,",
        "column: sex,",
        "data.subjects.characteristics.4: column 'SEX' is there 2 times; keep one",
    ),
    "mapped name that is none of ours": (
        "    columns: {patient: subject_id, date: event_date}",
        "    columns: {patient: subject_id, dat: event_date}",
        "data.events.columns.dat: 'dat' is not one of our columns: patient, event",
    ),
    "column mapped twice": (
        "    columns: {patient: subject_id, date: event_date}",
        "    columns: {patient: subject_id, date: subject_id}",
        "data.events.columns.date: column 'subject_id' is there 2 times; keep one",
    ),
    "braces in a file's name": (
        "    file: data/events.csv",
        "    file: data/{events}.csv",
        "data.events.file: one of { } < > is in its name; rename the file",
    ),
    "arm called all": (
        "    - {id: high, label: 3 µg/kg, dose: 3}",
        "    - {id: high, label: 3 µg/kg, dose: 3}\n    - {id: all, label: Third}",
        "arms.groups.2.id: 'all' stands for all arms together in tables",
    ),
    "arms that differ by capitals": (
        "    - {id: high, label: 3 µg/kg, dose: 3}",
        "    - {id: high, label: 3 µg/kg, dose: 3}\n    - {id: High, label: Third}",
        "arms.groups.2: arm 'high' is there 2 times; give each its own",
    ),
    "weeks before 0": (
        "  weeks: [0, 2,",
        "  weeks: [-2, 0, 2,",
        "visits.weeks: weeks start at 0",
    ),
    "weeks out of order": (
        "  weeks: [0, 2, 4,",
        "  weeks: [0, 4, 2,",
        "visits.weeks: weeks must rise, each once",
    ),
    "no weak prior": (
        "    weak: {",
        "    vague: {",
        "priors.alternatives: 'weak' is missing; the report shows it",
    ),
    "retry like the first try": (
        "  retry_target_accept: 0.99",
        "  retry_target_accept: 0.9",
        "sampler.retry_target_accept: must be higher than target_accept",
    ),
    "figures without svg": (
        "  formats: [svg, png]",
        "  formats: [png]",
        "figures.formats: the report needs 'svg'; add it",
    ),
}

# where the message is about a line other than that of the text replaced
ELSEWHERE = {
    "key of another section": line_of("window_days: 6") + 1,
    "missing key": line_of("trial:"),
    "outcome in the column of the patient": line_of("column: fvc_percent"),
    "label twice": line_of("- id: fvc"),
    "column of two outcomes": line_of("- id: fvc"),
    "outcome twice": line_of("- id: fvc"),
    "file of two tables": line_of("  events:"),
    "arm called all": line_of("id: high") + 1,
    "arms that differ by capitals": line_of("id: high") + 1,
    "no weak prior": line_of("  alternatives:"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_line_and_what_is_permitted(name: str) -> None:
    old, new, says = FAULTS[name]
    told = refusal(spoilt(old, new)).split("\n")
    line = ELSEWHERE.get(name) or line_of(old.split("\n")[0])
    expected = f"config.yaml, line {line}: {says}"
    assert [one for one in told if one.startswith(expected)], (expected, told)


def test_what_is_meant_without_doubt_is_taken() -> None:
    text = TEXT
    for old, new in {
        "  data_kind: synthetic": "  data_kind: synthetic\n  blinded: no",
        "  disease: amyotrophic lateral sclerosis": "  disease: 2025-01-01",
        "  draws: 4000": "  draws: 4e3",
        "  window_days: 6": '  window_days: "6"',
    }.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    settings = parse_settings(text, "config.yaml")
    assert settings.trial.blinded is False
    assert settings.trial.disease == "2025-01-01"
    assert (settings.sampler.draws, settings.visits.window_days) == (4000, 6)


def test_thousands_of_faults_are_not_all_told_and_soon() -> None:
    keys = "\n".join(f"  window_dayz{i}: 1" for i in range(8000))
    for text in (
        spoilt("  window_days: 6", keys),
        spoilt("formats: [svg, png]", f"formats: [{'010, ' * 8000}svg]"),
        "\n".join(["a: 1"] * 8000),
    ):
        begun = time.process_time()
        told = refusal(text).split("\n")
        assert time.process_time() - begun < 2
        assert len(told) == MOST_TOLD + 1
        assert re.fullmatch(r"config\.yaml: and 7[89]\d\d faults more", told[-1])


def test_a_doubt_that_is_merged_in_and_replaced_is_told_all_the_same() -> None:
    told = refusal('a: &a {x: {y: "\\e"}}\nb: {<<: *a, x: 1}\n').split("\n")
    assert [line for line in told if "b.x.y is '\\x1b': it has a control" in line]


def test_a_key_of_the_file_makes_no_line_of_its_own() -> None:
    told = refusal(TEXT + '"a\\nb": 1\n"a\\nb": 2\n')
    assert told.endswith("key 'a\\\\nb' is there twice; keep one")
    told = refusal(TEXT + '"a\\nb": 1\n')
    assert "unknown key 'a\\\\nb'" in told
    assert "\n" not in told


def test_a_misspelt_key_is_told_once() -> None:
    told = refusal(spoilt("  window_days: 6", "  window_dayz: 6"))
    assert "\n" not in told


def test_all_faults_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = TEXT
    for name in ("infinite number", "unknown key", "text for a number"):
        old, new, _ = FAULTS[name]
        text = text.replace(old, new)
    told = refusal(text).split("\n")
    lines = [
        line_of("window_days: 6"),
        line_of("effect_sd: 2.2"),
        line_of("chains: 4"),
    ]
    assert [one.split(":")[0] for one in told] == [
        f"config.yaml, line {line}" for line in lines
    ]


# texts that are no configuration, and what must be said
UNREADABLE = {
    "": "line 1: empty, or no mapping",
    "- a\n- b\n": "line 1: empty, or no mapping",
    "just words\n": "line 1: empty, or no mapping",
    "a: 1\nb: [1\n": "not valid YAML",
    "a: 1\n\tb: 2\n": "line 2: not valid YAML",
    "a: 1\na: 2\n": "line 2: key 'a' is there twice; keep one",
    "a:\n  b: 1\n  b: 2\n": "line 3: key 'b' is there twice; keep one",
    "a: 1\n---\nb: 2\n": "not valid YAML: --- begins another document",
    "a: \x01\n": "not valid YAML",
    "? [a, b]\n: 1\n": "not valid YAML",
    "a: !!python/object:os.system {}\n": "not valid YAML",
    "a: &x [*x]\n": "nested too deeply, or within itself",
    "a: " + "[" * 5000: "nested too deeply, or within itself",
    "a: *x\n": "not valid YAML: a text that begins with a mark",
}


@pytest.mark.parametrize("text", UNREADABLE, ids=lambda text: repr(text[:12]))
def test_what_is_no_configuration_is_told_in_one_line(text: str) -> None:
    told = refusal(text)
    assert told.startswith("config.yaml, line ")
    assert UNREADABLE[text] in told
    assert "\n" not in told


def test_an_absent_configuration_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is not there; a trial is a folder"):
        read_settings(tmp_path / "config.yaml")


def test_a_folder_in_place_of_the_configuration_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        read_settings(tmp_path)


def test_a_configuration_that_is_not_utf_8_is_told_with_its_line(
    tmp_path: Path,
) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"trial:\n  title: 3 \xb5g/kg\n")
    with pytest.raises(SettingsError, match=r"config\.yaml, line 2: not UTF-8"):
        read_settings(path)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert parse_settings("\ufeff" + TEXT, "config.yaml").primary == "rate_total"


def test_a_scale_of_ones_own_must_have_room_and_a_name_of_its_own() -> None:
    scale = (
        "scales:\n  {}: {{name: x, unit: y, minimum: 5, maximum: {}, better: higher, "
        "source: z}}\n"
    )
    assert parse_settings(TEXT + scale.format("mine", 6), "config.yaml").scales
    told = refusal(TEXT + scale.format("mine", 5))
    assert "scales.mine.maximum: must be above the minimum" in told
    told = refusal(TEXT + scale.format("alsfrs_r", 6))
    assert "'alsfrs_r' is in the catalogue; use another name" in told


def test_the_names_kept_free_are_those_of_the_subject_level_dataset() -> None:
    plan = data_plan(read_settings(ROOT / "config.yaml"))
    files, _ = read_trial_files(plan, ROOT)
    characteristics = [c.column.upper() for c in plan.data.subjects.characteristics]
    columns = [*labelled_adsl(subject_level(plan, files), {})]
    assert columns == [*ADSL_COLUMNS, *characteristics]
