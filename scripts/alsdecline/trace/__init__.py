"""From a printed number back to the raw rows."""
