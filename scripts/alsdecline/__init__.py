"""The library that the scripts call, in packages by meaning."""
