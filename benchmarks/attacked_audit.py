"""A small trial that was analysed by hand and released, and what asks about it.

The jobs that the rules plan are given, for to read the rules takes a second; all else
is as the audit and a run have it.
"""

import contextlib
import importlib.util
import io
import json
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from attacked_files import Target
from forged_trial import FORGED, OUTSIDE, VICTIM, as_bytes, forged, lay
from hypothesis import strategies as st
from kept_folder import KeptFolder
from spoilt_content import Draw, spoilt_bytes, spoilt_json

from alsdecline.audit import verify as verify_module
from alsdecline.audit.recorded_files import recorded
from alsdecline.audit.releases import MANIFEST, RELEASES, heads_kept, make_release
from alsdecline.jobs import planned_of_trial
from alsdecline.jobs.events import EVENTS
from alsdecline.jobs.held_results import (
    altered_results,
    last_events,
    left_over,
    results_without_record,
)
from alsdecline.jobs.ledger import HEAD, LEDGER, append, chain_events, read_ledger
from alsdecline.jobs.locked_plan import held_lock, lock_plan
from alsdecline.jobs.records import file_digest
from alsdecline.jobs.result_times import misdated_results
from alsdecline.project import LOCK, PROJECT, SCRIPTS
from alsdecline.stable_files import json_text
from support.hand_jobs import done_event, hand_job, record_text, write
from support.hand_runs import LIMB, adsl, bds, hand_run, rate

TABLE = "results/tables/rate_of_decline.csv"
DATASETS = ["results/data/adsl.parquet", "results/data/bds/limb.parquet"]
JOBS = [
    hand_job("ingest", ["data/visits.csv"], DATASETS),
    hand_job("tabulate", DATASETS, [TABLE]),
    hand_job("report", [TABLE, "results/records/tabulate.json"], ["results/report.md"]),
]
EVENT = EVENTS / "left.json"
SPOILT = "spoilt_manifest.json"


class NotAsItShould(Exception):  # noqa: N818, no error of the program's
    """What was told or written breaks a promise."""


def _main() -> Any:
    found = importlib.util.spec_from_file_location("verbs", SCRIPTS / "audit.py")
    assert found
    assert found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module.main


AUDIT = _main()


def ask(*asked: str) -> int:
    """Ask the audit, as a person does, and look at how it answers."""
    told = io.BytesIO()
    stream = io.TextIOWrapper(told, encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        status: int = AUDIT(["--directory", ".", *asked])
    text = told.getvalue().decode()
    if any(not (c.isprintable() or c == "\n") for c in text):
        raise NotAsItShould(f"tells {text[:200]!r}")
    return status


def _release() -> str:
    found = sorted(path.name for path in RELEASES.glob("*") if path.name[:1] != ".")
    return found[0] if found else "0000"


def _questions() -> list[list[str]]:
    return [
        ["verify"],
        ["--json", "verify"],
        ["verify", _release()],
        ["repair"],
        ["trace", TABLE],
        ["trace", "results/report.md"],
        ["--json", "trace", f"{TABLE}:2:estimate"],
        ["diff", _release(), "now"],
        ["why", "report"],
        ["why", TABLE],
        ["lock"],
        ["release"],
    ]


def _ask_of_forged() -> None:
    questions = _questions()
    ask(*questions[json.loads(Path(FORGED).read_bytes())["verb"] % len(questions)])


def _ledger() -> None:
    """Read a ledger as a run does, go on with it, and see that all is kept."""
    chain = read_ledger(Path())
    events = last_events(Path(), chain)
    altered_results(JOBS, events)
    results_without_record(JOBS)
    misdated_results(JOBS, 0)
    left_over(JOBS, chain)
    recorded(Path(), JOBS, chain)
    heads_kept(Path(), chain)
    with contextlib.suppress(verify_module.DataError):
        held_lock(Path())
    ask("why", "report")
    ask("verify")
    before = LEDGER.read_bytes()
    append(Path(), [{"event": "run"}])
    chain_events(Path(), [done_event(JOBS[1])])
    kept, after = before[: before.rfind(b"\n") + 1], read_ledger(Path())
    if after.faults or after.notes or not LEDGER.read_bytes().startswith(kept):
        raise NotAsItShould(f"after further lines: {after.faults} {after.notes}")
    if chain.faults and not after.recovered:
        raise NotAsItShould("the ledger did not hold, and no line tells of it")


def _manifest() -> None:
    for asked in (["verify"], ["verify", _release()], ["diff", _release(), "now"]):
        ask(*asked)


@st.composite
def _spoilt_lines(draw: Draw, content: bytes) -> bytes:
    """Remove, repeat and move lines of a ledger."""
    lines = content.splitlines(keepends=True)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines)))
        put = draw(st.sampled_from([*lines, b"{}\n", b"[]\n", b"\n", b"{", b"\0\n"]))
        taken = draw(st.sampled_from([0, 1, 1, 2, len(lines)]))
        lines[at : at + taken] = draw(st.sampled_from([[], [put]]))
    return b"".join(lines)


def _spoilt_ledger(content: bytes) -> st.SearchStrategy[bytes]:
    return _spoilt_lines(content) | spoilt_bytes(content)


slow = partial(Target, changes=True, examples=40)
AUDITED: Mapping[str, Target] = {
    "the ledger": slow(str(LEDGER), _spoilt_ledger, _ledger),
    "the ledger's head": slow(str(HEAD), spoilt_json, _ledger),
    "an event that was left": slow(str(EVENT), spoilt_json, _ledger),
    "a release's manifest": slow(
        SPOILT,
        spoilt_json,
        _manifest,
        lay=lambda c: (RELEASES / _release() / MANIFEST).write_bytes(c),
    ),
    "a forged trial": slow(FORGED, forged, _ask_of_forged, lay=lay),
}


def make_audited() -> None:
    """Analyse, lock and release the trial in the working folder."""
    OUTSIDE.mkdir()
    VICTIM.write_text("{}", encoding="utf-8")
    shutil.copytree(PROJECT / "data", "data")
    datasets = {"bds/limb": bds(LIMB), "adsl": adsl()}
    rates = [rate(1.0, 0.1, 2.0, 0.98, model="single", outcome="limb")]
    hand_run(Path(), datasets=datasets, tables={"tables/rate_of_decline": rates})
    write("results/report.md", "a report")
    lock_plan(Path(), utc="2026-01-01T00:00:00.000Z")
    run = {"event": "run", "status": "started", "run": "1", "blinded": False}
    run |= {"files": {}, "reasons": {"report": ["first run"]}}
    append(Path(), [run])
    for job in JOBS:
        write(job.benchmark, "s\n1\n")
        write(job.record, as_bytes(json.loads(record_text(job))).decode())
        timed = {job.benchmark: file_digest(Path(job.benchmark))["sha256"]}
        append(Path(), [done_event(job) | {"timed": timed}])
    verify_module.jobs_of_trial = lambda *_: JOBS
    planned_of_trial.jobs_of_trial = lambda *_: JOBS
    raw = {"data/visits.csv": file_digest(Path("data/visits.csv"))["sha256"]}
    make_release(Path(), LOCK, raw)
    release = RELEASES / _release()
    for path in [release, *release.rglob("*")]:
        path.chmod(0o755)  # it is put back after each attack
    records = {job.record: json.loads(Path(job.record).read_bytes()) for job in JOBS}
    events = [json.loads(line) for line in LEDGER.read_bytes().splitlines()]
    manifest = (release / MANIFEST).read_text(encoding="utf-8")
    whole = {"records": records, "events": events, "manifest": json.loads(manifest)}
    Path(FORGED).write_text(json_text(whole | {"links": {}, "verb": 0}), "utf-8")
    Path(SPOILT).write_text(manifest, encoding="utf-8")
    write(str(EVENT), json.dumps(done_event(JOBS[0]) | {"id": "left"}))
    kept = KeptFolder(Path.cwd())
    if ask("verify"):
        raise NotAsItShould("the trial does not hold before anything is forged")
    for question in _questions():  # what is imported then is not counted as a hang
        lay(Path(FORGED).read_bytes())
        ask(*question)
    kept.put_back()
