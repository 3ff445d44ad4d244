"""Datasets for others' programs: read back by another's reader, they are equal.

``dataset_json_1_1.schema.json`` is CDISC's own (github.com/cdisc-org/
DataExchange-DatasetJson, schema/dataset.schema.json, MIT licence).
"""

import json
import math
import re
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pyreadstat
import pytest

from alsdecline.datasets.dataset_json import dataset_json
from alsdecline.datasets.doses_and_events import (
    adverse_event_records,
    dose_records,
)
from alsdecline.datasets.exported import Exported, exported_datasets, last_date
from alsdecline.datasets.labels import labelled_adsl, labelled_bds
from alsdecline.datasets.transport_files import (
    LARGEST,
    SMALLEST,
    parted,
    write_transport,
)
from alsdecline.datasets.variables import LABELS, cut_to_bytes, short_names
from alsdecline.raw.typed_cells import read_typed_cells
from alsdecline.table_files.dialect import PLAIN
from alsdecline.table_files.reading import TRANSPORT
from support.hand_trial import datasets_of, plan_of

ARMS = {"a": "0.5 µg/kg", "b": "Arm B"}
SCHEMA = Path(__file__).parents[2] / "support/dataset_json_1_1.schema.json"
EVENTS = "patient,event,date,reason\nP2,died,2020-04-02,\n"
LONG = f"{'wörd ' * 60}end"
ADVERSE = (
    "patient,term,start_date,end_date,severity,serious,related\n"
    f'P1,"Ütter, ""quoted""",2020-01-03,,mild,N,N\nP2,{LONG},2020-02-03,,severe,Y,N\n'
)


def exported(folder: Path, *, synthetic: bool = False) -> dict[str, Exported]:
    """Export a trial of two patients with two outcomes."""
    plan = plan_of(
        data={
            "subjects": {
                "characteristics": [
                    {"column": "months_since_onset", "label": "L", "kind": "number"}
                ]
            },
            "events": {"file": "events.csv"},
            "adverse_events": {"file": "adverse.csv"},
        }
    )
    subjects = (
        "patient,arm,randomisation_date,months_since_onset\n"
        "P1,a,2020-01-01,0.1\nP2,b,2020-02-01,\n"
    )
    adsl, values, files = datasets_of(
        folder, plan, subjects=subjects, events=EVENTS, adverse_events=ADVERSE
    )
    score = labelled_bds(values["score"], ARMS, "Score")
    datasets = exported_datasets(
        plan.study,
        labelled_adsl(adsl, ARMS),
        [score, score.assign(PARAMCD="OTHER", PARAM="Other", AVAL=score["AVAL"] / 3)],
        dose_records(plan, files),
        adverse_event_records(plan, files),
        {"MONTHS_SINCE_ONSET": "Time since onset of the disease, in months"},
        synthetic=synthetic,
    )
    return {dataset.name: dataset for dataset in datasets}


def read_back(folder: Path, dataset: Exported) -> tuple[pd.DataFrame, Any]:
    """Write a transport file and read it by pyreadstat, dates as days."""
    path = folder / "back.xpt"
    write_transport(path, dataset, pd.Timestamp("2020-04-02"))
    frame, said = pyreadstat.read_xport(path, disable_datetime_conversion=True)
    return frame, said


@pytest.mark.parametrize("name", ["ADSL", "ADEFF", "ADEX", "ADAE"])
def test_a_transport_file_reads_back_equal(tmp_path: Path, name: str) -> None:
    dataset = exported(tmp_path)[name]
    frame, said = read_back(tmp_path, dataset)
    assert (said.table_name, said.file_label) == (name, dataset.label)
    assert len(frame) == len(dataset.frame)
    assert (len(frame) == 0) == (name == "ADEX")  # a file of doses there is not
    for variable in dataset.variables:
        was = dataset.frame[variable.name]
        if variable.kind == "text":
            pieces = [c for c in frame if c.rstrip("123") == variable.name] or [
                variable.name
            ]
            parts = zip(*(frame[piece] for piece in pieces), strict=True)
            assert ["".join(part) for part in parts] == was.tolist()
        elif variable.kind == "date":
            assert said.original_variable_types[variable.name] == "DATE9"
            days = (was - pd.Timestamp("1960-01-01")) / pd.Timedelta(days=1)
            pd.testing.assert_series_equal(frame[variable.name], days)
        else:
            np.testing.assert_array_equal(frame[variable.name], was)
        if variable.name != "AETERM":
            assert said.column_names_to_labels[variable.name] == variable.label


@pytest.mark.parametrize("name", ["ADSL", "ADEFF", "ADEX", "ADAE"])
def test_dataset_json_is_as_its_schema_asks_and_reads_back_equal(
    tmp_path: Path, name: str
) -> None:
    dataset = exported(tmp_path)[name]
    content = json.loads(dataset_json(dataset, pd.Timestamp("2020-04-02")))
    jsonschema.validate(content, json.loads(SCHEMA.read_text("utf-8")))
    assert content["datasetJSONVersion"] == "1.1.0"
    assert content["records"] == len(content["rows"]) == len(dataset.frame)
    for i, variable in enumerate(dataset.variables):
        column = content["columns"][i]
        values = [row[i] for row in content["rows"]]
        was = dataset.frame[variable.name]
        assert (column["name"], column["label"]) == (variable.name, variable.label)
        if variable.kind == "date":
            assert (column["dataType"], column["targetDataType"]) == ("date", "integer")
            was = was.dt.strftime("%Y-%m-%d")
        assert values == was.astype("object").where(was.notna(), None).tolist()


def test_all_outcomes_are_one_dataset_by_patient_and_outcome(tmp_path: Path) -> None:
    effects = exported(tmp_path)["ADEFF"].frame
    runs = effects[["USUBJID", "PARAMCD"]].drop_duplicates()
    assert runs.to_numpy().tolist() == [
        ["P1", "SCORE"],
        ["P1", "OTHER"],
        ["P2", "SCORE"],
        ["P2", "OTHER"],
    ]
    assert len(effects) == 12


def test_every_variable_and_dataset_is_labelled_within_the_limits(
    tmp_path: Path,
) -> None:
    for dataset in exported(tmp_path, synthetic=True).values():
        assert dataset.label.startswith("Synthetic ")
        assert len(dataset.label) <= 40
        for variable in dataset.variables:
            own = variable.column == "MONTHS_SINCE_ONSET"
            assert variable.column in LABELS or own
            assert len(variable.label.encode()) <= 40
            assert len(variable.name) <= 8
    assert max(map(len, LABELS.values())) <= 40


def ibm(values: list[float]) -> Exported:
    """Make a dataset of numbers alone."""
    frame = pd.DataFrame({"AVAL": values})
    (dataset,) = exported_datasets(
        "T", frame, [pd.DataFrame({"USUBJID": []})], frame, frame, {}, synthetic=False
    )[:1]
    return dataset


def test_numbers_come_back_bit_for_bit_within_the_bound_and_else_are_missing(
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(15)
    some = rng.integers(0, 2**64, 5_000, dtype=np.uint64).view("float64")
    size = np.abs(some)
    inside = some[(size >= SMALLEST) & (size <= LARGEST)]
    inside = np.concatenate(
        [inside, [SMALLEST, -SMALLEST, LARGEST, -LARGEST, 0.1, 1 / 3, 0.0]]
    )
    assert len(inside) > 1_000
    back, _ = read_back(tmp_path, ibm(inside.tolist()))
    assert back["AVAL"].to_numpy().tobytes() == inside.tobytes()
    # by our own reader too, which shares nothing with the writer
    content = (tmp_path / "back.xpt").read_bytes()
    cells, _ = read_typed_cells(content, "back.xpt", ["AVAL"], TRANSPORT, PLAIN)
    assert [float(cell) for cell in cells.frame["AVAL"]] == inside.tolist()
    beyond = [np.nextafter(SMALLEST, 0), np.nextafter(LARGEST, math.inf), 5e-324, 1e300]
    back, _ = read_back(tmp_path, ibm([1.0, *beyond]))
    assert back["AVAL"].isna().tolist() == [False, True, True, True, True]


def test_a_zero_has_no_sign(tmp_path: Path) -> None:
    back, _ = read_back(tmp_path, ibm([-0.0]))
    assert math.copysign(1, back["AVAL"][0]) == 1
    assert "[0.0]" in dataset_json(ibm([-0.0]), pd.Timestamp(0))


def test_bytes_depend_on_the_data_and_not_on_the_clock(tmp_path: Path) -> None:
    datasets = exported(tmp_path)
    stamp = last_date(list(datasets.values()))
    assert stamp == pd.Timestamp("2020-04-02")  # of the death
    path = tmp_path / "adsl.xpt"
    write_transport(path, datasets["ADSL"], stamp)
    # TS-140: a library and its member have a time of making and one of changing each
    times = re.findall(rb"\d\d[A-Z]{3}\d\d:\d\d:\d\d:\d\d", path.read_bytes())
    assert times == [b"02APR20:00:00:00"] * 4
    assert last_date([ibm([1.0])]) == pd.Timestamp("1960-01-01")


@pytest.mark.parametrize(
    "text",
    ["", "x" * 200, "x" * 201, "é" * 150, "a" + " " * 250 + "b", LONG, "語" * 200],
)
def test_a_long_text_is_parted_and_none_of_it_lost(text: str) -> None:
    pieces = parted(text)
    assert "".join(pieces) == text
    assert all(len(piece.encode()) <= 200 for piece in pieces)
    if text.strip() and "   " not in text:
        assert not any(piece.endswith(" ") for piece in pieces)


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        (["AGE", "ONSET_SITE", "ONSET_SIDE"], ["AGE", "ONSET_SI", "ONSET_S2"]),
        # one that keeps its name is not made another by one before it
        (["ONSET_SITE", "ONSET_SI"], ["ONSET_S2", "ONSET_SI"]),
        (["GRÖSSE", "5A_DOSE", "体重", "年齢"], ["GROSSE", "X5A_DOSE", "X", "X2"]),
    ],
)
def test_names_are_short_latin_and_different(
    columns: list[str], names: list[str]
) -> None:
    assert list(short_names(columns).values()) == names


def test_a_label_is_cut_between_characters() -> None:
    assert cut_to_bytes("µ" * 30, 39) == "µ" * 19
