"""Data that others cleaned give no finding: published trials, and the bundled one."""

from pathlib import Path

import pytest

from support.bad_inputs import validated

TESTS = Path(__file__).parents[2]


@pytest.mark.parametrize("trial", ["sleepstudy", "armd_interferon", "bundled"])
def test_clean_data_give_no_finding(
    trial: str, reference: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "trial"
    folder.mkdir()
    config = TESTS / "validation" / trial / "config.yaml"
    if trial == "bundled":
        config = TESTS.parent / "config.yaml"
        (folder / "data").symlink_to(TESTS.parent / "data")
    else:
        (folder / "raw").symlink_to(reference / "data" / trial)
    (folder / "config.yaml").write_bytes(config.read_bytes())
    monkeypatch.chdir(folder)
    monkeypatch.setattr("alsdecline.jobs.before_planning.check_installed", lambda: None)
    found = validated(tmp_path)
    assert not isinstance(found, str), found
    assert [str(f) for f in found if f.severity != "note"] == []
    # 6 of the 240 patients of armd left before their first visit after baseline
    notes = [f.rule for f in found if f.rule != "rows_left_out"]
    assert notes == (["no_follow_up"] * 6 if trial == "armd_interferon" else [])
