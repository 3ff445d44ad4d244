"""Analyses beside the models of decline, and descriptions.

Imports datasets and settings; no fit, so that what is shown beside the models does not
depend on them.
"""
