"""A trial's folder made of somebody's own files: read, guessed, held to the data.

It knows settings and readers of raw files, and no rule imports it: what it writes is
checked like any other configuration.
"""
