"""An RO-Crate judged by roc-validator, which lies in a folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

from support.trial_folder import PROJECT

PACKAGES = PROJECT / ".validator"
PROFILES = ("ro-crate-1.1", "workflow-run-crate-0.5", "provenance-run-crate-0.5")


def validate(
    crate: Path, reference: Path, cache: Path, *profiles: str
) -> subprocess.CompletedProcess[str]:
    """Validate a crate at severity REQUIRED; what is not met is on standard output."""
    assert PACKAGES.is_dir(), "no validator: scripts/set_up.sh development installs it"
    context = reference / "reference/rocrate-context/ro-crate-1.1-context.json"
    assert context.is_file(), f"{context} is not among the reference data"
    program = PROJECT / "tests/support/validate_crate.py"
    return subprocess.run(
        [sys.executable, program, crate, context, cache / "http", *profiles],
        env=os.environ | {"PYTHONPATH": str(PACKAGES)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
