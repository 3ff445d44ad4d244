"""The folder that Snakemake makes where ``--directory`` is mistyped."""

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

OWN = ".snakemake"


def folder_asked_for(arguments: Sequence[str]) -> Path | None:
    """Return the folder that a command line names by ``--directory``.

    Parameters
    ----------
    arguments : sequence of str
        Of Snakemake, without its name.

    Returns
    -------
    Path or None
        None where it names none.
    """
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("--directory", "-d")
    try:
        found, _ = parser.parse_known_args(list(arguments))
    except argparse.ArgumentError:
        return None
    return Path(found.directory) if found.directory else None


class MadeFolder:
    """A folder that is not there yet, and that a call may make.

    Parameters
    ----------
    folder : Path or None
        The folder; nothing is done of one that is there, or of none.
    """

    def __init__(self, folder: Path | None) -> None:
        self._made: list[Path] = []
        if folder is not None:
            folder = folder.absolute()
            absent = [f for f in (folder, *folder.parents) if not f.exists()]
            self._made = absent

    def remove_if_empty(self) -> None:
        """Remove it, and what was made above it, if nobody put a file there.

        What Snakemake keeps for itself is no file of anybody's.
        """
        for folder in self._made:
            if not folder.is_dir() or folder.is_symlink():
                return
            held = [
                file
                for file in folder.rglob("*")
                if not file.is_dir() and OWN not in file.relative_to(folder).parts[:1]
            ]
            if held:
                return
            shutil.rmtree(folder, ignore_errors=True)
