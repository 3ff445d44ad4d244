"""Whether what is there is what was recorded; releases and replay."""
