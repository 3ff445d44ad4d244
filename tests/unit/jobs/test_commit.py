"""The commit of the code, in a clone of one's own, of another, and in none."""

import subprocess
from pathlib import Path

import pytest

from alsdecline.jobs.commit import UNKNOWN, commit_of


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "safe.directory=*"]
    command = ["git", *who, "-C", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_DIR", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    # what lies above the folder is no concern of the test
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    folder = tmp_path / "project"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "Snakefile").write_text("a", encoding="utf-8")
    git(folder, "add", "Snakefile")
    git(folder, "commit", "-q", "-m", "one")
    return folder


@pytest.mark.parametrize("another", [False, True])
def test_the_commit_is_told_whoever_owns_the_clone(
    clone: Path, monkeypatch: pytest.MonkeyPatch, another: bool
) -> None:
    head = git(clone, "rev-parse", "HEAD")
    if another:
        # by this git takes the owner of every folder for someone else
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        refused = subprocess.run(["git", "-C", clone, "status"], check=False)
        assert refused.returncode != 0
    assert commit_of(clone) == {"commit": head, "dirty": False}
    (clone / "Snakefile").write_text("b", encoding="utf-8")
    assert commit_of(clone) == {"commit": head, "dirty": True}


def test_no_program_that_a_clone_names_is_run(clone: Path, tmp_path: Path) -> None:
    watch = tmp_path / "watch"
    watch.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n", encoding="utf-8")
    watch.chmod(0o755)
    git(clone, "config", "core.fsmonitor", str(watch))
    assert commit_of(clone)["dirty"] is False
    assert not (tmp_path / "ran").exists()


def test_an_unknown_commit_has_its_reason(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    told = commit_of(tmp_path / "other")
    assert (told["commit"], told["dirty"]) == (UNKNOWN, UNKNOWN)
    assert "not a git repository" in str(told["unknown_because"])
    (clone / "inner").mkdir()
    inner = commit_of(clone / "inner")["unknown_because"]
    assert inner == "the project's folder is no clone, but lies in one"
    head = git(clone, "rev-parse", "HEAD")
    (clone / ".git/index").write_bytes(b"spoilt")
    told = commit_of(clone)
    assert (told["commit"], told["dirty"]) == (head, UNKNOWN)
    assert "index" in str(told["unknown_because"])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert str(commit_of(clone)["unknown_because"]).startswith("git cannot be run")
