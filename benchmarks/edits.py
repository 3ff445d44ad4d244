"""What an edit of the library redoes: for each module, the rules whose code it is.

    python benchmarks/edits.py [--modules]

A rule is redone by an edit of any module that its script imports, directly or not.
Printed is the mean over all lines of the library, so that a long module weighs more,
and with ``--modules`` each module: its lines, how many rules, and which.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SCRIPTS = PROJECT / "scripts"
sys.path.insert(0, str(SCRIPTS))

from alsdecline.digests import PACKAGE, code_closure  # noqa: E402

RULE = re.compile(
    r"^\s*(?:rule|checkpoint) (\w+):.*?code\(\s*\"([\w.]+)\"", re.MULTILINE | re.DOTALL
)


def scripts_of_rules() -> Iterator[tuple[str, Path]]:
    """Yield the rules with their scripts, a script once: three rules run fit.py."""
    seen = set()
    for file in sorted((PROJECT / "rules").glob("*.smk")):
        for rule, script in RULE.findall(file.read_text(encoding="utf-8")):
            if script not in seen:
                seen.add(script)
                yield rule, SCRIPTS / script


def rules_of_modules() -> dict[Path, list[str]]:
    """Return the rules that an edit of each module redoes."""
    found: dict[Path, list[str]] = {
        path: [] for path in sorted((SCRIPTS / PACKAGE).rglob("*.py"))
    }
    for rule, script in scripts_of_rules():
        for path in code_closure(script)[1:]:
            found[path].append(rule)
    return found


def main() -> None:
    """Print the mean, and each module where it is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--modules", action="store_true", help="show each module")
    shown = parser.parse_args().modules
    redone = rules_of_modules()
    lines = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in redone
    }
    if shown:
        for path, rules in sorted(redone.items(), key=lambda m: (-len(m[1]), m[0])):
            name = path.relative_to(SCRIPTS / PACKAGE).as_posix()
            print(f"{len(rules):3} {lines[path]:4} {name}: {', '.join(rules)}")
    total = sum(lines.values())
    mean = sum(lines[path] * len(rules) for path, rules in redone.items()) / total
    of_fits = sum(lines[path] for path, rules in redone.items() if "fit_joint" in rules)
    count = sum(1 for _ in scripts_of_rules())
    print(
        f"{len(redone)} modules, {total:,} lines: an edit of a line redoes "
        f"{mean:.2f} of {count} rules; {of_fits:,} lines refit"
    )


if __name__ == "__main__":
    main()
