"""Raw files as typed tables, with what is wrong in them cell by cell."""
