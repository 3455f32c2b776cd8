"""The contenders. Nothing is imported here: the floor shall not carry what it does not use."""
