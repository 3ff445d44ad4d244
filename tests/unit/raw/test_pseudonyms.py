"""Pseudonyms: who is who cannot be told without the key, and nothing else changes."""

import hmac
import itertools
import re
from pathlib import Path

import pandas as pd
import pytest

from alsdecline.datasets.doses_and_events import adverse_event_records
from alsdecline.faults import DataError
from alsdecline.raw.calendar_dates import DATE
from alsdecline.raw.files import read_trial_files
from alsdecline.raw.pseudonyms import pseudonyms
from alsdecline.raw.trial_decisions import decisions_table
from alsdecline.settings.data_planning import data_plan, keyed_plan
from alsdecline.settings.file import SettingsError, parse_settings
from alsdecline.settings.privacy import KEY_VARIABLE, fingerprint
from alsdecline.settings.trial import Settings
from support.data_faults import FAULTS
from support.pseudonymised_trial import KEY, pseudonymised_trial
from support.trial_folder import (
    cell,
    findings_of,
    replaced,
    together,
)

FILES = ["subjects", "visits", "exposure", "events", "adverse_events"]


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return pseudonymised_trial(tmp_path / "trial", monkeypatch)


def _settings(folder: Path) -> Settings:
    return parse_settings((folder / "config.yaml").read_text("utf-8"), "config.yaml")


def test_a_pseudonym_is_of_key_study_and_patient_and_tells_no_order() -> None:
    patients = [f"P{i:03}" for i in range(200)]
    named = pseudonyms(patients, b"key", "S1")
    assert len(set(named.values())) == 200
    assert named == pseudonyms(reversed(patients), b"key", "S1")
    assert not set(named.values()) & set(pseudonyms(patients, b"yek", "S1").values())
    assert not set(named.values()) & set(pseudonyms(patients, b"key", "S2").values())
    message = b"11:als-decline7:patient2:S14:P000"  # as docs/how_to/privacy.md has it
    digest = hmac.new(b"key", message, "sha256").hexdigest()
    assert named["P000"] == f"P-{digest[:12].upper()}"
    order = sorted(patients, key=named.__getitem__)
    rising = sum(a < b for a, b in itertools.pairwise(order))
    assert 70 < rising < 130


def test_patients_who_would_be_alike_have_longer_pseudonyms() -> None:
    patients = [f"P{i}" for i in range(100)]
    short = pseudonyms(patients, b"key", "S1", digits=1)
    assert len(set(short.values())) == 100
    (length,) = {len(text) for text in short.values()}
    assert length > len("P-0")


def test_the_fingerprint_tells_keys_apart_and_is_of_the_study() -> None:
    known = {fingerprint(k, s) for k in (b"key", b"yek") for s in ("S1", "S2")}
    assert len(known) == 4


@pytest.mark.parametrize(
    ("key", "says"), [("", "is not set"), ("short", "fewer than 16 characters")]
)
def test_without_a_key_it_is_refused_in_a_line_that_says_what_to_do(
    key: str, says: str, trial: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, key)
    with pytest.raises(DataError, match=says) as refused:
        keyed_plan(_settings(trial))
    assert "openssl rand -hex 32" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_job_with_another_key_than_planned_is_refused(
    trial: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = keyed_plan(_settings(trial))
    monkeypatch.setenv(KEY_VARIABLE, f"{KEY}!")
    with pytest.raises(DataError, match="not the one that this run was planned with"):
        read_trial_files(plan, trial)


def test_tables_are_the_same_but_for_who_is_who(trial: Path) -> None:
    plan = keyed_plan(_settings(trial))
    bare, _ = read_trial_files(data_plan(_settings(trial)), trial)
    files, findings = read_trial_files(plan, trial)
    assert findings == []
    named = dict(
        zip(
            bare.tables["subjects"]["patient"],
            files.tables["subjects"]["patient"],
            strict=True,
        )
    )
    assert all(name.startswith("P-") for name in named.values())
    for table, frame in bare.tables.items():
        patients = frame["patient"].map(named).astype("object")
        expected = frame.assign(patient=patients)
        pd.testing.assert_frame_equal(files.tables[table], expected)


OFTEN = [
    *("unknown patient", "visit after death", "date with slashes", "duplicated visit"),
    *("latin-1 accent behind a comma in quotes", "dose before randomisation"),
    *("patients that differ by capitals", "escape of a terminal", "ragged row"),
]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if name in OFTEN else pytest.mark.slow)
        for name in FAULTS
    ],
)
def test_no_finding_shows_a_patient_or_a_date(name: str, trial: Path) -> None:
    """Each fault is found with the same rule and place as without pseudonyms."""
    fault = FAULTS[name]
    fault.spoil(trial)
    findings = findings_of(trial)
    there = {(f.rule, f.file, f.row, f.column) for f in findings}
    assert (fault.rule, fault.file, fault.row, fault.column) in there
    for finding in findings:
        assert "IGF-0" not in str(finding)
        assert not DATE.search(str(finding)), finding


def test_what_is_alike_in_identifiers_alone_is_still_found(trial: Path) -> None:
    rows = (trial / "data/subjects.csv").read_text("utf-8")
    twin = rows.splitlines()[1].replace("IGF-001", "igf-001")
    (trial / "data/subjects.csv").write_text(f"{rows}{twin}\n", encoding="utf-8")
    found = {f.rule: f for f in findings_of(trial)}
    assert found["alike_patients"].row
    assert "igf-0" not in str(found["alike_patients"]).casefold()


def test_identifiers_and_dates_in_texts_do_not_pass(trial: Path) -> None:
    """An identifier in a text or a file's name is fatal; a date is taken out."""
    edit = cell("data/adverse_events.csv", 3, "term", "Fall on 3 May 2003 (2003-05-03)")
    together(edit, cell("data/events.csv", 3, "reason", "as IGF-001"))(trial)
    (found,) = findings_of(trial)
    assert (found.rule, found.file, found.row) == ("identifier", "data/events.csv", 3)
    files, _ = read_trial_files(keyed_plan(_settings(trial)), trial)
    assert "Fall on (date) ((date))" in set(files.tables["adverse_events"]["term"])
    named = trial / "data/visits_IGF-001.csv"
    (trial / "data/visits.csv").rename(named)
    replaced("config.yaml", "data/visits.csv", "data/visits_IGF-001.csv")(trial)
    assert ("identifier", None) in {(f.rule, f.row) for f in findings_of(trial)}


def test_numbers_of_a_hospital_may_be_identifiers_where_pseudonyms_take_their_place(
    trial: Path,
) -> None:
    for file in FILES:
        path = trial / f"data/{file}.csv"
        text = path.read_text(encoding="utf-8").replace("subject_id", "mrn")
        path.write_text(text.replace("IGF-", "5550"), encoding="utf-8")
    config = trial / "config.yaml"
    text = config.read_text(encoding="utf-8").replace("subject_id", "mrn")
    config.write_text(text, encoding="utf-8")
    assert findings_of(trial) == []
    config.write_text(text.replace("pseudonymise: true", ""), encoding="utf-8")
    assert {f.rule for f in findings_of(trial)} == {"identifier"}


@pytest.mark.parametrize(
    "said", ["recode: {patient: {IGF-1: IGF-001}}", "where: {subject_id: [IGF-001]}"]
)
def test_patients_named_in_the_configuration_are_refused(
    said: str, trial: Path
) -> None:
    file = "file: data/visits.csv\n"
    replaced("config.yaml", file, f"{file}    {said}\n")(trial)
    with pytest.raises(SettingsError, match="names patients, whom"):
        _settings(trial)


def test_a_number_that_is_a_patients_is_not_shown_and_stands_in_texts_unfound(
    trial: Path,
) -> None:
    for path in [*(trial / "data").glob("*.csv")]:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("IGF-", "1"), encoding="utf-8")
    cell("data/adverse_events.csv", 3, "term", "Fever 1001 times")(trial)
    assert findings_of(trial) == []
    files, _ = read_trial_files(keyed_plan(_settings(trial)), trial)
    terms = set(files.tables["adverse_events"]["term"])
    assert "Fever (number) times" in terms
    visits = trial / "data/visits.csv"
    text = visits.read_text(encoding="utf-8").replace("1003,", "1003\xb5,", 1)
    visits.write_bytes(text.encode("latin-1"))
    (found,) = findings_of(trial)
    assert (found.rule, found.value) == ("encoding", "")
    assert "1003" not in str(found)


def _decide(folder: Path, *decisions: str) -> None:
    header = "kind,file,patient,visit,column,value,new_value,rule,who,when,why"
    text = "\n".join([header, *decisions, ""])
    (folder / "data/decisions.csv").write_text(text, encoding="utf-8")
    line = "  cutoff: 2005-12-31"
    replaced("config.yaml", line, f"  decisions: data/decisions.csv\n{line}")(folder)


def test_reasons_of_decisions_name_nobody_and_their_cells_stay(trial: Path) -> None:
    """A visit and a value are no patient's, though one is called by that number."""
    for path in [*(trial / "data").glob("*.csv")]:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("IGF-002", "2").replace("IGF-003", "55"), "utf-8")
    why = "copied from IGF-004. Query of 5th March 2004 on patient 2 and on 55"
    place = "data/visits.csv,IGF-001,2,norris_limb"
    _decide(trial, f"correction,{place},55,54,,A. Baker,2005-12-01,{why}")
    files, found = read_trial_files(keyed_plan(_settings(trial)), trial)
    assert found == []
    (told,) = decisions_table(files.decisions).to_dict("records")
    assert (told["visit"], told["value"], told["new_value"]) == ("2", "55", "54")
    called = pseudonyms(["IGF-004"], KEY.encode(), "IGF1-IT-SYN")["IGF-004"]
    assert told["why"] == (
        f"copied from {called}. Query of (date) on patient (number) and on (number)"
    )


def test_what_is_known_of_a_date_in_part_stands_in_no_dataset(trial: Path) -> None:
    edit = cell("data/adverse_events.csv", 2, "start_date", "2003-05")
    together(edit, cell("data/adverse_events.csv", 3, "end_date", "2003"))(trial)
    plan = keyed_plan(_settings(trial))
    files, found = read_trial_files(plan, trial)
    assert found == []
    adae = adverse_event_records(plan, files)
    assert adae["ASTDT"].isna().sum() == 1
    assert not any(
        adae[name].astype(str).str.startswith("2003").any()
        for name in adae
        if not name.endswith("DT")
    )
    without = plan.model_copy(update={"pseudonyms": ""})
    assert "2003-05" in set(adverse_event_records(without, files)["AESTDTC"])


def test_sites_and_cohorts_stay_as_many_as_they_were(trial: Path) -> None:
    """Numbers of sites are as they are; months of cohorts are left out."""
    subjects = trial / "data/subjects.csv"
    header, *rows = subjects.read_text(encoding="utf-8").splitlines()
    named = [f"{row},2001-0{i % 2},2003-0{i % 3 + 1}" for i, row in enumerate(rows)]
    text = "\n".join([f"{header},site,cohort", *named, ""])
    subjects.write_text(text, encoding="utf-8")
    sex = "      - {column: sex, label: Sex, kind: category}\n"
    more = "".join(re.sub("(?i)sex", name, sex) for name in ("site", "cohort"))
    replaced("config.yaml", sex, sex + more)(trial)
    assert findings_of(trial) == []
    files, _ = read_trial_files(keyed_plan(_settings(trial)), trial)
    table = files.tables["subjects"]
    assert set(table["site"]) == {"2001-00", "2001-01"}
    assert set(table["cohort"]) == {"(date 1)", "(date 2)", "(date 3)"}


def test_a_finding_on_a_date_can_be_accepted_for_that_date_alone(trial: Path) -> None:
    """As without pseudonyms; who reads the result sees no date."""
    cell("data/events.csv", 2, "event_date", "2006-01-10")(trial)
    place = "accepted,data/events.csv,IGF-001,,event_date"
    signed = "date_after_cutoff,A. Baker,2006-02-01,ends count until lock"
    _decide(trial, f"{place},2006-01-10,,{signed}")
    (found,) = findings_of(trial)
    assert (found.rule, found.severity) == ("date_after_cutoff", "warning")
    assert not DATE.search(str(found))
    files, _ = read_trial_files(keyed_plan(_settings(trial)), trial)
    assert "2006-01" not in decisions_table(files.decisions).to_csv()
    decisions = trial / "data/decisions.csv"
    text = decisions.read_text(encoding="utf-8").replace("2006-01-10", "2006-01-11")
    decisions.write_text(text, encoding="utf-8")
    severities = {f.rule: f.severity for f in findings_of(trial)}
    assert severities == {"date_after_cutoff": "fatal", "decision_unfit": "warning"}
