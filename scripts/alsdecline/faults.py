"""Faults that a user can mend: told in a line or two, without a traceback."""


class DataError(Exception):
    """The data or the results do not permit to go on; a line for each fault."""
