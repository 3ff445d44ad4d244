"""Calendar dates in texts, as people and programs write them.

Months are named in the languages in which case report forms are kept.
"""

import re

A_DATE = "(date)"
"""Stands for a calendar date in a text."""

_SHORT = """
    jan janv jän ene gen feb fév fevr févr fev mar mär mrz mrt apr avr abr jun jul juil
    giu lug aug ago sep sept set oct okt ott out nov dec déc dez des dic
"""
"""Of months in short, those that are no names of months as well."""

_NAMES = """
    january february march april may june july august september october november
    december
    januar jänner februar feber märz mai juni juli oktober dezember
    janvier février fevrier mars avril juin juillet août aout septembre octobre novembre
    décembre decembre
    enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre
    noviembre diciembre
    gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre mag
    janeiro fevereiro março marco maio junho julho setembro outubro novembro dezembro
    januari februari maart mei augustus
    augusti maj marts desember
    stycznia styczeń lutego luty marca marzec kwietnia kwiecień maja czerwca czerwiec
    lipca lipiec sierpnia sierpień września wrzesień października październik listopada
    listopad grudnia grudzień
    ledna leden února únor března březen dubna duben května květen června červen
    července červenec srpna srpen září října říjen listopadu prosince prosinec
    január február március április május június július augusztus szeptember október
    ianuarie februarie martie aprilie iunie iulie septembrie octombrie noiembrie
    decembrie
    ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου μαίου ιουνίου ιουλίου αυγούστου
    σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου
    января январь февраля февраль марта март апреля апрель мая май июня июнь июля июль
    августа август сентября сентябрь октября октябрь ноября ноябрь декабря декабрь
"""


def _one_of(names: str) -> str:
    """Write an expression for any of these words, the longest first."""
    return "|".join(sorted(names.split(), key=len, reverse=True))


_FINNISH = (
    r"(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)"
    r"kuu\w{0,3}"
)
_NAME = rf"(?:(?:{_one_of(_NAMES)}|{_FINNISH})(?![^\W_]))"
_MONTH = rf"(?:(?:{_one_of(_NAMES + _SHORT)}|{_FINNISH})(?![^\W\d_])\.?)"
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª|°)"
_OF = r"(?:(?:of|de|del|di|do)[ ])?"
_YEAR = r"(?:19|20)\d{2}"
_BEGIN, _END = r"(?<![^\W_])", r"(?![A-Za-z\d])"

DATE = re.compile(
    "|".join(
        (
            # 2024-03-05T10:00, 2024/3/5; 2024-03 where it may be a year
            rf"{_BEGIN}\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?:T\d+(?::\d+)*(?:\.\d+)?Z?)?{_END}",
            rf"(?<!\d){_YEAR}[-/.](?:0?[1-9]|1[0-2])(?:[-/.]\d{{1,2}})?(?!\d)",
            # 5/3/24, 05.03.2024, 5. 3. 2024, 03/2024
            rf"{_BEGIN}\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:\d{{4}}|\d{{2}}){_END}",
            rf"{_BEGIN}\d{{1,2}}\.[ ]\d{{1,2}}\.[ ]{_YEAR}{_END}",
            rf"(?<![^\W_.,])(?:0?[1-9]|1[0-2])[-/.]{_YEAR}{_END}",
            # 5th of March 2024, 5. März 2024, 05MAR24, 5 de marzo de 2024
            (
                rf"{_BEGIN}\d{{1,2}}{_ORDINAL}?[-/. ]{{0,2}}{_OF}{_MONTH}[-/., ]{{0,2}}"
                rf"{_OF}(?:\d{{4}}|'?\d{{2}}){_END}"
            ),
            # March 5th, 2024
            rf"{_BEGIN}{_MONTH}[-/. ]{{1,2}}\d{{1,2}}{_ORDINAL}?,?[ ]\d{{4}}{_END}",
            # 2024-Mar-05, 2024. március 5
            rf"(?<!\d){_YEAR}[-/., ]{{1,2}}{_MONTH}[-/. ]{{1,2}}\d{{1,2}}(?!\d)",
            # March 2024, marzo de 2024, Mar-2024
            rf"{_BEGIN}{_MONTH}[-/., ]{{1,2}}{_OF}{_YEAR}{_END}",
            # 5th March, 5. März, March 5th; but not what grade 3 may be
            rf"{_BEGIN}\d{{1,2}}{_ORDINAL}[ ]{_OF}{_NAME}",
            rf"{_BEGIN}\d{{1,2}}[. ]{{1,2}}{_OF}(?!(?-i:may|march|mag)\b){_NAME}",
            rf"{_BEGIN}{_NAME}[ ]\d{{1,2}}{_ORDINAL}(?![^\W_])",
            # 20240305
            rf"{_BEGIN}{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){_END}",
            # of East Asia
            r"(?<!\d)\d{4}[年년][ ]?(?:\d{1,2}[月월](?:[ ]?\d{1,2}[日일])?)?",
            r"(?:令和|平成|昭和)(?:元|\d{1,2})年(?:\d{1,2}月(?:\d{1,2}日)?)?",
            r"(?<!\d)\d{1,2}[月월][ ]?\d{1,2}[日일]",
        )
    ),
    re.IGNORECASE,
)
"""Calendar dates; a year alone is none."""

_NEEDED = re.compile(r"[\d元]")
"""Of which no date has none; most texts have none, and are told faster."""


def dates_in(text: str) -> list[tuple[int, int]]:
    """Return where the calendar dates in a text begin and end."""
    if not _NEEDED.search(text):
        return []
    return [match.span() for match in DATE.finditer(text)]


def without_dates(text: str) -> str:
    """Put :data:`A_DATE` in the place of the calendar dates in a text."""
    return DATE.sub(A_DATE, text) if _NEEDED.search(text) else text
