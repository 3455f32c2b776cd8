"""Tables that everybody may read: no row of them is about a person."""

CATALOGUE = frozenset(
    {
        "calendar_days",
        "check_texts",
        "cities",
        "city_aliases",
        "clinic_brands",
        "contact_channels",
        "departments",
        "drugs",
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
