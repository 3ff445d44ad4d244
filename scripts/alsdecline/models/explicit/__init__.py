"""The members that are not Gaussian, whose patients' effects are parameters.

Imports what all members share, and the Gaussian members.
"""
