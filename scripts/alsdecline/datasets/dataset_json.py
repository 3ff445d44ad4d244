"""Writing datasets as CDISC Dataset-JSON 1.1."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.datasets.exported import Exported
from alsdecline.datasets.variables import Variable
from alsdecline.stable_files import write_text

VERSION = "1.1.0"

_TYPES = {"text": "string", "number": "double", "integer": "integer", "date": "date"}


def _column(dataset: Exported, variable: Variable) -> dict[str, Any]:
    """Describe a column; a date is text here, and a number to SAS."""
    column: dict[str, Any] = {
        "itemOID": f"IT.{dataset.name}.{variable.name}",
        "name": variable.name,
        "label": variable.label,
        "dataType": _TYPES[variable.kind],
    }
    if variable.kind == "date":
        column |= {"targetDataType": "integer", "displayFormat": "DATE9."}
    if variable.kind == "text":
        longest = max(dataset.frame[variable.name].map(len), default=0)
        column["length"] = max(int(longest), 1)
    if variable.name in dataset.keys:
        column["keySequence"] = dataset.keys.index(variable.name) + 1
    return column


def _values(values: pd.Series, kind: str) -> list[Any]:
    """Return a column's values as JSON has them."""
    if kind == "date":
        texts = values.dt.strftime("%Y-%m-%d").astype("object")
        return list(texts.where(values.notna(), None).tolist())
    if kind == "number":
        return [None if value != value else value + 0.0 for value in values.tolist()]
    return list(values.tolist())


def dataset_json(dataset: Exported, stamp: pd.Timestamp) -> str:
    """Return a dataset as Dataset-JSON, one row a line.

    Parameters
    ----------
    dataset : Exported
        Any of a trial's.
    stamp : Timestamp
        Stands for the time of making, which else would be the clock's.

    Returns
    -------
    str
        Attributes in the order that the specification recommends. Dates are ISO 8601
        texts, missing numbers and dates null, missing texts empty.
    """
    head = {
        "datasetJSONCreationDateTime": stamp.strftime("%Y-%m-%dT%H:%M:%S"),
        "datasetJSONVersion": VERSION,
        "fileOID": f"{dataset.study}.{dataset.name}",
        "studyOID": dataset.study,
        "itemGroupOID": f"IG.{dataset.name}",
        "records": len(dataset.frame),
        "name": dataset.name,
        "label": dataset.label,
        "columns": [_column(dataset, variable) for variable in dataset.variables],
    }
    columns = [_values(dataset.frame[v.name], v.kind) for v in dataset.variables]
    rows = ",\n".join(_text(list(row)) for row in zip(*columns, strict=True))
    return f'{_text(head)[:-1]},"rows":[\n{rows}\n]}}\n'


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def write_dataset_json(path: Path, dataset: Exported, stamp: pd.Timestamp) -> None:
    """Write :func:`dataset_json`."""
    write_text(path, dataset_json(dataset, stamp))
