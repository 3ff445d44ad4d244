"""Whatever format the raw files are in, the datasets are the same to the byte."""

import functools
from pathlib import Path

import pandas as pd
import pytest

from alsdecline.datasets.adsl import subject_level, with_population_flags
from alsdecline.datasets.bds import analysis_values, measured_values
from alsdecline.datasets.doses_and_events import adverse_event_records, dose_records
from alsdecline.datasets.lineage import record_lineage, value_lineage
from alsdecline.raw.files import read_trial_files
from alsdecline.settings.data_planning import data_plan
from alsdecline.settings.file import read_settings
from alsdecline.stable_files import write_parquet
from alsdecline.validation.consistency import check_consistency
from support.trial_folder import copy_bundled_trial
from support.written_formats import FORMATS, Format, delimited, rewrite

OF_THE_FILE = ["file", "row", "column", "sha256"]
"""What of the lineage differs between formats."""


Datasets = tuple[dict[str, bytes], dict[str, pd.DataFrame]]
"""The bytes of each dataset, and both tables of lineage."""


def datasets(folder: Path) -> Datasets:
    """Return the bytes of each dataset, and both tables of lineage."""
    plan = data_plan(read_settings(folder / "config.yaml"))
    files, found = read_trial_files(plan, folder)
    assert found + check_consistency(plan, files) == []
    adsl = subject_level(plan, files)
    measured = measured_values(plan, files, adsl)
    values = analysis_values(plan, measured, adsl)
    frames = {
        "ADSL": with_population_flags(plan, adsl, values),
        "ADEX": dose_records(plan, files),
        "ADAE": adverse_event_records(plan, files),
        **values,
    }
    written = {}
    for name, frame in frames.items():
        path = folder / f"{name}.parquet"
        write_parquet(path, frame)
        written[name] = path.read_bytes()
    digests = dict.fromkeys((t.file for t in files.sources.values()), "0" * 64)
    return written, {
        "values": value_lineage(plan, files, measured, digests),
        "records": record_lineage(plan, files, adsl, measured, digests),
    }


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Datasets]:
    """Those of CSV, whether names of columns are short; datasets have them (SRCVAR)."""
    folder = tmp_path_factory.mktemp("csv")
    bundled = copy_bundled_trial(folder / "trial")
    short = copy_bundled_trial(folder / "short")
    rewrite(short, Format(".csv", delimited(), short_names=True))
    return {False: datasets(bundled), True: datasets(short)}


@functools.cache
def _without_place(name: str) -> list[str]:
    return (
        OF_THE_FILE if name == "values" else [c for c in OF_THE_FILE if c != "column"]
    )


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_gives_the_same_datasets_to_the_byte(
    form: str,
    expected: dict[bool, Datasets],
    tmp_path: Path,
) -> None:
    trial = copy_bundled_trial(tmp_path / "trial")
    rewrite(trial, FORMATS[form])
    written, lineage = datasets(trial)
    of_csv = expected[FORMATS[form].short_names]
    assert written == of_csv[0]
    assert list(written) == ["ADSL", "ADEX", "ADAE", "total", "limb", "bulbar", "fvc"]
    for name, frame in lineage.items():
        own = frame.drop(columns=_without_place(name))
        theirs = of_csv[1][name].drop(columns=_without_place(name))
        pd.testing.assert_frame_equal(own, theirs)
