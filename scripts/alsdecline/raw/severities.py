"""Which fatal findings may be lowered to warnings, for a reason that somebody gives."""

from alsdecline.raw.rules import Rule

MAY_BE_LOWERED = frozenset(
    [
        Rule.AFTER_DEATH,
        Rule.BEFORE_CONSENT,
        Rule.BEFORE_RANDOMISATION,
        Rule.BEFORE_SCREENING,
        Rule.DATE_AFTER_CUTOFF,
        Rule.DOSE_OF_ARM,
        Rule.MARKER,
        Rule.NEAR_KEY,
        Rule.NEAR_PARAMETER,
        Rule.NEAR_SELECTED,
        Rule.SUBJECT_DIFFERS,
        Rule.SUM,
        Rule.SWALLOWED,
        Rule.YEAR_SLIP,
    ]
)
"""Rules that find what is doubtful in data that can be read and analysed all the same.

Any other fatal finding leaves nothing that could be analysed: a file or cell that
cannot be read, a row of nobody who is known, two values where one is needed.
"""


def may_be_a_warning(rule: Rule) -> bool:
    """Tell whether any finding of a rule may be a warning, by itself or for a reason.

    One of `severities` (fatal, warning) has findings of both, of which those that are
    fatal stay so unless the rule is in :data:`MAY_BE_LOWERED`.
    """
    return "warning" in rule.severities or rule in MAY_BE_LOWERED
