"""Checks of the column names in the settings: each must mean one thing alone."""

from collections.abc import Iterable, Iterator, Mapping

from alsdecline.near_names import nearest
from alsdecline.settings.catalogue import scale_named
from alsdecline.settings.check_files import files_of_several, patterns
from alsdecline.settings.check_privacy import (
    dropped_column_problems,
    pseudonym_problems,
)
from alsdecline.settings.check_references import (
    ITS_OWN,
    Location,
    Problem,
    repeated,
)
from alsdecline.settings.columns import ColumnSpec, column_specs, fixed_columns
from alsdecline.settings.data_planning import unblinded_data_plan
from alsdecline.settings.examples import in_one_line
from alsdecline.settings.raw_tables import raw_tables
from alsdecline.settings.tables import Table
from alsdecline.settings.trial import Settings

ADSL_COLUMNS = (
    "STUDYID",
    "USUBJID",
    "ARMCD",
    "TRT01P",
    "TRT01PN",
    "RANDDT",
    "TRTSDT",
    "TRTEDT",
    "ZERODT",
    "ITTFL",
    "SAFFL",
    "EOSSTT",
    "EOSDT",
    "DCSREAS",
    "DTHDT",
)
"""Columns of the subject-level dataset that no characteristic may replace."""

ADSL_FLAGS = ("EOSDTF", "DTHDTF", "TRTSDY", "TRTEDY", "EOSDY", "DTHDY")
"""Columns that it has besides where dates are known in part, or there are none."""

ADSL_HISTORY = {
    "onset_date": ("ONSETDT", "ONSETDTC"),
    "diagnosis_date": ("DIAGDT", "DIAGDTC"),
}
"""Columns that it has where the subjects have these."""

OF_ADSL = "a column of the analysis dataset"
FIXED = "a column with a meaning of its own"


def _tables(settings: Settings) -> Iterator[Problem]:
    """Check the files and what `columns:` maps."""
    plan = unblinded_data_plan(settings)
    tables = raw_tables(plan)
    used = column_specs(plan)
    yield from files_of_several(tables)
    for name, table in tables.items():
        here: Location = ("data", name, "columns")
        known = [*used[name]]
        if name == "subjects" and "allocation" in tables:
            known.remove("arm")  # of that name it is compared, and else not read
        for column in table.columns:
            yield from _unknown_column(
                (*here, column), column, known, table.columns[column]
            )
        for raw_column, values in table.where.items():
            if not values:
                location: Location = ("data", name, "where", raw_column)
                message = (
                    "names no value; name those of the rows to keep, for example: "
                    f"`where: {in_one_line({raw_column: ['done']})}`"
                )
                yield location, message
        yield from patterns(name, table)
        # what two of our columns make of one only differs where it is translated
        plain = {
            ours: theirs
            for ours, theirs in table.columns.items()
            # a visit may be named by its time
            if ours not in table.recode and ours != "visit"
        }
        yield from repeated(
            here,
            list(plain.values()),
            "column",
            plain,
            "keep one, or say below `recode:` what its values are in one of them",
        )
        yield from _recodes(name, table, used[name])


def _unknown_column(
    location: Location, column: str, known: Iterable[str], theirs: str = ""
) -> Iterator[Problem]:
    permitted = list(known)
    if column in permitted:
        return
    if theirs in permitted:
        turned = in_one_line({theirs: column})[1:-1]
        remedy = f"; the other way round? write `{turned}`: our name comes first"
    else:
        near = nearest(column, permitted)
        remedy = f"; did you mean {near!r}?" if near else ""
    yield (
        location,
        f"{column!r} is not one of our columns: {', '.join(permitted)}{remedy}",
    )


def _recodes(
    name: str, table: Table, used: Mapping[str, ColumnSpec]
) -> Iterator[Problem]:
    """Check that what values stand for is permitted in our columns."""
    for column, meanings in table.recode.items():
        here: Location = ("data", name, "recode", column)
        yield from _unknown_column(here, column, used)
        permitted = used[column].permitted if column in used else ()
        for value, meaning in meanings.items():
            if permitted and meaning not in ("", *permitted):
                message = f"{meaning!r} is not one of {', '.join(permitted)}"
                near = nearest(meaning, permitted)
                if value in permitted:
                    turned = in_one_line({meaning: value})[1:-1]
                    message += (
                        f"; the other way round? write `{turned}`: the value in the "
                        "file comes first"
                    )
                elif near:
                    message += f"; did you mean {near!r}?"
                yield (*here, value), message


def _taken(
    location: Location, name: str, taken: Iterable[str], what: str
) -> Iterator[Problem]:
    if name in taken:
        yield (
            location,
            f"{name!r} is {what} already; use another column or leave it out",
        )


def _characteristics(settings: Settings) -> Iterator[Problem]:
    here: Location = ("data", "subjects", "characteristics")
    characteristics = settings.data.subjects.characteristics
    fixed = fixed_columns(unblinded_data_plan(settings))["subjects"]
    history = [
        name
        for column in settings.data.subjects.columns
        for name in ADSL_HISTORY.get(column, ())
    ]
    for i, characteristic in enumerate(characteristics):
        at: Location = (*here, i, "column")
        column = characteristic.column
        yield from _taken(at, column, fixed, FIXED)
        yield from _taken(
            at, column.upper(), (*ADSL_COLUMNS, *ADSL_FLAGS, *history), OF_ADSL
        )
    yield from repeated(here, [c.column.upper() for c in characteristics], "column")
    labels = [c.label for c in characteristics]
    yield from repeated(here, labels, "label", remedy=ITS_OWN)


def _outcomes(settings: Settings) -> Iterator[Problem]:
    fixed = fixed_columns(unblinded_data_plan(settings))["visits"]
    for i, outcome in enumerate(settings.outcomes):
        here: Location = ("outcomes", i)
        yield from _taken((*here, "column"), outcome.column or "", fixed, FIXED)
        for j, item in enumerate(outcome.items):
            yield from _taken((*here, "items", j), item, fixed, FIXED)
    yield from _shared_items(settings)
    columns = {i: o.column for i, o in enumerate(settings.outcomes) if o.column}
    yield from repeated(("outcomes",), list(columns.values()), "column", columns)
    for i, outcome in enumerate(settings.outcomes):
        for j, item in enumerate(outcome.items):
            yield from _taken(
                ("outcomes", i, "items", j), item, columns.values(), "an outcome's"
            )


def _baselines(settings: Settings) -> Iterator[Problem]:
    """Check the columns of baselines that the subjects file has."""
    subjects = settings.data.subjects
    fixed = fixed_columns(unblinded_data_plan(settings))["subjects"]
    texts = [c.column for c in subjects.characteristics if c.kind == "category"]
    texts += [pooling.of for pooling in subjects.pooled]
    columns: dict[int, str] = {}
    for i, outcome in enumerate(settings.outcomes):
        if outcome.baseline is None:
            continue
        here: Location = ("outcomes", i, "baseline")
        if outcome.sum_of:
            yield here, "a sum has the baselines of its parts; name theirs"
        columns[i] = outcome.baseline.column
        at: Location = (*here, "column")
        yield from _taken(at, outcome.baseline.column, fixed, FIXED)
        yield from _taken(at, outcome.baseline.column, texts, "no number there")
    yield from repeated(("outcomes",), list(columns.values()), "baseline", columns)


def _shared_items(settings: Settings) -> Iterator[Problem]:
    """Check that an item of two totals has the same maximum in both."""
    known: dict[str, tuple[float, str]] = {}
    for i, outcome in enumerate(settings.outcomes):
        maxima = scale_named(outcome.scale, settings.scales).item_maxima
        for j, (item, most) in enumerate(zip(outcome.items, maxima, strict=False)):
            first, first_outcome = known.setdefault(item, (most, outcome.id))
            if first != most:
                message = (
                    f"the maximum of {item!r} is {most:g} here and {first:g} in "
                    f"outcome {first_outcome!r}; correct one of the scales"
                )
                yield ("outcomes", i, "items", j), message


def _groupings(settings: Settings) -> Iterator[Problem]:
    """Check the names of pooled groupings and of population flags."""
    here: Location = ("data", "subjects", "pooled")
    taken = [c.column.upper() for c in settings.data.subjects.characteristics]
    pooled = [pooling.column for pooling in settings.data.subjects.pooled]
    yield from repeated(here, pooled, "column")
    fixed = fixed_columns(unblinded_data_plan(settings))["subjects"]
    numbers = [
        c.column for c in settings.data.subjects.characteristics if c.kind == "number"
    ]
    for i, pooling in enumerate(settings.data.subjects.pooled):
        at: Location = (*here, i, "of")
        yield from _taken(at, pooling.of, fixed, FIXED)
        yield from _taken(at, pooling.of, numbers, "a number of the subjects")
    for i, column in enumerate(pooled):
        at = (*here, i, "column")
        yield from _taken(at, column, taken, "a characteristic's column")
        yield from _taken(at, column, (*ADSL_COLUMNS, *ADSL_FLAGS), OF_ADSL)
    for flag in settings.populations:
        at = ("populations", flag)
        yield from _taken(at, flag, (*ADSL_COLUMNS, *ADSL_FLAGS), OF_ADSL)
        yield from _taken(at, flag, [*taken, *pooled], "a column of the subjects")


CALLED_AS_ARMS = {
    *("arm", "armcd", "actarm", "actarmcd", "trt", "treat", "treatment", "allocation"),
    *("trt01p", "trt01a", "trt01pn", "trt01an", "trtp", "trta", "dose_group"),
}
"""Columns, in small letters, by which a blinded trial would be unblinded."""


def _blinded(settings: Settings) -> Iterator[Problem]:
    """Check that nothing tells the arms apart while the trial is blinded."""
    if not settings.trial.blinded:
        return
    subjects = settings.data.subjects
    arm_column = subjects.columns.get("arm", "arm")
    allocated = settings.data.allocation
    arm_columns = {arm_column}
    if allocated is not None:
        arm_columns.add(allocated.columns.get("arm", "arm"))
    here: Location = ("data", "subjects")
    used: dict[Location, str] = {
        (*here, "characteristics", i, "column"): c.column
        for i, c in enumerate(subjects.characteristics)
    }
    used |= {(*here, "pooled", i, "of"): p.of for i, p in enumerate(subjects.pooled)}
    for at, column in used.items():
        if column in arm_columns:
            message = (
                f"{column!r} is the arm, which `trial.blinded` hides; leave it out"
            )
            yield at, message
        elif column.casefold() in CALLED_AS_ARMS:
            message = (
                f"{column!r} is called as the arm often is, which `trial.blinded` "
                "hides; leave it out, or, if it is another treatment, give it another "
                f"name by `columns: {{NAME: {column}}}`"
            )
            yield at, message
    meanings = subjects.recode.get("arm", {})
    selected = {
        meanings.get(value, value) for value in subjects.where.get(arm_column, [])
    }
    if selected and not {arm.id for arm in settings.arms.groups} <= selected:
        message = "selects single arms, which `trial.blinded` hides; name all of them"
        yield (*here, "where", arm_column), message


def column_problems(settings: Settings) -> list[Problem]:
    """Find column names that are unknown, used twice or taken.

    Parameters
    ----------
    settings : Settings
        Settings whose names all exist.

    Returns
    -------
    list of (location, message)
        Empty where all is well.
    """
    return [
        *_blinded(settings),
        *_characteristics(settings),
        *_groupings(settings),
        *_outcomes(settings),
        *_baselines(settings),
        *_tables(settings),
        *dropped_column_problems(settings),
        *pseudonym_problems(settings),
    ]
