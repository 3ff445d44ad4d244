"""The bundled trial's raw files, written in every format that a tool here can write.

Cells keep the type that their column has: numbers, dates and texts. Nothing here is
shared with the readers; the writers are those of others (csv, openpyxl, Arrow,
ReadStat) and, for Dataset-JSON, CDISC's description of version 1.1.
"""

import csv
import dataclasses
import datetime
import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import yaml

Cell = str | float | datetime.date | None
Table = dict[str, list[Cell]]

TABLES = ("subjects", "visits", "exposure", "events", "adverse_events")


@dataclasses.dataclass(frozen=True)
class Format:
    """A format, as files and as the configuration.

    Attributes
    ----------
    ending : str
        Of the files' names.
    write : callable
        Writes a table to a path.
    said : mapping
        What the configuration says of each file.
    short_names : bool
        Whether names of columns have at most 8 characters, and are configured.
    """

    ending: str
    write: Callable[[Table, Path], None]
    said: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    short_names: bool = False


def typed(path: Path) -> Table:
    """Read a CSV file of the bundled trial with its columns' types."""
    header, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    columns = {name: [row[i] for row in rows] for i, name in enumerate(header)}
    return {name: _typed(texts) for name, texts in columns.items()}


def _typed(texts: list[str]) -> list[Cell]:
    filled = [text for text in texts if text]
    for kind in (float, datetime.date.fromisoformat):
        try:
            for text in filled:
                kind(text)
        except ValueError:
            continue
        if filled:
            return [kind(text) if text else None for text in texts]
    return [text or None for text in texts]


def _number(value: float, point: str, thousands: str) -> str:
    text = repr(value).removesuffix(".0")
    whole, _, rest = text.partition(".")
    if thousands:
        whole = re.sub(r"(?<=\d)(?=(\d{3})+$)", thousands, whole)
    return f"{whole}{point}{rest}" if rest else whole


def delimited(
    *,
    separator: str = ",",
    point: str = ".",
    thousands: str = "",
    dates: str = "%Y-%m-%d",
    encoding: str = "utf-8",
    above: str = "",
    row_names: str | None = None,
    quoting: int = csv.QUOTE_MINIMAL,
) -> Callable[[Table, Path], None]:
    """Return what writes text in a dialect.

    Parameters
    ----------
    row_names : str or None
        "short": names of rows below a header that lacks one cell, as `write.table`
        writes; "empty": below an empty one, as `write.csv` does.
    above : str
        Lines above the header.
    """

    def text(cell: Cell) -> str:
        if isinstance(cell, datetime.date):
            return cell.strftime(dates)
        if isinstance(cell, float):
            return _number(cell, point, thousands)
        return cell or ""

    def write(table: Table, path: Path) -> None:
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, delimiter=separator, quoting=quoting)
        names = {"empty": [""], "short": [], None: []}[row_names]
        writer.writerow([*names, *table])
        for number, row in enumerate(zip(*table.values(), strict=True), 1):
            first = [str(number)] if row_names else []
            writer.writerow([*first, *map(text, row)])
        path.write_bytes((above + stream.getvalue()).encode(encoding))

    return write


def write_workbook(table: Table, path: Path) -> None:
    """Write a workbook: a title, two sheets, blank rows, real dates."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Data"
    sheet.append(["Trial of 9 patients"])
    sheet.append([])
    sheet.append(list(table))
    for number, row in enumerate(zip(*table.values(), strict=True)):
        sheet.append(list(row))
        if number == 2:
            sheet.append([])
    book.create_sheet("Legend").append(["norris_limb", "Norris limb scale"])
    book.save(path)


def write_parquet(table: Table, path: Path) -> None:
    """Write Parquet by Arrow: floats, days and texts."""
    pq.write_table(pa.table({k: pa.array(v) for k, v in table.items()}), path)


def _frame(table: Table) -> pd.DataFrame:
    columns = {}
    for name, cells in table.items():
        numbers = all(isinstance(cell, float) for cell in cells if cell is not None)
        dtype = "float64" if numbers and any(cells) else "object"
        columns[name] = pd.Series(cells, dtype=dtype)
    return pd.DataFrame(columns)


def transport(version: int) -> Callable[[Table, Path], None]:
    """Return what writes a SAS transport file of a version, by ReadStat."""

    def write(table: Table, path: Path) -> None:
        frame = _frame(table)
        dates = {
            name: "DATE9."
            for name, cells in table.items()
            if any(isinstance(cell, datetime.date) for cell in cells)
        }
        pyreadstat.write_xport(
            frame, path, file_format_version=version, variable_format=dates
        )

    return write


def _described(name: str, cells: list[Cell]) -> dict[str, Any]:
    filled = [cell for cell in cells if cell is not None]
    kind = "string"
    if filled and isinstance(filled[0], float):
        kind = "integer" if all(c % 1 == 0 for c in filled) else "float"
    elif filled and isinstance(filled[0], datetime.date):
        kind = "date"
    return {"itemOID": f"IT.{name}", "name": name, "label": name, "dataType": kind}


def _json(cell: Cell, kind: str) -> Any:
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return int(cell) if kind == "integer" and cell is not None else cell


def dataset_json(*, lines: bool) -> Callable[[Table, Path], None]:
    """Return what writes CDISC Dataset-JSON 1.1, in one object or in lines."""

    def write(table: Table, path: Path) -> None:
        columns = [_described(name, cells) for name, cells in table.items()]
        kinds = [column["dataType"] for column in columns]
        rows = [
            [_json(cell, kind) for cell, kind in zip(row, kinds, strict=True)]
            for row in zip(*table.values(), strict=True)
        ]
        head = {
            "datasetJSONCreationDateTime": "2026-01-01T00:00:00",
            "datasetJSONVersion": "1.1.0",
            "itemGroupOID": f"IG.{path.stem}",
            "records": len(rows),
            "name": path.stem.upper(),
            "label": path.stem,
            "columns": columns,
        }
        if lines:
            parts = [head, *rows]
            text = "\n".join(json.dumps(part) for part in parts) + "\n"
        else:
            text = json.dumps(head | {"rows": rows})
        path.write_text(text, encoding="utf-8")

    return write


FORMATS: dict[str, Format] = {
    "German Excel": Format(
        ".csv",
        delimited(separator=";", point=",", dates="%d.%m.%Y", encoding="cp1252"),
        {
            "separator": ";",
            "decimal": ",",
            "date_format": "DD.MM.YYYY",
            "encoding": "cp1252",
        },
    ),
    "tabs in UTF-16": Format(
        ".txt",
        delimited(separator="\t", dates="%m/%d/%Y", encoding="utf-16"),
        {"separator": "tab", "date_format": "MM/DD/YYYY"},
    ),
    "a sep= line, thousands, SAS dates": Format(
        ".csv",
        delimited(separator="|", thousands="'", dates="%d%b%Y", above="sep=|\r\n"),
        {"thousands": "'", "date_format": "DDMONYYYY"},
    ),
    "R's write.csv": Format(
        ".csv", delimited(row_names="empty", quoting=csv.QUOTE_NONNUMERIC)
    ),
    "R's write.table, a title above": Format(
        ".txt",
        delimited(
            separator=" ", row_names="short", above="Trial of 9\n", dates="%d%m%y"
        ),
        {"separator": "space", "header_row": 2, "date_format": "%d%m%y"},
    ),
    "Excel": Format(".xlsx", write_workbook, {"sheet": "Data", "header_row": 3}),
    "Parquet": Format(".parquet", write_parquet),
    "XPORT 5": Format(".xpt", transport(5), short_names=True),
    "XPORT 8": Format(".xpt", transport(8)),
    "Dataset-JSON": Format(".json", dataset_json(lines=False)),
    "Dataset-JSON in lines": Format(".ndjson", dataset_json(lines=True)),
}
"""By what they are called. Texts of the trial are ASCII; encodings show elsewhere."""


def rewrite(folder: Path, form: Format) -> None:
    """Replace the raw files of a copy of the bundled trial by those of a format."""
    config = folder / "config.yaml"
    settings = yaml.safe_load(config.read_text(encoding="utf-8"))
    for name in TABLES:
        said = settings["data"][name]
        path = folder / said["file"]
        table = typed(path)
        path.unlink()
        if form.short_names:
            ours = {theirs: own for own, theirs in said.get("columns", {}).items()}
            short = {old: f"V{i}" for i, old in enumerate(table)}
            said["columns"] = {ours.get(old, old): new for old, new in short.items()}
            table = {short[old]: cells for old, cells in table.items()}
        said["file"] = f"data/{name}{form.ending}"
        said.update(form.said)
        form.write(table, folder / said["file"])
    text = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
    config.write_text(text, encoding="utf-8")
