"""The library that the scripts call, in packages by meaning.

A package imports only packages that stand below it; ``docs/architecture.md`` has them
in order, and ``make lint`` holds them to it. No ``__init__.py`` imports anything: it
would pull every module of its package into the digest of each rule that uses one.
"""
