"""The audit of a trial that real Snakemake ran: what was touched is named, it alone."""

import hashlib
import json
import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import yaml

from alsdecline.audit import verify as audit_verify
from alsdecline.audit.compared_fits import put_fits
from alsdecline.audit.replay import differing_bytes
from alsdecline.jobs.ledger import append
from alsdecline.jobs.planned_of_trial import jobs_of_trial
from alsdecline.stable_files import read_parquet, write_parquet
from support.audit_command import PYTHON, audit, failures
from support.blinded_trial import edit_config
from support.brief_trial import brief_trial
from support.interrupted_runs import kill_and_resume
from support.job_runs import TIMED, analyse, jobs_done, ledger_lines
from support.rerun_changes import copy_project
from support.trial_folder import PROJECT, results_of, run_snakemake


@pytest.fixture
def audited(brief_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(brief_once, tmp_path / "trial"))


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


def halves(names: Sequence[str]) -> Iterator[list[str]]:
    """Yield lists of the names; of any two, some list has the first alone."""
    for bit in range((len(names) - 1).bit_length()):
        for value in (0, 1):
            yield [name for i, name in enumerate(names) if i >> bit & 1 == value]


def test_one_byte_in_any_file_of_the_results_is_named_and_nothing_else(
    audited: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the files at a time; of any two, each is spoilt without the other."""
    jobs = jobs_of_trial(PROJECT, audited)  # does not depend on results
    monkeypatch.setattr(audit_verify, "jobs_of_trial", lambda *_: jobs)
    ledger = "results/ledger/"
    files = [
        str(path.relative_to(audited))
        for path in sorted((audited / "results").rglob("*"))
        if path.is_file() and path.stat().st_size
    ]
    of_ledger = [name for name in files if name.startswith(ledger)]
    others = [name for name in files if not name.startswith(ledger)]
    assert len(others) > 80

    def named_when_flipped(names: Sequence[str]) -> set[str]:
        contents = {name: flip(audited / name) for name in names}
        found = audit_verify.verify(PROJECT, audited)["findings"]
        for name, content in contents.items():
            (audited / name).write_bytes(content)
        return {f["path"] for f in found if f["failure"]}

    # a record that is spoilt tells nothing of what its job wrote
    records = [name for name in others if name.startswith("results/records/")]
    for alike in (records, [name for name in others if name not in records]):
        for some in halves(alike):
            assert named_when_flipped(some) == set(some)
    # a head and a ledger that disagree are told of the ledger, and where the byte lies
    # in a line's digest of what a job printed, of that too
    printed = ("results/logs/", "results/benchmarks/")
    assert of_ledger
    for one in of_ledger:
        named = named_when_flipped([one])
        assert any(name.startswith(ledger) for name in named), (one, named)
        assert all(name.startswith((ledger, *printed)) for name in named), named
    assert audit_verify.verify(PROJECT, audited)["verified"]


def test_one_byte_in_any_raw_file_is_named(audited: Path) -> None:
    names = sorted(path.name for path in (audited / "data").glob("*.csv"))
    names.remove("data_dictionary.csv")  # read by nobody
    for some in (names[::2], names[1::2]):
        contents = {name: flip(audited / "data" / name) for name in some}
        assert failures(audited) == {f"data/{name}" for name in some}
        for name, content in contents.items():
            (audited / "data" / name).write_bytes(content)


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
    folder.mkdir()
    copy_project(folder)
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
        "scripts/templates/report/page.css",
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
    jobs = jobs_of_trial(PROJECT, audited)
    monkeypatch.setattr(audit_verify, "jobs_of_trial", lambda *_: jobs)
    records = (audited / "results/records").rglob("*.json")
    ran = [json.loads(path.read_text("utf-8"))["code"]["files"] for path in records]
    files = sorted({name for code in ran for name in code})
    assert len(files) > 120
    texts = {name: (project / name).read_text("utf-8") for name in files}
    for some in halves(files):
        python = [name for name in some if name.endswith(".py")]
        for ending, edited, fails in (
            ("\n_ = 0\n", some, True),
            ("\n# more\n", python, False),
        ):
            for name in edited:
                (project / name).write_text(f"{texts[name]}{ending}", encoding="utf-8")
            found = audit_verify.verify(project, audited)["findings"]
            named = sorted((f["path"], f["failure"]) for f in found)
            assert named == [(name, fails) for name in edited]
            for name in edited:
                (project / name).write_text(texts[name], encoding="utf-8")


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


def test_a_cut_ledger_is_told_by_the_next_run_and_never_forgotten(
    audited: Path,
) -> None:
    ledger = audited / "results/ledger/ledger.jsonl"
    *lines, last = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(b"".join(lines))
    (audited / "results/tables/design.csv").unlink()
    told = []
    for _ in range(2):
        run = run_snakemake(audited, "results/tables/design.csv")
        assert run.returncode == 0, run.stderr
        told.append("its tail was cut" in run.stderr)
        done = json.loads(audit(audited, "verify").stdout)
        (failure,) = [f for f in done["findings"] if f["failure"]]
        assert hashlib.sha256(last.rstrip(b"\n")).hexdigest() in failure["message"]
    assert told == [True, False]


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


@pytest.mark.parametrize(
    "case",
    [
        # its job runs again
        pytest.param(c, marks=pytest.mark.slow if "record" in c else [])
        for c in DAMAGED
    ],
)
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


def without_the_model_of_fvc(folder: Path) -> set[str]:
    """Take a model out of the plan, and return the files of results it had."""
    config = yaml.safe_load((folder / "config.yaml").read_text("utf-8"))
    kept = [one for one in config["estimands"] if one["outcome"] != "fvc"]
    edit_config(folder, models={"joint": ["limb", "bulbar"]}, estimands=kept)
    of_it = re.compile(r"results/(?!data/|lineage/).*/fvc[./]")
    return {name for name in results_of(folder) if of_it.match(name)}


def test_results_of_a_model_that_the_plan_has_no_more_are_left_over(
    audited: Path,
) -> None:
    left = without_the_model_of_fvc(audited)
    assert "results/fits/single/fvc/posterior.parquet" in left
    assert failures(audited) == left | {"config.yaml"}


@pytest.mark.slow
def test_what_was_left_over_is_no_failure_once_it_is_deleted(audited: Path) -> None:
    left = without_the_model_of_fvc(audited)
    analyse(audited, "--cores", "2")
    assert failures(audited) == left
    for name in left:
        (audited / name).unlink()
    assert failures(audited) == set()


def test_a_changed_result_is_made_again_after_repair(audited: Path) -> None:
    before = results_of(audited, *TIMED)
    flip(audited / "results/tables/design.csv")
    flip(audited / "results/logs/describe.log")
    done = audit(audited, "repair")
    assert done.returncode == 0, done.stdout
    ran = analyse(audited, "--cores", "2")
    assert ran == {"tabulate_design", "describe", "report", "report_documents", "crate"}
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


@pytest.mark.slow
def test_a_replay_on_one_core_gives_the_bytes_of_the_run_on_two(audited: Path) -> None:
    done = audit(audited, "replay", "--cores", "1")
    assert json.loads(done.stdout) == {
        "same": True,
        "comparison": "bytes",
        "other_platform": [],
        "differing": [],
        "not_compared": [
            "results/logs/, results/benchmarks/, results/ledger/: they carry times"
        ],
    }


def made_elsewhere(folder: Path, work: Path) -> None:
    """Let the joint fit have come out a little otherwise, on another processor."""
    shutil.copytree(folder / "results/fits", work / "results/fits")
    posterior = work / "results/fits/joint/posterior.parquet"
    draws = read_parquet(posterior)
    # far less than the Monte Carlo error of 200 draws
    draws["slope[limb]"] += 0.001 * draws["slope[limb]"].std()
    write_parquet(posterior, draws)
    put_fits(work, folder)
    line = [x for x in ledger_lines(folder) if x.get("job") == "fit_joint"][-1]
    append(
        folder, [{k: v for k, v in line.items() if k != "time"} | {"processor": "Y"}]
    )
    analyse(folder, "--cores", "2")
    assert failures(folder) == set()


@pytest.mark.slow
def test_a_replay_on_another_platform_finds_what_was_edited_and_nothing_else(
    audited: Path, tmp_path: Path
) -> None:
    made_elsewhere(audited, tmp_path / "work")
    edits = {
        "results/report.html": (b"points a month", b"points a week"),
        "results/figures/decline.svg": (b'"0 0 ', b'"0 1 '),
        "results/tables/parameters.csv": (b"synthetic\n", b"real\n"),
    }
    for name, (old, new) in edits.items():
        content = (audited / name).read_bytes()
        assert old in content
        (audited / name).write_bytes(content.replace(old, new, 1))
    flip(audited / "results/lineage/records.parquet", 400)
    done = json.loads(audit(audited, "replay", "--cores", "2").stdout)
    assert done["comparison"] == "numbers"
    assert done["other_platform"][0].startswith("fit_joint ran on Y, the ledger tells")
    assert done["differing"] == sorted([*edits, "results/lineage/records.parquet"])


def test_a_replay_compares_every_byte_of_results_but_times(
    audited: Path, brief_once: Path
) -> None:
    assert differing_bytes(brief_once, audited) == []
    for name, content in results_of(audited).items():
        if content:
            flip(audited / name)
    assert differing_bytes(brief_once, audited) == [
        name for name, content in results_of(brief_once, *TIMED).items() if content
    ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 3))
def test_a_run_that_is_killed_five_times_ends_with_the_bytes_of_an_undisturbed_one(
    brief_once: Path, tmp_path: Path, seed: int
) -> None:
    draw = random.Random(seed)
    folder = brief_trial(tmp_path / "trial")
    # in all of the run, whose length the machine decides; each goes on where the last
    # was killed, once it has planned
    whole = ledger_lines(brief_once)
    length = sum(line.get("seconds", 0) for line in whole) / 2
    kill_and_resume(folder, [draw.uniform(1, 5 + length / 4) for _ in range(5)])
    assert results_of(folder, *TIMED) == results_of(brief_once, *TIMED)
    assert failures(folder) == set()
    assert jobs_done(ledger_lines(folder)) == jobs_done(whole)
