"""Who is asking: from a bearer token to a viewer, and from a viewer to the rows it may see."""
