"""Settings are compared by value, key by key."""

from typing import Any

import pytest

from alsdecline.settings.changes import compare_settings
from alsdecline.settings.file import parse_settings
from support.trial_folder import PROJECT

TEXT = (PROJECT / "config.yaml").read_text(encoding="utf-8")


def changes(*edits: tuple[str, str]) -> list[tuple[Any, ...]]:
    text = TEXT
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    found = compare_settings(parse_settings(TEXT, "old"), parse_settings(text, "new"))
    return [(c["key"], c["old"], c["new"]) for c in found]


def test_comments_order_and_written_defaults_are_no_change() -> None:
    primary = "primary: rate_total\n"
    default = "influence: {patients_at_most: 30}\n"
    assert (
        changes((primary, ""), ("trial:\n", f"# new\n{primary}{default}trial:\n")) == []
    )


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            ("effect_sd: 3.0", "effect_sd: 1.5"),
            ("priors.outcomes.total.effect_sd", 3.0, 1.5),
        ),
        (
            ("label: Norris bulbar", "label: Bulbar"),
            ("outcomes.bulbar.label", "Norris bulbar", "Bulbar"),
        ),
        (("[0.9, 0.75]", "[0.9]"), ("summaries.ratio_thresholds", [0.9, 0.75], [0.9])),
        (
            ("cutoff: 2005-12-31", "cutoff: 2006-12-31"),
            ("data.cutoff", "2005-12-31", "2006-12-31"),
        ),
    ],
)
def test_a_changed_value_stands_under_its_dotted_path(
    edit: tuple[str, str], expected: tuple[Any, ...]
) -> None:
    assert changes(edit) == [expected]


def test_an_entry_taken_out_of_a_list_moves_no_other() -> None:
    riluzole = "      - {column: riluzole, label: Riluzole, kind: category}\n"
    found = changes((riluzole, ""))
    at = "data.subjects.characteristics"
    assert found[0] == (
        at,
        ["age", "sex", "onset_site", "months_since_onset", "riluzole"],
        ["age", "sex", "onset_site", "months_since_onset"],
    )
    assert {key for key, _, new in found[1:] if new is None} == {
        key for key, *_ in found[1:]
    }
    assert all(key.startswith(f"{at}.riluzole.") for key, *_ in found[1:])


def test_an_added_alternative_prior_is_told_factor_by_factor() -> None:
    found = changes(("    sceptical: {", "    flat: {effect: 4}\n    sceptical: {"))
    assert ("priors.alternatives.flat.effect", None, 4.0) in found
    assert {key.rsplit(".", 1)[0] for key, *_ in found} == {"priors.alternatives.flat"}
