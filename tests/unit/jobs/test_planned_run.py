"""Which jobs a run may do, by its targets and limits."""

import pytest

from alsdecline.jobs.planned_run import Limits, Named, jobs_of_run
from support.hand_jobs import hand_job

JOBS = [
    hand_job("ingest", ["data/visits.csv"], ["results/bds.parquet"]),
    hand_job("fit/limb", ["results/bds.parquet"], ["results/limb.parquet"]),
    hand_job("fit/fvc", ["results/bds.parquet"], ["results/fvc.parquet"]),
    hand_job("tabulate", ["results/limb.parquet"], ["results/rates.csv"]),
    hand_job("report", ["results/rates.csv"], ["results/report.html"]),
    # the crate reads records alone
    hand_job("crate", ["results/records/report.json"], ["results/crate.json"]),
]
EVERYTHING = {job.name for job in JOBS}
ALL = Named(["all"])
FITS = {"ingest", "fit/limb", "fit/fvc"}

RUNS = {
    "without a target": (Limits(ALL), EVERYTHING),
    "a file": (
        Limits(Named(files=["results/rates.csv"])),
        {"ingest", "fit/limb", "tabulate"},
    ),
    "a record, which the crate follows": (
        Limits(Named(files=["results/crate.json"])),
        EVERYTHING - {"fit/fvc"},
    ),
    "a rule": (Limits(Named(["fit"])), FITS),
    "until a rule": (Limits(ALL, until=Named(["fit"])), FITS),
    "until a file": (
        Limits(ALL, until=Named(files=["results/fvc.parquet"])),
        {"ingest", "fit/fvc"},
    ),
    "until what the target does not need": (
        Limits(Named(files=["results/rates.csv"]), until=Named(["report"])),
        set(),
    ),
    "until all": (Limits(ALL, until=ALL), EVERYTHING),
    "from a rule on": (Limits(ALL, omitted=Named(["tabulate"])), FITS),
    "from one job on": (
        Limits(ALL, omitted=Named(files=["results/fvc.parquet"])),
        EVERYTHING - {"fit/fvc"},
    ),
    "some rules alone": (
        Limits(ALL, allowed=["report", "fit"]),
        {"fit/limb", "fit/fvc", "report"},
    ),
}


@pytest.mark.parametrize("case", RUNS)
def test_a_run_does_what_it_is_asked_for_and_what_that_needs(case: str) -> None:
    limits, expected = RUNS[case]
    assert jobs_of_run(JOBS, limits, "all") == expected
