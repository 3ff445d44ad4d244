"""What changed between two runs.

Imports the report, in whose words it says so, fits, jobs and what lies below them. It
reads two folders of results and runs nothing.
"""
