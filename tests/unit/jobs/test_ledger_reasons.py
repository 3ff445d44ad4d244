"""The ledger's reasons: what the records said before a run, and what a job read."""

from typing import Any

from alsdecline.jobs.ledger_reasons import RunReasons

RECORD = "results/records/fit.json"
WORDS = "setting sampler.draws: 1000 -> 2000"


def job(name: str = "fit", **more: Any) -> dict[str, Any]:
    return {
        "event": "job",
        "status": "done",
        "job": name,
        "run": "1",
        "depends": {"code": "code:1", "settings": "a"},
        "inputs": {"data/visits.csv": "1", "results/x": "1"},
        "outputs": {},
        **more,
    }


def begun(run: str, **reasons: list[str]) -> dict[str, Any]:
    return {"event": "run", "status": "started", "run": run, "reasons": reasons}


def test_a_job_without_a_line_ran_first() -> None:
    assert RunReasons().reasons_of(job()) == ["first run"]


def test_a_failed_job_is_no_time_before() -> None:
    assert RunReasons([job(status="failed")]).reasons_of(job()) == ["first run"]


def test_what_the_records_said_before_its_run_is_the_reason() -> None:
    known = RunReasons([job(), begun("1", fit=["other"]), begun("2", fit=[WORDS])])
    event = job(run="2", depends={"code": "code:1", "settings": "b"})
    assert known.reasons_of(event) == [WORDS]
    assert known.reasons_of(job("table", run="2")) == ["first run"]


def test_what_it_read_otherwise_is_told_too_and_once() -> None:
    said = [WORDS, "raw file data/visits.csv changed"]
    known = RunReasons([job(), begun("2", fit=said)])
    event = job(run="2", inputs={"data/visits.csv": "2", "results/x": "2"})
    assert known.reasons_of(event) == [*said, "input results/x changed"]


def test_without_the_records_the_ledger_tells_what_differs() -> None:
    known = RunReasons([job()])
    assert known.reasons_of(job(depends={"code": "code:2", "settings": "a"})) == [
        "code changed"
    ]
    assert known.reasons_of(job(inputs={"data/visits.csv": "2", "results/y": "1"})) == [
        "new input results/y",
        "input results/x is no longer read",
        "raw file data/visits.csv changed",
    ]


def test_what_read_the_same_follows_from_jobs_of_its_run() -> None:
    earlier = [job(), job("ingest", outputs={"results/x": "1"})]
    known = RunReasons([*earlier, job("ingest", run="2", outputs={"results/x": "1"})])
    assert known.reasons_of(job(run="2")) == [
        "follows from ingest, which ran again to the same bytes"
    ]
    assert "absent" in known.reasons_of(job(run="3"))[0]


def test_the_record_of_a_job_is_made_by_it() -> None:
    made = job("ingest", run="2", outputs={}, record={"results/x": "1"})
    assert "ingest" in RunReasons([job(), made]).reasons_of(job(run="2"))[0]


def test_reasons_that_are_no_list_are_none() -> None:
    forged = begun("1") | {"reasons": {"fit": 5}}
    assert RunReasons([forged]).reasons_of(job()) == ["first run"]
