"""What goes wrong around the gateway, and not in it."""


class Mendable(Exception):
    """Something that the person who runs the gateway can mend. The message says what is wrong and what to do."""
