"""Use cases: from the context and plain values to rows or verdicts. No GraphQL types."""
