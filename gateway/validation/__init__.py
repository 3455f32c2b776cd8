"""The shared validation module: rules judge facts. Pure: no I/O, no clock, no framework."""
