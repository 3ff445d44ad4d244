"""Before unblinding no arm and no dose is read, and nothing can tell an arm."""

from pathlib import Path

import pytest

from alsdecline.datasets.adsl import subject_level
from alsdecline.digests import canonical_json
from alsdecline.faults import DataError
from alsdecline.jobs.before_planning import load_settings, raw_files
from alsdecline.raw.files import read_trial_files
from alsdecline.settings.data_planning import data_plan
from alsdecline.settings.file import read_settings
from support.blinded_trial import (
    ARM_LABELS,
    ARM_NAMES,
    allocation_apart,
    blinded_trial,
    edit_config,
)
from support.configurations import told_at_its_line
from support.data_faults import FAULTS, SUBJECTS
from support.hand_trial import rows
from support.trial_folder import PROJECT, findings_of, row_text

CONFIG = (
    (PROJECT / "config.yaml")
    .read_text(encoding="utf-8")
    .replace("  data_kind: synthetic", "  blinded: true\n  data_kind: synthetic")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return blinded_trial(tmp_path / "trial")


def test_what_the_data_jobs_are_given_names_no_arm_and_no_dose(folder: Path) -> None:
    recode = {"arm": {"1": ARM_NAMES["low"], "2": ARM_NAMES["high"]}}
    edit_config(folder, data__subjects__recode=recode)
    settings = read_settings(folder / "config.yaml")
    given = canonical_json(data_plan(settings).model_dump(mode="json"))
    for name in (*ARM_NAMES.values(), *ARM_LABELS.values(), "µg/kg", "exposure.csv"):
        assert name not in given, name
    assert "data/exposure.csv" not in raw_files(settings)


def test_all_patients_are_in_one_group_and_none_has_a_dose(folder: Path) -> None:
    plan = data_plan(read_settings(folder / "config.yaml"))
    files, found = read_trial_files(plan, folder)
    assert found == []
    adsl = subject_level(plan, files)
    assert len(adsl) == 9
    assert set(rows(adsl, "ARMCD", "TRT01PN", "TRTSDT", "SAFFL")) == {
        ("pooled", None, None, "")
    }


def test_an_arm_is_not_even_looked_at_in_the_subjects_file(folder: Path) -> None:
    FAULTS["unknown arm"].spoil(folder)
    FAULTS["dose of the other arm"].spoil(folder)
    assert findings_of(folder) == []


def test_a_damaged_row_is_told_without_its_cells(folder: Path) -> None:
    arm = ARM_NAMES["high"]
    row_text(SUBJECTS, 2, f"IGF-001,{arm},2003-03-17,M,80,bulbar,39,1,N")(folder)
    row = [f for f in findings_of(folder) if f.rule == "row_cells"]
    assert [(f.file, f.row, f.value) for f in row] == [(SUBJECTS, 2, "")]
    assert arm not in str(findings_of(folder))


def test_an_arm_that_is_not_utf8_is_told_without_its_text(folder: Path) -> None:
    path = folder / SUBJECTS
    arm = ARM_NAMES["high"].encode()
    path.write_bytes(path.read_bytes().replace(arm, arm + b"\xb5", 1))
    (found,) = [f for f in findings_of(folder) if f.rule == "encoding"]
    assert (found.column, found.value) == ("arm", "")
    assert arm.decode() not in str(findings_of(folder))


def test_values_of_columns_that_are_used_are_told(folder: Path) -> None:
    FAULTS["text in a number"].spoil(folder)
    assert [f.value for f in findings_of(folder) if f.rule == "not_a_number"] == ["5x5"]


def test_time_from_the_first_dose_counts_from_randomisation_meanwhile(
    folder: Path,
) -> None:
    edit_config(folder, time_origin="first_dose")
    plan = data_plan(read_settings(folder / "config.yaml"))
    assert plan.time_origin == "randomisation"
    edit_config(folder, trial__blinded=False)
    assert data_plan(read_settings(folder / "config.yaml")).time_origin == "first_dose"


def test_populations_of_the_dosed_wait_for_the_doses(folder: Path) -> None:
    populations = {
        "DOSEDFL": {"label": "Dosed", "dosed": True},
        "SEENFL": {"label": "Seen", "values_after_baseline": ["limb"]},
    }
    edit_config(folder, populations=populations)
    plan = data_plan(read_settings(folder / "config.yaml"))
    assert list(plan.populations) == ["SEENFL"]


# what is made of the arm's column: where it is named, and how the line begins
OF_THE_ARM: dict[str, tuple[str, str, str, str]] = {
    "characteristic": (
        "      - {column: sex,",
        "      - {column: group,",
        "{column: group,",
        (
            "data.subjects.characteristics.1.column: 'group' is the arm, which "
            "`trial.blinded` hides; leave it out"
        ),
    ),
    "column that is called as arms are": (
        "      - {column: sex,",
        "      - {column: TRT01P,",
        "{column: TRT01P,",
        (
            "data.subjects.characteristics.1.column: 'TRT01P' is called as the arm "
            "often is, which `trial.blinded` hides; leave it out, or, if it is another "
            "treatment, give it another name by `columns: {NAME: TRT01P}`"
        ),
    ),
    "selection": (
        "    file: data/subjects.csv",
        "    file: data/subjects.csv\n    where: {group: [high]}",
        "where: {group",
        (
            "data.subjects.where.group: selects single arms, which `trial.blinded` "
            "hides; name all of them"
        ),
    ),
    "pooling": (
        "    file: data/subjects.csv",
        (
            "    file: data/subjects.csv\n    pooled:\n"
            "      - {column: SITEGR, of: group, fewest: 2, label: few}"
        ),
        "of: group",
        "data.subjects.pooled.0.of: 'group' is the arm, which `trial.blinded` hides",
    ),
}


@pytest.mark.parametrize("name", OF_THE_ARM)
def test_nothing_may_be_made_of_the_arms_column(name: str) -> None:
    names = "    columns: {patient: subject_id}\n    characteristics"
    named = names.replace("subject_id", "subject_id, arm: group")
    told_at_its_line(CONFIG.replace(names, named), OF_THE_ARM[name])


def test_who_is_in_any_arm_may_be_selected_by_the_arms_column(folder: Path) -> None:
    path = folder / SUBJECTS
    not_randomised = "IGF-010,,2004-01-05,F,60,limb,10,N\n"
    path.write_text(path.read_text("utf-8") + not_randomised, "utf-8")
    visit = "IGF-010,0,2004-01-05,50,30,80,90\n"
    visits = folder / "data/visits.csv"
    visits.write_text(visits.read_text("utf-8") + visit, "utf-8")
    edit_config(folder, data__subjects__where={"arm": list(ARM_NAMES.values())})
    plan = data_plan(read_settings(folder / "config.yaml"))
    files, found = read_trial_files(plan, folder)
    told = [*found, *findings_of(folder)]
    assert {f.severity for f in told} == {"note"}
    assert not [f for f in told if "(" in f.message]  # no value that is left out
    assert len(subject_level(plan, files)) == 9


def test_who_is_nearly_in_an_arm_is_not_shown_while_blinded(folder: Path) -> None:
    subjects = folder / SUBJECTS
    text = subjects.read_text("utf-8")
    arm = next(iter(ARM_NAMES.values()))
    subjects.write_text(text.replace(f",{arm},", f",{arm.upper()} ,", 1), "utf-8")
    edit_config(folder, data__subjects__where={"arm": list(ARM_NAMES.values())})
    (near,) = {f for f in findings_of(folder) if f.rule == "near_selected"}
    assert (near.severity, near.row, near.value) == ("fatal", None, "")
    assert arm not in near.message
    assert arm.upper() not in near.message


def test_the_allocation_may_be_absent_until_unblinding(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allocation_apart(folder)
    monkeypatch.chdir(folder)
    assert "data/allocation.csv" not in raw_files(load_settings({}))
    edit_config(folder, trial__blinded=False)
    with pytest.raises(DataError) as refused:
        load_settings({})
    assert str(refused.value) == (
        "data/allocation.csv: no such raw file; put it there, or correct `file:` under "
        "`data:` in config.yaml. There are data/data_dictionary.csv; where the trial "
        "is not unblinded yet, set `trial.blinded: true`"
    )
