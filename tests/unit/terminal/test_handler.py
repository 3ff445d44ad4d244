"""What the logger keeps from a terminal, and what it lets pass."""

import os
import types
import warnings

import pytest

from alsdecline.terminal.handler import LogHandler


def warned(text: str, *, verbose: bool) -> list[str]:
    """Make the logger of a run, and return which warnings pass then."""
    chosen = dict.fromkeys(
        ("printshellcmds", "quiet", "debug_dag", "show_failed_logs", "stdout"), False
    )
    settings = types.SimpleNamespace(
        **chosen, nocolor=True, verbose=verbose, dryrun=False
    )
    with warnings.catch_warnings(record=True) as passed:
        warnings.simplefilter("always")
        LogHandler(settings, None).close()
        warnings.warn(text, RuntimeWarning, stacklevel=1)
    return [str(warning.message) for warning in passed]


def test_a_step_that_an_interruption_left_is_told_in_full_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    left = "coroutine 'DAG.retrieve_storage_inputs' was never awaited"
    assert warned(left, verbose=False) == []
    assert warned(left, verbose=True) == [left]
    assert warned("overflow", verbose=False) == ["overflow"]
