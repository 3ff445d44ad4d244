"""Make a trial's folder of somebody's own files, and say what is left to decide.

Usage: ``.venv/bin/python scripts/new_trial.py FILE... --dir FOLDER [OPTION ...]``

Exit status: 0 where the folder was made, 2 where it was not.
"""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from alsdecline.faults import DataError
from alsdecline.new_trial.config_text import config_text
from alsdecline.new_trial.folder import lay_out, refuse_existing, write_folder
from alsdecline.new_trial.guesses import Given, Notebook
from alsdecline.new_trial.proposal import propose
from alsdecline.new_trial.reading import read_sources
from alsdecline.new_trial.sources import counted
from alsdecline.new_trial.terminal import decisions_in, guess_table
from alsdecline.plain_text import one_line, printable_lines
from alsdecline.project import PROJECT
from alsdecline.settings.catalogue import catalogue

SNAKEMAKE = Path(sys.executable).with_name("snakemake")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--dir", required=True, type=Path, help="the folder to be made")
    say = parser.add_argument_group("what you know, in place of a guess or decision")
    say.add_argument("--patient", metavar="COLUMN")
    say.add_argument("--arm", metavar="COLUMN")
    say.add_argument("--time", metavar="COLUMN", help="what tells when a visit was")
    say.add_argument("--unit", choices=("days", "weeks", "months", "years"))
    say.add_argument(
        "--outcome",
        metavar="COLUMN",
        action="append",
        dest="outcomes",
        help="once for each, the primary one first",
    )
    say.add_argument("--baseline", metavar="COLUMN", help="where it is no visit")
    say.add_argument("--parameter", metavar="VALUE", help="of files with a value a row")
    say.add_argument("--scale", choices=(*catalogue().scales, "none"))
    say.add_argument(
        "--reference", metavar="ARM", help="the others are compared with it"
    )
    say.add_argument("--better", choices=("higher", "lower"))
    say.add_argument("--data-kind", choices=("real", "synthetic"))
    say.add_argument("--disease", metavar="TEXT", help="as the report prints it")
    say.add_argument("--dates", choices=("dmy", "mdy"), help="of 03/04/2020")
    say.add_argument("--encoding", metavar="NAME", help="of the text files")
    return parser


def _given(asked: argparse.Namespace) -> Given:
    said = {name: getattr(asked, name) or "" for name in Given.__dataclass_fields__}
    return Given(**(said | {"outcomes": tuple(asked.outcomes or ())}))


def _what_is_left(folder: Path) -> str:
    """Return what `snakemake -n` says of the folder."""
    asked = [
        SNAKEMAKE,
        "--snakefile",
        PROJECT / "Snakefile",
        "--directory",
        folder,
        "-n",
    ]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [*map(str, asked), "--quiet", "all"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return "Nothing is left to decide."
    told = (done.stderr or done.stdout).strip().splitlines()
    return "\n".join(line for line in told if not line.startswith("Using "))


def _make(asked: argparse.Namespace) -> None:
    given, book = _given(asked), Notebook()
    refuse_existing(asked.dir)
    sources = read_sources(asked.files, given.encoding)
    made = propose(sources, given, book)
    columns = shutil.get_terminal_size((110, 24)).columns
    if book.guesses:
        print(printable_lines(guess_table(book.guesses, columns)), flush=True)
    for source in sources:
        for note in source.notes:
            print(one_line(f"{source.name}: {note}"))
    if book.faults or made is None:
        told = "\n".join(dict.fromkeys(book.faults))
        raise DataError(f"Nothing was made:\n{told}")
    paths, files = lay_out(made.roles)
    config = config_text(made, asked.dir.resolve().name, paths, given, book)
    write_folder(asked.dir, files, config)
    folder = one_line(str(asked.dir))
    print(f"\nMade {folder}/config.yaml and, in data/, {counted(len(files), 'file')}.")
    if book.decisions:
        left = decisions_in(config, str(asked.dir / "config.yaml"))
        print("\n".join(["Left to decide:", *map(one_line, left)]))
    print(f"snakemake -n: {printable_lines(_what_is_left(asked.dir.resolve()))}")
    command = shlex.join([".venv/bin/snakemake", "--directory", str(asked.dir)])
    when = "Once it is decided" if book.decisions else "Now"
    print(f"{when}: {one_line(command)}")


def main(arguments: Sequence[str]) -> int:
    """Make a trial's folder; return the exit status."""
    asked = _parser().parse_args(arguments)
    try:
        _make(asked)
    except DataError as error:
        print(printable_lines(str(error)), file=sys.stderr)
        return 2
    except OSError as error:
        print(one_line(f"{error.filename}: {error.strerror}"), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped; nothing was made", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
