"""Who is let in, and for how long: rates by cost, a bound on what is under way, deadlines, and clients that leave."""
