"""Raw files lie in the trial's folder; what is printed can be printed."""

from pathlib import Path

import pytest

from alsdecline.settings.file import SettingsError, parse_settings

TEXT = (Path(__file__).parents[3] / "config.yaml").read_text(encoding="utf-8")
VISITS = "file: data/visits.csv"
TITLE = next(line for line in TEXT.split("\n") if line.startswith("  title: "))


def refusal(old: str, new: str) -> str:
    assert TEXT.count(old) == 1
    with pytest.raises(SettingsError) as refused:
        parse_settings(TEXT.replace(old, new), "config.yaml")
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("/etc/passwd", "is an absolute path"),
        ("../other_trial/visits.csv", "leads out of the trial's folder"),
        ("data/../../visits.csv", "leads out of the trial's folder"),
        ("results/tables/design.csv", "lies in results/, which is made anew"),
        ("releases/0123/results/x.csv", "lies in releases/"),
        ('"data/a\\nb.csv"', "has a line end"),
    ],
)
def test_a_raw_file_lies_in_the_trials_folder(name: str, says: str) -> None:
    told = refusal(VISITS, f"file: {name}")
    line = TEXT[: TEXT.index(VISITS)].count("\n") + 1
    assert told.startswith(f"config.yaml, line {line}: data.visits.file: ")
    assert says in told
    assert "link to it" in told
    assert "\n" not in told


def test_so_does_the_file_of_decisions() -> None:
    told = refusal("  cutoff: 2005", "  decisions: ../decisions.csv\n  cutoff: 2005")
    assert "data.decisions: '../decisions.csv' leads out of" in told


@pytest.mark.parametrize("name", ["data/$a &;*.csv", "data/a b.csv", "data/Größe.csv"])
def test_a_raw_file_may_have_a_strange_name(name: str) -> None:
    settings = parse_settings(TEXT.replace(VISITS, f"file: {name}"), "config.yaml")
    assert settings.data.visits.file == name


@pytest.mark.parametrize("name", ["data/<b>.csv", "data/{x}.csv", "data/a>b.csv"])
def test_a_name_that_rules_would_fill_in_is_refused(name: str) -> None:
    told = refusal(VISITS, f"file: {name}")
    assert told.endswith(
        "data.visits.file: one of { } < > is in its name; rename the file"
    )


@pytest.mark.parametrize(
    ("escaped", "named"),
    [
        ("\\x01", "U+0001"),
        ("\\e[2J", "U+001B"),
        ("\\x9b", "U+009B"),
        ("\\uFFFF", "U+FFFF"),
    ],
)
def test_a_text_that_cannot_be_printed_is_refused_with_its_line(
    escaped: str, named: str
) -> None:
    told = refusal(TITLE, f'  title: "A{escaped}B"')
    line = TEXT[: TEXT.index(TITLE)].count("\n") + 1
    assert told.startswith(f"config.yaml, line {line}: trial.title is 'A")
    assert f"it has a control character, {named}; remove it" in told
    assert "\n" not in told


def test_a_key_that_cannot_be_printed_is_refused() -> None:
    told = refusal(TITLE, f'{TITLE}\n  "a\\x1bb": 1')
    assert "a control character, U+001B" in told
    assert "\x1b" not in told


def test_a_text_of_several_lines_is_a_text() -> None:
    text = TEXT.replace(TITLE, '  title: "A\\nB\\tC"')
    assert parse_settings(text, "config.yaml").trial.title == "A\nB\tC"
