"""Compiled code is found again, and an edit of what it calls is never missed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.trial_folder import PROJECT

# the determinant's logarithm of M = I + A'A with A = [[2, 0], [0, 2]], which the
# kernel takes from the Cholesky factor of M that another function makes
PROGRAM = """
import sys
sys.path.insert(0, "scripts")
from alsdecline.models.compile_cache import use_compile_cache
print(use_compile_cache())
import numpy as np
from alsdecline.models.gaussian.kernel import factorise_pattern
two = np.eye(2)
empty = lambda: np.zeros((2, 2))
print(factorise_pattern(
    two[None], np.array([0.5]), two, empty(), empty(), empty(), np.zeros(1)
))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy what the compiled code depends on."""
    for part in ("scripts", "envs"):
        shutil.copytree(PROJECT / part, tmp_path / part)
    return tmp_path


def run(project: Path) -> tuple[Path, float]:
    """Return the cache's folder, and the logarithm that the kernel computes."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=project,
        env=os.environ | {"XDG_CACHE_HOME": str(project / "cache")},
        capture_output=True,
        text=True,
        check=True,
    )
    folder, value = done.stdout.split()
    return Path(folder), float(value)


def compiled_files(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): path.stat().st_mtime_ns
        for path in folder.rglob("*.nb*")
    }


@pytest.mark.slow
def test_a_second_process_compiles_nothing_and_an_edited_callee_is_compiled(
    project: Path,
) -> None:
    folder, value = run(project)
    # M is 5 times the identity
    assert value == pytest.approx(2 * 1.6094379124341003)
    before = compiled_files(folder)
    assert before
    assert run(project) == (folder, value)
    assert compiled_files(folder) == before

    kernel = project / "scripts/alsdecline/models/gaussian/kernel.py"
    text = kernel.read_text(encoding="utf-8")
    callee = "        pivot = math.sqrt(pivot)\n"
    assert text.count(callee) == 1
    kernel.write_text(text.replace(callee, "        pivot = 1.0\n"), encoding="utf-8")
    again, edited = run(project)
    assert again != folder
    assert edited == pytest.approx(0.0)
