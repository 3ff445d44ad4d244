"""A preset of SDTM or ADaM says what a configuration would say of their files."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from alsdecline.settings.completion import completed
from alsdecline.settings.data_planning import data_plan
from alsdecline.settings.file import parse_settings
from alsdecline.settings.presets import preset_of
from support.configurations import PILOT

# what is the trial's own: which files, and that its adverse events are ADaM's
FILES = {
    "subjects": "raw/xpt/dm.xpt",
    "visits": "raw/xpt/sv.xpt",
    "measurements": "raw/xpt/qs.xpt.gz",
    "exposure": "raw/xpt/ex.xpt",
    "events": "raw/xpt/ds.xpt",
    "adverse_events": "raw/xpt/adae.xpt",
}


def short_pilot() -> dict[str, Any]:
    """Return the pilot's configuration without what the preset fills in."""
    content: dict[str, Any] = yaml.safe_load(PILOT)
    subjects = content["data"]["subjects"]
    own = {key: subjects[key] for key in ("characteristics", "pooled", "recode")}
    content["data"] = {
        "preset": "sdtm",
        **{name: {"file": file} for name, file in FILES.items()},
        "cutoff": content["data"]["cutoff"],
    }
    content["data"]["subjects"] |= own
    return content


def test_the_pilot_of_sdtm_needs_no_names_of_columns() -> None:
    """Its datasets follow from the data plan, which is that of the full one."""
    short = yaml.safe_dump(short_pilot(), allow_unicode=True)
    given = data_plan(parse_settings(short, "config.yaml")).model_dump()
    full = data_plan(parse_settings(PILOT, "config.yaml")).model_dump()
    assert given["data"].pop("preset") == "sdtm"
    full["data"].pop("preset")
    # terms of the codelists that the trial does not have
    for table, column in (("events", "reason"), ("adverse_events", "related")):
        meanings = given["data"][table]["recode"].pop(column)
        written = full["data"][table]["recode"].pop(column)
        assert meanings | written == meanings
    assert given == full


def test_each_name_says_that_the_preset_gave_it() -> None:
    filled = completed(short_pilot(), None)
    origins = {
        at: origin for at, origin in filled.origins.items() if "preset" in origin
    }
    assert origins["data", "measurements", "columns", "value"] == "preset sdtm, QS"
    assert origins["data", "adverse_events", "where"] == "preset sdtm, ADAE"
    assert origins["data", "subjects", "where"] == "preset sdtm, DM: the arms"


@pytest.mark.parametrize(
    ("file", "columns"),
    [
        ("ft.csv", {"parameter": "FTTESTCD", "value": "FTSTRESN", "date": "FTDTC"}),
        ("sub/RE.xpt.gz", {"parameter": "RETESTCD", "value": "RESTRESN"}),
        ("adqs.xpt", {"parameter": "PARAMCD", "value": "AVAL", "date": "ADT"}),
    ],
)
def test_the_name_of_the_file_tells_the_domain(
    file: str, columns: dict[str, str]
) -> None:
    given = preset_of("sdtm", "measurements", file)["columns"]
    assert given.items() >= columns.items()


def test_what_is_written_stands(tmp_path: Path) -> None:
    content = short_pilot()
    content["data"]["subjects"] |= {
        "columns": {"randomisation_date": "RFXSTDTC"},
        "where": {},
    }
    filled = completed(content, tmp_path)
    subjects = filled.at("data", "subjects")
    assert subjects["columns"] == {
        "patient": "USUBJID",
        "arm": "ARMCD",
        "randomisation_date": "RFXSTDTC",
    }
    assert subjects["where"] == {}


def test_codes_of_arms_that_are_recoded_are_the_rows_to_keep() -> None:
    content = short_pilot()
    content["arms"]["groups"][0]["id"] = "placebo"
    content["arms"]["reference"] = "placebo"
    arms = {"Pbo": "placebo", "Xan_Lo": "Xan_Lo", "Xan_Hi": "Xan_Hi", "Scrnfail": ""}
    content["data"]["subjects"]["recode"]["arm"] = arms
    where = completed(content, None).at("data", "subjects", "where")
    assert where == {"ARMCD": ["Pbo", "Xan_Lo", "Xan_Hi"]}
