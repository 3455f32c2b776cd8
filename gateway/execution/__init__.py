"""From a GraphQL field to rows: what each field is in SQL is declared at the field, and read here."""
