"""Rows of the drugs, lifecycles and days."""

from dataclasses import asdict

from gateway.repositories.readings import search_columns
from models.base import derived_id
from models.calendar import CalendarDay
from models.drugs import Drug
from models.lifecycles import Transition
from seeds import files
from seeds.calendar import SOURCES, days
from seeds.format import lists
from seeds.rows.part import Part, Row

DRUG_PRODUCT = "ZAWX"


def of_drugs() -> Part:
    return Part(Drug, [_drug(drug) for drug in files.drug_file().drugs])


def _drug(drug: lists.Drug) -> Row:
    maker = drug.normalized or drug.manufacturer
    found = asdict(search_columns(drug.brand, drug.generic, drug.manufacturer, maker))
    return {
        "id": derived_id("drug", "|".join((DRUG_PRODUCT, *drug.identity))),
        "product_code": DRUG_PRODUCT,
        **drug.model_dump(include={"seq", "brand", "generic", "manufacturer", "listed_from", "listed_until"}),
        "manufacturer_normalized": maker,
        **{name: found[name] for name in ("search_text", "search_grams", "sort_key")},
    }


def of_transitions() -> Part:
    steps = [
        {
            "machine": machine,
            "from_state": before,
            "command": edge.command,
            "role": role,
            "to_state": after,
            "position": position,
        }
        for machine, edges in files.lifecycles().items()
        for position, edge in enumerate(edges, 1)
        for before in edge.before
        for role in edge.by
        for after in edge.to
    ]
    return Part(Transition, steps)


def of_days() -> Part:
    ours = ", ".join(f"'{source}'" for source in SOURCES)
    return Part(CalendarDay, [asdict(day) for day in days()], ours=f"calendar_days.source in ({ours})")
