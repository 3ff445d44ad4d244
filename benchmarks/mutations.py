"""Flip statements of the library one at a time, and tell which flips no test notices.

Run by ``make mutations``. Of each module :data:`PER_MODULE` statements are chosen at
random with a fixed seed, and of each statement one of the flips of
``statement_flips.py``. It is made in a copy of the project, where the tests that reach
the module must fail or run out of time. Verdicts go to the terminal and, one by one, to
``benchmarks/mutations.json``, from where a stopped run goes on: a verdict counts as
long as neither the code nor its tests differ.
"""

import ast
import dataclasses
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "scripts"))

from statement_flips import Put, flips_of  # noqa: E402, known from here

from alsdecline.digests import code_digest  # noqa: E402
from alsdecline.stable_files import write_json  # noqa: E402

LIBRARY = Path("scripts/alsdecline")
TESTS = Path("tests/unit")
# what is flipped, and the tests that reach it
MODULES = {
    "models/gaussian/kernel.py": [
        "models/gaussian/test_kernel.py",
        "models/test_members.py",
    ],
    "fits/estimates.py": ["fits/test_estimates.py", "report/test_headline.py"],
    "analyses/permutation.py": ["analyses/test_permutation.py"],
    "analyses/allocations.py": ["analyses/test_permutation.py"],
    "validation/sums.py": [
        "validation/test_consistency.py",
        "datasets/test_totals.py",
        "raw/test_measurements.py",
    ],
    "validation/dates.py": [
        "validation/test_consistency.py",
        "datasets/test_adsl.py",
    ],
    "validation/doses.py": [
        "validation/test_consistency.py",
        "datasets/test_adsl.py",
    ],
    "jobs/ledger.py": ["jobs/test_ledger.py", "audit/test_releases.py"],
    "jobs/rerun.py": ["jobs/test_rerun.py"],
}
PER_MODULE = 10
SEED = 20050727
RESULT = PROJECT / "benchmarks/mutations.json"
MEMORY = 8 * 2**30
"""Bytes that a process may have, for a flipped loop may ask for all there are."""


@dataclasses.dataclass(frozen=True)
class Mutant:
    """A flipped module.

    Attributes
    ----------
    module : str
        Which one.
    line : int
        Of the statement.
    before, after : str
        The statement.
    source : str
        The whole module, flipped.
    key : str
        Digest of the code, of its tests and of what is flipped.
    """

    module: str
    line: int
    before: str
    after: str
    source: str
    key: str


def _shown(statement: ast.AST) -> str:
    """Print a statement, of a compound one its head."""
    return ast.unparse(statement).splitlines()[0]


def _digest(module: str) -> str:
    """Digest of the code that a module is and imports, and of its tests."""
    total = hashlib.sha256(code_digest(PROJECT / LIBRARY / module).encode())
    tests = [PROJECT / TESTS / name for name in MODULES[module]]
    for path in [*tests, *sorted((PROJECT / "tests/support").glob("*.py"))]:
        total.update(path.read_bytes())
    return total.hexdigest()


def mutants_of(module: str) -> list[Mutant]:
    """Choose statements of a module at random, and a flip of each.

    Parameters
    ----------
    module : str
        By path from the library's folder.

    Returns
    -------
    list of Mutant
        In the order of their lines.
    """
    source = (PROJECT / LIBRARY / module).read_text(encoding="utf-8")
    chance = random.Random(f"{SEED} {module}")
    flips = flips_of(ast.parse(source))
    chosen = sorted(chance.sample(range(len(flips)), min(PER_MODULE, len(flips))))
    digest = _digest(module)
    mutants = []
    for statement in chosen:
        # a tree of its own, for putting a flip in changes it
        tree = ast.parse(source)
        flip = chance.choice(flips_of(tree)[statement])
        before = _shown(flip.statement)
        flipped = ast.unparse(ast.fix_missing_locations(Put(flip).visit(tree)))
        whole = flip.node is flip.statement
        after = _shown(flip.instead if whole else flip.statement)
        key = hashlib.sha256(f"{digest}\n{flipped}".encode()).hexdigest()
        line = flip.statement.lineno
        mutants.append(Mutant(module, line, before, after, flipped, key))
    return sorted(mutants, key=lambda mutant: mutant.line)


def run_tests(project: Path, module: str, limit: float | None) -> str:
    """Run the tests that reach a module.

    Parameters
    ----------
    project : Path
        A copy of the project.
    module : str
        The module.
    limit : float or None
        Seconds that they may take.

    Returns
    -------
    str
        ``passed``, ``failed`` or ``out of time``.
    """
    variables = {
        "XDG_CACHE_HOME": str(project / ".cache"),  # for what is compiled
        "PYTHONDONTWRITEBYTECODE": "1",  # a flip may leave size and second as they were
        "NUMBA_DISABLE_JIT": "1",
        "ALSDECLINE_REFERENCE": os.environ.get(
            "ALSDECLINE_REFERENCE", str(PROJECT.parent / "shared")
        ),
    }
    tests = [str(TESTS / name) for name in MODULES[module]]
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests],
        cwd=project,
        env=os.environ | variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return "failed" if process.wait(limit) else "passed"
    except subprocess.TimeoutExpired:
        return "out of time"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)  # with all that it started
            process.wait()


def _copy_of_project(folder: Path) -> Path:
    """Copy what tests read: all but what a run or a tool left."""
    left = ("results", "__pycache__", ".*", "*.egg-info")
    project = folder / "project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns(*left))
    return project


def _verdicts(
    project: Path, mutants: list[Mutant], known: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield the key and the verdict of the mutants of one module that have none yet."""
    module = mutants[0].module
    path = project / LIBRARY / module
    source = path.read_text(encoding="utf-8")
    asked = [mutant for mutant in mutants if mutant.key not in known]
    if not asked:
        return
    # first as it is, but printed as the mutants are
    path.write_text(ast.unparse(ast.parse(source)), encoding="utf-8")
    start = time.monotonic()
    if run_tests(project, module, None) != "passed":
        sys.exit(f"{module}: its tests fail before anything is flipped; repair them")
    limit = 20 + 5 * (time.monotonic() - start)
    for mutant in asked:
        path.write_text(mutant.source, encoding="utf-8")
        outcome = run_tests(project, module, limit)
        yield mutant.key, "survived" if outcome == "passed" else outcome
    path.write_text(source, encoding="utf-8")


def _known_verdicts() -> dict[str, str]:
    if not RESULT.is_file():
        return {}
    recorded = json.loads(RESULT.read_text(encoding="utf-8"))
    return {mutant["key"]: mutant["verdict"] for mutant in recorded["mutants"]}


def _write(mutants: list[Mutant], verdicts: dict[str, str]) -> list[str]:
    """Write the verdicts so far; return the survivors, a line each."""
    rows = [
        {
            "key": mutant.key,
            "at": f"{LIBRARY / mutant.module}:{mutant.line}",
            "before": mutant.before,
            "after": mutant.after,
            "verdict": verdicts[mutant.key],
        }
        for mutant in mutants
        if mutant.key in verdicts
    ]
    left = [row for row in rows if row["verdict"] == "survived"]
    code = {module: code_digest(PROJECT / LIBRARY / module) for module in MODULES}
    record = {"seed": SEED, "code": code, "survivors": len(left), "mutants": rows}
    write_json(RESULT, record)
    return [f"{r['at']}: {r['before']}  ->  {r['after']}" for r in left]


def main() -> None:
    """Judge all mutants and print the survivors."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    by_module = {module: mutants_of(module) for module in MODULES}
    mutants = [mutant for of_module in by_module.values() for mutant in of_module]
    verdicts = _known_verdicts()
    with tempfile.TemporaryDirectory() as folder:
        project = _copy_of_project(Path(folder))
        for module, of_module in by_module.items():
            for key, verdict in _verdicts(project, of_module, verdicts):
                verdicts[key] = verdict
                _write(mutants, verdicts)
            found = [verdicts[mutant.key] for mutant in of_module]
            print(f"{module}: {found.count('survived')} of {len(of_module)} survive")
    survivors = _write(mutants, verdicts)
    print(*survivors, f"{len(survivors)} of {len(mutants)} flips survive", sep="\n")


if __name__ == "__main__":
    main()
