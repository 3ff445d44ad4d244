"""What records and ledger put into a plan, and what a dry run leaves alone."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from alsdecline.jobs.events import leave_event
from alsdecline.jobs.ledger import read_ledger
from alsdecline.jobs.planned import PlannedJob
from alsdecline.jobs.recorded_plan import RecordedPlan
from support.hand_jobs import do_by_hand, done_event, hand_job, write

DATA, TABLE = "results/data.csv", "results/table.csv"


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[PlannedJob]:
    """Make a dataset and a table of it."""
    monkeypatch.chdir(tmp_path)
    return [
        do_by_hand(hand_job("ingest", [], [DATA])),
        do_by_hand(hand_job("table", [DATA], [TABLE])),
    ]


def workflow(
    *, dry: bool = False, runs: bool = True, asked: Mapping[str, Any] | None = None
) -> Any:
    """Return what a plan asks of Snakemake's workflow."""
    dag = {
        "rules": [],
        "targetrules": [SimpleNamespace(name="all")],
        "targetfiles": set(),
        "untilrules": set(),
        "untilfiles": set(),
        "omitrules": set(),
        "omitfiles": set(),
        "rules_allowed_for_needrun": frozenset(),
        "forcefiles": set(),
        **(asked or {}),
    }
    return SimpleNamespace(
        executor_plugin=object() if runs else None,
        dryrun=dry,
        dag=SimpleNamespace(**dag),
        iocache=SimpleNamespace(mtime={}),
    )


def snapshot() -> dict[str, tuple[bytes, int]]:
    files = (path for path in Path().rglob("*") if path.is_file())
    return {str(p): (p.read_bytes(), p.stat().st_mtime_ns) for p in files}


UNTIL_INGEST = {"untilrules": {"ingest"}}


def test_altered_results_are_asked_for_and_those_after_them_are_not(
    jobs: list[PlannedJob],
) -> None:
    write(DATA, "other")
    asked = workflow()
    plan = RecordedPlan(asked, jobs, {})
    plan.ask()
    plan.ask_again()
    assert asked.dag.forcefiles == {jobs[0].record}
    words = [f"output {DATA} is not what the job wrote"]
    assert plan.reasons == {jobs[0].record: words}
    Path(TABLE).unlink()
    gone = [f"output {TABLE} is gone"]
    assert plan.reasons_now() == plan.reasons | {jobs[1].record: gone}


@pytest.mark.parametrize("dry", [False, True])
def test_a_run_that_would_leave_altered_results_is_refused(
    jobs: list[PlannedJob], capsys: pytest.CaptureFixture[str], dry: bool
) -> None:
    write(TABLE, "other")
    plan = RecordedPlan(workflow(dry=dry, asked=UNTIL_INGEST), jobs, {})
    with pytest.raises(SystemExit) as stopped:
        plan.ask()
    assert stopped.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{TABLE}: is not what table wrote\nrefused")
    # to look at the plan is not to run it
    RecordedPlan(workflow(runs=False, asked=UNTIL_INGEST), jobs, {}).ask()


def test_a_result_without_record_is_not_read_where_it_may_not_be_made(
    jobs: list[PlannedJob],
) -> None:
    Path(jobs[0].record).unlink()
    asked = workflow(asked={"targetrules": [], "targetfiles": {TABLE}})
    RecordedPlan(asked, jobs, {}).ask()
    assert asked.dag.forcefiles == {jobs[0].record}
    only_table = workflow(asked={"rules_allowed_for_needrun": {"table"}})
    with pytest.raises(SystemExit):
        RecordedPlan(only_table, jobs, {}).ask()


def test_what_lies_before_a_limit_is_made_where_it_is_gone(
    jobs: list[PlannedJob],
) -> None:
    Path(DATA).unlink()
    whole, part = workflow(), workflow(asked=UNTIL_INGEST)
    RecordedPlan(whole, jobs, {}).ask()
    RecordedPlan(part, jobs, {}).ask()
    assert whole.dag.forcefiles == set()  # Snakemake sees it itself
    assert part.dag.forcefiles == {jobs[0].record}


def leave_much_to_do(jobs: list[PlannedJob]) -> None:
    """Leave an event for the ledger, and a result of the future."""
    leave_event(Path(), done_event(jobs[1]))
    later = time.time() + 3600
    os.utime(DATA, (later, later))


@pytest.mark.parametrize(
    "only_looks", [{"dry": True}, {"runs": False}], ids=["dry run", "summary"]
)
def test_a_dry_run_writes_nothing_and_plans_as_the_run_does(
    jobs: list[PlannedJob], only_looks: dict[str, bool]
) -> None:
    leave_much_to_do(jobs)
    before = snapshot()
    looks = workflow(**only_looks)
    plan = RecordedPlan(looks, jobs, {})
    plan.ask()
    plan.ask_again()
    assert snapshot() == before
    # as if it had given them the present time
    assert {DATA, TABLE, jobs[1].record} <= looks.iocache.mtime.keys()
    assert all(t.local() <= time.time() for t in looks.iocache.mtime.values())


def test_a_run_enters_what_was_left_and_dates_results_anew(
    jobs: list[PlannedJob],
) -> None:
    leave_much_to_do(jobs)
    lines = len(read_ledger(Path()).lines)
    RecordedPlan(workflow(), jobs, {}).ask()
    assert len(read_ledger(Path()).lines) == lines + 1
    assert Path(DATA).stat().st_mtime == Path(TABLE).stat().st_mtime <= time.time()
