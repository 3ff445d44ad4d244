"""Rules on the raw data that look beyond one cell."""
