"""The trial's folder: the files as they were, what is made of them, config.yaml."""

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from alsdecline.faults import DataError
from alsdecline.new_trial.columns import readable
from alsdecline.new_trial.config_data import Paths
from alsdecline.new_trial.roles import Roles
from alsdecline.new_trial.tables import Table
from alsdecline.plain_text import one_line


def _file_name(path: Path) -> str:
    """Return a name that a configuration can hold and a folder take."""
    name = re.sub(r"[{}<>\x00-\x1f\x7f\\/]+", "_", path.name).lstrip(".")
    return name.encode("utf-8", "replace").decode("utf-8") or "table"


def _changes(table: Table) -> list[str]:
    of_columns = [c.needs_change for c in table.columns.values() if c.needs_change]
    return [*table.source.changes, *of_columns]


def _as_csv(table: Table) -> str:
    """Write a table as the pipeline reads it: commas, points, dates as YYYY-MM-DD."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(table.columns)
    texts = [readable(column).tolist() for column in table.columns.values()]
    writer.writerows(zip(*texts, strict=True))
    return stream.getvalue()


def _free(name: str, taken: Mapping[str, object]) -> str:
    """Return a name that no other file has, on any file system."""
    others = {other.casefold() for other in taken}
    folder, _, rest = name.rpartition("/")
    found, number = name, 2
    while found.casefold() in others:
        found, number = f"{folder}/{number}_{rest}", number + 1
    return found


def lay_out(roles: Roles) -> tuple[Paths, dict[str, Path | str]]:
    """Tell which files the folder holds.

    Parameters
    ----------
    roles : Roles
        The tables that are used.

    Returns
    -------
    Paths
        Where the configuration finds each table.
    dict of str to (Path or str)
        By the name in the folder: the file that is copied, or the text that is written.
    """
    tables = [roles.visits, roles.subjects, *(s.table for s in roles.supplements)]
    files: dict[str, Path | str] = {}
    of, comments = {}, {}
    copied: dict[Path, str] = {}
    for table in tables:
        if table.name in of:
            continue
        path = table.source.path
        original = copied.setdefault(path, _free(f"data/{_file_name(path)}", files))
        files[original] = path
        changes = _changes(table)
        if not changes:
            of[table.name] = original
            continue
        made = _free(f"data/{table.source.stem}.converted.csv", files)
        files[made] = _as_csv(table)
        of[table.name] = made
        what = "; ".join(changes)
        comments[table.name] = f"made of {original}, which is untouched: {what}"
    return Paths(of, comments), files


def write_folder(folder: Path, files: Mapping[str, Path | str], config: str) -> None:
    """Make the trial's folder, whole or not at all.

    Raises
    ------
    DataError
        If something is there already, or it cannot be written.
    """
    refuse_existing(folder)
    parent = folder.resolve().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new_trial.", dir=parent) as made:
            here = Path(made) / "trial"
            (here / "data").mkdir(parents=True)
            for name, content in files.items():
                if isinstance(content, Path):
                    shutil.copyfile(content, here / name)
                else:
                    (here / name).write_bytes(content.encode())
            (here / "config.yaml").write_bytes(config.encode())
            if folder.is_dir():
                folder.rmdir()
            here.rename(folder.resolve())
    except OSError as error:
        where = one_line(str(error.filename or folder))
        raise DataError(f"{where}: cannot be written ({error.strerror})") from None


def refuse_existing(folder: Path) -> None:
    """Stop where the folder is there and holds anything, which is never overwritten.

    Raises
    ------
    DataError
        If so.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise DataError(
            f"{one_line(str(folder))}: is there and is no folder; name another"
        )
    try:
        if folder.is_dir() and any(folder.iterdir()):
            raise DataError(
                f"{one_line(str(folder))}: is there already and is not overwritten; "
                "name another folder, or remove it"
            )
    except OSError as error:
        raise DataError(f"{one_line(str(folder))}: {error.strerror}") from None
