from tests.support.processes import empty, home, seeded

__all__ = ["empty", "home", "seeded"]
