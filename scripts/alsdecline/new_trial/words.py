"""What names of columns, and of visits, mean in the field's files."""

import re
import unicodedata
from collections.abc import Iterable

from alsdecline.time_units import TimeUnit

_IN_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def plain_name(name: str) -> str:
    """Return a name in small letters, its words parted by '_'."""
    text = _CAMEL.sub("_", unicodedata.normalize("NFKC", name)).casefold()
    return re.sub(r"[\W_]+", "_", text).strip("_")


_NUMBER = r"(_?(id|no|nr|number|num|code|nummer|identifier))?"
PATIENT = (
    r"usubjid|unique_subject_identifier",
    rf"(patient|subject|participant|case|pat|subj|proband|patienten?|pt){_NUMBER}",
    r"(record_id|pid|ptid|patid|person|ident|study_id|(study_)?subject_label)",
    r"(患者|被験者|症例|対象者)(_?(番号|id|コード|識別番号|no))?",
    r"id",
)
"""Names of the patient's column, the most telling first."""

ARM = (
    r"trt01p|trtp|(planned_)?(arm|treatment)(_?(f|arm|name|label))?",
    r"armcd|actarm(cd)?|trt01a|trta|treat(_f)?|trt|trtgrp",
    r"(treatment|study|randomi[sz](ed|ation)|dose|treat|trt)_?(group|grp|arm|to|code)",
    r"therapy|allocation|drug|rx|group|grp|gruppe|behandlung(sgruppe)?|arm_.*|.*_arm",
    r"(治療|投与|割付|実薬)?群|割付|投与群名|治療",
    r"trt01pn|trtpn|trtan|armn",
)
"""Names of the arm's column, the most telling first."""

RANDOMISED = (
    r"rand(omi[sz]ation|omi[sz]ed)?_?(date|dt|dtc|day)|randdt|date_of_randomi[sz]ation",
    r"date_randomi[sz]ed|(割付|無作為化)日|rfstdtc|trtsdt",
    r"(baseline|enrol?ment|inclusion)_?(date|dt)|登録日",
)
VISIT_DATE = (
    r"(visit|assessment|exam|examination|test)_?(date|dt|dat)|date_of_(visit|assessment)",
    r"adt|svstdtc|qsdtc|vsdtc|date|datum|(来院|検査|評価|測定)日|日付",
    r".*(date|dtc|datum|_dt)",
)
VISIT = (
    r"a?visit(_?(name|label|id|no|nr|number|num|n|week|type))?|avisitn|visitnum",
    r"time_?(f|point|label)|timepoint|event_name|redcap_event_name|epoch|besuch",
    r"来院(時期|名)?|時点|評価時期|vis(_no)?",
)
GENERIC_TIME = (r"(obs|visit|follow_?up|fu|study)?_?time|t|tstart|avisitn|zeit|時間",)
CHANGE = (r"(p?chg|change|delta|diff|pct_?change)(_.*)?|.*_(p?chg|change|delta|diff)",)
NO_OUTCOME = (
    r"visit.*|.*_?(seq|seqn|number|no|nr|id|flag|fl)|tp|dose|start|stop|tstart|tstop",
    r".*(date|dtc|year_of|phone|zip).*|site.*|cent(er|re).*|age(_.*)?|年齢",
)
EVENT = (
    r"(.*_)?(event|status|death|died|dead|censor(ed|ing)?|cens|cnsr)(_.*)?",
    r"(.*_)?(withdraw(n|al)|drop_?out|discontinu.*|disposition|dsdecod|eosstt)(_.*)?",
    r"転帰|死亡|中止|脱落",
)
PARAMETER = (
    r"paramcd|parameter_?code|.*test_?cd",
    r"param(eter)?|measure(ment)?|test|項目",
)
VALUE = (r"aval|value|result|qsstresn|.*stresn|score|wert|値|結果",)
CHARACTERISTIC = (
    r"age(_.*)?|sex|gender|race|ethnic(ity)?|bmi(_?bl)?|(height|weight)(_?bl)?|country",
    r"(onset|disease|symptom).*|.*(onset|diagnosis|duration).*|riluzole|edaravone|site",
    r"年齢|性別|身長|体重|罹病期間|発症部位",
)

_UNITS: dict[TimeUnit, str] = {
    "days": r"(.*_)?(rel|study|visit)?_?(days?|tage?|dag)(_.*)?|日数?|経過日数",
    "weeks": r"(.*_)?(visit|study|av)?_?(weeks?|wks?|wk|wochen?)(_.*)?|週数?|経過週",
    "months": r"(.*_)?(visit|study)?_?(months?|mos?|mths?|monate?)(_.*)?|月数?|経過月",
    "years": r"(.*_)?(visit|study)?_?(years?|yrs?|jahre?)(_.*)?|年数|経過年",
}
_LABEL_UNITS: dict[TimeUnit, str] = {
    "days": r"days?|d|tag|日(目)?",
    "weeks": r"weeks?|wks?|wk|w|woche|週(目|後)?",
    "months": r"months?|mos?|mths?|m|monat|[かヶケカ箇ヵ]?月(目|後)?",
    "years": r"years?|yrs?|yr|y|jahr|年(目|後)?",
}
_BASELINE = (
    r"base_?line|base|bl|pre_?dose|randomi[sz]ation|day_?0|start|"
    r"ベースライン|登録時|開始時|投与前"
)
_DECIMAL = r"(?P<time>\d+(?:[._]\d+)?)"


def rank(name: str, patterns: Iterable[str]) -> int | None:
    """Return which of some patterns a name is of, counted from 0; None of none."""
    # a label that stands for a name may say more in brackets
    plain = {plain_name(name), plain_name(_IN_BRACKETS.sub(" ", name))}
    found = (
        i for i, p in enumerate(patterns) if any(re.fullmatch(p, n) for n in plain)
    )
    return next(found, None)


def is_of(name: str, patterns: Iterable[str]) -> bool:
    """Tell whether a name is of one of some patterns."""
    return rank(name, patterns) is not None


def unit_of_name(name: str) -> TimeUnit | None:
    """Return the unit of time that a column's name tells, if it does."""
    plain = plain_name(name)
    found = [unit for unit, p in _UNITS.items() if re.fullmatch(p, plain)]
    return found[0] if len(found) == 1 else None


def time_of_label(label: str) -> tuple[float, TimeUnit | None] | None:
    """Return the time and unit that a visit's name tells, as 'Week 12' or '4wks'.

    Parameters
    ----------
    label : str
        The visit's name.

    Returns
    -------
    tuple of float and str, or None
        (0, None) of the baseline; None where the name tells no time.
    """
    plain = plain_name(label)
    plain = re.sub(
        r"(^|_)(visit|besuch|第|arm_?\d+|nominal|study|end_of)(_|(?=\d))", r"\1", plain
    )
    plain = re.sub(r"_arm_?\d+$", "", plain).strip("_")
    if re.fullmatch(_BASELINE, plain):
        return 0.0, None
    for unit, words in _LABEL_UNITS.items():
        for pattern in (rf"(?:{words})_?{_DECIMAL}", rf"{_DECIMAL}_?(?:{words})"):
            if found := re.fullmatch(pattern, plain):
                return float(found["time"].replace("_", ".")), unit
    return None
