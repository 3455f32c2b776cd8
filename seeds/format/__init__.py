"""The shape of the seed files."""
