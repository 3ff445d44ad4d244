"""From a printed number back to the raw rows.

Imports the analyses, fits and datasets that made a number, to say what is behind it;
it reads results and makes none. Figures and the report know nothing of it.
"""
