"""What new-trial writes is what the pipeline accepts, of real and made-up files."""

import re
from pathlib import Path

import pytest

from alsdecline.new_trial.guesses import Given
from alsdecline.settings.file import SettingsError, read_settings
from support.fatal_findings import fatal_findings
from support.new_trials import Made, csv_text, make, renamed, visits

PROJECT = Path(__file__).parents[3]
SAID = {"data_kind": "real", "disease": "a disease"}

FILES: dict[str, tuple[list[str], dict[str, object]]] = {
    "armd, long": (
        ["armd_interferon/armd0_long_with_baseline.csv"],
        {"reference": "Placebo", "better": "higher"},
    ),
    "armd, without the baseline visit": (
        ["armd_interferon/armd_long.csv"],
        {"reference": "Placebo", "better": "higher"},
    ),
    "armd, wide": (
        ["armd_interferon/armd_wide.csv"],
        {"reference": "Placebo", "better": "higher", "unit": "weeks"},
    ),
    "antidepressant": (
        ["rbmi_antidepressant/antidepressant_data.csv"],
        {"reference": "PLACEBO", "better": "lower"},
    ),
    "sleepstudy": (["sleepstudy/sleepstudy.csv"], {"better": "lower"}),
    "aids": (
        ["aids_ddI_ddC/aids_long.csv"],
        {"reference": "ddC", "better": "higher", "unit": "months"},
    ),
    "fev": (
        ["mmrm_fev/fev_data.csv"],
        {"reference": "PBO", "better": "higher", "time": "VISITN", "unit": "weeks"},
    ),
    "adam": (
        [
            f"cdisc_pilot01/xpt/{name}"
            for name in ("adsl.xpt", "adqsadas_reexported.xpt.gz")
        ],
        {"reference": "Placebo"},
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_published_trials_need_at_most_six_confirmed_guesses(reference, tmp_path, name):
    files, said = FILES[name]
    contents = {
        Path(file).name: (reference / "data" / file).read_bytes() for file in files
    }
    made = Made(contents, tmp_path, Given(**SAID, **said))

    assert made.faults == ""
    assert made.decisions == []
    assert len(SAID | said) <= 6
    assert fatal_findings(made.written(tmp_path / "trial")) == []


def test_the_bundled_trial_is_known_by_its_five_files(tmp_path):
    names = ("subjects", "visits", "exposure", "events", "adverse_events")
    contents = {f"{n}.csv": (PROJECT / "data" / f"{n}.csv").read_bytes() for n in names}
    made = Made(contents, tmp_path, Given(**SAID, reference="low"))

    assert made.faults == ""
    assert fatal_findings(made.written(tmp_path / "trial")) == []
    settings = read_settings(tmp_path / "trial" / "config.yaml")
    assert settings.data.adverse_events is not None
    assert [o.scale for o in settings.outcomes] == [
        "norris_limb",
        "norris_bulbar",
        "norris_total",
        "fvc_percent",
    ]


def test_words_of_events_stand_for_those_of_the_pipeline(tmp_path):
    rows = [row | {"rand_date": "2020-01-10"} for row in visits()]
    for row in rows:
        row["visit_date"] = f"2020-0{1 + int(row['week']) // 4}-10"
    ends = [
        {"subject": r["patient"], "status": "Discontinued", "date": r["visit_date"]}
        for r in rows
        if r["week"] == "8"
    ]
    ends[0]["status"] = "Death"
    files = {"visits.csv": csv_text(rows), "ends.csv": csv_text(ends)}
    made = Made(files, tmp_path, Given(**SAID, reference="placebo", patient="patient"))

    assert made.faults == ""
    assert "event: {Death: died, Discontinued: withdrawn}" in made.config
    assert fatal_findings(made.written(tmp_path / "trial")) == []


def test_errors_put_into_records_of_als_patients_are_told(reference, tmp_path):
    """Data of R's qualitycontrol, made with errors: an item of 0 to 4 is 5."""
    content = (reference / "data/qualitycontrol_als/als_data.csv").read_bytes()
    made = Made({"als_data.csv": content}, tmp_path, Given())

    assert (
        "1 value outside item of ALSFRS-R (0 to 4, whole points): row 7: '5'"
        in made.faults
    )


def everyday() -> dict[str, tuple[str | bytes, dict[str, str]]]:
    """Return files of dialects and shapes, with what is to be said of each."""
    rows = visits()
    comma = [row | {"alsfrs_r": row["alsfrs_r"] + ",5"} for row in rows]
    named = [row | {"week": f"Week {row['week']}"} for row in rows]
    dated = [row | {"week": f"{5 + int(row['week'])}.03.2020"} for row in rows]
    coded = [row | {"arm": str(len(row["arm"]) % 2)} for row in rows]
    japanese = [
        row | {"arm": {"active": "実薬", "placebo": "偽薬"}[row["arm"]]} for row in rows
    ]
    formulas = [row | {"arm": f"={row['arm']}()"} for row in rows]
    header, *lines = csv_text(rows).splitlines()
    twice = "\n".join([f"{header},note,note", *(f"{line},x,y" for line in lines)])
    said = {"reference": "placebo"}
    return {
        "plain": (csv_text(rows), said),
        "tabs": (csv_text(rows, "\t"), said),
        "decimal commas": (
            csv_text(comma, ";"),
            said | {"scale": "none", "better": "higher"},
        ),
        "named visits": (csv_text(renamed(named, week="visit")), said),
        "dates alone": (csv_text(renamed(dated, week="visit_date")), said),
        "numeric arms": (csv_text(coded), {"reference": "0"}),
        "Japanese": (
            csv_text(renamed(japanese, arm="群", patient="患者番号", week="週")).encode(
                "cp932"
            ),
            {"reference": "偽薬"},
        ),
        "formulas": (csv_text(formulas), {"reference": "=placebo()"}),
        "same names": (twice, said),
    }


@pytest.mark.parametrize("name", everyday())
def test_everyday_files_are_accepted_without_an_edit(tmp_path, name):
    content, said = everyday()[name]
    made = make(tmp_path, content, **SAID, **said)

    assert made.faults == ""
    assert fatal_findings(made.written(tmp_path / "trial")) == []


def test_each_decision_is_refused_until_one_line_is_kept(tmp_path):
    made = make(tmp_path, renamed(visits(), alsfrs_r="points", week="time"))
    folder = made.written(tmp_path / "trial")
    with pytest.raises(SettingsError) as error:
        read_settings(folder / "config.yaml")
    told = str(error.value)
    for key in ("data_kind", "columns", "reference", "better"):
        assert f"key {key!r} is there" in told

    kept: list[str] = []
    for line in made.config.splitlines():
        key = line.split(":")[0]
        if (
            kept
            and key == kept[-1].split(":")[0]
            and not key.strip().startswith(("#", "-"))
        ):
            continue
        kept.append(line)
    text = "\n".join(kept).replace("visit_day: time", "visit_week: time")
    (folder / "config.yaml").write_text(re.sub(r"\n *# decide.*", "", text) + "\n")
    assert fatal_findings(folder) == []


def test_three_arms_are_each_compared_with_the_reference(tmp_path):
    rows = [
        row | {"arm": "abc"[int(row["patient"][1:]) % 3]} for row in visits(patients=12)
    ]
    made = make(tmp_path, rows, **SAID, reference="b")

    assert fatal_findings(made.written(tmp_path / "trial")) == []
    settings = read_settings(tmp_path / "trial" / "config.yaml")
    assert [e.treatment for e in settings.estimands] == ["a", "c"]
