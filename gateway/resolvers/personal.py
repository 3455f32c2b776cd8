"""How personal data is shown where it may not be shown in full."""

HIDDEN = "*"


def masked_name(name: str) -> str:
    """The surname (first character, or first word of a Latin name) and no more."""
    first = name.split(" ")[0] if name.isascii() else name[:1]
    return f"{first}{HIDDEN * 2}"


def masked_number(last4: str) -> str:
    return f"{HIDDEN * 4}{last4}"
