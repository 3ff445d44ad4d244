"""What another platform may make of a file, and what is another result."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imsave

from alsdecline.audit.compared_files import files_agree, records_agree, texts_agree
from alsdecline.stable_files import write_json, write_parquet
from support.hand_runs import made_record

PRINTED = [
    # the tolerance at 100 is 1e-8 x 100 = 1e-6
    ("<td>100.0</td>", "<td>100.0000009</td>", True),
    ("<td>100.0</td>", "<td>100.000002</td>", False),
    ("<td>1</td>", "<td>0.999999999999</td>", True),
    ("a,-1e-3\n", "a,-0.001\n", True),
    ("<p>1.00 points", "<p>1.01 points", False),
    ("20 patients", "21 patients", False),
    ("women,1.0", "men,1.0", False),
    ("1.0\n", "1.0\n1.0\n", False),
    ("1e999", "2e999", False),
    ("with numpy 2.5.5 and pandas 3.1.1", "with numpy 2.4.0 and pandas 3.1.1", True),
    ("Python 3.13.1", "Python 3.13.2", True),
]


@pytest.mark.parametrize(("first", "second", "agree"), PRINTED)
def test_numbers_may_differ_by_rounding_and_words_may_not(
    first: str, second: str, agree: bool
) -> None:
    assert texts_agree(first, second) is agree
    assert texts_agree(second, first) is agree


@pytest.mark.parametrize(("move", "agree"), [(1e-9, True), (1e-7, False)])
def test_a_dataset_is_compared_value_by_value(
    tmp_path: Path, move: float, agree: bool
) -> None:
    paths = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    for path, value in zip(paths, (1.0, 1.0 + move), strict=True):
        write_parquet(path, pd.DataFrame({"USUBJID": ["P1"], "AVAL": [value]}))
    assert files_agree(*paths) is agree
    paths[0].write_bytes(b"PAR1")
    assert files_agree(*paths) is False


@pytest.mark.parametrize(("move", "agree"), [(1 / 255, True), (0.1, False)])
def test_a_drawing_may_differ_at_smoothed_edges(
    tmp_path: Path, move: float, agree: bool
) -> None:
    paths = [tmp_path / "a.png", tmp_path / "b.png"]
    for path, level in zip(paths, (0.5, 0.5 + move), strict=True):
        imsave(path, np.full((4, 4, 3), level))
    assert files_agree(*paths) is agree
    paths[0].write_bytes(paths[1].read_bytes()[:40])
    assert files_agree(*paths) is False


def test_what_is_no_text_is_told_and_a_text_that_is_none_is_another(
    tmp_path: Path,
) -> None:
    drawing, text = tmp_path / "a.pdf", tmp_path / "b.pdf"
    drawing.write_bytes(b"%PDF \xff")
    text.write_text("%PDF", encoding="utf-8")
    assert files_agree(text, drawing) is None
    assert files_agree(drawing, text) is False


CHANGED: list[tuple[dict[str, Any], bool, bool]] = [
    ({"environment": "env:2", "versions": {}}, True, True),
    ({"inputs": {"a.csv": {"sha256": "1", "size": 2}}}, True, True),
    ({"inputs": {"b.csv": {"sha256": "0", "size": 1}}}, False, False),
    ({"settings": {"seed": 2}}, False, False),
    ({"seeds": {"default": [2]}}, False, False),
    # what the sampling met decides the gates
    ({"gates": {"default": {"r_hat": 2.0}}}, False, True),
]


@pytest.mark.parametrize(("change", "agree", "agree_of_fit"), CHANGED)
def test_a_record_is_compared_but_for_digests_and_platform(
    tmp_path: Path, change: dict[str, Any], agree: bool, agree_of_fit: bool
) -> None:
    inputs = {"a.csv": {"sha256": "0", "size": 1}}
    record = made_record("fit_joint", ["b.csv"], inputs=inputs, settings={"seed": 1})
    paths = [tmp_path / "a.json", tmp_path / "b.json"]
    write_json(paths[0], record | change)
    write_json(paths[1], record)
    assert records_agree(*paths, of_fit=False) is agree
    assert records_agree(*paths, of_fit=True) is agree_of_fit


@pytest.mark.parametrize("text", ["[]", "{}", "null", "[" * 100_000, "\\ud800"])
def test_a_spoilt_record_is_another(tmp_path: Path, text: str) -> None:
    spoilt, whole = tmp_path / "a.json", tmp_path / "b.json"
    spoilt.write_text(text, encoding="utf-8")
    write_json(whole, made_record("fit_joint", []))
    assert records_agree(spoilt, whole, of_fit=False) is False
