"""A release is frozen, named by what it holds, and keeps the head of the ledger."""

import contextlib
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alsdecline.audit import releases
from alsdecline.audit.releases import (
    digest_of,
    heads_kept,
    make_release,
    release_faults,
    releases_absent,
)
from alsdecline.faults import DataError
from alsdecline.jobs.ledger import HEAD, LEDGER, append, read_ledger

RAW = {"data/visits.csv": "7" * 64}
TABLE = "results/tables/a.csv"
LOG = "results/logs/fit.log"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """Make a trial of one table, one log and a ledger of two lines."""
    folder = tmp_path / "trial"
    for name, text in {"config.yaml": "study: A\n", TABLE: "1\n", LOG: "ok\n"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    append(folder, [{"event": "run"}, {"event": "end"}])
    return folder


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "lock.txt"
    path.write_text("numpy==2.0\n", encoding="utf-8")
    return path


def write(path: Path, text: str) -> None:
    """Write into a folder that may be read-only."""
    for one in (path.parent, path):
        if one.exists():
            one.chmod(0o755)
    path.write_text(text, encoding="utf-8")


def released(trial: Path, lock: Path) -> tuple[Path, dict[str, Any]]:
    manifest = make_release(trial, lock, RAW)
    return trial / "releases" / manifest["digest"][:16], manifest


def test_the_digest_is_of_names_and_hashes_in_canonical_json() -> None:
    files = {"b": {"sha256": "2", "size": 9}, "a": {"sha256": "1", "size": 9}}
    content = '{"files":{"a":"1","b":"2"},"raw":{"data/visits.csv":"3"}}'
    assert digest_of(files, {"data/visits.csv": "3"}) == sha256(content)


def test_times_are_no_part_of_the_digest_but_like_named_files_are() -> None:
    table = {TABLE: {"sha256": "1"}}
    timed = {
        f"results/{name}": {"sha256": "2"}
        for name in ("logs/a.log", "benchmarks/a.tsv", "ledger/head.json")
    }
    assert digest_of(table | timed, RAW) == digest_of(table, RAW)
    near = {"results/logs.csv": {"sha256": "2"}}
    assert digest_of(table | near, RAW) != digest_of(table, RAW)


def test_a_release_holds_results_configuration_and_lock(
    trial: Path, lock: Path
) -> None:
    release, manifest = released(trial, lock)
    held = {str(p.relative_to(release)) for p in release.rglob("*") if p.is_file()}
    told = {"config.yaml", "requirements.txt", TABLE, LOG, str(LEDGER), str(HEAD)}
    assert held == told | {"manifest.json"}
    assert manifest["files"].keys() == told
    assert manifest["files"][TABLE] == {"sha256": sha256("1\n"), "size": 2}
    assert manifest["files"]["requirements.txt"]["sha256"] == sha256("numpy==2.0\n")
    assert json.loads((release / "manifest.json").read_bytes()) == manifest


def test_the_locked_plan_goes_into_the_release(trial: Path, lock: Path) -> None:
    (trial / "analysis_plan.lock.json").write_text("{}\n", encoding="utf-8")
    release, manifest = released(trial, lock)
    assert (release / "analysis_plan.lock.json").read_text("utf-8") == "{}\n"
    assert manifest["files"]["analysis_plan.lock.json"]["sha256"] == sha256("{}\n")


def test_the_digest_is_of_the_plan_the_tables_and_the_raw_files(
    trial: Path, lock: Path
) -> None:
    _, manifest = released(trial, lock)
    content = {
        "files": {
            "config.yaml": sha256("study: A\n"),
            "requirements.txt": sha256("numpy==2.0\n"),
            TABLE: sha256("1\n"),
        },
        "raw": RAW,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    assert manifest["digest"] == sha256(canonical)
    assert manifest["raw"] == RAW


def test_nobody_may_write_into_a_release(trial: Path, lock: Path) -> None:
    release, _ = released(trial, lock)
    assert not any(p.stat().st_mode & 0o222 for p in [release, *release.rglob("*")])
    # its folders can still be read
    assert release.stat().st_mode & 0o500 == 0o500


def test_the_manifest_has_the_ledgers_head_from_before_the_release(
    trial: Path, lock: Path
) -> None:
    second = (trial / LEDGER).read_bytes().split(b"\n")[1]
    _, manifest = released(trial, lock)
    assert manifest["lines"] == 2
    assert manifest["head"] == hashlib.sha256(second).hexdigest()


def test_the_ledger_tells_of_the_release(trial: Path, lock: Path) -> None:
    _, manifest = released(trial, lock)
    last = read_ledger(trial).lines[-1]
    assert (last["event"], last["digest"], last["sequence"]) == (
        "release",
        manifest["digest"],
        1,
    )


def test_releases_are_numbered_in_their_order(trial: Path, lock: Path) -> None:
    numbers = []
    for value in "123":
        write(trial / TABLE, value)
        numbers.append(released(trial, lock)[1]["sequence"])
    assert numbers == [1, 2, 3]


def test_the_same_results_are_not_released_twice(trial: Path, lock: Path) -> None:
    release, _ = released(trial, lock)
    lines = len(read_ledger(trial).lines)
    # other times are no other results
    write(trial / LOG, "later\n")
    with pytest.raises(DataError) as told:
        make_release(trial, lock, RAW)
    assert str(told.value) == f"{release}: these results are released already"
    assert list((trial / "releases").iterdir()) == [release]
    assert len(read_ledger(trial).lines) == lines


def test_what_an_interrupted_release_left_is_no_part_of_the_next(
    trial: Path, lock: Path
) -> None:
    write_to = trial / "releases/.partial/old.csv"
    write_to.parent.mkdir(parents=True)
    write_to.write_text("old\n", encoding="utf-8")
    release, manifest = released(trial, lock)
    assert "old.csv" not in manifest["files"]
    assert list((trial / "releases").iterdir()) == [release]


class KilledError(BaseException):
    """Stands for the death of the process."""


STEPS = ["copytree", "_files", "json_text", "append", "Path.rename", "_protect"]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_a_release_killed_at_any_step_is_made_by_the_next(
    trial: Path, lock: Path, step: str, after: bool
) -> None:
    def die(function: Callable[..., Any]) -> Callable[..., Any]:
        def dying(*given: Any, **named: Any) -> Any:
            if after:
                function(*given, **named)
            raise KilledError

        return dying

    owner, name = {"copytree": (shutil, step), "Path.rename": (Path, "rename")}.get(
        step, (releases, step)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, die(getattr(owner, name)))
        with pytest.raises(KilledError):
            make_release(trial, lock, RAW)
    # what `release` asks for first
    assert heads_kept(trial, read_ledger(trial)) == []
    with contextlib.suppress(DataError):  # released already
        make_release(trial, lock, RAW)
    (release,) = (trial / "releases").iterdir()
    assert release_faults(release) == []
    assert not any(p.stat().st_mode & 0o222 for p in [release, *release.rglob("*")])
    chain = read_ledger(trial)
    assert heads_kept(trial, chain) == releases_absent(trial, chain) == []
    assert {line.get("sequence") for line in chain.lines} == {None, 1}


def test_a_release_as_it_was_made_has_no_fault(trial: Path, lock: Path) -> None:
    release, _ = released(trial, lock)
    assert release_faults(release) == []


def _remove(release: Path) -> None:
    (release / TABLE).parent.chmod(0o755)
    (release / TABLE).unlink()


DAMAGE: dict[str, tuple[Callable[[Path], None], list[tuple[str, str]]]] = {
    "a table changed": (
        lambda release: write(release / TABLE, "2\n"),
        [(TABLE, "was changed")],
    ),
    # in the digest is no log, in the manifest is
    "a log changed": (
        lambda release: write(release / LOG, "later\n"),
        [(LOG, "was changed")],
    ),
    "a table removed": (_remove, [(TABLE, "is absent")]),
    "a file added": (
        lambda release: write(release / "new.csv", "1\n"),
        [("new.csv", "was added")],
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_was_done_to_a_release_is_named(
    trial: Path, lock: Path, name: str
) -> None:
    damage, faults = DAMAGE[name]
    release, _ = released(trial, lock)
    damage(release)
    assert release_faults(release) == faults


FORGED = [("manifest.json", "its digest is not that of what it lists")]


def test_a_manifest_rewritten_to_a_changed_file_is_found(
    trial: Path, lock: Path
) -> None:
    release, manifest = released(trial, lock)
    write(release / TABLE, "2\n")
    manifest["files"][TABLE] = {"sha256": sha256("2\n"), "size": 2}
    write(release / "manifest.json", json.dumps(manifest))
    assert release_faults(release) == FORGED
    # and with its digest, for the folder has another name
    manifest["digest"] = digest_of(manifest["files"], RAW)
    write(release / "manifest.json", json.dumps(manifest))
    assert release_faults(release) == FORGED


@pytest.mark.parametrize("key", ["digest", "head", "lines", "files", "raw"])
def test_a_manifest_without_its_parts_is_none(
    trial: Path, lock: Path, key: str
) -> None:
    release, manifest = released(trial, lock)
    write(release / "manifest.json", json.dumps(manifest | {key: None}))
    with pytest.raises(DataError) as told:
        release_faults(release)
    complaint = f"{release / 'manifest.json'}: is no manifest of a release"
    assert str(told.value) == complaint
    # where the ledger is checked it is a fault beside others
    assert heads_kept(trial, read_ledger(trial)) == [complaint]


@pytest.mark.parametrize(
    "forged",
    [
        {"files": {TABLE: 1}},
        {"files": {TABLE: {"size": 1}}},
        {"files": {TABLE: {"sha256": ["1"]}}},
        {"raw": {"data/visits.csv": None}},
    ],
)
def test_a_manifest_with_something_else_for_a_digest_is_none(
    trial: Path, lock: Path, forged: dict[str, Any]
) -> None:
    release, manifest = released(trial, lock)
    write(release / "manifest.json", json.dumps(manifest | forged))
    with pytest.raises(DataError, match="is no manifest of a release"):
        release_faults(release)


def test_a_release_that_the_ledger_tells_of_and_that_is_gone_is_named(
    trial: Path, lock: Path
) -> None:
    release, _ = released(trial, lock)
    # a line without a digest tells of none
    append(trial, [{"event": "release"}, {"event": "lock", "digest": "9" * 64}])
    assert releases_absent(trial, read_ledger(trial)) == []
    release.rename(trial / "elsewhere")
    assert releases_absent(trial, read_ledger(trial)) == [release.name]


def test_a_ledger_that_goes_on_keeps_the_heads_of_all_releases(
    trial: Path, lock: Path
) -> None:
    for value in "12":
        write(trial / TABLE, value)
        released(trial, lock)
    append(trial, [{"event": "run"}])
    assert heads_kept(trial, read_ledger(trial)) == []


def begun_anew(trial: Path, *events: dict[str, Any]) -> None:
    (trial / LEDGER).unlink()
    append(trial, events)


def test_a_ledger_begun_anew_is_found_by_the_head_of_a_release(
    trial: Path, lock: Path
) -> None:
    release, manifest = released(trial, lock)
    entry = {"event": "release", "digest": manifest["digest"], "sequence": 1}
    begun_anew(trial, {"event": "run"}, {"event": "another"}, entry)
    assert heads_kept(trial, read_ledger(trial)) == [
        (
            f"line 2 is not the one that release {release.name} has as its head; the "
            "ledger was cut or written anew"
        )
    ]


def test_a_ledger_shorter_than_at_the_release_is_found(trial: Path, lock: Path) -> None:
    release, _ = released(trial, lock)
    begun_anew(trial, {"event": "run"})
    assert heads_kept(trial, read_ledger(trial)) == [
        f"has no entry of release {release.name}",
        (
            f"line 2 is not the one that release {release.name} has as its head; the "
            "ledger was cut or written anew"
        ),
    ]


def test_a_manifest_that_counts_from_the_end_has_no_head(
    trial: Path, lock: Path
) -> None:
    """Else the last line is always the one that it has."""
    release, manifest = released(trial, lock)
    present = {"lines": -1, "head": read_ledger(trial).head}
    write(release / "manifest.json", json.dumps(manifest | present))
    (fault,) = heads_kept(trial, read_ledger(trial))
    assert fault.startswith(f"line -1 is not the one that release {release.name} has")
