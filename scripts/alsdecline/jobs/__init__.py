"""What surrounds every job: its record, its event, the ledger, and what runs again."""
