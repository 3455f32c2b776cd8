"""Papers as bytes: where they lie, how they arrive, and what is found in them. Nothing here knows a database."""
