"""SQL that is written by hand: facts for rules, locks, writes, and the conditions that filters set."""
