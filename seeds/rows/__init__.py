"""Rows as the seed files give them."""

from seeds.rows.lists import of_days, of_drugs, of_transitions
from seeds.rows.part import Part
from seeds.rows.places import of_places
from seeds.rows.products import of_products
from seeds.rows.rules import of_rules


def all_parts() -> list[Part]:
    """Every table, those first that others refer to."""
    return [*of_products(), *of_rules(), *of_places(), of_drugs(), of_transitions(), of_days()]
