"""What a lock pins is installed from a folder, by its hashes and without a network."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from support.absent import cannot_try

PROJECT = Path(__file__).parents[2]
COPIED = ["scripts/set_up.sh", "scripts/check_installed.py", "scripts/alsdecline"]

UV = shutil.which("uv")
"""The faster of the two that install, where it is there."""

KIND = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel(folder: Path, name: str) -> Path:
    """Write a package that has a module of its name, in the fewest files that do."""
    info = f"{name}-1.0.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    files = {
        f"{name}.py": b"IS_HERE = True\n",
        f"{info}/METADATA": metadata.encode(),
        f"{info}/WHEEL": KIND,
    }
    rows = []
    for path, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
        rows.append(f"{path},sha256={digest.decode().rstrip('=')},{len(content)}")
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""]).encode()
    made = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return made


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project with a lock of two packages, and a folder that has them."""
    folder = tmp_path / "project"
    for name in COPIED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy2
        copy(PROJECT / name, folder / name)
    wheels = folder / "wheels"
    wheels.mkdir()
    lock = "".join(
        f"{name}==1.0 \\\n    --hash=sha256:{hashlib.sha256(made).hexdigest()}\n"
        for name in ("setuptools", "declines")
        if (made := wheel(wheels, name).read_bytes())
    )
    (folder / "envs").mkdir()
    (folder / "envs/requirements.txt").write_text(lock, encoding="utf-8")
    return folder


def set_up(project: Path, *, with_uv: bool) -> subprocess.CompletedProcess[str]:
    """Set up in an environment without anything, in a namespace without a network."""
    alone = ["unshare", "--net"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        cannot_try("no namespace without a network may be made here")
    base = Path(sys.base_prefix) / "bin"
    programs = [str(base), "/usr/bin", "/bin"]
    if with_uv:
        if UV is None:
            cannot_try("no uv here, which `make` does without")
        programs.insert(0, str(Path(UV).parent))
    home = project.parent / "home"
    home.mkdir(exist_ok=True)
    return subprocess.run(
        [*alone, project / "scripts/set_up.sh"],
        cwd=project,
        env={
            "PATH": os.pathsep.join(programs),
            "HOME": str(home),
            "WHEELS": "wheels",
            **{k: v for k, v in os.environ.items() if with_uv and k == "PYENV_ROOT"},
        },
        capture_output=True,
        text=True,
        check=False,
    )


def installed(project: Path) -> bool:
    program = [project / ".venv/bin/python", "-c", "import declines"]
    return subprocess.run(program, capture_output=True, check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("with_uv", [False, True])
def test_the_folder_is_enough_and_the_second_time_nothing_is_done(
    project: Path, *, with_uv: bool
) -> None:
    first = set_up(project, with_uv=with_uv)
    assert first.returncode == 0, first.stderr
    assert installed(project)
    again = set_up(project, with_uv=with_uv)
    assert (again.returncode, again.stderr) == (0, "")


def test_a_package_that_was_changed_is_refused(project: Path) -> None:
    made = project / "wheels/declines-1.0-py3-none-any.whl"
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("more.py", "")
    run = set_up(project, with_uv=UV is not None)
    assert run.returncode != 0
    assert "hash" in run.stderr.lower()
    assert not installed(project)
    assert not list((project / ".venv").glob("*.done"))


def test_a_package_that_is_not_there_is_refused(project: Path) -> None:
    (project / "wheels/declines-1.0-py3-none-any.whl").unlink()
    run = set_up(project, with_uv=UV is not None)
    assert run.returncode != 0
    assert "declines" in run.stderr
    assert not installed(project)
