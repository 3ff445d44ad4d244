"""The logger that Snakemake's default profile here chooses, on its interface."""

import contextlib
import logging
import os
import sys
import threading
import warnings
from typing import Any

from snakemake.logging import ColorizingTextHandler, DefaultFilter, DefaultFormatter
from snakemake.settings.enums import Quietness
from snakemake_interface_logger_plugins.base import LogHandlerBase

from alsdecline.jobs.job_log import QUIET_VARIABLE
from alsdecline.terminal.closed_pipe import end_unread_run
from alsdecline.terminal.made_folder import MadeFolder, folder_asked_for
from alsdecline.terminal.screen import Screen
from alsdecline.terminal.told import Told
from alsdecline.terminal.told_plan import ToldPlan
from alsdecline.terminal.told_run import ToldRun

EVERY = 1.0
"""Seconds between two looks at how far what runs is."""


_UNTOLD = {Quietness.ALL, Quietness.PROGRESS}
"""With ``--quiet`` for any of these, jobs are not told of."""


class LogHandler(LogHandlerBase):
    """Tells a person of a run what they need; with ``--verbose`` all that there is."""

    def __post_init__(self) -> None:
        """Choose what to tell, and where."""
        common = self.common_settings
        self._stream = sys.stdout if common.stdout else sys.stderr
        self._made = MadeFolder(folder_asked_for(sys.argv[1:]))
        self._closed = False
        self._in_full = self._full() if common.verbose or common.debug_dag else None
        self._told = self._teller()
        self._stopped = threading.Event()
        if self._in_full is None:
            os.environ[QUIET_VARIABLE] = "1"
            # Ctrl-C between two steps of Snakemake's leaves one that it began, of which
            # Python would tell in lines of code
            warnings.filterwarnings(
                "ignore", "coroutine .* was never awaited", RuntimeWarning
            )
        if self._in_full is None and self._told.screen.is_terminal:
            threading.Thread(target=self._look, daemon=True).start()

    def _full(self) -> Any:
        """Return what prints as Snakemake does by itself."""
        common = self.common_settings
        handler = ColorizingTextHandler(nocolor=common.nocolor, stream=self._stream)
        handler.addFilter(
            DefaultFilter(
                common.quiet,
                common.debug_dag,
                common.verbose,
                common.dryrun,
                common.printshellcmds,
            )
        )
        handler.setFormatter(DefaultFormatter(common.quiet, common.show_failed_logs))
        return handler

    def _teller(self) -> Told:
        common = self.common_settings
        quiet = not _UNTOLD.isdisjoint(common.quiet or ())
        told = ToldPlan if common.dryrun else ToldRun
        return told(Screen(self._stream), quiet=quiet)

    def emit(self, record: logging.LogRecord) -> None:
        """Tell of a line of Snakemake's log."""
        try:
            if self._in_full is None:
                self._told.take(record)
            elif self._in_full.filter(record):
                self._in_full.emit(record)
        except BrokenPipeError:
            self._unread()
        except Exception:  # noqa: BLE001, what a logger cannot tell must not stop a run
            self.handleError(record)

    def _unread(self) -> None:
        if not self._closed:
            self._closed = True
            end_unread_run(self._stream)

    def _look(self) -> None:
        while not self._stopped.wait(EVERY):
            self.acquire()
            try:
                self._told.tick()
            except BrokenPipeError:
                self._unread()
            finally:
                self.release()

    def close(self) -> None:
        """Tell how the run ended, and leave no folder that it made for nothing."""
        self._stopped.set()
        if self._in_full is None and not self._closed:
            with contextlib.suppress(BrokenPipeError):
                self._told.end()
        self._made.remove_if_empty()
        super().close()

    @property
    def writes_to_stream(self) -> bool:
        """Whether it takes the place of Snakemake's own lines."""
        return True

    @property
    def writes_to_file(self) -> bool:
        """Whether it writes a file; the log in full is Snakemake's."""
        return False

    @property
    def has_filter(self) -> bool:
        """Whether it chooses lines itself."""
        return True

    @property
    def has_formatter(self) -> bool:
        """Whether it puts them into words itself."""
        return True

    @property
    def needs_rulegraph(self) -> bool:
        """Whether it shows how rules follow from each other."""
        return False
