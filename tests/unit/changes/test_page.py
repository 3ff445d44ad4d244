"""The page and the text answer first, and say in a sentence that nothing differs."""

import re
from pathlib import Path
from typing import Any

import pytest

from alsdecline.changes.page import diff_text, render_changes
from alsdecline.changes.printed_patients import MOST_LISTED
from alsdecline.changes.runs import compare_runs, diff
from alsdecline.jobs.recorded_runs import open_run
from support.hand_runs import LIMB, adsl, bds, hand_run, rate, record

RATES = "tables/rate_of_decline"


def both(folder: Path, new: dict[str, Any], **old: Any) -> dict[str, Any]:
    """Compare a run of two patients with one that has other parts."""
    parts: dict[str, Any] = {
        "datasets": {"bds/limb": bds(LIMB), "adsl": adsl()},
        "tables": {RATES: [rate(1.0, 0.1, 2.0, 0.98)]},
        "records": [record("ingest")],
    }
    released = hand_run(folder / "old", **parts | old)
    return diff(released, hand_run(folder / "new", **parts | new))


def page(comparison: dict[str, Any], *, synthetic: bool = True) -> str:
    html = render_changes(comparison, "A trial", synthetic=synthetic)
    return re.sub(r"\s+", " ", re.sub("<style>.*</style>", "", html, flags=re.DOTALL))


def test_of_equal_runs_one_sentence_is_all(tmp_path: Path) -> None:
    comparison = both(tmp_path, {})
    assert comparison["same"]
    assert diff_text(comparison) == "Nothing differs between old and new.\n"
    assert "<h2>" not in page(comparison)
    assert "Nothing differs between old and new." in page(comparison)


def test_equal_runs_without_records_are_called_equal_in_what_was_compared(
    tmp_path: Path,
) -> None:
    told = diff_text(both(tmp_path, {"records": []}, records=[])).splitlines()
    assert told[0] == "Nothing that could be compared differs between old and new."
    assert told[1].startswith("No records (results/records) in old and new:")


NEW = [LIMB[0], ("P1", 4, "2020-01-29", 29, 37), *LIMB[2:]]


def test_records_and_conclusions_come_first(tmp_path: Path) -> None:
    comparison = both(
        tmp_path,
        {
            "datasets": {"bds/limb": bds(NEW), "adsl": adsl()},
            "tables": {RATES: [rate(0.9, -0.1, 2.0, 0.95)]},
        },
    )
    lines = diff_text(comparison).splitlines()
    assert lines[:4] == [
        "From old to new",
        "",
        "1 record of 1 patient: 1 changed.",
        "The primary conclusion changed:",
    ]
    assert lines[4].startswith("- The 95% interval of the primary estimate")
    assert lines[5].endswith(
        "moved from 1.00 (0.10 to 2.00) to 0.90 (\N{MINUS SIGN}0.10 to 2.00), its "
        "probability from 98% to 95%."
    )
    first = page(comparison).index("1 record of 1 patient: 1 changed.")
    assert first < page(comparison).index("<h2>")


def test_a_record_is_printed_with_patient_visit_parameter_and_values(
    tmp_path: Path,
) -> None:
    comparison = both(tmp_path, {"datasets": {"bds/limb": bds(NEW), "adsl": adsl()}})
    assert "  P1       NORLIMB    4     2020-01-29  changed  38      37" in (
        diff_text(comparison).splitlines()
    )
    cells = re.sub("(</?t[hd][^>]*>)+", "|", page(comparison))
    assert "|P1|NORLIMB|4|2020-01-29|changed|38|37|" in cells


def test_an_added_patient_is_printed_with_what_is_known(tmp_path: Path) -> None:
    comparison = both(
        tmp_path,
        {"datasets": {"bds/limb": bds(LIMB), "adsl": adsl()}},
        datasets={"bds/limb": bds(LIMB), "adsl": adsl().iloc[:1]},
    )
    assert "P2 patient \N{EN DASH} \N{EN DASH} added \N{EN DASH} ARMCD low; AGE 70" in (
        re.sub(" +", " ", diff_text(comparison))
    )


def test_a_long_list_is_cut_and_says_so(tmp_path: Path) -> None:
    many = [("P3", week, None, 7 * week, 30.0) for week in range(MOST_LISTED + 5)]
    comparison = both(
        tmp_path, {"datasets": {"bds/limb": bds([*LIMB, *many]), "adsl": adsl()}}
    )
    told = diff_text(comparison)
    assert f"The first {MOST_LISTED} of {MOST_LISTED + 5} are listed" in told
    assert len(re.findall("^  P3 ", told, flags=re.MULTILINE)) == MOST_LISTED
    assert len(comparison["records"]["changes"]) == MOST_LISTED + 5


def test_only_synthetic_data_carry_the_banner(tmp_path: Path) -> None:
    comparison = both(tmp_path, {"tables": {RATES: [rate(1.1, 0.1, 2.0, 0.98)]}})
    assert "Synthetic data: every value" in page(comparison)
    assert "Synthetic" not in page(comparison, synthetic=False)


def test_raw_text_cannot_become_markup(tmp_path: Path) -> None:
    odd = adsl(ARMCD=["<b>high</b>", "low"])
    comparison = both(tmp_path, {"datasets": {"bds/limb": bds(LIMB), "adsl": odd}})
    assert "<b>" not in page(comparison)
    assert "&lt;b&gt;high" in page(comparison)


def test_the_page_stands_alone_and_names_no_folder(tmp_path: Path) -> None:
    html = page(both(tmp_path, {"datasets": {"bds/limb": bds(NEW), "adsl": adsl()}}))
    assert not re.search(r'(src|href)="', html)
    assert str(tmp_path) not in html


def test_settings_that_cannot_be_read_are_told_and_the_rest_is_compared(
    tmp_path: Path,
) -> None:
    old = hand_run(
        tmp_path / "old",
        config=lambda text: text + "new_key: 1\n",
        datasets={"bds/limb": bds(LIMB)},
    )
    new = hand_run(tmp_path / "new", datasets={"bds/limb": bds(NEW)})
    comparison = compare_runs(open_run(old), open_run(new))
    assert comparison["settings"] is None
    told = diff_text(comparison)
    assert "The settings of old cannot be read by this version" in told
    assert "1 record of 1 patient: 1 changed." in told
    assert str(tmp_path) not in told


@pytest.mark.parametrize("part", ["settings", "raw file", "code", "version"])
def test_what_did_not_change_is_said_too(tmp_path: Path, part: str) -> None:
    comparison = both(tmp_path, {"datasets": {"bds/limb": bds(NEW), "adsl": adsl()}})
    singular = part.removesuffix("s")
    assert f"No {singular} changed." in diff_text(comparison)


def test_what_data_say_cannot_forge_a_line_or_steer_a_terminal(tmp_path: Path) -> None:
    forged = "P1\nNothing differs between old and new.\x1b[2J"
    values = [(forged, *LIMB[1][1:4], 30.0), *LIMB]
    comparison = both(tmp_path, {"datasets": {"bds/limb": bds(values), "adsl": adsl()}})
    lines = diff_text(comparison).split("\n")
    assert "Nothing differs between old and new." not in lines
    assert any(r"P1\nNothing differs between old and new.\x1b[2J" in li for li in lines)
    assert all(c.isprintable() or c == "\u202f" for line in lines for c in line)
