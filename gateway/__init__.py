"""A GraphQL gateway for health-insurance services whose refusals cite the handbook."""
