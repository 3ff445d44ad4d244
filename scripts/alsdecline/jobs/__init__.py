"""What surrounds every job: its record, its event, the ledger, and what runs again.

Imports settings, and knows nothing of what a job computes: no data, no model.
"""
