"""Which values proposed priors rest on: baselines, wherever they stand."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from alsdecline.settings.baseline_values import baseline_values
from alsdecline.settings.file import SettingsError, read_configuration, read_settings
from alsdecline.settings.models import OutcomePriors
from support.configurations import changed
from support.short_trial import BASELINES, SHORT, WEEKS, short_rows, short_trial


def _values(path: Path, outcome: int = 0) -> list[float]:
    found = read_configuration(path)
    settings = found.settings
    written = found.filled.at("outcomes", outcome)
    scale = settings.scales[settings.outcomes[outcome].scale]
    return baseline_values(found.filled, path.parent, written, scale)


def _priors(path: Path) -> OutcomePriors:
    return read_settings(path).priors.outcomes["letters_read"]


def test_baselines_are_the_values_at_time_zero_of_all_arms(tmp_path: Path) -> None:
    assert _values(short_trial(tmp_path)) == sorted(BASELINES)


def _spoilt_after_baseline() -> list[str]:
    header, *rows = short_rows()
    later = [
        row if row.split(",")[2] == "0" else f"{row.rsplit(',', 1)[0]},{i % 100}"
        for i, row in enumerate(rows)
    ]
    return [header, *later]


def test_no_value_after_baseline_bears_on_a_prior(tmp_path: Path) -> None:
    before = _priors(short_trial(tmp_path))
    assert _priors(short_trial(tmp_path, rows=_spoilt_after_baseline())) == before
    swapped = {"active": "placebo", "placebo": "active"}
    rows = [
        ",".join(swapped.get(cell, cell) for cell in row.split(","))
        for row in short_rows()
    ]
    assert _priors(short_trial(tmp_path, rows=rows)) == before


def test_a_baseline_value_bears_on_them(tmp_path: Path) -> None:
    before = _priors(short_trial(tmp_path))
    rows = [row.replace("P1,active,0,40", "P1,active,0,10") for row in short_rows()]
    assert _priors(short_trial(tmp_path, rows=rows)).sd_baseline > before.sd_baseline


def test_rows_in_another_order_give_the_same(tmp_path: Path) -> None:
    header, *rows = short_rows()
    before = read_settings(short_trial(tmp_path))
    assert read_settings(short_trial(tmp_path, rows=[header, *rows[::-1]])) == before


def test_a_screening_value_counts_where_there_is_none_at_zero(tmp_path: Path) -> None:
    header, *rows = short_rows()
    rows[0] = "P1,active,-1,44"  # which replaces week 0
    rows += ["P2,placebo,-1,99"]  # which does not
    expected = sorted([44.0, *BASELINES[1:]])
    assert _values(short_trial(tmp_path, rows=[header, *rows])) == expected


def test_cells_that_are_no_values_are_left_to_validation(tmp_path: Path) -> None:
    header, *rows = short_rows()
    rows += ["P5,active,0,forty", "P6,active,0,", "P7,active,0,400", "P8,active,0"]
    rows += ["P9,active,1e400,50", "P9,active,0,1e300", "P9,active,inf,nan"]
    path = short_trial(tmp_path, rows=[header, *rows])
    assert _values(path) == sorted(BASELINES)


def _with(*changes: tuple[str, Any]) -> str:
    return yaml.safe_dump(changed(yaml.safe_load(SHORT), *changes), sort_keys=False)


def test_a_baseline_in_a_column_of_the_subjects_is_read(tmp_path: Path) -> None:
    config = _with(("outcomes.0.baseline", {"column": "before", "use": "row"}))
    header, *rows = short_rows()
    rows = [f"{row},{int(row[1]) * 10}" for row in rows if row.split(",")[2] != "0"]
    path = short_trial(tmp_path, config, [f"{header},before", *rows])
    assert _values(path) == [10, 20, 30, 40]
    assert read_settings(path).visits.weeks == [0, 4, 12, 52]


def test_of_a_sum_and_of_items_the_totals_count(tmp_path: Path) -> None:
    scales = {
        name: {"minimum": 0, "better": "higher"} for name in ("left", "right", "both")
    }
    scales["pair"] = {"minimum": 0, "better": "higher", "item_maxima": [60, 60]}
    outcomes = [
        {"id": "left"},
        {"id": "right"},
        {"id": "both", "sum_of": ["left", "right"]},
    ]
    config = _with(("scales", scales), ("outcomes", outcomes))
    rows = [
        "subject,treatment,week,left,right",
        *(f"P{i},active,{week},{i},{10 * i}" for i in range(1, 5) for week in WEEKS),
        *(f"P5,placebo,{week},7," for week in WEEKS),
    ]
    path = short_trial(tmp_path, config, rows)
    assert _values(path, 2) == [11, 22, 33, 44]


def test_selected_and_translated_rows_count_alone(tmp_path: Path) -> None:
    visits = {
        "columns": {"patient": "subject", "visit_week": "week"},
        "where": {"kind": ["main"]},
        "recode": {"visit_week": {"start": "0"}},
    }
    config = _with(("data.visits", visits))
    header, *rows = short_rows()
    rows = [f"{row.replace(',0,', ',start,')},main" for row in rows]
    rows += ["P9,active,start,99,extra"]
    path = short_trial(tmp_path, config, [f"{header},kind", *rows])
    assert _values(path) == sorted(BASELINES)


@pytest.mark.parametrize("kept", [0, 2])
def test_too_few_baselines_are_told_with_priors_to_paste(
    tmp_path: Path, kept: int
) -> None:
    header, *rows = short_rows()
    first = [row for row in rows if row.split(",")[2] == "0"][:kept]
    rows = [row for row in rows if row.split(",")[2] != "0"] + first
    config = _with(("visits", {"weeks": [0, 4, 12, 52]}))
    path = short_trial(tmp_path, config, [header, *rows])
    with pytest.raises(SettingsError, match="no priors of 'letters_read'") as told:
        read_settings(path)
    assert f"{kept} of its baseline values can be read, 3 are needed" in str(told.value)
    remedy = str(told.value).rsplit("as in ", 1)[1]
    read_settings(short_trial(tmp_path, f"{config}{remedy}\n", [header, *rows]))


def _percent(row: str) -> str:
    cells = row.split(",")
    return ",".join([*cells[:-1], f"{cells[-1]}%"]) if cells[2] == "0" else row


def _times(start: str, row: str) -> str:
    subject, arm, week, value = row.split(",")
    return ",".join([subject, arm, start if week == "0" else week, value])


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (
            _percent,
            "('40%' in column 'letters_read' of letters.csv is not a number",
        ),
        (
            functools.partial(_times, "start"),
            "in which 'start' is no number; say by `recode:` what it stands for",
        ),
        (
            functools.partial(_times, "1"),
            "no visit is at time zero by column 'week' of letters.csv, in which '1'",
        ),
    ],
)
def test_why_no_baseline_is_read_is_told(
    spoil: Callable[[str], str], told: str, tmp_path: Path
) -> None:
    header, *rows = short_rows()
    config = _with(("visits", {"weeks": [0, 4, 12, 52]}))
    path = short_trial(tmp_path, config, [header, *map(spoil, rows)])
    with pytest.raises(SettingsError) as error:
        read_settings(path)
    assert told in str(error.value)


SPOILT: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "it is empty"),
    "a header alone": (
        b"subject,treatment,week,letters_read\n",
        "fewer than two times",
    ),
    "no UTF-8": ("subject,Größe\n".encode("latin-1"), "it is not UTF-8"),
    "semicolons": (b"subject;week\nP1;0\n", 'say `separator: ";"` below its `file:`'),
    "a workbook": (b"PK\x03\x04\x14\x00\x06\x00\xff\xfe", "it is not UTF-8"),
    "zero bytes": (b"subject,week\n\x00,\x00\n", "letters.csv"),
    "an open quote": (b'subject,week\n"P1,0\n', "letters.csv"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_file_that_cannot_be_read_is_told_in_a_line(
    tmp_path: Path, name: str
) -> None:
    content, says = SPOILT[name]
    path = short_trial(tmp_path)
    (tmp_path / "letters.csv").write_bytes(content)
    with pytest.raises(SettingsError) as told:
        read_settings(path)
    assert says in str(told.value)
    assert len(str(told.value).splitlines()) == 1
