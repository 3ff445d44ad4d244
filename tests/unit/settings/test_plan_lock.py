"""A plan is locked once; what differs afterwards is listed, each with its reason."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from alsdecline.faults import DataError
from alsdecline.jobs.before_planning import load_settings
from alsdecline.jobs.locked_plan import lock_plan
from alsdecline.settings.file import SettingsError, parse_settings, read_settings
from alsdecline.settings.plan_lock import (
    LOCK,
    Deviation,
    deviations,
    lock_text,
    plan_digest,
    plan_of,
    read_lock,
)
from alsdecline.settings.trial import Settings
from support.blinded_trial import edit_config
from support.configurations import PILOT
from support.short_trial import SHORT, short_rows, short_trial
from support.trial_folder import PROJECT, copy_bundled_trial, replaced

TEXT = (PROJECT / "config.yaml").read_text(encoding="utf-8")


def settings_of(text: str) -> Settings:
    return parse_settings(text, "config.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_bundled_trial(tmp_path / "trial")


def edited(change: Callable[[dict[str, Any]], object], text: str = TEXT) -> str:
    content = yaml.safe_load(text)
    change(content)
    return yaml.safe_dump(content, sort_keys=False)


def locked(text: str) -> dict[str, Any]:
    return plan_of(settings_of(text))


def found(
    change: Callable[[dict[str, Any]], object], text: str = TEXT
) -> list[tuple[str, str, str]]:
    """Return the differences that a change makes: key, locked and present value."""
    changed = settings_of(edited(change, text))
    return [(d.key, d.locked, d.present) for d in deviations(locked(text), changed)]


def test_the_plan_is_the_configuration_but_for_files_figures_and_titles() -> None:
    plan = plan_of(settings_of(TEXT))
    assert sorted(plan) == [
        "arms",
        "data",
        "decision",
        "design",
        "estimands",
        "gates",
        "influence",
        "models",
        "outcomes",
        "populations",
        "primary",
        "priors",
        "sampler",
        "scales",
        "summaries",
        "supplementary",
        "time_origin",
        "time_unit",
        "trial",
        "visits",
    ]
    assert plan["trial"] == {"id": "IGF1-IT-SYN"}
    rows: dict[str, Any] = {"where": {}, "recode": {}}
    assert plan["data"] == {
        "cutoff": "2005-12-31",
        "subjects": rows | {"pooled": []},
        "allocation": rows,
        "visits": rows | {"time": "date"},
        "measurements": rows,
        "exposure": rows | {"time": "date", "partial_dates": "refuse"},
        "events": rows | {"time": "date", "partial_dates": "refuse"},
        "adverse_events": rows | {"time": "date", "partial_dates": "keep"},
    }


def test_decisions_on_the_data_are_no_plan() -> None:
    """They are told by themselves; a name that has a key of a table is no table."""

    def decide(content: dict[str, Any]) -> None:
        content["data"]["decisions"] = "data/where_and_time.csv"
        content["data"]["severities"] = {"sum": {"severity": "warning", "reason": "x"}}

    assert found(decide) == []


def test_order_of_keys_comments_and_layout_do_not_count() -> None:
    content = yaml.safe_load(TEXT)
    turned = {key: content[key] for key in reversed(content)}
    turned["sampler"] = dict(reversed(turned["sampler"].items()))
    other = settings_of("# a comment\n" + yaml.safe_dump(turned, sort_keys=False))
    assert plan_digest(plan_of(other)) == plan_digest(plan_of(settings_of(TEXT)))


NO_PART: dict[str, Callable[[dict[str, Any]], object]] = {
    "title": lambda c: c["trial"].update(title="Another", note="None."),
    "blinding": lambda c: c["trial"].update(blinded=True),
    "name of a file": lambda c: c["data"]["visits"].update(file="data/v2.csv"),
    "name of a column": lambda c: c["data"]["events"]["columns"].update(reason="why"),
    "what is described": lambda c: c["data"]["subjects"]["characteristics"].pop(),
    "file of the allocation": lambda c: c["data"].update(
        allocation={"file": "data/allocation.csv", "columns": {"patient": "id"}}
    ),
    "figures": lambda c: c["figures"].update(dpi=300),
    "reasons": lambda c: c.update(plan_deviations=[{"key": "gates", "reason": "x"}]),
    "a default written out": lambda c: c.update(influence={"patients_at_most": 30}),
}


@pytest.mark.parametrize("name", NO_PART)
def test_what_is_no_part_of_the_plan_may_change(name: str) -> None:
    assert found(NO_PART[name]) == []


def _moved_first(items: list[Any]) -> None:
    items.insert(0, items.pop())


# what is changed, and the differences that must be told
DIFFERENCES: dict[
    str, tuple[Callable[[dict[str, Any]], object], list[tuple[str, str, str]]]
] = {
    "a prior": (
        lambda c: c["priors"]["outcomes"]["limb"]["slope"].update(sd=0.9),
        [("priors.outcomes.limb.slope.sd", "0.8", "0.9")],
    ),
    "two things": (
        lambda c: (c["gates"].update(ess=200), c.update(primary="rate_limb")),
        [("gates.ess", "400", "200"), ("primary", "rate_total", "rate_limb")],
    ),
    "part of an estimand": (
        lambda c: c["estimands"][1].update(model="single"),
        [("estimands.rate_limb.model", "joint", "single")],
    ),
    "an estimand less": (
        lambda c: c["estimands"].pop(2),
        [
            (
                "estimands.rate_bulbar",
                json.dumps(
                    {
                        "id": "rate_bulbar",
                        "label": "Difference in the mean rate of decline of the "
                        "Norris bulbar score",
                        "outcome": "bulbar",
                        "treatment": "high",
                        "population": "all",
                        "intercurrent_events": [
                            {
                                "event": "missed doses",
                                "strategy": "treatment policy",
                            },
                            {
                                "event": "riluzole, gastrostomy or ventilation",
                                "strategy": "treatment policy",
                            },
                            {"event": "death", "strategy": "while alive"},
                        ],
                        "summary": "slope_difference",
                        "model": "joint",
                    },
                    sort_keys=True,
                ),
                "none",
            )
        ],
    ),
    "order of the estimands": (
        lambda c: _moved_first(c["estimands"]),
        [
            (
                "estimands",
                '["rate_total", "rate_limb", "rate_bulbar", "rate_fvc"]',
                '["rate_fvc", "rate_total", "rate_limb", "rate_bulbar"]',
            )
        ],
    ),
    "a list of values": (
        lambda c: c["summaries"].update(ratio_thresholds=[0.9]),
        [("summaries.ratio_thresholds", "[0.9, 0.75]", "[0.9]")],
    ),
    "an alternative prior more": (
        lambda c: c["priors"]["alternatives"].update(vague={"effect": 4}),
        [
            (
                "priors.alternatives.vague",
                "none",
                (
                    '{"baseline": 1.0, "between": 1.0, "effect": 4.0, '
                    '"effect_correlation": null, "residual": 1.0, "slope": 1.0, '
                    '"slowing": 0.0}'
                ),
            )
        ],
    ),
    "a default that is left": (
        lambda c: c.update(influence={"patients_at_most": 0}),
        [("influence.patients_at_most", "30", "0")],
    ),
    "rows left out": (
        lambda c: c["data"]["subjects"].update(where={"site": ["01"]}),
        [("data.subjects.where.site", "none", '["01"]')],
    ),
    "what a value means": (
        lambda c: c["data"]["events"].update(recode={"event": {"lost": "withdrawn"}}),
        [("data.events.recode.event", "none", '{"lost": "withdrawn"}')],
    ),
    "the cutoff": (
        lambda c: c["data"].update(cutoff="2006-12-31"),
        [("data.cutoff", "2005-12-31", "2006-12-31")],
    ),
    "the study's name, from which seeds derive": (
        lambda c: c["trial"].update(id="OTHER"),
        [("trial.id", "IGF1-IT-SYN", "OTHER")],
    ),
}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_what_differs_is_told_by_its_path(name: str) -> None:
    change, expected = DIFFERENCES[name]
    assert found(change) == expected


def test_a_supplementary_analysis_is_told_by_its_id() -> None:
    first = yaml.safe_load(PILOT)["supplementary"]["ancova"][0]

    def change(content: dict[str, Any]) -> None:
        ancova = content["supplementary"]["ancova"][0]
        ancova["baseline"] = not ancova.get("baseline", True)

    (difference,) = found(change, PILOT)
    assert difference[0] == f"supplementary.ancova.{first['id']}.baseline"


def test_a_setting_that_the_software_has_got_since_is_no_deviation() -> None:
    plan = locked(TEXT)
    del plan["influence"], plan["visits"]["carry_forward"]
    assert deviations(plan, settings_of(TEXT)) == []
    used = settings_of(edited(lambda c: c["visits"].update(carry_forward="baseline")))
    assert [(d.key, d.locked, d.present) for d in deviations(plan, used)] == [
        ("visits.carry_forward", "none", "baseline")
    ]


def test_a_setting_that_the_software_has_no_more_is_told() -> None:
    plan = locked(TEXT)
    plan["sampler"]["algorithm"] = "slice"
    (gone,) = deviations(plan, settings_of(TEXT))
    assert (gone.key, gone.locked, gone.present) == (
        "sampler.algorithm",
        "slice",
        "none",
    )


def _with_reasons(*reasons: dict[str, str]) -> list[Deviation]:
    def change(content: dict[str, Any]) -> None:
        content["priors"]["outcomes"]["limb"]["slope"]["sd"] = 0.9
        content["priors"]["outcomes"]["fvc"]["sd_slope"] = 3.5
        content["plan_deviations"] = list(reasons)

    return deviations(locked(TEXT), settings_of(edited(change)))


def test_a_reason_is_that_of_the_key_or_of_the_nearest_part_that_holds_it() -> None:
    fvc, limb = _with_reasons(
        {"key": "priors", "reason": "new literature", "date": "2006-02-01"},
        {"key": "priors.outcomes.limb", "reason": "a slip"},
        {"key": "priors.outcomes.limb.slope.s", "reason": "of no whole name"},
    )
    assert (fvc.key, fvc.reason, fvc.date) == (
        "priors.outcomes.fvc.sd_slope",
        "new literature",
        "2006-02-01",
    )
    assert (limb.reason, limb.date) == ("a slip", "")


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"key": "gates.ess"}, "key 'plan_deviations.0.reason' is missing"),
        ({"key": "gates.ess", "reason": " "}, "plan_deviations.0.reason is ' '"),
        ({"key": "", "reason": "why"}, "plan_deviations.0.key is ''"),
        (
            {"key": "gates.ess", "reason": "why", "date": "2006-02-30"},
            "plan_deviations.0.date is '2006-02-30'",
        ),
    ],
)
def test_a_deviation_without_key_or_reason_is_refused(
    entry: dict[str, str], says: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        settings_of(edited(lambda c: c.update(plan_deviations=[entry])))
    assert says in str(refused.value)


def test_two_reasons_for_one_key_are_refused() -> None:
    twice = [{"key": "gates.ess", "reason": reason} for reason in ("a", "b")]
    with pytest.raises(SettingsError, match=r"key 'gates\.ess' is there 2 times"):
        settings_of(edited(lambda c: c.update(plan_deviations=twice)))


def test_the_lock_is_a_file_of_known_bytes_and_has_no_time_of_its_own(
    folder: Path, tmp_path: Path
) -> None:
    other = copy_bundled_trial(tmp_path / "other")
    lock = lock_plan(folder, utc="2005-12-01T09:00:00Z")
    lock_plan(other, utc="2005-12-01T09:00:00Z")
    assert (folder / LOCK).read_bytes() == (other / LOCK).read_bytes()
    assert json.loads((folder / LOCK).read_text("utf-8")) == lock.model_dump()
    assert read_lock(folder) == lock
    assert lock.locked_utc == "2005-12-01T09:00:00Z"
    assert lock.plan["gates"]["ess"] == 400
    assert lock_text(lock).splitlines() == [
        (
            f"analysis plan locked at 2005-12-01T09:00:00Z: {lock.digest}, in "
            "analysis_plan.lock.json"
        ),
        "the trial was not blinded: the lock says that arms could be read",
    ]


def test_a_plan_is_locked_once(folder: Path) -> None:
    lock_plan(folder)
    before = (folder / LOCK).read_bytes()
    edit_config(folder, gates__ess=200)
    with pytest.raises(DataError) as refused:
        lock_plan(folder)
    assert str(refused.value) == (
        "analysis_plan.lock.json: the analysis plan is locked already, and is locked "
        "once; say under `plan_deviations:` in config.yaml what differs from it and why"
    )
    assert (folder / LOCK).read_bytes() == before


def test_a_wrong_configuration_is_not_locked(folder: Path) -> None:
    edit_config(folder, gates__ess="many")
    with pytest.raises(SettingsError):
        lock_plan(folder)
    assert not (folder / LOCK).exists()


SPOILT: dict[str, Callable[[str], str]] = {
    "no JSON": lambda text: text[:-40],
    "empty": lambda _: "",
    "another layout": lambda text: text.replace('"format": 1', '"format": 2'),
    "a key more": lambda text: text.replace("{", '{"more": 1,', 1),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_file_that_is_no_lock_is_told_before_planning(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = json.dumps(lock_plan(folder).model_dump())
    (folder / LOCK).write_text(SPOILT[name](text), "utf-8")
    monkeypatch.chdir(folder)
    with pytest.raises(DataError) as refused:
        load_settings({})
    assert str(refused.value) == (
        "analysis_plan.lock.json: not a lock of an analysis plan; remove the file, and "
        "`scripts/audit.py lock` puts it back as it was locked"
    )


def test_a_plan_that_was_changed_after_it_was_locked_is_told_before_planning(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = lock_plan(folder).digest
    replaced(str(LOCK), '"ess": 400', '"ess": 200')(folder)
    monkeypatch.chdir(folder)
    with pytest.raises(DataError) as refused:
        load_settings({})
    assert str(refused.value) == (
        f"analysis_plan.lock.json: the plan in it does not have its digest {digest}: "
        "it was changed after it was locked; remove the file, and `scripts/audit.py "
        "lock` puts it back as it was locked"
    )


def test_the_lock_has_what_was_filled_in_and_tells_when_it_moves(
    tmp_path: Path,
) -> None:
    locked = plan_of(read_settings(short_trial(tmp_path)))
    proposed = locked["priors"]["outcomes"]["letters_read"]["sd_baseline"]
    assert proposed == 12  # 1.5 times the baselines' SD
    assert locked["data"]["cutoff"] is None
    assert deviations(locked, read_settings(short_trial(tmp_path))) == []
    rows = [row.replace("P1,active,0,40", "P1,active,0,10") for row in short_rows()]
    found = deviations(locked, read_settings(short_trial(tmp_path, rows=rows)))
    assert "priors.outcomes.letters_read.sd_baseline" in {d.key for d in found}


def test_what_is_proposed_while_blinded_is_proposed_after_unblinding(
    tmp_path: Path,
) -> None:
    blinded = SHORT.replace("data_kind: real", "data_kind: real, blinded: true")
    locked = plan_of(read_settings(short_trial(tmp_path, blinded)))
    assert deviations(locked, read_settings(short_trial(tmp_path))) == []
