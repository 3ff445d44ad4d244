"""Months, the unit of time of the models; no pandas, for planning needs them."""

DAYS_PER_MONTH = 30.4375
"""Days in a month, 365.25 / 12."""

MONTHS_PER_WEEK = 7 / DAYS_PER_MONTH
