"""Each case of tests/bad_inputs is told as a data manager would, and no more is."""

from pathlib import Path

import pytest

from support.bad_inputs import corpus, edit, unlike, validated

CASES = corpus()


def test_the_corpus_has_clean_inputs_among_its_120() -> None:
    assert len(CASES) >= 120
    clean = [
        case
        for case in CASES.values()
        if not case.refused and all(found[1] != "fatal" for found in case.finds)
    ]
    assert len(clean) >= 20


@pytest.mark.parametrize("name", CASES)
def test_exactly_what_is_expected_is_found(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES[name]
    folder = edit(case, tmp_path / "trial")
    monkeypatch.chdir(folder)
    # the packages do not change from case to case
    monkeypatch.setattr("alsdecline.jobs.before_planning.check_installed", lambda: None)
    found = validated(tmp_path)
    if case.refused or isinstance(found, str):
        assert isinstance(found, str), found
        assert case.refused
        assert case.refused in found
        return
    assert unlike(case, found) == []
