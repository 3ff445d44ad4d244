"""A file of simulated trials that is none is told in a line, with its remedy."""

from pathlib import Path

import pytest

from alsdecline.faults import DataError
from tabulate_design import read_simulated


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no table of simulated trials; make it again"),
        (b"\xff\xfe\x00", "no table of simulated trials; make it again"),
        (b"arm,effect\nhigh,1\n", "no column analysis, made_by, patients; make it"),
    ],
)
def test_what_the_script_did_not_write_is_told(
    tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "coverage.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=says) as told:
        read_simulated(path)
    assert str(path) in str(told.value)
    assert "\n" not in str(told.value)
