"""Faults of values that are nearly configured ones, or that stand for none.

Each puts the configuration, and the files that it needs, into a copy of the bundled
trial.
"""

from support.configured_faults import MEASUREMENTS, configured, measurements_apart
from support.data_faults import ADVERSE, EVENTS, SUBJECTS, VISITS, Fault
from support.trial_folder import added_row, cell, content, together, without_rows

SELECTED = configured(SUBJECTS, "where: {arm: [high, low]}")
CODED_EVENTS = configured(
    EVENTS, 'recode: {event: {completed: completed, DEATH: died, "*": withdrawn}}'
)
CODED_SITES = configured(SUBJECTS, "recode: {onset_site: {BULBAR: bulbar}}")

# rows 2, 3 and 4 of the subjects are high, low, high; rows 2 and 3 of the events are
# both completed
NEAR_FAULTS: dict[str, Fault] = {
    "selected arm in capitals": Fault(
        together(SELECTED, cell(SUBJECTS, 4, "arm", "High")),
        "near_selected",
        SUBJECTS,
        4,
        "arm",
        "High",
        "differs from 'high' by capitals alone; if it means the same, write "
        "`where: {arm: [high, low, High]}`",
    ),
    "selected arm misspelt": Fault(
        together(SELECTED, cell(SUBJECTS, 4, "arm", "hihg")),
        "near_selected",
        SUBJECTS,
        4,
        "arm",
        "hihg",
        "differs from 'high' by a letter or two",
        fatal=False,
    ),
    "rows that are left out": Fault(
        together(
            SELECTED,
            cell(SUBJECTS, 4, "arm", "none"),
            without_rows("data/visits.csv", "IGF-003"),
            without_rows("data/exposure.csv", "IGF-003"),
            without_rows(ADVERSE, "IGF-003"),
            without_rows(EVENTS, "IGF-003"),
        ),
        "rows_left_out",
        SUBJECTS,
        None,
        "",
        "",
        "`where:` leaves out 1 of 9 rows (arm 'none' 1)",
        fatal=False,
        note=True,
    ),
    "key of recode in capitals": Fault(
        together(
            CODED_SITES,
            cell(SUBJECTS, 2, "onset_site", "Bulbar"),
            cell(SUBJECTS, 4, "onset_site", "BULBAR"),
        ),
        "near_key",
        SUBJECTS,
        2,
        "onset_site",
        "Bulbar",
        "write `recode: {onset_site: {Bulbar: bulbar}}`",
    ),
    "key of recode misspelt": Fault(
        together(
            CODED_SITES,
            cell(SUBJECTS, 2, "onset_site", "BULBRA"),
            cell(SUBJECTS, 4, "onset_site", "BULBAR"),
        ),
        "near_key",
        SUBJECTS,
        2,
        "onset_site",
        "BULBRA",
        "differs from 'BULBAR' by a letter or two",
        fatal=False,
    ),
    "death among all others": Fault(
        together(CODED_EVENTS, cell(EVENTS, 2, "event", "Death")),
        "swallowed",
        EVENTS,
        2,
        "event",
        "Death",
        "differs from 'DEATH' by capitals alone; say what it stands for, as "
        "`recode: {event: {Death: died}}`, or 'withdrawn' if that is right",
    ),
    "word for a death among all others": Fault(
        together(CODED_EVENTS, cell(EVENTS, 2, "event", "deceased")),
        "swallowed",
        EVENTS,
        2,
        "event",
        "deceased",
        "is a word for 'died'; say what it stands for",
    ),
    "death with its cause among all others": Fault(
        together(
            configured(
                EVENTS, 'recode: {event: {completed: completed, "*": withdrawn}}'
            ),
            cell(EVENTS, 2, "event", "patient died of pneumonia"),
        ),
        "swallowed",
        EVENTS,
        2,
        "event",
        "patient died of pneumonia",
        "may mean 'died'; say what it stands for",
        fatal=False,
    ),
    "all that stands for another": Fault(
        configured(EVENTS, 'recode: {event: {completed: completed, "*": withdrawn}}'),
        "other_values",
        EVENTS,
        None,
        "event",
        "",
        "'*' of `recode:` takes for 'withdrawn' 1 other value: 'withdrawn' 1",
        fatal=False,
        note=True,
    ),
    "key of no row": Fault(
        configured(SUBJECTS, "recode: {onset_site: {spinal: Spinal}}"),
        "unused_key",
        SUBJECTS,
        None,
        "onset_site",
        "spinal",
        "the file has 'limb' 5, 'bulbar' 4. Correct it if it is misspelt",
        fatal=False,
    ),
    "key of a value that none has": Fault(
        configured(SUBJECTS, 'recode: {riluzole: {"Y": "Y", "N": "N", U: Unknown}}'),
        "unused_key",
        SUBJECTS,
        None,
        "riluzole",
        "U",
        "no row has this value, which `recode:` in config.yaml translates to 'Unknown'",
        fatal=False,
        note=True,
    ),
    "parameter in capitals": Fault(
        together(measurements_apart, cell(MEASUREMENTS, 9, "parameter", "FVC_percent")),
        "near_parameter",
        MEASUREMENTS,
        9,
        "parameter",
        "FVC_percent",
        "if it is the same, write `recode: {parameter: {FVC_percent: fvc_percent}}`",
    ),
    "parameter misspelt": Fault(
        together(measurements_apart, cell(MEASUREMENTS, 9, "parameter", "fvc_percnet")),
        "near_parameter",
        MEASUREMENTS,
        9,
        "parameter",
        "fvc_percnet",
        "differs from 'fvc_percent' by a letter or two",
        fatal=False,
    ),
    "marker of a missing level": Fault(
        cell(SUBJECTS, 4, "onset_site", "NA"),
        "marker",
        SUBJECTS,
        4,
        "onset_site",
        "NA",
        "write `missing: [NA]` under its file in config.yaml (or below `data:`), or "
        "what it means, as `recode: {onset_site: {NA: MEANING}}`",
    ),
    "level that may be none": Fault(
        cell(SUBJECTS, 4, "onset_site", "Unknown"),
        "marker",
        SUBJECTS,
        4,
        "onset_site",
        "Unknown",
        "says that there is no value, and is taken for one",
        fatal=False,
    ),
    "number that is none": Fault(
        cell(SUBJECTS, 4, "months_since_onset", "999"),
        "sentinel",
        SUBJECTS,
        4,
        "months_since_onset",
        "999",
        'if it is none, write `recode: {months_since_onset: {"999": ""}}`',
        fatal=False,
    ),
    "identifiers that differ by zeros and dashes": Fault(
        together(
            added_row(SUBJECTS, "IGF 1,high,2003-03-17,M,80,bulbar,39.1,N"),
            added_row(VISITS, "IGF 1,0,2003-03-17,55,26,81,103"),
            added_row(VISITS, "IGF 1,2,2003-03-31,55,27,82,104"),
        ),
        "alike_patients",
        SUBJECTS,
        11,
        "subject_id",
        "IGF 1",
        "differs from 'IGF-001' in row 2 by zeros, dashes, blanks or capitals alone",
        fatal=False,
        others=("patients_alike",),
    ),
    "level in capitals": Fault(
        cell(SUBJECTS, 4, "onset_site", "Bulbar"),
        "alike_levels",
        SUBJECTS,
        4,
        "onset_site",
        "Bulbar",
        "differs from 'bulbar' by capitals alone, and counts as another; if they are "
        "one, write `recode: {onset_site: {Bulbar: bulbar}}`",
        fatal=False,
    ),
    "level misspelt": Fault(
        together(
            cell(SUBJECTS, 2, "onset_site", "limb"),
            cell(SUBJECTS, 4, "onset_site", "lmib"),
        ),
        "alike_levels",
        SUBJECTS,
        4,
        "onset_site",
        "lmib",
        "differs from 'limb' by a letter or two",
        fatal=False,
    ),
    "second column of a join": Fault(
        content(
            SUBJECTS,
            lambda old: (
                old.replace(b",riluzole", b",riluzole,age_y")
                .replace(b",N\n", b",N,61\n")
                .replace(b",Y\n", b",Y,61\n")
            ),
        ),
        "joined_column",
        SUBJECTS,
        2,
        "age_y",
        "",
        "seems to be 'age' again, as programs call one of two columns of a name",
        fatal=False,
    ),
}
