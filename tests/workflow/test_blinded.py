"""A blinded trial through Snakemake: a pooled description, and nothing that tells arms.

Which arm a patient is in must not change one byte of the results, but for the digest of
the raw file.
"""

import hashlib
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from alsdecline.stable_files import read_parquet
from support.blinded_trial import (
    ARM_LABELS,
    ARM_NAMES,
    allocation_apart,
    blinded_trial,
    edit_config,
)
from support.job_runs import TIMED, analyse
from support.once import Once
from support.trial_folder import ADSL, results_of, run_snakemake

pytestmark = pytest.mark.runs

SUBJECTS = "data/subjects.csv"
PATIENT_RECORDS = "results/lineage/patient_records.parquet"

JOBS = {
    "validate",
    "accept",
    "ingest",
    "label_datasets",
    "export_datasets",
    "describe",
    "figure_trajectories",
    "report",
    "report_documents",
}


def shifted_arms(text: str) -> str:
    """Give every patient the arm of the patient before."""
    header, *lines = text.splitlines()
    records = [line.split(",") for line in lines]
    at = header.split(",").index("arm")
    arms = [record[at] for record in records]
    shifted = [arms[-1], *arms[:-1]]
    assert shifted != arms
    for record, arm in zip(records, shifted, strict=True):
        record[at] = arm
    return "".join(f"{line}\n" for line in [header, *map(",".join, records)])


@pytest.fixture(scope="module")
def blinded(once: Once) -> Path:
    """Run a blinded trial; its report says who knows nothing."""

    def make(folder: Path) -> None:
        assert analyse(blinded_trial(folder)) == JOBS

    return once("blinded", make)


def test_every_result_is_the_same_whoever_is_in_which_arm(
    blinded: Path, tmp_path: Path
) -> None:
    other = blinded_trial(tmp_path / "trial")
    path = other / SUBJECTS
    path.write_text(shifted_arms(path.read_text("utf-8")), "utf-8")
    analyse(other)

    def without_digest(folder: Path) -> dict[str, bytes]:
        digest = hashlib.sha256((folder / SUBJECTS).read_bytes()).hexdigest()
        rows = read_parquet(folder / PATIENT_RECORDS)
        return {
            # records digest the raw files together, and what shows their digests
            name: re.sub(rb'[0-9a-f]{64}|"size": \d+', b"(a digest)", content)
            if name.startswith("results/records/")
            else content.replace(digest.encode(), b"(the digest)")
            for name, content in results_of(folder, *TIMED).items()
            # of the page, which is among these, packed with its digests
            if not name.endswith((".docx", ".pdf"))
        } | {PATIENT_RECORDS: rows.drop(columns="sha256").to_csv().encode()}

    expected = without_digest(blinded)
    assert "results/report.html" in expected
    assert b"(the digest)" in expected["results/report.html"]
    assert without_digest(other) == expected


def test_no_result_names_an_arm(blinded: Path) -> None:
    names = (*ARM_NAMES.values(), *ARM_LABELS.values())
    for path in (blinded / "results").rglob("*"):
        if path.suffix == ".parquet":
            text = read_parquet(path).to_csv()
        elif path.is_file():
            text = path.read_bytes().decode("utf-8", errors="replace")
        else:
            continue
        assert [name for name in names if name in text] == [], path
    # the search finds a name where there is one
    assert names[0] in (blinded / SUBJECTS).read_text("utf-8")


def test_the_patients_are_described_together(blinded: Path) -> None:
    tables = blinded / "results/tables"
    patients = pd.read_csv(tables / "baseline_characteristics.csv").iloc[0]
    assert (patients["arm"], patients["value"]) == ("pooled", 9)
    assert set(pd.read_csv(tables / "change_from_baseline.csv")["arm"]) == {"pooled"}
    assert pd.read_csv(tables / "exposure.csv").empty
    events = pd.read_csv(tables / "adverse_events.csv")
    assert set(events["arm"]) == {"pooled", "all"}


def test_the_report_says_that_it_is_blinded(blinded: Path) -> None:
    page = (blinded / "results/report.html").read_text("utf-8")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))
    assert "Blinded: pooled description; no arm is known." in text
    assert "All patients (n = 9)" in text.replace("\N{NO-BREAK SPACE}", " ")
    for part in ("Baseline characteristics", "Disposition", "Week 40", "any serious"):
        assert part in text
    heads = re.findall(r"<th[^>]*>All\spatients\s\(n", page)
    assert len(heads) == 3  # a column in each table of the patients
    links = re.findall(r'href="#([^"]*)"', page)
    assert set(links) <= set(re.findall(r'id="([^"]*)"', page))


NEEDS_ARMS = [
    "gate",
    "fit_joint",
    "results/fits/single/limb/posterior.parquet",
    "results/tables/rate_of_decline.csv",
    "results/tables/design.csv",
    "results/tables/slope_tests/total.csv",
    "results/figures/decline.svg",
]


@pytest.mark.parametrize("target", NEEDS_ARMS)
def test_what_needs_arms_is_refused_in_one_line(
    blinded: Path, tmp_path: Path, target: str
) -> None:
    folder = Path(shutil.copytree(blinded, tmp_path / "trial"))
    before = results_of(folder)
    run = run_snakemake(folder, target)
    assert run.returncode != 0
    assert "Traceback" not in run.stdout + run.stderr
    (line,) = run.stderr.splitlines()
    assert line.startswith("refused while trial.blinded is true in config.yaml")
    assert results_of(folder) == before


def test_the_allocation_is_read_from_unblinding_on(
    blinded: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(blinded, tmp_path / "trial"))
    allocation = allocation_apart(folder)
    assert "validate" in analyse(folder)
    edit_config(folder, trial__blinded=False)

    run = run_snakemake(folder, ADSL)
    assert run.returncode != 0
    (line,) = [li for li in run.stderr.splitlines() if "no such raw file" in li]
    assert line.startswith("data/allocation.csv: ")
    assert line.endswith("set `trial.blinded: true`")

    (folder / "data/allocation.csv").write_text(allocation, "utf-8")
    assert {"validate", "ingest"} <= analyse(folder, ADSL)
    adsl = read_parquet(folder / ADSL)
    arm_of = dict(line.split(",") for line in allocation.splitlines()[1:])
    assert dict(zip(adsl["USUBJID"], adsl["ARMCD"], strict=True)) == arm_of
    assert (adsl["SAFFL"] == "Y").all()
