"""What a run tells of the ledger before it begins."""

from pathlib import Path

import pytest

from alsdecline.jobs.ledger import HEAD, LEDGER, append
from alsdecline.jobs.run_events import tell_of_ledger


def test_a_run_tells_of_a_ledger_that_does_not_hold_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    append(tmp_path, [{"event": "run"}, {"event": "run"}])
    tell_of_ledger(tmp_path)
    assert capsys.readouterr().err == ""
    (tmp_path / HEAD).unlink()
    content = (tmp_path / LEDGER).read_bytes()
    tell_of_ledger(tmp_path)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{HEAD}: is absent, so a cut tail cannot be found. Put ")
    assert (tmp_path / LEDGER).read_bytes() == content
    assert not (tmp_path / HEAD).exists()
