"""The audit of a trial that real Snakemake ran: what was touched is named, it alone."""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from alsdecline.audit import verify as audit_verify
from alsdecline.jobs.planned_of_trial import plan_of_trial
from support.blinded_trial import edit_config
from support.brief_trial import brief_trial
from support.job_runs import TIMED, analyse, jobs_done, ledger_lines
from support.trial_folder import (
    PROJECT,
    SNAKEMAKE,
    cell,
    results_of,
    run_snakemake,
)

PYTHON = PROJECT / ".venv/bin/python"


@pytest.fixture
def audited(brief_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(brief_once, tmp_path / "trial"))


def audit(
    folder: Path, *arguments: str, project: Path = PROJECT
) -> subprocess.CompletedProcess[str]:
    command = [PYTHON, project / "scripts/audit.py", "--directory", folder, "--json"]
    return subprocess.run(
        [*command, *arguments], capture_output=True, text=True, check=False
    )


def failures(folder: Path, project: Path = PROJECT) -> set[str]:
    """Files that a whole ``verify`` names as failures."""
    done = audit(folder, "verify", project=project)
    found = json.loads(done.stdout)
    named = {f["path"] for f in found["findings"] if f["failure"]}
    assert done.returncode == (1 if named else 0), done.stderr
    return named


def flip(path: Path, at: int | None = None) -> bytes:
    """Change one byte in the middle, or where told; return what was there."""
    content = path.read_bytes()
    changed = bytearray(content)
    place = len(content) // 2 if at is None else at
    changed[place] ^= 1
    path.write_bytes(bytes(changed))
    return content


def test_an_untouched_trial_is_verified_without_what_snakemake_remembers(
    audited: Path,
) -> None:
    shutil.rmtree(audited / ".snakemake")
    assert failures(audited) == set()
    assert not (audited / ".snakemake").exists()


def test_one_byte_in_any_file_of_the_results_is_named_and_nothing_else(
    audited: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = plan_of_trial(PROJECT, audited)  # does not depend on results
    monkeypatch.setattr(audit_verify, "plan_of_trial", lambda *_: jobs)
    files = [
        path for path in sorted((audited / "results").rglob("*")) if path.is_file()
    ]
    assert len(files) > 90
    for path in files:
        if not path.stat().st_size:
            continue
        content = flip(path)
        found = audit_verify.verify(PROJECT, audited)["findings"]
        named = {f["path"] for f in found if f["failure"]}
        ledger = "results/ledger/"
        expected = str(path.relative_to(audited))
        # a head and a ledger that disagree are told of the ledger
        if expected.startswith(ledger):
            assert named, path
            assert all(name.startswith(ledger) for name in named), named
        else:
            assert named == {expected}
        path.write_bytes(content)
    assert audit_verify.verify(PROJECT, audited)["verified"]


def test_one_byte_in_any_raw_file_is_named(audited: Path) -> None:
    for path in sorted((audited / "data").glob("*.csv")):
        if path.name == "data_dictionary.csv":  # read by nobody
            continue
        content = flip(path)
        assert failures(audited) == {f"data/{path.name}"}
        path.write_bytes(content)


def test_settings_are_named_where_their_meaning_changed(audited: Path) -> None:
    config = audited / "config.yaml"
    text = config.read_text("utf-8")
    config.write_text(f"# a comment\n{text}", encoding="utf-8")
    assert failures(audited) == set()
    config.write_text(text.replace("seed: 20050727", "seed: 20050728"), "utf-8")
    done = json.loads(audit(audited, "verify").stdout)
    (finding,) = [f for f in done["findings"] if f["failure"]]
    assert finding["path"] == "config.yaml"
    assert "sampler.seed: 20050727 -> 20050728" in finding["message"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy what an audit reads of the project."""
    folder = tmp_path / "project"
    for name in ("rules", "scripts", "envs", "profiles"):
        shutil.copytree(PROJECT / name, folder / name)
    shutil.copy2(PROJECT / "Snakefile", folder)
    return folder


EDITS: dict[str, tuple[str, Callable[[str], str], bool]] = {
    "a comment in a module": (
        "scripts/alsdecline/fits/estimates.py",
        lambda text: f"# read twice\n{text}",
        False,
    ),
    "the meaning of a module": (
        "scripts/alsdecline/fits/estimates.py",
        lambda text: text.replace("ddof=1", "ddof=0"),
        True,
    ),
    "a template": (
        "scripts/templates/report.css",
        lambda text: f"{text} ",
        True,
    ),
    "the lock": (
        "envs/requirements.txt",
        lambda text: f"{text}#",
        True,
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_code_and_lock_are_named_where_their_meaning_changed(
    audited: Path, project: Path, edit: str
) -> None:
    name, change, fails = EDITS[edit]
    path = project / name
    text = path.read_text("utf-8")
    assert change(text) != text
    path.write_text(change(text), encoding="utf-8")
    found = json.loads(audit(audited, "verify", project=project).stdout)["findings"]
    assert [(f["path"], f["failure"]) for f in found] == [(name, fails)]


def test_every_file_of_code_that_ran_is_named_and_nothing_else(
    audited: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A statement more is a failure, a comment more a note."""
    # what the rules say follows from the files, which the test above asks
    jobs = plan_of_trial(PROJECT, audited)
    monkeypatch.setattr(audit_verify, "plan_of_trial", lambda *_: jobs)
    records = (audited / "results/records").rglob("*.json")
    ran = [json.loads(path.read_text("utf-8"))["code"]["files"] for path in records]
    files = sorted({name for code in ran for name in code})
    assert len(files) > 120
    for name in files:
        path = project / name
        text = path.read_text("utf-8")
        endings = {"\n_ = 0\n": True}
        if path.suffix == ".py":
            endings["\n# more\n"] = False
        for ending, fails in endings.items():
            path.write_text(f"{text}{ending}", encoding="utf-8")
            found = audit_verify.verify(project, audited)["findings"]
            assert [(f["path"], f["failure"]) for f in found] == [(name, fails)]
        path.write_text(text, encoding="utf-8")


def test_what_nobody_wrote_is_named(audited: Path) -> None:
    results = audited / "results"
    (results / "tables/extra.csv").write_text("a\n1\n", encoding="utf-8")
    (results / "ledger/events/forged.json").write_text('{"a": 1}', encoding="utf-8")
    (results / "data/link").symlink_to(audited / "data")
    (results / "nowhere").symlink_to("nothing")
    assert failures(audited) == {
        "results/tables/extra.csv",
        "results/ledger/events/forged.json",
        "results/data/link",
        "results/nowhere",
    }


def test_a_name_of_a_file_makes_no_line_of_its_own(audited: Path) -> None:
    (audited / "results/a\nFAILURE  b").write_text("", encoding="utf-8")
    Path(os.fsdecode(bytes(audited / "results") + b"/\xff")).write_text("", "utf-8")
    command = [PYTHON, PROJECT / "scripts/audit.py", "--directory", audited, "verify"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 3
    assert "results/a\\nFAILURE  b: no job wrote it" in done.stdout


DAMAGED = {
    "a record without what records have": (
        "results/records/describe.json",
        lambda _: '{"format": 1}',
    ),
    "a line of the ledger without its logs": (
        "results/ledger/ledger.jsonl",
        lambda text: text.replace('"timed":', '"timid":', 1),
    ),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_damage_is_told_without_a_traceback(audited: Path, case: str) -> None:
    name, spoil = DAMAGED[case]
    path = audited / name
    path.write_text(spoil(path.read_text("utf-8")), encoding="utf-8")
    assert name in failures(audited)
    shutil.rmtree(audited / ".snakemake")
    if "records" in name:
        assert "describe" in analyse(audited, "--cores", "2")
        assert failures(audited) == set()


def test_a_replay_needs_a_core(audited: Path) -> None:
    done = audit(audited, "replay", "--cores", "0")
    assert done.returncode == 2
    assert "'0' is no whole number from 1 on" in done.stderr


def test_results_of_a_model_that_the_plan_has_no_more_are_left_over(
    audited: Path,
) -> None:
    config = yaml.safe_load((audited / "config.yaml").read_text("utf-8"))
    kept = [one for one in config["estimands"] if one["outcome"] != "fvc"]
    edit_config(audited, models={"joint": ["limb", "bulbar"]}, estimands=kept)
    analyse(audited, "--cores", "2")
    left = failures(audited)
    assert "results/fits/single/fvc/posterior.parquet" in left
    assert "results/logs/fit_single/fvc.log" in left
    assert all("/fvc." in name or "/fvc/" in name for name in left)
    for name in left:
        (audited / name).unlink()
    assert failures(audited) == set()


def test_a_changed_result_is_made_again_after_repair(audited: Path) -> None:
    before = results_of(audited, *TIMED)
    flip(audited / "results/tables/rate_of_decline.csv")
    flip(audited / "results/logs/fit_joint.log")
    done = audit(audited, "repair")
    assert done.returncode == 0, done.stdout
    ran = analyse(audited, "--cores", "2")
    assert {"tabulate_rates", "fit_joint", "report"} <= ran
    assert results_of(audited, *TIMED) == before
    assert failures(audited) == set()


def test_a_release_is_frozen_and_keeps_the_head_of_the_ledger(audited: Path) -> None:
    done = audit(audited, "release")
    assert done.returncode == 0, done.stderr
    manifest = json.loads(done.stdout)
    release = audited / "releases" / manifest["digest"][:16]
    assert not release.stat().st_mode & 0o222
    assert audit(audited, "verify", release.name).returncode == 0
    again = audit(audited, "release")
    assert again.returncode == 2
    assert "released already" in again.stderr
    # so is a release that is not the one that the ledger tells of
    other = release.with_name("0" * 16)
    other.mkdir()
    forged = manifest | {"digest": "0" * 64, "sequence": 2}
    (other / "manifest.json").write_text(json.dumps(forged), encoding="utf-8")
    assert "results/ledger/ledger.jsonl" in failures(audited)
    shutil.rmtree(other)
    # a ledger that is whole, but written anew, is found against the release
    ledger = audited / "results/ledger"
    shutil.rmtree(ledger)
    assert "results/ledger/ledger.jsonl" in failures(audited)
    table = release / "results/tables/rate_of_decline.csv"
    table.chmod(0o644)
    flip(table)
    spoilt = audit(audited, "verify", release.name)
    assert spoilt.returncode == 1
    assert [f["path"] for f in json.loads(spoilt.stdout)["findings"]] == [
        "results/tables/rate_of_decline.csv"
    ]


def test_a_corrected_value_is_told_against_the_release(audited: Path) -> None:
    assert audit(audited, "release").returncode == 0
    row = (audited / "data/visits.csv").read_text("utf-8").splitlines()[1].split(",")
    cell("data/visits.csv", 2, "fvc_percent", str(int(row[6]) - 1))(audited)
    analyse(audited, "--cores", "2")
    changes = json.loads((audited / "results/changes.json").read_text("utf-8"))
    (changed,) = changes["records"]["changes"]
    assert changed["parameter"] == "FVCPP"
    (release,) = (audited / "releases").glob("*/")
    assert audit(audited, "diff", release.name, "now").returncode == 1
    assert failures(audited) == set()


def test_a_replay_gives_the_same_bytes(audited: Path) -> None:
    done = audit(audited, "replay", "--cores", "2")
    assert json.loads(done.stdout) == {
        "same": True,
        "comparison": "bytes",
        "differing": [],
    }


def kill_and_resume(folder: Path, seconds: float) -> None:
    """Start a run, kill it with all its jobs, and resume as documented."""
    command = [SNAKEMAKE, "--snakefile", PROJECT / "Snakefile", "--cores", "2"]
    run = subprocess.Popen(
        [*command, "--directory", folder],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(seconds)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert run_snakemake(folder, "--unlock").returncode == 0
    analyse(folder, "--cores", "2")


def _killed(brief_once: Path, folder: Path, seed: int) -> None:
    draw = random.Random(seed)
    brief_trial(folder)
    # in all of the run, whose length the machine decides
    whole = ledger_lines(brief_once)
    length = sum(line.get("seconds", 0) for line in whole) / 2 + 4
    kill_and_resume(folder, draw.uniform(1, length))
    assert results_of(folder, *TIMED) == results_of(brief_once, *TIMED)
    assert failures(folder) == set()
    assert jobs_done(ledger_lines(folder)) == jobs_done(whole)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_killed_run_resumes_to_the_bytes_of_an_undisturbed_one(
    brief_once: Path, tmp_path: Path, seed: int
) -> None:
    _killed(brief_once, tmp_path / "trial", seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4, 24))
def test_a_killed_run_resumes_at_many_moments(
    brief_once: Path, tmp_path: Path, seed: int
) -> None:
    _killed(brief_once, tmp_path / "trial", seed)
