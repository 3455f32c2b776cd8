"""Tables that need no row security: no row of them is about a person."""

CATALOGUE = frozenset(
    {
        "calendar_corrections",
        "calendar_days",
        "check_texts",
        "cities",
        "city_aliases",
        "clinic_brands",
        "contact_channels",
        "critical_illnesses",
        "departments",
        "drugs",
        "expert_slots",  # times are open; whose they are, no field of the API tells
        "experts",
        "hospital_departments",
        "hospital_networks",
        "hospitals",
        "notices",
        "pharmacies",
        "plans",
        "product_services",
        "product_vendors",
        "products",
        "riders",
        "rules",
        "seed_states",
        "service_cities",
        "transitions",
        "vendors",
    }
)
"""What everybody may read."""

OF_THE_GATEWAY = frozenset({"rate_buckets", "stuck_rows", "trusted_documents"})
"""The gateway's own affairs, which are shown to nobody and tell of nobody."""
