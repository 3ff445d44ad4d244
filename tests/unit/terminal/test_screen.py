"""A terminal keeps one line that changes; a file gets plain lines."""

from pathlib import Path

import pytest

from alsdecline.terminal.screen import ERASE, Screen
from support.snakemake_log import Written


@pytest.mark.usefixtures("trial")
def test_the_line_that_changes_makes_room_for_those_that_stay() -> None:
    written = Written(terminal=True)
    screen = Screen(written)
    screen.changing("one")
    screen.changing("one")
    screen.changing("two")
    screen.line("stays")
    screen.changing("x" * 200)
    screen.changing("")
    assert written.getvalue() == (f"one{ERASE}two{ERASE}stays\n{'x' * 79}{ERASE}")


@pytest.mark.usefixtures("trial")
def test_a_labelled_text_is_broken_at_the_width_of_a_terminal_alone() -> None:
    text = "word " * 30
    terminal, file = Written(terminal=True), Written(terminal=False)
    Screen(terminal).labelled("Ran", text)
    Screen(file).labelled("Ran", text)
    assert file.getvalue() == f"Ran       {text}\n"
    first, second, *_ = terminal.getvalue().splitlines()
    assert len(first) <= 80
    assert first.startswith("Ran       word")
    assert second.startswith("          word")


def test_a_terminal_that_can_do_nothing_is_told_plainly(
    trial: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert trial.is_dir()
    monkeypatch.setenv("TERM", "dumb")
    written = Written(terminal=True)
    Screen(written).changing("one")
    assert written.getvalue() == ""


@pytest.mark.usefixtures("trial")
def test_what_an_encoding_lacks_stops_nothing() -> None:
    written = Written(terminal=False)
    written.encoding = "ascii"
    Screen(written).line("3 µg")
    assert written.getvalue() == "3 ?g\n"
