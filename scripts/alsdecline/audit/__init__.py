"""Whether what is there is what was recorded; releases and replay.

Stands above all others and may import any; nothing imports it but ``scripts/audit.py``.
"""
