"""The schedule and what tells time, as a visits file has them."""

from pathlib import Path

import pytest

from alsdecline.settings.file import SettingsError, read_settings
from alsdecline.settings.scheduled_times import scheduled_times
from support.short_trial import SHORT, short_rows, short_trial


def test_a_time_that_one_patient_alone_has_is_not_scheduled() -> None:
    visits = [(p, t) for p in "abcd" for t in (0.0, 4.0, 12.0)] + [("a", 120.0)]
    assert scheduled_times(visits) == ([0, 4, 12], "")


def test_times_before_zero_are_not_scheduled() -> None:
    visits = [(p, t) for p in "abcd" for t in (-2.0, 0.0, 4.0)]
    assert scheduled_times(visits) == ([0, 4], "")


def test_days_on_which_visits_really_were_are_no_schedule() -> None:
    # 40 patients, three visits each, about days 0, 28 and 56
    visits = [
        (f"p{i}", float(day + (i * 7) % 11 - 5))
        for i in range(40)
        for day in (5, 28, 56)
    ]
    times, why = scheduled_times(visits)
    assert not times
    assert "up to 3 of a patient" in why


def test_the_order_of_rows_does_not_matter() -> None:
    visits = [(p, t) for t in (12.0, 0.0, 4.0) for p in "abcd"]
    assert scheduled_times(visits)[0] == scheduled_times(visits[::-1])[0] == [0, 4, 12]


def _renamed(name: str) -> list[str]:
    header, *rows = short_rows()
    return [header.replace("week", name), *rows]


@pytest.mark.parametrize(
    ("name", "time", "unit"),
    [
        ("day", "day", "days"),
        ("visit_day", "day", "days"),
        ("visit_week", "week", "weeks"),
        ("month", "month", "months"),
    ],
)
def test_time_is_told_by_the_column_that_there_is(
    tmp_path: Path, name: str, time: str, unit: str
) -> None:
    settings = read_settings(short_trial(tmp_path, rows=_renamed(name)))
    assert settings.data.visits.time == time
    assert getattr(settings.visits, unit) == [0, 4, 12, 52]


def test_without_a_column_that_tells_time_the_header_is_shown(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="tells when visits were") as told:
        read_settings(short_trial(tmp_path, rows=_renamed("when")))
    assert "it has subject, treatment, when, letters_read" in str(told.value)
    remedy = SHORT + "visits: {}\n"
    remedied = remedy.replace(
        "arms:", "  visits: {columns: {visit_week: when}}\narms:", 1
    )
    read_settings(short_trial(tmp_path, remedied, _renamed("when")))


def test_dates_count_where_the_randomisation_is_dated(tmp_path: Path) -> None:
    header, *rows = short_rows()
    dated = [f"{header},date,randomisation_date"]
    dated += [
        f"{row},2024-{1 + int(row.split(',')[2]) % 9:02}-03,2024-01-01" for row in rows
    ]
    settings = read_settings(short_trial(tmp_path, rows=dated))
    assert (settings.data.visits.time, settings.time_origin) == (
        "date",
        "randomisation",
    )
    assert settings.data.visits.columns["visit_date"] == "date"
    assert settings.visits.weeks == [0, 4, 12, 52]
    assert settings.visits.window_days == 14  # half of the four weeks
    undated = [row.rsplit(",", 1)[0] for row in dated]
    assert read_settings(short_trial(tmp_path, rows=undated)).data.visits.time == "week"


def test_a_first_row_that_is_no_header_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="add the header if it has none") as told:
        read_settings(short_trial(tmp_path, rows=short_rows()[1:]))
    assert "P1" not in str(told.value)


def test_of_windows_the_weeks_are_the_schedule(tmp_path: Path) -> None:
    windows = "".join(
        f"    - {{week: {week}, target_day: {7 * week + 1}}}\n" for week in (0, 12)
    )
    windows = windows.replace("1}", "1, to_day: 40}", 1).replace(
        "85}", "85, from_day: 41}"
    )
    config = SHORT + f"visits:\n  windows:\n{windows}"
    assert read_settings(short_trial(tmp_path, config)).visits.weeks == [0, 12]
