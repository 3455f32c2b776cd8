"""The steps that bring a database to the present tables; `gateway.postgres.migrate` runs them."""
