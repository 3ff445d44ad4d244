"""What a trial's config.yaml may say, and what follows before any data are read."""
