"""One file a step, named by its number, so that the last name is the head."""
