"""All tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001_initial"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=True),
        sa.Column("on_behalf_of", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("rulebook", sa.String(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "actor_kind in ('CUSTOMER', 'VENDOR', 'STAFF', 'SYSTEM')", name=op.f("ck_audit_entries__actor_kind_known")
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_audit_entries")),
        postgresql_partition_by="RANGE (id)",
    )
    op.create_index("ix_audit_entries__subject", "audit_entries", ["policy_id", "subject_id", "id"], unique=False)
    op.create_table(
        "calendar_corrections",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("replaced_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("applied_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("status in ('OFFICIAL', 'ESTIMATED')", name=op.f("ck_calendar_corrections__status_known")),
        sa.PrimaryKeyConstraint("on", "replaced_at", name=op.f("pk_calendar_corrections")),
    )
    op.create_index(
        "ix_calendar_corrections__pending",
        "calendar_corrections",
        ["on"],
        unique=False,
        postgresql_where=sa.text("applied_at is null"),
    )
    op.create_table(
        "calendar_days",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.CheckConstraint("status in ('OFFICIAL', 'ESTIMATED')", name=op.f("ck_calendar_days__status_known")),
        sa.PrimaryKeyConstraint("on", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "check_texts",
        sa.Column("check", sa.String(), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("check", name=op.f("pk_check_texts")),
    )
    op.create_table(
        "cities",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("province", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("pinyin", sa.String(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("search_grams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sort_key", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_cities")),
        sa.UniqueConstraint("id", name=op.f("uq_cities__id")),
        sa.UniqueConstraint("province", "name", name=op.f("uq_cities__province_name")),
    )
    op.create_index(op.f("ix_cities__province"), "cities", ["province"], unique=False)
    op.create_index("ix_cities__search_grams", "cities", ["search_grams"], unique=False, postgresql_using="gin")
    op.create_index("ix_cities__sort_key", "cities", ["sort_key", "id"], unique=False)
    op.create_table(
        "clinic_brands",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_clinic_brands")),
    )
    op.create_table(
        "departments",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_departments")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("verdicts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("principal", "operation", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys__created_at"), "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "outbox_messages",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("rule_code", sa.String(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("available_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("claimed_until", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("cancelled_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_outbox_messages")),
        sa.UniqueConstraint("policy_id", "dedupe_key", name=op.f("uq_outbox_messages__policy_id_dedupe_key")),
    )
    op.create_index(
        "ix_outbox_messages__due",
        "outbox_messages",
        ["available_at"],
        unique=False,
        postgresql_where=sa.text("sent_at is null and cancelled_at is null"),
    )
    op.create_index("ix_outbox_messages__sent", "outbox_messages", ["sent_at"], unique=False)
    op.create_index("ix_outbox_messages__subject", "outbox_messages", ["policy_id", "subject_id"], unique=False)
    op.create_table(
        "products",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("insurer_zh", sa.String(), nullable=True),
        sa.Column("insurer_en", sa.String(), nullable=True),
        sa.Column("handbook_title_zh", sa.String(), nullable=False),
        sa.Column("handbook_title_en", sa.String(), nullable=False),
        sa.Column("handbook_edition", sa.String(), nullable=True),
        sa.Column("handbook_file", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_products")),
        sa.UniqueConstraint("id", name=op.f("uq_products__id")),
    )
    op.create_table(
        "rate_buckets",
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("level", sa.Float(), nullable=False),
        sa.Column("granted", sa.Float(), nullable=False),
        sa.Column("refilled_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("holder", name=op.f("pk_rate_buckets")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("ix_rate_buckets__refilled_at"), "rate_buckets", ["refilled_at"], unique=False)
    op.create_table(
        "seed_states",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("applied_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_seed_states")),
    )
    op.create_table(
        "stuck_rows",
        sa.Column("timer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("failure", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("last_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("again_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("timer", "subject", name=op.f("pk_stuck_rows")),
    )
    op.create_table(
        "transitions",
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role in ('CUSTOMER', 'VENDOR', 'STAFF', 'SYSTEM')", name=op.f("ck_transitions__role_known")
        ),
        sa.PrimaryKeyConstraint("machine", "from_state", "command", "role", "to_state", name=op.f("pk_transitions")),
    )
    op.create_table(
        "trusted_documents",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("app", sa.String(), nullable=False),
        sa.Column("operations", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("tables", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("schema_sha256", sa.String(), nullable=False),
        sa.Column("registered_by", sa.String(), nullable=False),
        sa.Column("registered_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("retired_by", sa.String(), nullable=True),
        sa.Column("retired_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_trusted_documents__digest")),
        sa.CheckConstraint(
            "(retired_at is null) = (retired_by is null)", name=op.f("ck_trusted_documents__retired_whole")
        ),
        sa.CheckConstraint("cardinality(operations) > 0 and cost > 0", name=op.f("ck_trusted_documents__measured")),
        sa.PrimaryKeyConstraint("sha256", "app", name=op.f("pk_trusted_documents")),
    )
    op.create_table(
        "unmasking_counts",
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_unmasking_counts__count_positive")),
        sa.PrimaryKeyConstraint("actor", "on", name=op.f("pk_unmasking_counts")),
    )
    op.create_table(
        "vendors",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_vendors")),
        sa.UniqueConstraint("id", name=op.f("uq_vendors__id")),
    )
    op.create_table(
        "city_aliases",
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("city_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["city_code"], ["cities.code"], name=op.f("fk_city_aliases__city_code")),
        sa.PrimaryKeyConstraint("alias", "city_code", name=op.f("pk_city_aliases")),
    )
    op.create_table(
        "contact_channels",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("note_zh", sa.String(), nullable=True),
        sa.Column("note_en", sa.String(), nullable=True),
        sa.Column("hours", sa.String(), nullable=True),
        sa.Column("services", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("lines", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind in ('PHONE', 'EMAIL', 'MINI_PROGRAM', 'OFFICIAL_ACCOUNT', 'POST', 'WECHAT_WORK')",
            name=op.f("ck_contact_channels__kind_known"),
        ),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_contact_channels__product_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_channels")),
    )
    op.create_index(op.f("ix_contact_channels__product_code"), "contact_channels", ["product_code"], unique=False)
    op.create_table(
        "critical_illnesses",
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_critical_illnesses__product_code")),
        sa.PrimaryKeyConstraint("product_code", "name", name=op.f("pk_critical_illnesses")),
    )
    op.create_table(
        "drugs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("generic", sa.String(), nullable=False),
        sa.Column("manufacturer", sa.String(), nullable=False),
        sa.Column("manufacturer_normalized", sa.String(), nullable=False),
        sa.Column("listed_from", sa.Date(), nullable=True),
        sa.Column("listed_until", sa.Date(), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("search_grams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sort_key", sa.Text(collation="C"), nullable=False),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_drugs__product_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drugs")),
        sa.UniqueConstraint(
            "product_code",
            "brand",
            "generic",
            "manufacturer",
            name=op.f("uq_drugs__product_code_brand_generic_manufacturer"),
        ),
        sa.UniqueConstraint("product_code", "seq", name=op.f("uq_drugs__product_code_seq")),
    )
    op.create_index("ix_drugs__generic", "drugs", ["generic", "id"], unique=False)
    op.create_index("ix_drugs__search_grams", "drugs", ["search_grams"], unique=False, postgresql_using="gin")
    op.create_index("ix_drugs__sort_key", "drugs", ["sort_key", "id"], unique=False)
    op.create_table(
        "escort_days",
        sa.Column("vendor_code", sa.String(), nullable=False),
        sa.Column("escort_code", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("hospital_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_escort_days__vendor_code")),
        sa.PrimaryKeyConstraint("vendor_code", "escort_code", "on", name=op.f("pk_escort_days")),
    )
    op.create_table(
        "escort_slots",
        sa.Column("vendor_code", sa.String(), nullable=False),
        sa.Column("escort_code", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("slot between 0 and 95", name=op.f("ck_escort_slots__slot_of_day")),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_escort_slots__vendor_code")),
        sa.PrimaryKeyConstraint("vendor_code", "escort_code", "on", "slot", name=op.f("pk_escort_slots")),
    )
    op.create_index("ix_escort_slots__booking", "escort_slots", ["booking_id"], unique=False)
    op.create_table(
        "experts",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vendor_code", sa.String(), nullable=False),
        sa.Column("department_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("hospital", sa.String(), nullable=False),
        sa.Column("hospital_rank", sa.Integer(), nullable=True),
        sa.Column("is_in_service", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("hospital_rank > 0", name=op.f("ck_experts__hospital_rank_positive")),
        sa.ForeignKeyConstraint(["department_code"], ["departments.code"], name=op.f("fk_experts__department_code")),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_experts__vendor_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_experts")),
        sa.UniqueConstraint("id", name=op.f("uq_experts__id")),
    )
    op.create_index("ix_experts__department", "experts", ["department_code", "code"], unique=False)
    op.create_table(
        "hospitals",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("city_code", sa.String(), nullable=False),
        sa.Column("ownership", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("brand_code", sa.String(), nullable=True),
        sa.Column("department_classes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("items", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("is_direct_billing", sa.Boolean(), nullable=False),
        sa.Column("is_popular", sa.Boolean(), nullable=True),
        sa.Column("has_onsite_service", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("latitude", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("longitude", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("opens_at", sa.Time(), nullable=True),
        sa.Column("closes_at", sa.Time(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("introduction", sa.String(), nullable=True),
        sa.Column("visit_tips", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("pinyin", sa.String(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("search_grams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sort_key", sa.Text(collation="C"), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("ownership in ('PUBLIC', 'PRIVATE')", name=op.f("ck_hospitals__ownership_known")),
        sa.CheckConstraint("source in ('HANDBOOK', 'IMPORTED', 'DEMO')", name=op.f("ck_hospitals__source_known")),
        sa.CheckConstraint("(latitude is null) = (longitude is null)", name=op.f("ck_hospitals__location_whole")),
        sa.CheckConstraint("latitude between -90 and 90", name=op.f("ck_hospitals__latitude_possible")),
        sa.CheckConstraint("level between 1 and 3", name=op.f("ck_hospitals__level_known")),
        sa.CheckConstraint("longitude between -180 and 180", name=op.f("ck_hospitals__longitude_possible")),
        sa.ForeignKeyConstraint(["brand_code"], ["clinic_brands.code"], name=op.f("fk_hospitals__brand_code")),
        sa.ForeignKeyConstraint(["city_code"], ["cities.code"], name=op.f("fk_hospitals__city_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_hospitals")),
        sa.UniqueConstraint("id", name=op.f("uq_hospitals__id")),
    )
    op.create_index("ix_hospitals__city", "hospitals", ["city_code", "sort_key", "id"], unique=False)
    op.create_index(
        "ix_hospitals__department_classes", "hospitals", ["department_classes"], unique=False, postgresql_using="gin"
    )
    op.create_index("ix_hospitals__direct_billing", "hospitals", ["is_direct_billing", "sort_key", "id"], unique=False)
    op.create_index(
        "ix_hospitals__hours",
        "hospitals",
        ["opens_at", "closes_at"],
        unique=False,
        postgresql_where=sa.text("opens_at is not null"),
    )
    op.create_index("ix_hospitals__items", "hospitals", ["items"], unique=False, postgresql_using="gin")
    op.create_index("ix_hospitals__level", "hospitals", ["level", "sort_key", "id"], unique=False)
    op.create_index("ix_hospitals__location", "hospitals", ["latitude", "longitude"], unique=False)
    op.create_index("ix_hospitals__name", "hospitals", ["sort_key", "id"], unique=False)
    op.create_index("ix_hospitals__ownership", "hospitals", ["ownership", "sort_key", "id"], unique=False)
    op.create_index("ix_hospitals__search_grams", "hospitals", ["search_grams"], unique=False, postgresql_using="gin")
    op.create_table(
        "pharmacies",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vendor_code", sa.String(), nullable=False),
        sa.Column("city_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("search_grams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sort_key", sa.Text(collation="C"), nullable=False),
        sa.ForeignKeyConstraint(["city_code"], ["cities.code"], name=op.f("fk_pharmacies__city_code")),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_pharmacies__vendor_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_pharmacies")),
        sa.UniqueConstraint("id", name=op.f("uq_pharmacies__id")),
    )
    op.create_index("ix_pharmacies__city", "pharmacies", ["city_code", "sort_key", "id"], unique=False)
    op.create_index("ix_pharmacies__name", "pharmacies", ["sort_key", "id"], unique=False)
    op.create_index("ix_pharmacies__search_grams", "pharmacies", ["search_grams"], unique=False, postgresql_using="gin")
    op.create_index("ix_pharmacies__vendor", "pharmacies", ["vendor_code", "sort_key", "id"], unique=False)
    op.create_table(
        "plans",
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_plans__product_code")),
        sa.PrimaryKeyConstraint("product_code", "code", name=op.f("pk_plans")),
    )
    op.create_table(
        "product_vendors",
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("vendor_code", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("services", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_product_vendors__product_code")),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_product_vendors__vendor_code")),
        sa.PrimaryKeyConstraint("product_code", "vendor_code", name=op.f("pk_product_vendors")),
    )
    op.create_index(op.f("ix_product_vendors__vendor_code"), "product_vendors", ["vendor_code"], unique=False)
    op.create_table(
        "riders",
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_riders__product_code")),
        sa.PrimaryKeyConstraint("product_code", "code", name=op.f("pk_riders")),
    )
    op.create_table(
        "rules",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("section_zh", sa.String(), nullable=False),
        sa.Column("section_en", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("lines", sa.String(), nullable=False),
        sa.Column("statement_zh", sa.String(), nullable=False),
        sa.Column("statement_en", sa.String(), nullable=False),
        sa.Column("reading_zh", sa.String(), nullable=True),
        sa.Column("reading_en", sa.String(), nullable=True),
        sa.Column("parameters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("operations", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("same_as", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("account_note_zh", sa.String(), nullable=True),
        sa.Column("account_note_en", sa.String(), nullable=True),
        sa.Column("checks", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "account in ('ENFORCED', 'DATA', 'DISCLOSED', 'TIMED', 'NOT_FOR_SOFTWARE', 'PENDING')",
            name=op.f("ck_rules__account_known"),
        ),
        sa.CheckConstraint(
            "kind in ('HARD', 'SOFT', 'CONSEQUENCE', 'SLA', 'DISCLOSURE', 'FLOW', 'DATA')",
            name=op.f("ck_rules__kind_known"),
        ),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_rules__product_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_rules")),
        sa.UniqueConstraint("id", name=op.f("uq_rules__id")),
        sa.UniqueConstraint("position", name=op.f("uq_rules__position")),
    )
    op.create_index(op.f("ix_rules__product_code"), "rules", ["product_code"], unique=False)
    op.create_table(
        "service_cities",
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("city_code", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("printed_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["city_code"], ["cities.code"], name=op.f("fk_service_cities__city_code")),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_service_cities__product_code")),
        sa.PrimaryKeyConstraint("product_code", "service", "city_code", name=op.f("pk_service_cities")),
        sa.UniqueConstraint("product_code", "service", "seq", name=op.f("uq_service_cities__product_code_service_seq")),
    )
    op.create_index(op.f("ix_service_cities__city_code"), "service_cities", ["city_code"], unique=False)
    op.create_table(
        "vendor_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vendor_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("products", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("services", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("hospital_codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("last_used_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(), nullable=True),
        sa.Column("revoked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(revoked_at is null) = (revoked_by is null)", name=op.f("ck_vendor_tokens__revoked_whole")),
        sa.CheckConstraint(
            "cardinality(scopes) > 0 and cardinality(products) > 0", name=op.f("ck_vendor_tokens__bounded")
        ),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_vendor_tokens__expires_later")),
        sa.CheckConstraint("successor_id <> id", name=op.f("ck_vendor_tokens__successor_is_another")),
        sa.ForeignKeyConstraint(["successor_id"], ["vendor_tokens.id"], name=op.f("fk_vendor_tokens__successor_id")),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_vendor_tokens__vendor_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_tokens")),
        sa.UniqueConstraint("prefix", name=op.f("uq_vendor_tokens__prefix")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_vendor_tokens__secret_hash")),
        sa.UniqueConstraint("successor_id", name=op.f("uq_vendor_tokens__successor_id")),
    )
    op.create_index("ix_vendor_tokens__vendor", "vendor_tokens", ["vendor_code", "created_at", "id"], unique=False)
    op.create_table(
        "hospital_departments",
        sa.Column("hospital_code", sa.String(), nullable=False),
        sa.Column("department_code", sa.String(), nullable=False),
        sa.Column("is_featured", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_code"], ["departments.code"], name=op.f("fk_hospital_departments__department_code")
        ),
        sa.ForeignKeyConstraint(
            ["hospital_code"],
            ["hospitals.code"],
            name=op.f("fk_hospital_departments__hospital_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("hospital_code", "department_code", name=op.f("pk_hospital_departments")),
    )
    op.create_index(
        "ix_hospital_departments__department",
        "hospital_departments",
        ["department_code", "hospital_code"],
        unique=False,
    )
    op.create_table(
        "hospital_networks",
        sa.Column("hospital_code", sa.String(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("plan_code", sa.String(), nullable=False),
        sa.Column("liability", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "liability in ('OUTPATIENT_INPATIENT', 'VACCINE', 'EYE', 'DENTAL', 'ADVANCE')",
            name=op.f("ck_hospital_networks__liability_known"),
        ),
        sa.CheckConstraint(
            "valid_to is null or valid_from is null or valid_from < valid_to",
            name=op.f("ck_hospital_networks__validity_ordered"),
        ),
        sa.ForeignKeyConstraint(
            ["hospital_code"], ["hospitals.code"], name=op.f("fk_hospital_networks__hospital_code"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_hospital_networks__product_code")),
        sa.PrimaryKeyConstraint(
            "hospital_code", "product_code", "plan_code", "liability", name=op.f("pk_hospital_networks")
        ),
    )
    op.create_index(
        "ix_hospital_networks__network",
        "hospital_networks",
        ["product_code", "plan_code", "liability", "hospital_code"],
        unique=False,
    )
    op.create_table(
        "policies",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("plan_code", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("effective_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("cover", postgresql.DATERANGE(), nullable=False),
        sa.Column("waiting_days", sa.Integer(), nullable=True),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("advance_limit", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("channel in ('ONLINE', 'OFFLINE_PAPER')", name=op.f("ck_policies__channel_known")),
        sa.CheckConstraint("status in ('IN_FORCE', 'TERMINATED')", name=op.f("ck_policies__status_known")),
        sa.CheckConstraint(
            "not isempty(cover) and lower_inc(cover) and not upper_inc(cover) and upper(cover) is not null",
            name=op.f("ck_policies__cover_half_open"),
        ),
        sa.CheckConstraint("waiting_days between 0 and 3650", name=op.f("ck_policies__waiting_days_possible")),
        sa.ForeignKeyConstraint(
            ["product_code", "plan_code"],
            ["plans.product_code", "plans.code"],
            name=op.f("fk_policies__product_code_plan_code"),
        ),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_policies__product_code")),
        sa.PrimaryKeyConstraint("policy_id", name=op.f("pk_policies")),
    )
    op.create_index("ix_policies__created_at", "policies", ["created_at", "policy_id"], unique=False)
    op.create_index("ix_policies__number", "policies", ["number", "policy_id"], unique=False)
    op.create_index(
        "ix_policies__number_pairs",
        "policies",
        [
            sa.literal_column(
                "(string_to_array(regexp_replace(number::text, '(..)'::text, '\\1|'::text, 'g'::text), '|'::text) || string_to_array(regexp_replace(substr(number::text, 2), '(..)'::text, '\\1|'::text, 'g'::text), '|'::text))"
            )
        ],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index("ix_policies__product", "policies", ["product_code", "policy_id"], unique=False)
    op.create_table(
        "product_services",
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("summary_zh", sa.String(), nullable=False),
        sa.Column("summary_en", sa.String(), nullable=False),
        sa.Column("vendor_code", sa.String(), nullable=True),
        sa.Column("rider_code", sa.String(), nullable=True),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("is_quota_stated", sa.Boolean(), nullable=False),
        sa.Column("monthly_cap", sa.Integer(), nullable=True),
        sa.Column("waiting_days", sa.Integer(), nullable=True),
        sa.Column("verification", sa.String(), nullable=True),
        sa.Column("opens_at", sa.Time(), nullable=True),
        sa.Column("closes_at", sa.Time(), nullable=True),
        sa.Column("after_hours", sa.String(), nullable=True),
        sa.Column("first_response_minutes", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("lifecycle", sa.String(), nullable=True),
        sa.Column("rule_codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("after_hours in ('MESSAGE', 'REJECT')", name=op.f("ck_product_services__after_hours_known")),
        sa.CheckConstraint(
            "verification in ('POLICY_NUMBER', 'PERSON_INFO', 'INSURER_LIST')",
            name=op.f("ck_product_services__verification_known"),
        ),
        sa.CheckConstraint("(opens_at is null) = (closes_at is null)", name=op.f("ck_product_services__hours_whole")),
        sa.CheckConstraint("quota is null or quota > 0", name=op.f("ck_product_services__quota_positive")),
        sa.CheckConstraint(
            "waiting_days is null or waiting_days >= 0", name=op.f("ck_product_services__waiting_days_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["product_code", "rider_code"],
            ["riders.product_code", "riders.code"],
            name=op.f("fk_product_services__product_code_rider_code"),
        ),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_product_services__product_code")),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_product_services__vendor_code")),
        sa.PrimaryKeyConstraint("product_code", "kind", name=op.f("pk_product_services")),
    )
    op.create_table(
        "complaints",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("handler", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'ANSWERED') = (answered_at is not null)", name=op.f("ck_complaints__answered_whole")
        ),
        sa.CheckConstraint("state in ('RECEIVED', 'IN_REVIEW', 'ANSWERED')", name=op.f("ck_complaints__state_known")),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.policy_id"], name=op.f("fk_complaints__policy_id")),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_complaints__product_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("policy_id", "number", name=op.f("uq_complaints__policy_id_number")),
    )
    op.create_index("ix_complaints__created", "complaints", ["created_at", "id"], unique=False)
    op.create_index("ix_complaints__policy_created", "complaints", ["policy_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_complaints__queue", "complaints", ["id"], unique=False, postgresql_where=sa.text("answered_at is null")
    )
    op.create_index(
        "ix_complaints__waiting",
        "complaints",
        [sa.literal_column("(answered_at IS NOT NULL)"), "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "disclosure_acknowledgements",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("rule_code", sa.String(), nullable=False),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("text_sha256", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policies.policy_id"], name=op.f("fk_disclosure_acknowledgements__policy_id")
        ),
        sa.ForeignKeyConstraint(["rule_code"], ["rules.code"], name=op.f("fk_disclosure_acknowledgements__rule_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_disclosure_acknowledgements")),
        sa.UniqueConstraint(
            "policy_id",
            "subject_id",
            "operation",
            "rule_code",
            name=op.f("uq_disclosure_acknowledgements__policy_id_subject_id_operation_rule_code"),
        ),
    )
    op.create_table(
        "documents",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_seq", sa.Integer(), server_default="1", nullable=False),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("reserved_by", sa.String(), nullable=True),
        sa.Column("ticket_until", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("keep_until", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("dots_per_inch", sa.Integer(), nullable=True),
        sa.Column("has_color", sa.Boolean(), nullable=True),
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("uploaded_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("checked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "sha256 is not null or state in ('RESERVED', 'EXPIRED')",
            name=op.f("ck_documents__hash_known_once_uploaded"),
        ),
        sa.CheckConstraint(
            "state in ('RESERVED', 'UPLOADED', 'CHECKING', 'CLEAN', 'INFECTED', 'UNSUPPORTED', 'ACCEPTED', 'REJECTED', 'EXPIRED', 'REMOVED')",
            name=op.f("ck_documents__state_known"),
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_documents__size_positive")),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.policy_id"], name=op.f("fk_documents__policy_id")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_documents")),
    )
    op.create_index("ix_documents__created", "documents", ["policy_id", "created_at", "id"], unique=False)
    op.create_index("ix_documents__subject", "documents", ["policy_id", "subject_id"], unique=False)
    op.create_index(
        "ix_documents__unattached",
        "documents",
        ["keep_until"],
        unique=False,
        postgresql_where=sa.text("subject_id is null"),
    )
    op.create_index(
        "ix_documents__unchecked",
        "documents",
        ["uploaded_at"],
        unique=False,
        postgresql_where=sa.text("state in ('UPLOADED', 'CHECKING')"),
    )
    op.create_table(
        "judgements",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rulebook", sa.String(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.policy_id"], name=op.f("fk_judgements__policy_id")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_judgements")),
    )
    op.create_index("ix_judgements__subject", "judgements", ["policy_id", "subject_id", "at"], unique=False)
    op.create_table(
        "messages",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("phone_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("phone_last4", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("(answer is null) = (answered_at is null)", name=op.f("ck_messages__answered_whole")),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.policy_id"], name=op.f("fk_messages__policy_id")),
        sa.ForeignKeyConstraint(
            ["product_code", "service"],
            ["product_services.product_code", "product_services.kind"],
            name=op.f("fk_messages__product_code_service"),
        ),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_messages__product_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages__created", "messages", ["created_at", "id"], unique=False)
    op.create_index("ix_messages__policy_created", "messages", ["policy_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_messages__queue", "messages", ["id"], unique=False, postgresql_where=sa.text("answered_at is null")
    )
    op.create_index(
        "ix_messages__waiting",
        "messages",
        [sa.literal_column("(answered_at IS NOT NULL)"), "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=True),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("title_zh", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("body_zh", sa.String(), nullable=False),
        sa.Column("body_en", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("published_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("service is null or product_code is not null", name=op.f("ck_notices__service_of_product")),
        sa.ForeignKeyConstraint(
            ["product_code", "service"],
            ["product_services.product_code", "product_services.kind"],
            name=op.f("fk_notices__product_code_service"),
        ),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_notices__product_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices__product_code"), "notices", ["product_code"], unique=False)
    op.create_index("ix_notices__published", "notices", ["published_at", "id"], unique=False)
    op.create_table(
        "policy_members",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("gender", sa.String(), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=False),
        sa.Column("phone_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=True),
        sa.Column("phone_last4", sa.String(), nullable=True),
        sa.Column("id_type", sa.String(), nullable=False),
        sa.Column("id_number_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_hash", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_last4", sa.String(), nullable=False),
        sa.CheckConstraint("birth_on >= date '1900-01-01'", name=op.f("ck_policy_members__birth_on_possible")),
        sa.CheckConstraint("gender in ('MALE', 'FEMALE')", name=op.f("ck_policy_members__gender_known")),
        sa.CheckConstraint("role in ('HOLDER', 'INSURED')", name=op.f("ck_policy_members__role_known")),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.policy_id"], name=op.f("fk_policy_members__policy_id")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_policy_members")),
        sa.UniqueConstraint(
            "policy_id", "role", "id_number_hash", name=op.f("uq_policy_members__policy_id_role_id_number_hash")
        ),
    )
    op.create_index(
        "ix_policy_members__id_number_hash", "policy_members", ["id_number_hash", "policy_id"], unique=False
    )
    op.create_table(
        "policy_riders",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("rider_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.policy_id"], name=op.f("fk_policy_riders__policy_id")),
        sa.ForeignKeyConstraint(
            ["product_code", "rider_code"],
            ["riders.product_code", "riders.code"],
            name=op.f("fk_policy_riders__product_code_rider_code"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "rider_code", name=op.f("pk_policy_riders")),
    )
    op.create_table(
        "retention_holds",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("placed_by", sa.String(), nullable=False),
        sa.Column("placed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("lifted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_retention_holds__reason_given")),
        sa.CheckConstraint("(lifted_at is null) = (lifted_by is null)", name=op.f("ck_retention_holds__lifted_whole")),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.policy_id"], name=op.f("fk_retention_holds__policy_id")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_retention_holds")),
    )
    op.create_index(
        "ix_retention_holds__standing",
        "retention_holds",
        ["policy_id"],
        unique=False,
        postgresql_where=sa.text("lifted_at is null"),
    )
    op.create_table(
        "sla_clocks",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("rule_code", sa.String(), nullable=False),
        sa.Column("part", sa.String(), server_default="", nullable=False),
        sa.Column("started_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("due_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("stopped_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("cancelled_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("amber_told_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("overdue_told_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("is_estimated", sa.Boolean(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=True),
        sa.Column("corrected_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("excused_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("excused_by", sa.String(), nullable=True),
        sa.Column("excuse", sa.String(), nullable=True),
        sa.CheckConstraint(
            "num_nulls(excused_at, excused_by, excuse) in (0, 3)", name=op.f("ck_sla_clocks__excused_whole")
        ),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.policy_id"], name=op.f("fk_sla_clocks__policy_id")),
        sa.ForeignKeyConstraint(["rule_code"], ["rules.code"], name=op.f("fk_sla_clocks__rule_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_sla_clocks")),
    )
    op.create_index(
        "ix_sla_clocks__due",
        "sla_clocks",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("stopped_at is null and cancelled_at is null"),
    )
    op.create_index("ix_sla_clocks__subject", "sla_clocks", ["policy_id", "subject_id", "due_at"], unique=False)
    op.create_table(
        "advances",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_seq", sa.Integer(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_code", sa.String(), nullable=True),
        sa.Column("hospital_code", sa.String(), nullable=False),
        sa.Column("admitted_on", sa.Date(), nullable=False),
        sa.Column("discharged_on", sa.Date(), nullable=True),
        sa.Column("discharge_notified_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("diagnosis", sa.String(), nullable=False),
        sa.Column("critical_illness", sa.String(), nullable=True),
        sa.Column("first_diagnosed_on", sa.Date(), nullable=True),
        sa.Column("cost_type", sa.String(), nullable=False),
        sa.Column("requested_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("is_traffic_accident", sa.Boolean(), nullable=False),
        sa.Column("has_employer_funding", sa.Boolean(), nullable=False),
        sa.Column("has_third_party_funding", sa.Boolean(), nullable=False),
        sa.Column("has_litigation", sa.Boolean(), nullable=False),
        sa.Column("can_hand_over_originals", sa.Boolean(), nullable=False),
        sa.Column("settles_in_real_time", sa.Boolean(), nullable=True),
        sa.Column("doctor_contact_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("documents_complete_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("investigated_from", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("signed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("authorized_limit", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("approved_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("paid_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("adjudicated_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("covered_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("repayable_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("settled_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("released_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("cause in ('DISEASE', 'ACCIDENT')", name=op.f("ck_advances__cause_known")),
        sa.CheckConstraint(
            "cost_type in ('INPATIENT_TREATMENT', 'DEPOSIT', 'OUTPATIENT')", name=op.f("ck_advances__cost_type_known")
        ),
        sa.CheckConstraint(
            "discharged_on is null or discharged_on >= admitted_on", name=op.f("ck_advances__stay_ordered")
        ),
        sa.CheckConstraint(
            "num_nonnulls(settled_at, adjudicated_amount, covered_amount, repayable_amount) in (0, 4)",
            name=op.f("ck_advances__settled_whole"),
        ),
        sa.CheckConstraint("paid_amount = 0 or released_at is null", name=op.f("ck_advances__released_before_payment")),
        sa.CheckConstraint("paid_amount = 0 or signed_at is not null", name=op.f("ck_advances__paid_when_signed")),
        sa.CheckConstraint(
            "paid_amount between 0 and coalesce(approved_amount, 0)", name=op.f("ck_advances__paid_as_approved")
        ),
        sa.CheckConstraint("requested_amount > 0", name=op.f("ck_advances__requested_amount_positive")),
        sa.CheckConstraint(
            "settled_at is null or (covered_amount between 0 and adjudicated_amount and repayable_amount >= 0 and covered_amount + repayable_amount = paid_amount)",
            name=op.f("ck_advances__settled_to_the_cent"),
        ),
        sa.ForeignKeyConstraint(["hospital_code"], ["hospitals.code"], name=op.f("fk_advances__hospital_code")),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_advances__policy_id_insured_id"),
        ),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.policy_id"], name=op.f("fk_advances__policy_id")),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_advances__product_code")),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_advances__vendor_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_advances")),
        sa.UniqueConstraint("policy_id", "number", name=op.f("uq_advances__policy_id_number")),
    )
    op.create_index("ix_advances__admitted", "advances", ["admitted_on", "id"], unique=False)
    op.create_index("ix_advances__created", "advances", ["created_at", "id"], unique=False)
    op.create_index("ix_advances__number", "advances", ["number", "id"], unique=False)
    op.create_index(
        "ix_advances__number_pairs",
        "advances",
        [
            sa.literal_column(
                "(string_to_array(regexp_replace(number::text, '(..)'::text, '\\1|'::text, 'g'::text), '|'::text) || string_to_array(regexp_replace(substr(number::text, 2), '(..)'::text, '\\1|'::text, 'g'::text), '|'::text))"
            )
        ],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index("ix_advances__policy_created", "advances", ["policy_id", "created_at", "id"], unique=False)
    op.create_index("ix_advances__state", "advances", ["state", "created_at", "id"], unique=False)
    op.create_index("ix_advances__vendor_created", "advances", ["vendor_code", "created_at", "id"], unique=False)
    op.create_index(
        "uq_advances__one_per_admission",
        "advances",
        ["policy_id", "insured_id", "hospital_code", "admitted_on"],
        unique=True,
        postgresql_where=sa.text("released_at is null"),
    )
    op.create_table(
        "bookings",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_seq", sa.Integer(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_code", sa.String(), nullable=True),
        sa.Column("hospital_code", sa.String(), nullable=True),
        sa.Column("department_code", sa.String(), nullable=True),
        sa.Column("visit_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("visit_on", sa.Date(), nullable=True),
        sa.Column("planned_minutes", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "due_at", postgresql.TIMESTAMP(timezone=True), server_default="9999-12-31T00:00:00+00:00", nullable=False
        ),
        sa.Column("waits_for_vendor", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("waits_for_staff", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("(visit_at is null) = (visit_on is null)", name=op.f("ck_bookings__visit_whole")),
        sa.CheckConstraint("planned_minutes > 0", name=op.f("ck_bookings__planned_minutes_positive")),
        sa.ForeignKeyConstraint(["department_code"], ["departments.code"], name=op.f("fk_bookings__department_code")),
        sa.ForeignKeyConstraint(["hospital_code"], ["hospitals.code"], name=op.f("fk_bookings__hospital_code")),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_bookings__policy_id_insured_id"),
        ),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.policy_id"], name=op.f("fk_bookings__policy_id")),
        sa.ForeignKeyConstraint(
            ["product_code", "service"],
            ["product_services.product_code", "product_services.kind"],
            name=op.f("fk_bookings__product_code_service"),
        ),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_bookings__vendor_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("policy_id", "number", name=op.f("uq_bookings__policy_id_number")),
    )
    op.create_index("ix_bookings__created", "bookings", ["created_at", "id"], unique=False)
    op.create_index("ix_bookings__number", "bookings", ["number", "id"], unique=False)
    op.create_index(
        "ix_bookings__number_pairs",
        "bookings",
        [
            sa.literal_column(
                "(string_to_array(regexp_replace(number::text, '(..)'::text, '\\1|'::text, 'g'::text), '|'::text) || string_to_array(regexp_replace(substr(number::text, 2), '(..)'::text, '\\1|'::text, 'g'::text), '|'::text))"
            )
        ],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index("ix_bookings__policy_created", "bookings", ["policy_id", "created_at", "id"], unique=False)
    op.create_index("ix_bookings__policy_visit", "bookings", ["policy_id", "visit_at", "id"], unique=False)
    op.create_index("ix_bookings__service", "bookings", ["service", "created_at", "id"], unique=False)
    op.create_index(
        "ix_bookings__staff_queue",
        "bookings",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("waits_for_staff"),
    )
    op.create_index("ix_bookings__state", "bookings", ["state", "created_at", "id"], unique=False)
    op.create_index("ix_bookings__state_visit", "bookings", ["state", "visit_at", "id"], unique=False)
    op.create_index("ix_bookings__vendor_created", "bookings", ["vendor_code", "created_at", "id"], unique=False)
    op.create_index(
        "ix_bookings__vendor_queue",
        "bookings",
        ["vendor_code", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("waits_for_vendor"),
    )
    op.create_index("ix_bookings__vendor_visit", "bookings", ["vendor_code", "visit_at", "id"], unique=False)
    op.create_index("ix_bookings__visit", "bookings", ["visit_at", "id"], unique=False)
    op.create_table(
        "cards",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_seq", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_cards__policy_id_insured_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_cards")),
        sa.UniqueConstraint("policy_id", "insured_id", name=op.f("uq_cards__policy_id_insured_id")),
        sa.UniqueConstraint("policy_id", "number", name=op.f("uq_cards__policy_id_number")),
    )
    op.create_index("ix_cards__number", "cards", ["number"], unique=False)
    op.create_table(
        "consents",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("recipient_contact", sa.String(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("data_kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("text_version", sa.String(), nullable=False),
        sa.Column("text_sha256", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("granted_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("given_by in ('INSURED', 'GUARDIAN', 'AGENT')", name=op.f("ck_consents__given_by_known")),
        sa.CheckConstraint(
            "kind <> 'CROSS_BORDER' or (recipient <> '' and num_nulls(recipient_contact, method) = 0)",
            name=op.f("ck_consents__cross_border_whole"),
        ),
        sa.CheckConstraint(
            "kind in ('SENSITIVE_DATA', 'VENDOR_SHARING', 'THIRD_PARTY_SHARING', 'REPORT_SHARING', 'CROSS_BORDER')",
            name=op.f("ck_consents__kind_known"),
        ),
        sa.CheckConstraint("text_sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_consents__text_sha256_shaped")),
        sa.CheckConstraint(
            "(withdrawn_at is null) = (withdrawn_by is null)", name=op.f("ck_consents__withdrawn_whole")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_consents__policy_id_insured_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_consents")),
    )
    op.create_index(
        "uq_consents__one_live",
        "consents",
        ["policy_id", "insured_id", "kind", "recipient", "purpose"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at is null"),
    )
    op.create_table(
        "coverages",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("insured_id", sa.UUID(), nullable=False),
        sa.Column("cover", postgresql.DATERANGE(), nullable=False),
        sa.CheckConstraint(
            "not isempty(cover) and lower_inc(cover) and not upper_inc(cover) and upper(cover) is not null",
            name=op.f("ck_coverages__cover_half_open"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_coverages__policy_id_insured_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "insured_id", name=op.f("pk_coverages")),
    )
    op.create_table(
        "document_events",
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("document_id", sa.UUID(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["machine", "from_state", "command", "role", "to_state"],
            [
                "transitions.machine",
                "transitions.from_state",
                "transitions.command",
                "transitions.role",
                "transitions.to_state",
            ],
            name="fk_document_events__transition",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "document_id"],
            ["documents.policy_id", "documents.id"],
            name=op.f("fk_document_events__policy_id_document_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "document_id", "seq", name=op.f("pk_document_events")),
    )
    op.create_table(
        "entitlement_accounts",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("period", postgresql.DATERANGE(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=True),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("cancellations", sa.Integer(), nullable=False),
        sa.Column("usable_from", sa.Date(), nullable=True),
        sa.Column("remaining", sa.Integer(), sa.Computed("granted - held - used", persisted=True), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "granted is null or held + used <= granted", name=op.f("ck_entitlement_accounts__not_overspent")
        ),
        sa.CheckConstraint(
            "held >= 0 and used >= 0 and cancellations >= 0 and granted >= 0",
            name=op.f("ck_entitlement_accounts__not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_entitlement_accounts__policy_id_insured_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_entitlement_accounts")),
        sa.UniqueConstraint(
            "policy_id",
            "insured_id",
            "service",
            "period",
            name=op.f("uq_entitlement_accounts__policy_id_insured_id_service_period"),
        ),
    )
    op.create_index(
        "ix_entitlement_accounts__left",
        "entitlement_accounts",
        [sa.literal_column("upper(period)")],
        unique=False,
        postgresql_where=sa.text("remaining > 0"),
    )
    op.create_table(
        "health_records",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("insured_id", sa.UUID(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("vendor_code", sa.String(), nullable=True),
        sa.Column("basics", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("family_history", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("habits", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("updated_by", sa.String(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_health_records__policy_id_insured_id"),
        ),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_health_records__product_code")),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_health_records__vendor_code")),
        sa.PrimaryKeyConstraint("policy_id", "insured_id", name=op.f("pk_health_records")),
    )
    op.create_index(
        "ix_health_records__created", "health_records", ["created_at", "policy_id", "insured_id"], unique=False
    )
    op.create_index(
        "ix_health_records__vendor_created",
        "health_records",
        ["vendor_code", "created_at", "policy_id", "insured_id"],
        unique=False,
    )
    op.create_table(
        "manager_contacts",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("vendor_code", sa.String(), nullable=True),
        sa.Column("policy_number", sa.String(), nullable=False),
        sa.Column("manager", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("contacted_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("is_reached", sa.Boolean(), nullable=False),
        sa.Column("content", sa.String(), nullable=True),
        sa.Column("next_contact_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("followed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "channel in ('PHONE', 'WECHAT_WORK', 'SMS', 'OTHER')", name=op.f("ck_manager_contacts__channel_known")
        ),
        sa.CheckConstraint(
            "topic in ('CONSULTATION', 'PREVENTION', 'CHRONIC_DISEASE', 'REHABILITATION', 'OTHER')",
            name=op.f("ck_manager_contacts__topic_known"),
        ),
        sa.CheckConstraint("is_reached = (content is not null)", name=op.f("ck_manager_contacts__said_if_reached")),
        sa.CheckConstraint("next_contact_at > contacted_at", name=op.f("ck_manager_contacts__next_is_later")),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_manager_contacts__policy_id_insured_id"),
        ),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_manager_contacts__product_code")),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_manager_contacts__vendor_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_manager_contacts")),
    )
    op.create_index("ix_manager_contacts__contacted", "manager_contacts", ["contacted_at", "id"], unique=False)
    op.create_index(
        "ix_manager_contacts__insured",
        "manager_contacts",
        ["policy_id", "insured_id", "contacted_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_manager_contacts__policy_contacted", "manager_contacts", ["policy_id", "contacted_at", "id"], unique=False
    )
    op.create_index(
        "ix_manager_contacts__queue",
        "manager_contacts",
        ["vendor_code", "next_contact_at", "id"],
        unique=False,
        postgresql_where=sa.text("next_contact_at is not null and followed_at is null"),
    )
    op.create_index(
        "ix_manager_contacts__vendor_contacted", "manager_contacts", ["vendor_code", "contacted_at", "id"], unique=False
    )
    op.create_table(
        "policy_grants",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=True),
        sa.Column("valid_until", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("granted_by", sa.String(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.String(), nullable=True),
        sa.Column("revoked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role in ('HOLDER', 'INSURED', 'GUARDIAN', 'AGENT')", name=op.f("ck_policy_grants__role_known")
        ),
        sa.CheckConstraint(
            "role not in ('GUARDIAN', 'AGENT') or valid_until is not null", name=op.f("ck_policy_grants__ends_some_day")
        ),
        sa.CheckConstraint(
            "role not in ('INSURED', 'GUARDIAN') or insured_id is not null",
            name=op.f("ck_policy_grants__insured_named"),
        ),
        sa.CheckConstraint("(revoked_at is null) = (revoked_by is null)", name=op.f("ck_policy_grants__revoked_whole")),
        sa.CheckConstraint("valid_until > created_at", name=op.f("ck_policy_grants__ends_later")),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_policy_grants__policy_id_insured_id"),
        ),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.policy_id"], name=op.f("fk_policy_grants__policy_id")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_policy_grants")),
    )
    op.create_index("ix_policy_grants__subject", "policy_grants", ["subject", "issuer", "policy_id"], unique=False)
    op.create_index(
        "uq_policy_grants__one_live",
        "policy_grants",
        ["policy_id", "issuer", "subject", "role", "insured_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "preauths",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("plan_code", sa.String(), nullable=True),
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_seq", sa.Integer(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_code", sa.String(), nullable=True),
        sa.Column("hospital_code", sa.String(), nullable=False),
        sa.Column("submitter", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("diagnosis", sa.String(), nullable=True),
        sa.Column("treatment_on", sa.Date(), nullable=False),
        sa.Column("expected_cumulative", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "channel in ('MINI_PROGRAM', 'OFFICIAL_ACCOUNT', 'HOTLINE', 'EMAIL', 'HOSPITAL')",
            name=op.f("ck_preauths__channel_known"),
        ),
        sa.CheckConstraint("submitter in ('CUSTOMER', 'VENDOR', 'STAFF')", name=op.f("ck_preauths__submitter_known")),
        sa.CheckConstraint("approved_by is null or approved_by <> decided_by", name=op.f("ck_preauths__two_people")),
        sa.CheckConstraint("expected_cumulative >= 0", name=op.f("ck_preauths__expected_cumulative_not_negative")),
        sa.ForeignKeyConstraint(["hospital_code"], ["hospitals.code"], name=op.f("fk_preauths__hospital_code")),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_preauths__policy_id_insured_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "supersedes_id"],
            ["preauths.policy_id", "preauths.id"],
            name=op.f("fk_preauths__policy_id_supersedes_id"),
        ),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.policy_id"], name=op.f("fk_preauths__policy_id")),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_preauths__product_code")),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_preauths__vendor_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_preauths")),
        sa.UniqueConstraint("policy_id", "number", name=op.f("uq_preauths__policy_id_number")),
    )
    op.create_index("ix_preauths__created", "preauths", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_preauths__ending",
        "preauths",
        ["valid_until", "id"],
        unique=False,
        postgresql_where=sa.text("state in ('APPROVED', 'PARTIALLY_APPROVED')"),
    )
    op.create_index("ix_preauths__insured", "preauths", ["policy_id", "insured_id"], unique=False)
    op.create_index("ix_preauths__number", "preauths", ["number", "id"], unique=False)
    op.create_index(
        "ix_preauths__number_pairs",
        "preauths",
        [
            sa.literal_column(
                "(string_to_array(regexp_replace(number::text, '(..)'::text, '\\1|'::text, 'g'::text), '|'::text) || string_to_array(regexp_replace(substr(number::text, 2), '(..)'::text, '\\1|'::text, 'g'::text), '|'::text))"
            )
        ],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index("ix_preauths__policy_created", "preauths", ["policy_id", "created_at", "id"], unique=False)
    op.create_index("ix_preauths__state", "preauths", ["state", "created_at", "id"], unique=False)
    op.create_index("ix_preauths__treatment", "preauths", ["treatment_on", "id"], unique=False)
    op.create_index("ix_preauths__vendor_created", "preauths", ["vendor_code", "created_at", "id"], unique=False)
    op.create_index(
        "uq_preauths__one_live_revision",
        "preauths",
        ["policy_id", "supersedes_id"],
        unique=True,
        postgresql_where=sa.text("state not in ('REFUSED', 'NOT_REQUIRED', 'WITHDRAWN')"),
    )
    op.create_table(
        "vaccination_reminders",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("vaccine", sa.String(), nullable=False),
        sa.Column("dose", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("guidance", sa.String(), nullable=True),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("vendor_code", sa.String(), nullable=True),
        sa.Column("planned_by", sa.String(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("reminded_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.CheckConstraint("dose > 0", name=op.f("ck_vaccination_reminders__dose_positive")),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_vaccination_reminders__policy_id_insured_id"),
        ),
        sa.ForeignKeyConstraint(
            ["product_code"], ["products.code"], name=op.f("fk_vaccination_reminders__product_code")
        ),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_vaccination_reminders__vendor_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_vaccination_reminders")),
        sa.UniqueConstraint(
            "policy_id",
            "insured_id",
            "vaccine",
            "dose",
            name=op.f("uq_vaccination_reminders__policy_id_insured_id_vaccine_dose"),
        ),
    )
    op.create_index(
        "ix_vaccination_reminders__due",
        "vaccination_reminders",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("reminded_at is null and done_on is null"),
    )
    op.create_index(
        "ix_vaccination_reminders__insured",
        "vaccination_reminders",
        ["policy_id", "insured_id", "due_on", "id"],
        unique=False,
    )
    op.create_table(
        "visit_restrictions",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("hospital_code", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("imposed_by", sa.String(), nullable=False),
        sa.Column("imposed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("lifted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("lift_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'HOSPITAL') = (hospital_code is not null)", name=op.f("ck_visit_restrictions__hospital_named")
        ),
        sa.CheckConstraint(
            "kind in ('HOSPITAL', 'BOOKING', 'DIRECT_BILLING')", name=op.f("ck_visit_restrictions__kind_known")
        ),
        sa.CheckConstraint(
            "num_nulls(lifted_at, lifted_by, lift_reason) in (0, 3)", name=op.f("ck_visit_restrictions__lifted_whole")
        ),
        sa.ForeignKeyConstraint(
            ["hospital_code"], ["hospitals.code"], name=op.f("fk_visit_restrictions__hospital_code")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_visit_restrictions__policy_id_insured_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_visit_restrictions")),
    )
    op.create_index(
        "uq_visit_restrictions__one_live",
        "visit_restrictions",
        ["policy_id", "insured_id", "kind", "hospital_code"],
        unique=True,
        postgresql_where=sa.text("lifted_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "advance_events",
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("rulebook", sa.String(), nullable=False),
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("advance_id", sa.UUID(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["machine", "from_state", "command", "role", "to_state"],
            [
                "transitions.machine",
                "transitions.from_state",
                "transitions.command",
                "transitions.role",
                "transitions.to_state",
            ],
            name="fk_advance_events__transition",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "advance_id"],
            ["advances.policy_id", "advances.id"],
            name=op.f("fk_advance_events__policy_id_advance_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "advance_id", "seq", name=op.f("pk_advance_events")),
    )
    op.create_table(
        "advance_payments",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("advance_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("requested_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("approved_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("requested_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("paid_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("(kind = 'FIRST') = (seq = 1)", name=op.f("ck_advance_payments__first_comes_first")),
        sa.CheckConstraint("(state = 'PAID') = (paid_at is not null)", name=op.f("ck_advance_payments__paid_whole")),
        sa.CheckConstraint("kind in ('FIRST', 'TOP_UP')", name=op.f("ck_advance_payments__kind_known")),
        sa.CheckConstraint(
            "state in ('REQUESTED', 'APPROVED', 'REFUSED', 'CANCELLED', 'PAID')",
            name=op.f("ck_advance_payments__state_known"),
        ),
        sa.CheckConstraint(
            "state not in ('APPROVED', 'PAID') or approved_amount is not null",
            name=op.f("ck_advance_payments__approved_whole"),
        ),
        sa.CheckConstraint(
            "requested_amount > 0 and approved_amount > 0", name=op.f("ck_advance_payments__amounts_positive")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "advance_id"],
            ["advances.policy_id", "advances.id"],
            name=op.f("fk_advance_payments__policy_id_advance_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_advance_payments")),
        sa.UniqueConstraint(
            "policy_id", "advance_id", "seq", name=op.f("uq_advance_payments__policy_id_advance_id_seq")
        ),
        sa.UniqueConstraint("policy_id", "reference", name=op.f("uq_advance_payments__policy_id_reference")),
    )
    op.create_index(
        "uq_advance_payments__one_open",
        "advance_payments",
        ["policy_id", "advance_id"],
        unique=True,
        postgresql_where=sa.text("state in ('REQUESTED', 'APPROVED')"),
    )
    op.create_table(
        "booking_deductions",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(state = 'PROPOSED') = (decided_at is null)", name=op.f("ck_booking_deductions__decided_whole")
        ),
        sa.CheckConstraint(
            "state in ('PROPOSED', 'APPROVED', 'REJECTED')", name=op.f("ck_booking_deductions__state_known")
        ),
        sa.CheckConstraint(
            "decided_by is null or decided_by <> proposed_by", name=op.f("ck_booking_deductions__two_people")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_booking_deductions__policy_id_booking_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_booking_deductions")),
        sa.UniqueConstraint("policy_id", "booking_id", name=op.f("uq_booking_deductions__policy_id_booking_id")),
    )
    op.create_table(
        "booking_events",
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("rulebook", sa.String(), nullable=False),
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.UUID(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["machine", "from_state", "command", "role", "to_state"],
            [
                "transitions.machine",
                "transitions.from_state",
                "transitions.command",
                "transitions.role",
                "transitions.to_state",
            ],
            name="fk_booking_events__transition",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_booking_events__policy_id_booking_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "booking_id", "seq", name=op.f("pk_booking_events")),
    )
    op.create_table(
        "booking_ratings",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.UUID(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("score between 1 and 5", name=op.f("ck_booking_ratings__score_in_range")),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_booking_ratings__policy_id_booking_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "booking_id", name=op.f("pk_booking_ratings")),
    )
    op.create_table(
        "brand_locks",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("liability", sa.String(), nullable=False),
        sa.Column("brand_code", sa.String(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("locked_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("released_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "liability in ('OUTPATIENT_INPATIENT', 'VACCINE', 'EYE', 'DENTAL')",
            name=op.f("ck_brand_locks__liability_known"),
        ),
        sa.ForeignKeyConstraint(["brand_code"], ["clinic_brands.code"], name=op.f("fk_brand_locks__brand_code")),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_brand_locks__policy_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_brand_locks__policy_id_insured_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_brand_locks")),
    )
    op.create_index(
        "uq_brand_locks__one_live",
        "brand_locks",
        ["policy_id", "insured_id", "liability"],
        unique=True,
        postgresql_where=sa.text("released_at is null"),
    )
    op.create_table(
        "call_attempts",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.UUID(), nullable=False),
        sa.Column("caller", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("is_answered", sa.Boolean(), nullable=False),
        sa.Column("call_reference", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("caller in ('HEALTH_MANAGER', 'EXPERT')", name=op.f("ck_call_attempts__caller_known")),
        sa.CheckConstraint("seq > 0", name=op.f("ck_call_attempts__seq_positive")),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_call_attempts__policy_id_booking_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "booking_id", "caller", "seq", name=op.f("pk_call_attempts")),
    )
    op.create_table(
        "card_bindings",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=True),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("bound_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("unbound_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("proof in ('PHONE_CODE', 'IDENTITY')", name=op.f("ck_card_bindings__proof_known")),
        sa.ForeignKeyConstraint(
            ["policy_id", "card_id"], ["cards.policy_id", "cards.id"], name=op.f("fk_card_bindings__policy_id_card_id")
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_card_bindings")),
    )
    op.create_index(
        "ix_card_bindings__principal",
        "card_bindings",
        ["principal", "policy_id"],
        unique=False,
        postgresql_where=sa.text("unbound_at is null"),
    )
    op.create_index(
        "uq_card_bindings__one_live_per_person",
        "card_bindings",
        ["policy_id", "card_id", "principal"],
        unique=True,
        postgresql_where=sa.text("unbound_at is null"),
    )
    op.create_table(
        "card_codes",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("used_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_card_codes__attempts_not_negative")),
        sa.CheckConstraint("expires_at > sent_at", name=op.f("ck_card_codes__expires_later")),
        sa.ForeignKeyConstraint(
            ["policy_id", "card_id"], ["cards.policy_id", "cards.id"], name=op.f("fk_card_codes__policy_id_card_id")
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_card_codes")),
    )
    op.create_index(
        "ix_card_codes__principal", "card_codes", ["policy_id", "card_id", "principal", "sent_at"], unique=False
    )
    op.create_table(
        "card_events",
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("rulebook", sa.String(), nullable=False),
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("card_id", sa.UUID(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["machine", "from_state", "command", "role", "to_state"],
            [
                "transitions.machine",
                "transitions.from_state",
                "transitions.command",
                "transitions.role",
                "transitions.to_state",
            ],
            name="fk_card_events__transition",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "card_id"], ["cards.policy_id", "cards.id"], name=op.f("fk_card_events__policy_id_card_id")
        ),
        sa.PrimaryKeyConstraint("policy_id", "card_id", "seq", name=op.f("pk_card_events")),
    )
    op.create_table(
        "card_suspensions",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("cause_type", sa.String(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("rule_code", sa.String(), nullable=True),
        sa.Column("suspended_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("lifted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "cause_type in ('BILL', 'REPAYMENT', 'RESTRICTION')", name=op.f("ck_card_suspensions__cause_type_known")
        ),
        sa.CheckConstraint("(lifted_at is null) = (lifted_by is null)", name=op.f("ck_card_suspensions__lifted_whole")),
        sa.ForeignKeyConstraint(
            ["policy_id", "card_id"],
            ["cards.policy_id", "cards.id"],
            name=op.f("fk_card_suspensions__policy_id_card_id"),
        ),
        sa.ForeignKeyConstraint(["rule_code"], ["rules.code"], name=op.f("fk_card_suspensions__rule_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_card_suspensions")),
    )
    op.create_index(
        "uq_card_suspensions__one_active_per_cause",
        "card_suspensions",
        ["policy_id", "card_id", "cause_type", "cause_id"],
        unique=True,
        postgresql_where=sa.text("lifted_at is null"),
    )
    op.create_table(
        "checkup_plans",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("age_years", sa.Integer(), nullable=False),
        sa.Column("gender", sa.String(), nullable=False),
        sa.Column("family_history", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("habits", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("suggestions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("advice", sa.String(), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("suggested_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("gender in ('MALE', 'FEMALE')", name=op.f("ck_checkup_plans__gender_known")),
        sa.CheckConstraint("age_years >= 0", name=op.f("ck_checkup_plans__age_not_negative")),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_checkup_plans__policy_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_checkup_plans__policy_id_insured_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_checkup_plans")),
        sa.UniqueConstraint("policy_id", "booking_id", name=op.f("uq_checkup_plans__policy_id_booking_id")),
    )
    op.create_index(
        "ix_checkup_plans__insured", "checkup_plans", ["policy_id", "insured_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "claims",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_seq", sa.Integer(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_code", sa.String(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("hospital_code", sa.String(), nullable=True),
        sa.Column("card_id", sa.Uuid(), nullable=True),
        sa.Column("preauth_id", sa.Uuid(), nullable=True),
        sa.Column("advance_id", sa.Uuid(), nullable=True),
        sa.Column("shown_id_type", sa.String(), nullable=True),
        sa.Column("asked_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("is_emergency", sa.Boolean(), nullable=False),
        sa.Column("is_follow_up", sa.Boolean(), nullable=True),
        sa.Column("has_surgery", sa.Boolean(), nullable=False),
        sa.Column("third_party_settled", sa.Boolean(), nullable=False),
        sa.Column("is_preauth_missing", sa.Boolean(), nullable=False),
        sa.Column("bank_name", sa.String(), nullable=True),
        sa.Column("account_holder", sa.String(), nullable=True),
        sa.Column("account_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("account_hash", sa.LargeBinary(), nullable=True),
        sa.Column("account_last4", sa.String(), nullable=True),
        sa.Column("originals_received_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("documents_complete_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'ADVANCE_SETTLEMENT') = (advance_id is not null)", name=op.f("ck_claims__advance_named")
        ),
        sa.CheckConstraint(
            "(starts_with(kind, 'DIRECT_')) = (card_id is not null)", name=op.f("ck_claims__card_shown")
        ),
        sa.CheckConstraint(
            "channel in ('ONLINE', 'MAIL_ORIGINALS', 'HOTLINE', 'EMAIL')", name=op.f("ck_claims__channel_known")
        ),
        sa.CheckConstraint(
            "kind in ('PUBLIC_OUTPATIENT', 'PUBLIC_INPATIENT', 'INTERNET_PRESCRIPTION', 'VACCINE', 'DIRECT_OUTPATIENT', 'DIRECT_INPATIENT', 'DIRECT_VACCINE', 'DIRECT_DENTAL', 'DIRECT_EYE', 'DIRECT_HEALTH_CHECK', 'ADVANCE_SETTLEMENT')",
            name=op.f("ck_claims__kind_known"),
        ),
        sa.CheckConstraint(
            "not starts_with(kind, 'DIRECT_') or hospital_code is not null",
            name=op.f("ck_claims__direct_by_a_hospital"),
        ),
        sa.CheckConstraint("asked_amount > 0", name=op.f("ck_claims__asked_amount_positive")),
        sa.CheckConstraint(
            "num_nonnulls(bank_name, account_holder, account_encrypted, account_hash, account_last4) in (0, 5)",
            name=op.f("ck_claims__account_whole"),
        ),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_claims__revision_not_negative")),
        sa.ForeignKeyConstraint(["hospital_code"], ["hospitals.code"], name=op.f("fk_claims__hospital_code")),
        sa.ForeignKeyConstraint(
            ["policy_id", "advance_id"],
            ["advances.policy_id", "advances.id"],
            name=op.f("fk_claims__policy_id_advance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_claims__policy_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "card_id"], ["cards.policy_id", "cards.id"], name=op.f("fk_claims__policy_id_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_claims__policy_id_insured_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "preauth_id"],
            ["preauths.policy_id", "preauths.id"],
            name=op.f("fk_claims__policy_id_preauth_id"),
        ),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.policy_id"], name=op.f("fk_claims__policy_id")),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_claims__product_code")),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_claims__vendor_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_claims")),
        sa.UniqueConstraint("policy_id", "number", name=op.f("uq_claims__policy_id_number")),
    )
    op.create_index("ix_claims__advance", "claims", ["policy_id", "advance_id"], unique=False)
    op.create_index("ix_claims__booking", "claims", ["policy_id", "booking_id"], unique=False)
    op.create_index("ix_claims__created", "claims", ["created_at", "id"], unique=False)
    op.create_index("ix_claims__kind", "claims", ["kind", "created_at", "id"], unique=False)
    op.create_index("ix_claims__number", "claims", ["number", "id"], unique=False)
    op.create_index(
        "ix_claims__number_pairs",
        "claims",
        [
            sa.literal_column(
                "(string_to_array(regexp_replace(number::text, '(..)'::text, '\\1|'::text, 'g'::text), '|'::text) || string_to_array(regexp_replace(substr(number::text, 2), '(..)'::text, '\\1|'::text, 'g'::text), '|'::text))"
            )
        ],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index("ix_claims__policy_created", "claims", ["policy_id", "created_at", "id"], unique=False)
    op.create_index("ix_claims__preauth", "claims", ["policy_id", "preauth_id"], unique=False)
    op.create_index("ix_claims__state", "claims", ["state", "created_at", "id"], unique=False)
    op.create_index("ix_claims__vendor_created", "claims", ["vendor_code", "created_at", "id"], unique=False)
    op.create_index(
        "uq_claims__one_direct_per_booking",
        "claims",
        ["policy_id", "booking_id"],
        unique=True,
        postgresql_where=sa.text("card_id is not null and state <> 'WITHDRAWN'"),
    )
    op.create_table(
        "consultation_details",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.UUID(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("phone_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("phone_last4", sa.String(), nullable=True),
        sa.Column("is_by_phone", sa.Boolean(), nullable=False),
        sa.Column("is_after_hours", sa.Boolean(), nullable=False),
        sa.Column("doctor_name", sa.String(), nullable=True),
        sa.Column("doctor_title", sa.String(), nullable=True),
        sa.Column("doctor_years", sa.Integer(), nullable=True),
        sa.Column("doctor_hospital", sa.String(), nullable=True),
        sa.Column("doctor_employment", sa.String(), nullable=True),
        sa.Column("is_doctor_licensed", sa.Boolean(), nullable=True),
        sa.Column("is_doctor_of_top_hospital", sa.Boolean(), nullable=True),
        sa.Column("first_replied_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("call_started_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("call_ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("summary", sa.String(), nullable=True),
        sa.Column("summary_sent_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "doctor_employment in ('FULL_TIME', 'IN_SERVICE_AT_HOSPITAL', 'OTHER')",
            name=op.f("ck_consultation_details__doctor_employment_known"),
        ),
        sa.CheckConstraint(
            "doctor_title in ('RESIDENT', 'ATTENDING', 'ASSOCIATE_CHIEF', 'CHIEF')",
            name=op.f("ck_consultation_details__doctor_title_known"),
        ),
        sa.CheckConstraint(
            "mode in ('TEXT', 'PHONE', 'FAMILY_DOCTOR')", name=op.f("ck_consultation_details__mode_known")
        ),
        sa.CheckConstraint(
            "(summary is null) = (summary_sent_at is null)", name=op.f("ck_consultation_details__summary_whole")
        ),
        sa.CheckConstraint(
            "call_ended_at is null or call_ended_at >= call_started_at",
            name=op.f("ck_consultation_details__call_ordered"),
        ),
        sa.CheckConstraint("doctor_years >= 0", name=op.f("ck_consultation_details__doctor_years_not_negative")),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_consultation_details__policy_id_booking_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "booking_id", name=op.f("pk_consultation_details")),
    )
    op.create_table(
        "consultation_messages",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "author in ('CUSTOMER', 'DOCTOR', 'SYSTEM')", name=op.f("ck_consultation_messages__author_known")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_consultation_messages__policy_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "document_id"],
            ["documents.policy_id", "documents.id"],
            name=op.f("fk_consultation_messages__policy_id_document_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_consultation_messages")),
    )
    op.create_index(
        "ix_consultation_messages__booking",
        "consultation_messages",
        ["policy_id", "booking_id", "at", "id"],
        unique=False,
    )
    op.create_table(
        "drug_damages",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reported_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("re_dispatched_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'REPORTED') = (decided_at is null)", name=op.f("ck_drug_damages__decided_whole")),
        sa.CheckConstraint("cause in ('TRANSIT', 'CLIENT')", name=op.f("ck_drug_damages__cause_known")),
        sa.CheckConstraint(
            "re_dispatched_at is null or (state = 'VERIFIED' and cause = 'TRANSIT')",
            name=op.f("ck_drug_damages__sent_again"),
        ),
        sa.CheckConstraint("state in ('REPORTED', 'VERIFIED', 'REJECTED')", name=op.f("ck_drug_damages__state_known")),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_drug_damages__policy_id_booking_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_drug_damages")),
    )
    op.create_index("ix_drug_damages__booking", "drug_damages", ["policy_id", "booking_id"], unique=False)
    op.create_index(
        "uq_drug_damages__one_open",
        "drug_damages",
        ["policy_id", "booking_id"],
        unique=True,
        postgresql_where=sa.text("state = 'REPORTED'"),
    )
    op.create_table(
        "drug_order_details",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.UUID(), nullable=False),
        sa.Column("drug_id", sa.Uuid(), nullable=False),
        sa.Column("diagnosis", sa.String(), nullable=False),
        sa.Column("is_malignant", sa.Boolean(), nullable=True),
        sa.Column("prescription_id", sa.Uuid(), nullable=False),
        sa.Column("is_unavailable_in_hospital", sa.Boolean(), nullable=False),
        sa.Column("applicant", sa.String(), nullable=False),
        sa.Column("review_outcome", sa.String(), nullable=True),
        sa.Column("reviewed_by", sa.String(), nullable=True),
        sa.Column("reviewed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("review_reason", sa.String(), nullable=True),
        sa.Column("voucher_code", sa.String(), nullable=True),
        sa.Column("voucher_issued_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("fulfillment", sa.String(), nullable=True),
        sa.Column("pharmacy_code", sa.String(), nullable=True),
        sa.Column("pharmacy_name", sa.String(), nullable=True),
        sa.Column("address_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("recipient_name", sa.String(), nullable=True),
        sa.Column("phone_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("phone_last4", sa.String(), nullable=True),
        sa.Column("inspected_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("paid_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("delivered_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "applicant in ('INSURED', 'GUARDIAN', 'AGENT')", name=op.f("ck_drug_order_details__applicant_known")
        ),
        sa.CheckConstraint(
            "coalesce(fulfillment, '') <> 'DELIVERY' or address_encrypted is not null",
            name=op.f("ck_drug_order_details__delivery_placed"),
        ),
        sa.CheckConstraint(
            "coalesce(review_outcome, '') <> 'REJECTED' or review_reason is not null",
            name=op.f("ck_drug_order_details__rejected_with_reason"),
        ),
        sa.CheckConstraint(
            "fulfillment in ('PICKUP', 'DELIVERY')", name=op.f("ck_drug_order_details__fulfillment_known")
        ),
        sa.CheckConstraint(
            "num_nonnulls(pharmacy_code, pharmacy_name) = 0 or coalesce(fulfillment, '') = 'PICKUP'",
            name=op.f("ck_drug_order_details__pickup_placed"),
        ),
        sa.CheckConstraint(
            "review_outcome in ('APPROVED', 'REJECTED')", name=op.f("ck_drug_order_details__review_outcome_known")
        ),
        sa.CheckConstraint(
            "voucher_code is null or coalesce(review_outcome, '') = 'APPROVED'",
            name=op.f("ck_drug_order_details__voucher_after_review"),
        ),
        sa.CheckConstraint(
            "(review_outcome is null) = (reviewed_at is null)", name=op.f("ck_drug_order_details__reviewed_whole")
        ),
        sa.CheckConstraint(
            "(voucher_code is null) = (voucher_issued_at is null)", name=op.f("ck_drug_order_details__voucher_whole")
        ),
        sa.CheckConstraint(
            "num_nonnulls(pharmacy_code, pharmacy_name) < 2", name=op.f("ck_drug_order_details__one_pharmacy")
        ),
        sa.ForeignKeyConstraint(["drug_id"], ["drugs.id"], name=op.f("fk_drug_order_details__drug_id")),
        sa.ForeignKeyConstraint(
            ["pharmacy_code"], ["pharmacies.code"], name=op.f("fk_drug_order_details__pharmacy_code")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_drug_order_details__policy_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "prescription_id"],
            ["documents.policy_id", "documents.id"],
            name=op.f("fk_drug_order_details__policy_id_prescription_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "booking_id", name=op.f("pk_drug_order_details")),
        sa.UniqueConstraint("policy_id", "voucher_code", name=op.f("uq_drug_order_details__policy_id_voucher_code")),
    )
    op.create_table(
        "drug_question_details",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.UUID(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("drug_id", sa.Uuid(), nullable=True),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("phone_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("phone_last4", sa.String(), nullable=False),
        sa.Column("logged_by", sa.String(), nullable=True),
        sa.Column("logged_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("called_back_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.CheckConstraint(
            "category in ('ADVERSE_REACTION', 'GENERAL_INFORMATION', 'CONTRAINDICATION', 'INDICATION', 'PHARMACY_LOCATION', 'PURCHASE_ROUTE', 'NEW_DRUG_INFORMATION', 'CHARITY_PROGRAM', 'OTHER')",
            name=op.f("ck_drug_question_details__category_known"),
        ),
        sa.CheckConstraint(
            "called_back_at is null or logged_at is not null", name=op.f("ck_drug_question_details__logged_first")
        ),
        sa.ForeignKeyConstraint(["drug_id"], ["drugs.id"], name=op.f("fk_drug_question_details__drug_id")),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_drug_question_details__policy_id_booking_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "booking_id", name=op.f("pk_drug_question_details")),
    )
    op.create_table(
        "emergency_notices",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("preauth_id", sa.Uuid(), nullable=True),
        sa.Column("hospital_code", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("diagnosis", sa.String(), nullable=True),
        sa.Column("emergency_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("received_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(state in ('WAIVER_GRANTED', 'WAIVER_REFUSED')) = (decided_at is not null)",
            name=op.f("ck_emergency_notices__decided_whole"),
        ),
        sa.CheckConstraint(
            "channel in ('MINI_PROGRAM', 'OFFICIAL_ACCOUNT', 'HOTLINE', 'EMAIL', 'HOSPITAL')",
            name=op.f("ck_emergency_notices__channel_known"),
        ),
        sa.CheckConstraint(
            "state in ('ON_TIME', 'LATE', 'WAIVER_GRANTED', 'WAIVER_REFUSED')",
            name=op.f("ck_emergency_notices__state_known"),
        ),
        sa.CheckConstraint(
            "decided_at is null or (decided_by is not null and reason is not null)",
            name=op.f("ck_emergency_notices__decided_by_someone"),
        ),
        sa.CheckConstraint("received_at >= emergency_at", name=op.f("ck_emergency_notices__received_after_emergency")),
        sa.ForeignKeyConstraint(
            ["hospital_code"], ["hospitals.code"], name=op.f("fk_emergency_notices__hospital_code")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_emergency_notices__policy_id_insured_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "preauth_id"],
            ["preauths.policy_id", "preauths.id"],
            name=op.f("fk_emergency_notices__policy_id_preauth_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_emergency_notices")),
    )
    op.create_index(
        "ix_emergency_notices__late",
        "emergency_notices",
        ["received_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'LATE'"),
    )
    op.create_index("ix_emergency_notices__preauth", "emergency_notices", ["policy_id", "preauth_id"], unique=False)
    op.create_table(
        "entitlement_entries",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=True),
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("granted_change", sa.Integer(), nullable=False),
        sa.Column("held_change", sa.Integer(), nullable=False),
        sa.Column("used_change", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("rule_code", sa.String(), nullable=True),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('GRANT', 'HOLD', 'CONSUME', 'RELEASE', 'EXPIRE', 'ADJUST')",
            name=op.f("ck_entitlement_entries__kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "account_id"],
            ["entitlement_accounts.policy_id", "entitlement_accounts.id"],
            name=op.f("fk_entitlement_entries__policy_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_entitlement_entries")),
        sa.UniqueConstraint("policy_id", "command_id", name=op.f("uq_entitlement_entries__policy_id_command_id")),
    )
    op.create_index(
        "ix_entitlement_entries__account", "entitlement_entries", ["policy_id", "account_id", "id"], unique=False
    )
    op.create_table(
        "entitlement_holds",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("service_month", sa.Date(), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("resolved_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('HELD', 'CONSUMED', 'RELEASED', 'EXPIRED')", name=op.f("ck_entitlement_holds__state_known")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_entitlement_holds__quantity_positive")),
        sa.ForeignKeyConstraint(
            ["policy_id", "account_id"],
            ["entitlement_accounts.policy_id", "entitlement_accounts.id"],
            name=op.f("fk_entitlement_holds__policy_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_entitlement_holds")),
    )
    op.create_index(
        "uq_entitlement_holds__one_live_per_month",
        "entitlement_holds",
        ["policy_id", "account_id", "service_month"],
        unique=True,
        postgresql_where=sa.text("service_month is not null and state in ('HELD', 'CONSUMED')"),
    )
    op.create_index(
        "uq_entitlement_holds__one_live_per_subject",
        "entitlement_holds",
        ["policy_id", "subject_type", "subject_id"],
        unique=True,
        postgresql_where=sa.text("state in ('HELD', 'CONSUMED')"),
    )
    op.create_table(
        "escort_details",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.UUID(), nullable=False),
        sa.Column("patient_name", sa.String(), nullable=False),
        sa.Column("patient_gender", sa.String(), nullable=True),
        sa.Column("patient_birth_on", sa.Date(), nullable=True),
        sa.Column("patient_phone_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("patient_phone_last4", sa.String(), nullable=True),
        sa.Column("registration", sa.String(), nullable=True),
        sa.Column("is_diagnosed", sa.Boolean(), nullable=True),
        sa.Column("symptom", sa.String(), nullable=True),
        sa.Column("need", sa.String(), nullable=True),
        sa.Column("conditions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("companion_relation", sa.String(), nullable=True),
        sa.Column("companion_name", sa.String(), nullable=True),
        sa.Column("companion_phone_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("companion_phone_last4", sa.String(), nullable=True),
        sa.Column("escort_code", sa.String(), nullable=True),
        sa.Column("escort_name", sa.String(), nullable=True),
        sa.Column("meeting_place", sa.String(), nullable=True),
        sa.Column("materials", sa.String(), nullable=True),
        sa.Column("checklist", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("checked_in_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("checked_out_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("client_expected_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("actual_minutes", sa.Integer(), nullable=True),
        sa.Column("follow_up_note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "companion_relation in ('RELATIVE', 'FAMILY_MEMBER', 'OTHER')",
            name=op.f("ck_escort_details__companion_relation_known"),
        ),
        sa.CheckConstraint(
            "patient_gender in ('MALE', 'FEMALE')", name=op.f("ck_escort_details__patient_gender_known")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_escort_details__policy_id_booking_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "booking_id", name=op.f("pk_escort_details")),
    )
    op.create_table(
        "expert_call_details",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.UUID(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("expert_code", sa.String(), nullable=False),
        sa.Column("slot_starts_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("question", sa.String(), nullable=True),
        sa.Column("phone_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("phone_last4", sa.String(), nullable=False),
        sa.Column("queue_length", sa.Integer(), nullable=True),
        sa.Column("ordered_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("call_started_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("call_ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "mode = 'DIRECT' or slot_starts_at is not null", name=op.f("ck_expert_call_details__scheduled_in_slot")
        ),
        sa.CheckConstraint("mode in ('SCHEDULED', 'DIRECT')", name=op.f("ck_expert_call_details__mode_known")),
        sa.CheckConstraint(
            "call_ended_at is null or call_ended_at >= call_started_at",
            name=op.f("ck_expert_call_details__call_ordered"),
        ),
        sa.CheckConstraint("queue_length >= 0", name=op.f("ck_expert_call_details__queue_length_not_negative")),
        sa.ForeignKeyConstraint(["expert_code"], ["experts.code"], name=op.f("fk_expert_call_details__expert_code")),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_expert_call_details__policy_id_booking_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "booking_id", name=op.f("pk_expert_call_details")),
    )
    op.create_index(
        "ix_expert_call_details__queue",
        "expert_call_details",
        ["expert_code", "ordered_at", "booking_id"],
        unique=False,
    )
    op.create_table(
        "expert_slots",
        sa.Column("expert_code", sa.String(), nullable=False),
        sa.Column("starts_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ends_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("is_visit_hours", sa.Boolean(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("is_waiting", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint("(policy_id is null) = (booking_id is null)", name=op.f("ck_expert_slots__taken_whole")),
        sa.CheckConstraint("booking_id is not null or not is_waiting", name=op.f("ck_expert_slots__waiting_is_taken")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_expert_slots__slot_ordered")),
        sa.ForeignKeyConstraint(["expert_code"], ["experts.code"], name=op.f("fk_expert_slots__expert_code")),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_expert_slots__policy_id_booking_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("expert_code", "starts_at", name=op.f("pk_expert_slots")),
    )
    op.create_index("ix_expert_slots__booking", "expert_slots", ["booking_id"], unique=False)
    op.create_index(
        "ix_expert_slots__free",
        "expert_slots",
        ["starts_at", "expert_code"],
        unique=False,
        postgresql_where=sa.text("booking_id is null"),
    )
    op.create_table(
        "green_channel_contacts",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.UUID(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('ADMISSION_CALL', 'TRACKING', 'DISCHARGE', 'FOLLOW_UP')",
            name=op.f("ck_green_channel_contacts__kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_green_channel_contacts__policy_id_booking_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "booking_id", "seq", name=op.f("pk_green_channel_contacts")),
    )
    op.create_table(
        "growth_assessments",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("is_retracted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("retracted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("retracted_by", sa.String(), nullable=True),
        sa.Column("retraction_reason", sa.String(), nullable=True),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("vendor_code", sa.String(), nullable=True),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("pediatrician", sa.String(), nullable=True),
        sa.Column("health_manager", sa.String(), nullable=True),
        sa.Column("nutritionist", sa.String(), nullable=True),
        sa.Column("rehabilitation_therapist", sa.String(), nullable=True),
        sa.Column("assessment", sa.String(), nullable=False),
        sa.Column("diet_plan", sa.String(), nullable=True),
        sa.Column("measures_retracted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("mode in ('PHONE', 'TEXT', 'OTHER')", name=op.f("ck_growth_assessments__mode_known")),
        sa.CheckConstraint(
            "num_nonnulls(retracted_at, retracted_by, retraction_reason) = case when is_retracted then 3 else 0 end",
            name=op.f("ck_growth_assessments__retracted_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["health_records.policy_id", "health_records.insured_id"],
            name=op.f("fk_growth_assessments__policy_id_insured_id"),
        ),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_growth_assessments__product_code")),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_growth_assessments__vendor_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_growth_assessments")),
    )
    op.create_index(
        "ix_growth_assessments__insured",
        "growth_assessments",
        ["policy_id", "insured_id", "assessed_on", "id"],
        unique=False,
    )
    op.create_table(
        "guarantee_letters",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("preauth_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("hospital_code", sa.String(), nullable=False),
        sa.Column("plan_code", sa.String(), nullable=True),
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_seq", sa.Integer(), nullable=False),
        sa.Column("ceiling", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("drawn", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("carried", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("period", postgresql.DATERANGE(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=False),
        sa.Column("issued_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delivered_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state in ('EXHAUSTED', 'EXPIRED', 'REVOKED', 'SUPERSEDED')) = (ended_at is not null)",
            name=op.f("ck_guarantee_letters__ended_whole"),
        ),
        sa.CheckConstraint("carried >= 0", name=op.f("ck_guarantee_letters__carried_not_negative")),
        sa.CheckConstraint("ceiling > 0", name=op.f("ck_guarantee_letters__ceiling_positive")),
        sa.CheckConstraint("drawn between carried and ceiling", name=op.f("ck_guarantee_letters__not_overdrawn")),
        sa.CheckConstraint(
            "not isempty(period) and lower_inc(period) and not upper_inc(period) and upper(period) is not null",
            name=op.f("ck_guarantee_letters__period_half_open"),
        ),
        sa.ForeignKeyConstraint(
            ["hospital_code"], ["hospitals.code"], name=op.f("fk_guarantee_letters__hospital_code")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "preauth_id"],
            ["preauths.policy_id", "preauths.id"],
            name=op.f("fk_guarantee_letters__policy_id_preauth_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_guarantee_letters")),
        sa.UniqueConstraint("policy_id", "number", name=op.f("uq_guarantee_letters__policy_id_number")),
    )
    op.create_index(
        "ix_guarantee_letters__hospital", "guarantee_letters", ["hospital_code", "issued_at", "id"], unique=False
    )
    op.create_index("ix_guarantee_letters__number", "guarantee_letters", ["number"], unique=False)
    op.create_index(
        "uq_guarantee_letters__one_active_per_provider",
        "guarantee_letters",
        ["policy_id", "preauth_id", "hospital_code"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "health_record_entries",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("is_retracted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("retracted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("retracted_by", sa.String(), nullable=True),
        sa.Column("retraction_reason", sa.String(), nullable=True),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("vendor_code", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("height_cm", sa.Numeric(precision=4, scale=1), nullable=True),
        sa.Column("weight_kg", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'GROWTH_MEASUREMENT') = (num_nonnulls(height_cm, weight_kg) > 0)",
            name=op.f("ck_health_record_entries__measurement_whole"),
        ),
        sa.CheckConstraint(
            "(kind = 'GROWTH_MEASUREMENT') = (title is null)", name=op.f("ck_health_record_entries__title_known")
        ),
        sa.CheckConstraint(
            "kind in ('CHECKUP_REPORT', 'VISIT', 'GROWTH_MEASUREMENT', 'REPORT_EXPLANATION', 'HEALTH_PLAN')",
            name=op.f("ck_health_record_entries__kind_known"),
        ),
        sa.CheckConstraint("height_cm > 0 and weight_kg > 0", name=op.f("ck_health_record_entries__measures_positive")),
        sa.CheckConstraint(
            "is_retracted or replaced_by is null", name=op.f("ck_health_record_entries__replaced_if_retracted")
        ),
        sa.CheckConstraint(
            "num_nonnulls(retracted_at, retracted_by, retraction_reason) = case when is_retracted then 3 else 0 end",
            name=op.f("ck_health_record_entries__retracted_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "document_id"],
            ["documents.policy_id", "documents.id"],
            name=op.f("fk_health_record_entries__policy_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["health_records.policy_id", "health_records.insured_id"],
            name=op.f("fk_health_record_entries__policy_id_insured_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "replaced_by"],
            ["health_record_entries.policy_id", "health_record_entries.id"],
            name=op.f("fk_health_record_entries__policy_id_replaced_by"),
        ),
        sa.ForeignKeyConstraint(
            ["product_code"], ["products.code"], name=op.f("fk_health_record_entries__product_code")
        ),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_health_record_entries__vendor_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_health_record_entries")),
    )
    op.create_index(
        "ix_health_record_entries__insured",
        "health_record_entries",
        ["policy_id", "insured_id", "on", "id"],
        unique=False,
    )
    op.create_table(
        "hospital_visit_details",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.UUID(), nullable=False),
        sa.Column("visit_type", sa.String(), nullable=False),
        sa.Column("department_class", sa.String(), nullable=True),
        sa.Column("liability", sa.String(), nullable=False),
        sa.Column("preauth_id", sa.Uuid(), nullable=True),
        sa.Column("doctor", sa.String(), nullable=True),
        sa.Column("vaccine", sa.String(), nullable=True),
        sa.Column("dose", sa.Integer(), nullable=True),
        sa.Column("open_rules", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("patient_name", sa.String(), nullable=False),
        sa.Column("patient_gender", sa.String(), nullable=True),
        sa.Column("patient_birth_on", sa.Date(), nullable=True),
        sa.Column("patient_phone_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("patient_phone_last4", sa.String(), nullable=True),
        sa.CheckConstraint(
            "department_class in ('GENERAL', 'SPECIAL', 'INTERNATIONAL')",
            name=op.f("ck_hospital_visit_details__department_class_known"),
        ),
        sa.CheckConstraint(
            "liability in ('OUTPATIENT_INPATIENT', 'VACCINE', 'EYE', 'DENTAL')",
            name=op.f("ck_hospital_visit_details__liability_known"),
        ),
        sa.CheckConstraint(
            "patient_gender in ('MALE', 'FEMALE')", name=op.f("ck_hospital_visit_details__patient_gender_known")
        ),
        sa.CheckConstraint(
            "vaccine is null or liability = 'VACCINE'", name=op.f("ck_hospital_visit_details__vaccine_liability")
        ),
        sa.CheckConstraint(
            "visit_type in ('OUTPATIENT', 'INPATIENT')", name=op.f("ck_hospital_visit_details__visit_type_known")
        ),
        sa.CheckConstraint("dose > 0", name=op.f("ck_hospital_visit_details__dose_positive")),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_hospital_visit_details__policy_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "preauth_id"],
            ["preauths.policy_id", "preauths.id"],
            name=op.f("fk_hospital_visit_details__policy_id_preauth_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "booking_id", name=op.f("pk_hospital_visit_details")),
    )
    op.create_table(
        "hotline_overrides",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("rule_code", sa.String(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("visit_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("given_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("spent_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("spent_on", sa.Uuid(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_hotline_overrides__reason_given")),
        sa.CheckConstraint("(spent_at is null) = (spent_on is null)", name=op.f("ck_hotline_overrides__spent_whole")),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_hotline_overrides__policy_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_hotline_overrides__policy_id_insured_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "spent_on"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_hotline_overrides__policy_id_spent_on"),
        ),
        sa.ForeignKeyConstraint(["rule_code"], ["rules.code"], name=op.f("fk_hotline_overrides__rule_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_hotline_overrides")),
    )
    op.create_index(
        "uq_hotline_overrides__one_open",
        "hotline_overrides",
        ["policy_id", "insured_id", "rule_code", "visit_on", "booking_id"],
        unique=True,
        postgresql_where=sa.text("spent_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "inpatient_green_channel_details",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.UUID(), nullable=False),
        sa.Column("diagnosis", sa.String(), nullable=False),
        sa.Column("critical_illness", sa.String(), nullable=True),
        sa.Column("first_diagnosed_on", sa.Date(), nullable=False),
        sa.Column("diagnosed_at_hospital_code", sa.String(), nullable=True),
        sa.Column("admission_slip_id", sa.Uuid(), nullable=True),
        sa.Column("doctor_name", sa.String(), nullable=True),
        sa.Column("doctor_contact", sa.String(), nullable=True),
        sa.Column("admitted_on", sa.Date(), nullable=True),
        sa.Column("discharged_on", sa.Date(), nullable=True),
        sa.Column("open_rules", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "discharged_on is null or discharged_on >= admitted_on",
            name=op.f("ck_inpatient_green_channel_details__stay_ordered"),
        ),
        sa.ForeignKeyConstraint(
            ["diagnosed_at_hospital_code"],
            ["hospitals.code"],
            name=op.f("fk_inpatient_green_channel_details__diagnosed_at_hospital_code"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "admission_slip_id"],
            ["documents.policy_id", "documents.id"],
            name=op.f("fk_inpatient_green_channel_details__policy_id_admission_slip_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_inpatient_green_channel_details__policy_id_booking_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "booking_id", name=op.f("pk_inpatient_green_channel_details")),
    )
    op.create_table(
        "outpatient_green_channel_details",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.UUID(), nullable=False),
        sa.Column("patient_name", sa.String(), nullable=False),
        sa.Column("patient_gender", sa.String(), nullable=True),
        sa.Column("patient_birth_on", sa.Date(), nullable=True),
        sa.Column("patient_phone_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("patient_phone_last4", sa.String(), nullable=True),
        sa.Column("is_diagnosed", sa.Boolean(), nullable=True),
        sa.Column("symptom", sa.String(), nullable=True),
        sa.Column("need", sa.String(), nullable=True),
        sa.Column("need_confirmed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("doctor_name", sa.String(), nullable=True),
        sa.Column("doctor_title", sa.String(), nullable=True),
        sa.Column("follow_up_note", sa.String(), nullable=True),
        sa.Column("open_rules", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "patient_gender in ('MALE', 'FEMALE')",
            name=op.f("ck_outpatient_green_channel_details__patient_gender_known"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_outpatient_green_channel_details__policy_id_booking_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "booking_id", name=op.f("pk_outpatient_green_channel_details")),
    )
    op.create_table(
        "preauth_events",
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("rulebook", sa.String(), nullable=False),
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("preauth_id", sa.UUID(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["machine", "from_state", "command", "role", "to_state"],
            [
                "transitions.machine",
                "transitions.from_state",
                "transitions.command",
                "transitions.role",
                "transitions.to_state",
            ],
            name="fk_preauth_events__transition",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "preauth_id"],
            ["preauths.policy_id", "preauths.id"],
            name=op.f("fk_preauth_events__policy_id_preauth_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "preauth_id", "seq", name=op.f("pk_preauth_events")),
    )
    op.create_table(
        "preauth_inquiries",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("preauth_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["policy_id", "preauth_id"],
            ["preauths.policy_id", "preauths.id"],
            name=op.f("fk_preauth_inquiries__policy_id_preauth_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_preauth_inquiries")),
    )
    op.create_index(
        "ix_preauth_inquiries__preauth", "preauth_inquiries", ["policy_id", "preauth_id", "asked_at"], unique=False
    )
    op.create_index(
        "uq_preauth_inquiries__one_open",
        "preauth_inquiries",
        ["policy_id", "preauth_id"],
        unique=True,
        postgresql_where=sa.text("answered_at is null"),
    )
    op.create_table(
        "preauth_items",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("preauth_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("per_treatment", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("is_large_exam", sa.Boolean(), nullable=False),
        sa.Column("is_rental", sa.Boolean(), nullable=False),
        sa.Column("matched_rules", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("approved_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("cancelled_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "category in ('INPATIENT', 'OBSERVATION_WARD', 'SURGERY', 'SURGERY_UNDER_GENERAL_ANESTHESIA', 'CHEMOTHERAPY', 'RADIOTHERAPY', 'TUMOR_IMMUNOTHERAPY', 'TUMOR_ENDOCRINE_THERAPY', 'PROTON_OR_HEAVY_ION', 'DIALYSIS', 'SPECIAL_OUTPATIENT', 'CRITICAL_ILLNESS', 'EXAMINATION', 'TREATMENT', 'INJECTION_OR_DRUG', 'DURABLE_EQUIPMENT', 'OTHER')",
            name=op.f("ck_preauth_items__category_known"),
        ),
        sa.CheckConstraint(
            "decision in ('APPROVED', 'MODIFIED', 'PARTIALLY_APPROVED', 'DENIED', 'NOT_REQUIRED')",
            name=op.f("ck_preauth_items__decision_known"),
        ),
        sa.CheckConstraint(
            "decision is null or decision <> 'DENIED' or reason is not null",
            name=op.f("ck_preauth_items__denied_with_reason"),
        ),
        sa.CheckConstraint("(decision is null) = (decided_at is null)", name=op.f("ck_preauth_items__decided_whole")),
        sa.CheckConstraint("approved_amount >= 0", name=op.f("ck_preauth_items__approved_amount_not_negative")),
        sa.CheckConstraint(
            "unit_price >= 0 and per_treatment >= 0", name=op.f("ck_preauth_items__prices_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "preauth_id"],
            ["preauths.policy_id", "preauths.id"],
            name=op.f("fk_preauth_items__policy_id_preauth_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_preauth_items")),
        sa.UniqueConstraint(
            "policy_id", "preauth_id", "position", name=op.f("uq_preauth_items__policy_id_preauth_id_position")
        ),
    )
    op.create_table(
        "report_shares",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=True),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("shared_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("advice", sa.String(), nullable=True),
        sa.Column("advised_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("(advice is null) = (advised_at is null)", name=op.f("ck_report_shares__advised_whole")),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_report_shares__policy_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "consent_id"],
            ["consents.policy_id", "consents.id"],
            name=op.f("fk_report_shares__policy_id_consent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "consultation_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_report_shares__policy_id_consultation_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_report_shares")),
        sa.UniqueConstraint(
            "policy_id",
            "booking_id",
            "consultation_id",
            name=op.f("uq_report_shares__policy_id_booking_id_consultation_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "respiratory_test_details",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.UUID(), nullable=False),
        sa.Column("city_code", sa.String(), nullable=False),
        sa.Column("address_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("is_address_recognized", sa.Boolean(), nullable=True),
        sa.Column("id_type", sa.String(), nullable=False),
        sa.Column("phone_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("phone_last4", sa.String(), nullable=False),
        sa.Column("voucher_code", sa.String(), nullable=True),
        sa.Column("sampled_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("reported_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "reported_at is null or sampled_at is not null", name=op.f("ck_respiratory_test_details__sampled_first")
        ),
        sa.ForeignKeyConstraint(["city_code"], ["cities.code"], name=op.f("fk_respiratory_test_details__city_code")),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_respiratory_test_details__policy_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "report_id"],
            ["documents.policy_id", "documents.id"],
            name=op.f("fk_respiratory_test_details__policy_id_report_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "booking_id", name=op.f("pk_respiratory_test_details")),
        sa.UniqueConstraint(
            "policy_id", "voucher_code", name=op.f("uq_respiratory_test_details__policy_id_voucher_code")
        ),
    )
    op.create_table(
        "second_opinion_details",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.UUID(), nullable=False),
        sa.Column("diagnosis", sa.String(), nullable=False),
        sa.Column("critical_illness", sa.String(), nullable=True),
        sa.Column("first_diagnosed_on", sa.Date(), nullable=False),
        sa.Column("diagnosed_at_hospital_code", sa.String(), nullable=True),
        sa.Column("questions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("open_rules", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("not_applicable", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("needs_scan", sa.Boolean(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("materials_approved_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("sent_abroad_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("report_issued_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "report_issued_at is null or materials_approved_at is not null",
            name=op.f("ck_second_opinion_details__report_on_materials"),
        ),
        sa.CheckConstraint(
            "sent_abroad_at is null or consent_id is not null",
            name=op.f("ck_second_opinion_details__sent_with_consent"),
        ),
        sa.ForeignKeyConstraint(
            ["diagnosed_at_hospital_code"],
            ["hospitals.code"],
            name=op.f("fk_second_opinion_details__diagnosed_at_hospital_code"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_second_opinion_details__policy_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "consent_id"],
            ["consents.policy_id", "consents.id"],
            name=op.f("fk_second_opinion_details__policy_id_consent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "report_id"],
            ["documents.policy_id", "documents.id"],
            name=op.f("fk_second_opinion_details__policy_id_report_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "booking_id", name=op.f("pk_second_opinion_details")),
    )
    op.create_table(
        "second_opinion_hospitals",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("expert", sa.String(), nullable=True),
        sa.Column("proposed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("selected_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("position between 1 and 3", name=op.f("ck_second_opinion_hospitals__three_at_most")),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_second_opinion_hospitals__policy_id_booking_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "booking_id", "position", name=op.f("pk_second_opinion_hospitals")),
        sa.UniqueConstraint(
            "policy_id", "booking_id", "name", name=op.f("uq_second_opinion_hospitals__policy_id_booking_id_name")
        ),
    )
    op.create_index(
        "uq_second_opinion_hospitals__one_selected",
        "second_opinion_hospitals",
        ["policy_id", "booking_id"],
        unique=True,
        postgresql_where=sa.text("selected_at is not null"),
    )
    op.create_table(
        "second_opinion_stages",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("booking_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "stage in ('CONSULT', 'ASSESSMENT', 'RECORD_TRANSLATION', 'HOSPITAL_MATCH', 'HOSPITAL_SELECTION', 'DOCUMENTS', 'CONSULTATION', 'RESULT_TRANSLATION', 'INTERPRETATION', 'FOLLOW_UP')",
            name=op.f("ck_second_opinion_stages__stage_known"),
        ),
        sa.CheckConstraint("position between 1 and 10", name=op.f("ck_second_opinion_stages__position_known")),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_second_opinion_stages__policy_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "document_id"],
            ["documents.policy_id", "documents.id"],
            name=op.f("fk_second_opinion_stages__policy_id_document_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "booking_id", "position", name=op.f("pk_second_opinion_stages")),
        sa.UniqueConstraint(
            "policy_id", "booking_id", "stage", name=op.f("uq_second_opinion_stages__policy_id_booking_id_stage")
        ),
    )
    op.create_table(
        "visit_strikes",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("hospital_code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fee", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('LATE_CANCELLED', 'NO_SHOW')", name=op.f("ck_visit_strikes__kind_known")),
        sa.CheckConstraint("fee >= 0", name=op.f("ck_visit_strikes__fee_not_negative")),
        sa.ForeignKeyConstraint(["hospital_code"], ["hospitals.code"], name=op.f("fk_visit_strikes__hospital_code")),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_visit_strikes__policy_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_visit_strikes__policy_id_insured_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_visit_strikes")),
        sa.UniqueConstraint("policy_id", "booking_id", name=op.f("uq_visit_strikes__policy_id_booking_id")),
    )
    op.create_index("ix_visit_strikes__insured", "visit_strikes", ["policy_id", "insured_id", "at"], unique=False)
    op.create_table(
        "advance_reviews",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("advance_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("approved_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("reviewer", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'APPROVED') = (approved_amount is not null)", name=op.f("ck_advance_reviews__approved_whole")
        ),
        sa.CheckConstraint(
            "outcome = 'APPROVED' or reason is not null", name=op.f("ck_advance_reviews__refused_with_reason")
        ),
        sa.CheckConstraint(
            "outcome in ('APPROVED', 'REFUSED', 'INVESTIGATE')", name=op.f("ck_advance_reviews__outcome_known")
        ),
        sa.CheckConstraint("stage in ('VENDOR', 'INSURER')", name=op.f("ck_advance_reviews__stage_known")),
        sa.ForeignKeyConstraint(
            ["policy_id", "advance_id"],
            ["advances.policy_id", "advances.id"],
            name=op.f("fk_advance_reviews__policy_id_advance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "payment_id"],
            ["advance_payments.policy_id", "advance_payments.id"],
            name=op.f("fk_advance_reviews__policy_id_payment_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_advance_reviews")),
    )
    op.create_index("ix_advance_reviews__advance", "advance_reviews", ["policy_id", "advance_id", "at"], unique=False)
    op.create_index("ix_advance_reviews__payment", "advance_reviews", ["policy_id", "payment_id", "at"], unique=False)
    op.create_index(
        "uq_advance_reviews__one_approval_per_stage",
        "advance_reviews",
        ["policy_id", "payment_id", "stage"],
        unique=True,
        postgresql_where=sa.text("outcome = 'APPROVED'"),
    )
    op.create_index(
        "uq_advance_reviews__two_people",
        "advance_reviews",
        ["policy_id", "payment_id", "reviewer"],
        unique=True,
        postgresql_where=sa.text("outcome = 'APPROVED'"),
    )
    op.create_table(
        "bills",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_seq", sa.Integer(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("vendor_code", sa.String(), nullable=True),
        sa.Column("hospital_code", sa.String(), nullable=False),
        sa.Column("visit_type", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("paid_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("waived_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column(
            "outstanding_amount",
            sa.Numeric(precision=14, scale=2),
            sa.Computed("amount - paid_amount - waived_amount", persisted=True),
            nullable=False,
        ),
        sa.Column("reminder_count", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("disputed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("settled_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("issued_by", sa.String(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "visit_type in ('OUTPATIENT', 'EMERGENCY', 'INPATIENT')", name=op.f("ck_bills__visit_type_known")
        ),
        sa.CheckConstraint(
            "(settled_at is not null) = (paid_amount + waived_amount = amount)", name=op.f("ck_bills__settled_whole")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_bills__amount_positive")),
        sa.CheckConstraint("disputed_at is null or settled_at is null", name=op.f("ck_bills__disputed_while_owed")),
        sa.CheckConstraint("num_nonnulls(claim_id, booking_id) > 0", name=op.f("ck_bills__of_a_visit")),
        sa.CheckConstraint("paid_amount + waived_amount <= amount", name=op.f("ck_bills__not_overpaid")),
        sa.CheckConstraint("paid_amount >= 0 and waived_amount >= 0", name=op.f("ck_bills__not_negative")),
        sa.CheckConstraint("reminder_count >= 0", name=op.f("ck_bills__reminder_count_not_negative")),
        sa.ForeignKeyConstraint(["hospital_code"], ["hospitals.code"], name=op.f("fk_bills__hospital_code")),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_bills__policy_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "claim_id"], ["claims.policy_id", "claims.id"], name=op.f("fk_bills__policy_id_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_bills__policy_id_insured_id"),
        ),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.policy_id"], name=op.f("fk_bills__policy_id")),
        sa.ForeignKeyConstraint(["product_code"], ["products.code"], name=op.f("fk_bills__product_code")),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_bills__vendor_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_bills")),
        sa.UniqueConstraint("policy_id", "id", "issued_by", name=op.f("uq_bills__policy_id_id_issued_by")),
        sa.UniqueConstraint("policy_id", "number", name=op.f("uq_bills__policy_id_number")),
    )
    op.create_index("ix_bills__booking", "bills", ["policy_id", "booking_id"], unique=False)
    op.create_index("ix_bills__claim", "bills", ["policy_id", "claim_id"], unique=False)
    op.create_index("ix_bills__created", "bills", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_bills__disputed",
        "bills",
        ["disputed_at", "id"],
        unique=False,
        postgresql_where=sa.text("disputed_at is not null"),
    )
    op.create_index("ix_bills__number", "bills", ["number", "id"], unique=False)
    op.create_index(
        "ix_bills__number_pairs",
        "bills",
        [
            sa.literal_column(
                "(string_to_array(regexp_replace(number::text, '(..)'::text, '\\1|'::text, 'g'::text), '|'::text) || string_to_array(regexp_replace(substr(number::text, 2), '(..)'::text, '\\1|'::text, 'g'::text), '|'::text))"
            )
        ],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index("ix_bills__policy_created", "bills", ["policy_id", "created_at", "id"], unique=False)
    op.create_index("ix_bills__state", "bills", ["state", "created_at", "id"], unique=False)
    op.create_index(
        "ix_bills__unsettled",
        "bills",
        ["policy_id", "insured_id"],
        unique=False,
        postgresql_where=sa.text("settled_at is null"),
    )
    op.create_index("ix_bills__vendor_created", "bills", ["vendor_code", "created_at", "id"], unique=False)
    op.create_table(
        "brand_transfer_requests",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("lock_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("designated_brand_code", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(state = 'APPROVED') = (designated_brand_code is not null)",
            name=op.f("ck_brand_transfer_requests__approved_whole"),
        ),
        sa.CheckConstraint(
            "(state = 'REQUESTED') = (decided_at is null)", name=op.f("ck_brand_transfer_requests__decided_whole")
        ),
        sa.CheckConstraint(
            "state <> 'REJECTED' or decision_reason is not null",
            name=op.f("ck_brand_transfer_requests__rejected_with_reason"),
        ),
        sa.CheckConstraint(
            "state in ('REQUESTED', 'APPROVED', 'REJECTED')", name=op.f("ck_brand_transfer_requests__state_known")
        ),
        sa.ForeignKeyConstraint(
            ["designated_brand_code"],
            ["clinic_brands.code"],
            name=op.f("fk_brand_transfer_requests__designated_brand_code"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "lock_id"],
            ["brand_locks.policy_id", "brand_locks.id"],
            name=op.f("fk_brand_transfer_requests__policy_id_lock_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_brand_transfer_requests")),
    )
    op.create_index(
        "ix_brand_transfer_requests__open",
        "brand_transfer_requests",
        ["requested_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'REQUESTED'"),
    )
    op.create_index(
        "uq_brand_transfer_requests__one_open",
        "brand_transfer_requests",
        ["policy_id", "lock_id"],
        unique=True,
        postgresql_where=sa.text("state = 'REQUESTED'"),
    )
    op.create_table(
        "claim_decisions",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("asked", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("allowed", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("deductible", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("copay", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("excluded", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("other", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("paid", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("rule_codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rulebook", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("outcome <> 'REFUSED' or paid = 0", name=op.f("ck_claim_decisions__refused_unpaid")),
        sa.CheckConstraint(
            "outcome = 'APPROVED' or reason is not null", name=op.f("ck_claim_decisions__refused_with_reason")
        ),
        sa.CheckConstraint(
            "outcome in ('APPROVED', 'PARTIALLY_APPROVED', 'REFUSED')", name=op.f("ck_claim_decisions__outcome_known")
        ),
        sa.CheckConstraint(
            "approved_by is null or approved_by <> decided_by", name=op.f("ck_claim_decisions__two_people")
        ),
        sa.CheckConstraint(
            "asked = paid + deductible + copay + excluded + other", name=op.f("ck_claim_decisions__balanced")
        ),
        sa.CheckConstraint(
            "least(paid, deductible, copay, excluded, other) >= 0", name=op.f("ck_claim_decisions__not_negative")
        ),
        sa.CheckConstraint(
            "paid <= allowed and allowed <= asked - excluded", name=op.f("ck_claim_decisions__allowed_possible")
        ),
        sa.CheckConstraint("revision > 0", name=op.f("ck_claim_decisions__revision_positive")),
        sa.ForeignKeyConstraint(
            ["policy_id", "claim_id"],
            ["claims.policy_id", "claims.id"],
            name=op.f("fk_claim_decisions__policy_id_claim_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_claim_decisions")),
        sa.UniqueConstraint(
            "policy_id", "claim_id", "revision", name=op.f("uq_claim_decisions__policy_id_claim_id_revision")
        ),
        sa.UniqueConstraint("policy_id", "id", "decided_by", name=op.f("uq_claim_decisions__policy_id_id_decided_by")),
    )
    op.create_table(
        "claim_documents",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("rule_code", sa.String(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("checked_by", sa.String(), nullable=True),
        sa.Column("checked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'MISSING') = (document_id is null)", name=op.f("ck_claim_documents__provided_whole")
        ),
        sa.CheckConstraint(
            "state <> 'REJECTED' or reason is not null", name=op.f("ck_claim_documents__rejected_with_reason")
        ),
        sa.CheckConstraint(
            "state in ('MISSING', 'PROVIDED', 'ACCEPTED', 'REJECTED')", name=op.f("ck_claim_documents__state_known")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "claim_id"],
            ["claims.policy_id", "claims.id"],
            name=op.f("fk_claim_documents__policy_id_claim_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "document_id"],
            ["documents.policy_id", "documents.id"],
            name=op.f("fk_claim_documents__policy_id_document_id"),
        ),
        sa.ForeignKeyConstraint(["rule_code"], ["rules.code"], name=op.f("fk_claim_documents__rule_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_claim_documents")),
        sa.UniqueConstraint(
            "policy_id",
            "claim_id",
            "kind",
            "document_id",
            name=op.f("uq_claim_documents__policy_id_claim_id_kind_document_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "claim_events",
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("rulebook", sa.String(), nullable=False),
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("claim_id", sa.UUID(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["machine", "from_state", "command", "role", "to_state"],
            [
                "transitions.machine",
                "transitions.from_state",
                "transitions.command",
                "transitions.role",
                "transitions.to_state",
            ],
            name="fk_claim_events__transition",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "claim_id"],
            ["claims.policy_id", "claims.id"],
            name=op.f("fk_claim_events__policy_id_claim_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "claim_id", "seq", name=op.f("pk_claim_events")),
    )
    op.create_table(
        "claim_shipments",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("carrier", sa.String(), nullable=True),
        sa.Column("tracking_number", sa.String(), nullable=False),
        sa.Column("is_prepaid", sa.Boolean(), nullable=False),
        sa.Column("contact_name", sa.String(), nullable=False),
        sa.Column("id_number_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_hash", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_last4", sa.String(), nullable=False),
        sa.Column("phone_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("phone_last4", sa.String(), nullable=False),
        sa.Column("registered_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("received_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("is_prepaid", name=op.f("ck_claim_shipments__prepaid")),
        sa.ForeignKeyConstraint(
            ["policy_id", "claim_id"],
            ["claims.policy_id", "claims.id"],
            name=op.f("fk_claim_shipments__policy_id_claim_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_claim_shipments")),
        sa.UniqueConstraint(
            "policy_id",
            "claim_id",
            "tracking_number",
            name=op.f("uq_claim_shipments__policy_id_claim_id_tracking_number"),
        ),
    )
    op.create_index("ix_claim_shipments__tracking_number", "claim_shipments", ["tracking_number"], unique=False)
    op.create_table(
        "claim_signatures",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("claim_id", sa.UUID(), nullable=False),
        sa.Column("paper", sa.String(), nullable=False),
        sa.Column("signed_by", sa.String(), nullable=False),
        sa.Column("signed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("paper in ('BILL', 'FORM', 'RECEIPT')", name=op.f("ck_claim_signatures__paper_known")),
        sa.ForeignKeyConstraint(
            ["policy_id", "claim_id"],
            ["claims.policy_id", "claims.id"],
            name=op.f("fk_claim_signatures__policy_id_claim_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "claim_id", "paper", name=op.f("pk_claim_signatures")),
    )
    op.create_table(
        "claim_supplements",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("due_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("closed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'OPEN') = (closed_at is null)", name=op.f("ck_claim_supplements__closed_whole")),
        sa.CheckConstraint(
            "state in ('OPEN', 'ANSWERED', 'OVERDUE', 'WITHDRAWN')", name=op.f("ck_claim_supplements__state_known")
        ),
        sa.CheckConstraint("cardinality(kinds) > 0", name=op.f("ck_claim_supplements__something_asked")),
        sa.ForeignKeyConstraint(
            ["policy_id", "claim_id"],
            ["claims.policy_id", "claims.id"],
            name=op.f("fk_claim_supplements__policy_id_claim_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_claim_supplements")),
    )
    op.create_index(
        "ix_claim_supplements__claim", "claim_supplements", ["policy_id", "claim_id", "requested_at"], unique=False
    )
    op.create_index(
        "ix_claim_supplements__due",
        "claim_supplements",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'OPEN'"),
    )
    op.create_index(
        "uq_claim_supplements__one_open",
        "claim_supplements",
        ["policy_id", "claim_id"],
        unique=True,
        postgresql_where=sa.text("state = 'OPEN'"),
    )
    op.create_table(
        "claim_visits",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hospital_code", sa.String(), nullable=False),
        sa.Column("department_class", sa.String(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("discharged_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.CheckConstraint(
            "department_class in ('GENERAL', 'SPECIAL', 'INTERNATIONAL')",
            name=op.f("ck_claim_visits__department_class_known"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_claim_visits__amount_positive")),
        sa.CheckConstraint(
            "discharged_on is null or discharged_on >= visited_on", name=op.f("ck_claim_visits__stay_ordered")
        ),
        sa.ForeignKeyConstraint(["hospital_code"], ["hospitals.code"], name=op.f("fk_claim_visits__hospital_code")),
        sa.ForeignKeyConstraint(
            ["policy_id", "claim_id"],
            ["claims.policy_id", "claims.id"],
            name=op.f("fk_claim_visits__policy_id_claim_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_claim_visits")),
        sa.UniqueConstraint(
            "policy_id", "claim_id", "position", name=op.f("uq_claim_visits__policy_id_claim_id_position")
        ),
    )
    op.create_table(
        "guarantee_draws",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('DRAW', 'RETURN')", name=op.f("ck_guarantee_draws__kind_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_guarantee_draws__amount_positive")),
        sa.ForeignKeyConstraint(
            ["policy_id", "claim_id"],
            ["claims.policy_id", "claims.id"],
            name=op.f("fk_guarantee_draws__policy_id_claim_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "letter_id"],
            ["guarantee_letters.policy_id", "guarantee_letters.id"],
            name=op.f("fk_guarantee_draws__policy_id_letter_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_guarantee_draws")),
        sa.UniqueConstraint("policy_id", "command_id", name=op.f("uq_guarantee_draws__policy_id_command_id")),
    )
    op.create_index("ix_guarantee_draws__letter", "guarantee_draws", ["policy_id", "letter_id", "id"], unique=False)
    op.create_table(
        "guarantee_letter_events",
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("rulebook", sa.String(), nullable=False),
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("letter_id", sa.UUID(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["machine", "from_state", "command", "role", "to_state"],
            [
                "transitions.machine",
                "transitions.from_state",
                "transitions.command",
                "transitions.role",
                "transitions.to_state",
            ],
            name="fk_guarantee_letter_events__transition",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "letter_id"],
            ["guarantee_letters.policy_id", "guarantee_letters.id"],
            name=op.f("fk_guarantee_letter_events__policy_id_letter_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "letter_id", "seq", name=op.f("pk_guarantee_letter_events")),
    )
    op.create_table(
        "repayments",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("insured_id", sa.Uuid(), nullable=False),
        sa.Column("advance_id", sa.Uuid(), nullable=True),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("payee", sa.String(), nullable=False),
        sa.Column("vendor_code", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("paid_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("waived_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column(
            "outstanding_amount",
            sa.Numeric(precision=14, scale=2),
            sa.Computed("amount - paid_amount - waived_amount", persisted=True),
            nullable=False,
        ),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("(payee = 'VENDOR') = (vendor_code is not null)", name=op.f("ck_repayments__payee_named")),
        sa.CheckConstraint(
            "(state in ('SETTLED', 'WAIVED')) = (paid_amount + waived_amount = amount)",
            name=op.f("ck_repayments__settled_whole"),
        ),
        sa.CheckConstraint(
            "cause in ('ADVANCE_EXCESS', 'NOT_COVERED', 'OVER_LIMIT', 'REVISED', 'IMPERSONATION')",
            name=op.f("ck_repayments__cause_known"),
        ),
        sa.CheckConstraint("payee in ('INSURER', 'VENDOR')", name=op.f("ck_repayments__payee_known")),
        sa.CheckConstraint(
            "state <> 'OPEN' or paid_amount + waived_amount = 0", name=op.f("ck_repayments__open_untouched")
        ),
        sa.CheckConstraint(
            "state in ('OPEN', 'PARTIALLY_PAID', 'SETTLED', 'WAIVED')", name=op.f("ck_repayments__state_known")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_repayments__amount_positive")),
        sa.CheckConstraint(
            "num_nonnulls(advance_id, claim_id, booking_id) = 1", name=op.f("ck_repayments__one_source")
        ),
        sa.CheckConstraint("paid_amount + waived_amount <= amount", name=op.f("ck_repayments__not_overpaid")),
        sa.CheckConstraint("paid_amount >= 0 and waived_amount >= 0", name=op.f("ck_repayments__not_negative")),
        sa.ForeignKeyConstraint(
            ["policy_id", "advance_id"],
            ["advances.policy_id", "advances.id"],
            name=op.f("fk_repayments__policy_id_advance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "booking_id"],
            ["bookings.policy_id", "bookings.id"],
            name=op.f("fk_repayments__policy_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "claim_id"], ["claims.policy_id", "claims.id"], name=op.f("fk_repayments__policy_id_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "insured_id"],
            ["policy_members.policy_id", "policy_members.id"],
            name=op.f("fk_repayments__policy_id_insured_id"),
        ),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.policy_id"], name=op.f("fk_repayments__policy_id")),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_repayments__vendor_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_repayments")),
        sa.UniqueConstraint(
            "policy_id",
            "advance_id",
            "claim_id",
            "booking_id",
            "revision",
            name="uq_repayments__one_per_source",
            postgresql_nulls_not_distinct=True,
        ),
        sa.UniqueConstraint("policy_id", "number", name=op.f("uq_repayments__policy_id_number")),
    )
    op.create_index("ix_repayments__created", "repayments", ["created_at", "id"], unique=False)
    op.create_index("ix_repayments__number", "repayments", ["number"], unique=False)
    op.create_index("ix_repayments__policy_created", "repayments", ["policy_id", "created_at", "id"], unique=False)
    op.create_index("ix_repayments__vendor_created", "repayments", ["vendor_code", "created_at", "id"], unique=False)
    op.create_table(
        "appeals",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("decider", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_seq", sa.Integer(), nullable=False),
        sa.Column("grounds", sa.String(), nullable=False),
        sa.Column("extended_by", sa.String(), nullable=True),
        sa.Column("extended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("reviewer", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("new_decision_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "coalesce(outcome in ('PARTIALLY_OVERTURNED', 'OVERTURNED'), false) = (new_decision_id is not null)",
            name=op.f("ck_appeals__overturned_by_revision"),
        ),
        sa.CheckConstraint(
            "outcome in ('UPHELD', 'PARTIALLY_OVERTURNED', 'OVERTURNED')", name=op.f("ck_appeals__outcome_known")
        ),
        sa.CheckConstraint(
            "(extended_at is null) = (extended_by is null) and (extended_at is null) = (answer_by is null)",
            name=op.f("ck_appeals__extended_whole"),
        ),
        sa.CheckConstraint("(outcome is null) = (decided_at is null)", name=op.f("ck_appeals__decided_whole")),
        sa.CheckConstraint(
            "extended_by is null or extended_by <> decider", name=op.f("ck_appeals__extended_by_another")
        ),
        sa.CheckConstraint("level > 0", name=op.f("ck_appeals__level_positive")),
        sa.CheckConstraint(
            "outcome is null or (reviewer is not null and reason is not null)",
            name=op.f("ck_appeals__decided_by_someone"),
        ),
        sa.CheckConstraint("reviewer is null or reviewer <> decider", name=op.f("ck_appeals__two_people")),
        sa.ForeignKeyConstraint(
            ["policy_id", "claim_id"], ["claims.policy_id", "claims.id"], name=op.f("fk_appeals__policy_id_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "decision_id", "decider"],
            ["claim_decisions.policy_id", "claim_decisions.id", "claim_decisions.decided_by"],
            name=op.f("fk_appeals__policy_id_decision_id_decider"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "new_decision_id"],
            ["claim_decisions.policy_id", "claim_decisions.id"],
            name=op.f("fk_appeals__policy_id_new_decision_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("policy_id", "decision_id", "level", name=op.f("uq_appeals__policy_id_decision_id_level")),
        sa.UniqueConstraint("policy_id", "number", name=op.f("uq_appeals__policy_id_number")),
    )
    op.create_index("ix_appeals__claim", "appeals", ["policy_id", "claim_id", "level"], unique=False)
    op.create_index("ix_appeals__created", "appeals", ["created_at", "id"], unique=False)
    op.create_index("ix_appeals__number", "appeals", ["number"], unique=False)
    op.create_table(
        "bill_disputes",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("bill_id", sa.Uuid(), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("grounds", sa.String(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("taken_off", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'ADJUSTED') = (taken_off is not null)", name=op.f("ck_bill_disputes__adjusted_by_an_amount")
        ),
        sa.CheckConstraint("(state = 'OPEN') = (ended_at is null)", name=op.f("ck_bill_disputes__ended_whole")),
        sa.CheckConstraint(
            "(state in ('UPHELD', 'ADJUSTED')) = (decided_by is not null)",
            name=op.f("ck_bill_disputes__decided_by_someone"),
        ),
        sa.CheckConstraint(
            "state in ('OPEN', 'UPHELD', 'ADJUSTED', 'WITHDRAWN', 'LAPSED')", name=op.f("ck_bill_disputes__state_known")
        ),
        sa.CheckConstraint(
            "decided_by is null or reason is not null", name=op.f("ck_bill_disputes__decided_with_reason")
        ),
        sa.CheckConstraint(
            "issued_by is null or decided_by is null or issued_by <> decided_by",
            name=op.f("ck_bill_disputes__two_people"),
        ),
        sa.CheckConstraint("taken_off > 0", name=op.f("ck_bill_disputes__taken_off_positive")),
        sa.ForeignKeyConstraint(
            ["policy_id", "bill_id", "issued_by"],
            ["bills.policy_id", "bills.id", "bills.issued_by"],
            name="fk_bill_disputes__issuer",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "bill_id"], ["bills.policy_id", "bills.id"], name=op.f("fk_bill_disputes__policy_id_bill_id")
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_bill_disputes")),
        sa.UniqueConstraint("policy_id", "id", "taken_off", name=op.f("uq_bill_disputes__policy_id_id_taken_off")),
    )
    op.create_index("ix_bill_disputes__bill", "bill_disputes", ["policy_id", "bill_id", "opened_at"], unique=False)
    op.create_index(
        "uq_bill_disputes__one_open",
        "bill_disputes",
        ["policy_id", "bill_id"],
        unique=True,
        postgresql_where=sa.text("state = 'OPEN'"),
    )
    op.create_table(
        "bill_events",
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("rulebook", sa.String(), nullable=False),
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("bill_id", sa.UUID(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["machine", "from_state", "command", "role", "to_state"],
            [
                "transitions.machine",
                "transitions.from_state",
                "transitions.command",
                "transitions.role",
                "transitions.to_state",
            ],
            name="fk_bill_events__transition",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "bill_id"], ["bills.policy_id", "bills.id"], name=op.f("fk_bill_events__policy_id_bill_id")
        ),
        sa.PrimaryKeyConstraint("policy_id", "bill_id", "seq", name=op.f("pk_bill_events")),
    )
    op.create_table(
        "bill_payments",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("bill_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("resolved_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'PENDING') = (resolved_at is null)", name=op.f("ck_bill_payments__resolved_whole")
        ),
        sa.CheckConstraint(
            "state in ('PENDING', 'PAID', 'FAILED', 'REFUND_DUE')", name=op.f("ck_bill_payments__state_known")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_bill_payments__amount_positive")),
        sa.ForeignKeyConstraint(
            ["policy_id", "bill_id"], ["bills.policy_id", "bills.id"], name=op.f("fk_bill_payments__policy_id_bill_id")
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_bill_payments")),
        sa.UniqueConstraint(
            "policy_id", "provider", "reference", name=op.f("uq_bill_payments__policy_id_provider_reference")
        ),
    )
    op.create_index("ix_bill_payments__bill", "bill_payments", ["policy_id", "bill_id", "created_at"], unique=False)
    op.create_index(
        "ix_bill_payments__pending",
        "bill_payments",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state = 'PENDING'"),
    )
    op.create_index("ix_bill_payments__reference", "bill_payments", ["provider", "reference"], unique=False)
    op.create_index(
        "uq_bill_payments__one_pending",
        "bill_payments",
        ["policy_id", "bill_id"],
        unique=True,
        postgresql_where=sa.text("state = 'PENDING'"),
    )
    op.create_table(
        "bill_reminders",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("bill_id", sa.UUID(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("sent_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delivered_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("channel in ('PHONE', 'EMAIL')", name=op.f("ck_bill_reminders__channel_known")),
        sa.CheckConstraint("seq > 0", name=op.f("ck_bill_reminders__seq_positive")),
        sa.ForeignKeyConstraint(
            ["policy_id", "bill_id"], ["bills.policy_id", "bills.id"], name=op.f("fk_bill_reminders__policy_id_bill_id")
        ),
        sa.PrimaryKeyConstraint("policy_id", "bill_id", "seq", name=op.f("pk_bill_reminders")),
    )
    op.create_table(
        "claim_invoices",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("is_marked", sa.Boolean(), nullable=False),
        sa.Column("released_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_claim_invoices__amount_positive")),
        sa.ForeignKeyConstraint(
            ["policy_id", "claim_id"],
            ["claims.policy_id", "claims.id"],
            name=op.f("fk_claim_invoices__policy_id_claim_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "visit_id"],
            ["claim_visits.policy_id", "claim_visits.id"],
            name=op.f("fk_claim_invoices__policy_id_visit_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_claim_invoices")),
    )
    op.create_index("ix_claim_invoices__claim", "claim_invoices", ["policy_id", "claim_id"], unique=False)
    op.create_index("ix_claim_invoices__number", "claim_invoices", ["number"], unique=False)
    op.create_index("ix_claim_invoices__visit", "claim_invoices", ["policy_id", "visit_id", "id"], unique=False)
    op.create_index(
        "uq_claim_invoices__one_live_claim",
        "claim_invoices",
        ["policy_id", "code", "number"],
        unique=True,
        postgresql_where=sa.text("released_at is null"),
    )
    op.create_table(
        "claim_lines",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("asked", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("is_approved_vaccine", sa.Boolean(), nullable=True),
        sa.Column("is_experimental", sa.Boolean(), nullable=True),
        sa.CheckConstraint("asked > 0", name=op.f("ck_claim_lines__asked_positive")),
        sa.ForeignKeyConstraint(
            ["policy_id", "claim_id"],
            ["claims.policy_id", "claims.id"],
            name=op.f("fk_claim_lines__policy_id_claim_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "visit_id"],
            ["claim_visits.policy_id", "claim_visits.id"],
            name=op.f("fk_claim_lines__policy_id_visit_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_claim_lines")),
        sa.UniqueConstraint(
            "policy_id", "claim_id", "position", name=op.f("uq_claim_lines__policy_id_claim_id_position")
        ),
        sa.UniqueConstraint("policy_id", "id", "asked", name=op.f("uq_claim_lines__policy_id_id_asked")),
    )
    op.create_index("ix_claim_lines__visit", "claim_lines", ["policy_id", "visit_id", "position"], unique=False)
    op.create_table(
        "claim_payments",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("payee", sa.String(), nullable=False),
        sa.Column("hospital_code", sa.String(), nullable=True),
        sa.Column("vendor_code", sa.String(), nullable=True),
        sa.Column("account_last4", sa.String(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("ordered_by", sa.String(), nullable=False),
        sa.Column("ordered_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("resolved_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'FAILED') = (failure is not null)", name=op.f("ck_claim_payments__failure_told")),
        sa.CheckConstraint(
            "(state = 'ORDERED') = (resolved_at is null)", name=op.f("ck_claim_payments__resolved_whole")
        ),
        sa.CheckConstraint("payee in ('CUSTOMER', 'HOSPITAL', 'VENDOR')", name=op.f("ck_claim_payments__payee_known")),
        sa.CheckConstraint("state in ('ORDERED', 'PAID', 'FAILED')", name=op.f("ck_claim_payments__state_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_claim_payments__amount_positive")),
        sa.ForeignKeyConstraint(["hospital_code"], ["hospitals.code"], name=op.f("fk_claim_payments__hospital_code")),
        sa.ForeignKeyConstraint(
            ["policy_id", "claim_id"],
            ["claims.policy_id", "claims.id"],
            name=op.f("fk_claim_payments__policy_id_claim_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "decision_id"],
            ["claim_decisions.policy_id", "claim_decisions.id"],
            name=op.f("fk_claim_payments__policy_id_decision_id"),
        ),
        sa.ForeignKeyConstraint(["vendor_code"], ["vendors.code"], name=op.f("fk_claim_payments__vendor_code")),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_claim_payments")),
        sa.UniqueConstraint("policy_id", "reference", name=op.f("uq_claim_payments__policy_id_reference")),
    )
    op.create_index("ix_claim_payments__claim", "claim_payments", ["policy_id", "claim_id", "ordered_at"], unique=False)
    op.create_index("ix_claim_payments__reference", "claim_payments", ["reference"], unique=False)
    op.create_index(
        "uq_claim_payments__one_live_per_payee",
        "claim_payments",
        ["policy_id", "decision_id", "payee"],
        unique=True,
        postgresql_where=sa.text("state in ('ORDERED', 'PAID')"),
    )
    op.create_table(
        "repayment_entries",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("repayment_id", sa.Uuid(), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind = 'PAYMENT' or reason is not null", name=op.f("ck_repayment_entries__waived_with_reason")
        ),
        sa.CheckConstraint("kind in ('PAYMENT', 'WAIVER', 'WRITE_OFF')", name=op.f("ck_repayment_entries__kind_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_repayment_entries__amount_positive")),
        sa.ForeignKeyConstraint(
            ["policy_id", "repayment_id"],
            ["repayments.policy_id", "repayments.id"],
            name=op.f("fk_repayment_entries__policy_id_repayment_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_repayment_entries")),
        sa.UniqueConstraint("policy_id", "command_id", name=op.f("uq_repayment_entries__policy_id_command_id")),
        sa.UniqueConstraint("policy_id", "reference", name=op.f("uq_repayment_entries__policy_id_reference")),
    )
    op.create_index(
        "ix_repayment_entries__repayment", "repayment_entries", ["policy_id", "repayment_id", "id"], unique=False
    )
    op.create_table(
        "appeal_events",
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("rulebook", sa.String(), nullable=False),
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("appeal_id", sa.UUID(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["machine", "from_state", "command", "role", "to_state"],
            [
                "transitions.machine",
                "transitions.from_state",
                "transitions.command",
                "transitions.role",
                "transitions.to_state",
            ],
            name="fk_appeal_events__transition",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "appeal_id"],
            ["appeals.policy_id", "appeals.id"],
            name=op.f("fk_appeal_events__policy_id_appeal_id"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "appeal_id", "seq", name=op.f("pk_appeal_events")),
    )
    op.create_table(
        "bill_waivers",
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("bill_id", sa.Uuid(), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("dispute_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=True),
        sa.Column("waived_by", sa.String(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_bill_waivers__amount_positive")),
        sa.CheckConstraint("issued_by is null or issued_by <> waived_by", name=op.f("ck_bill_waivers__two_people")),
        sa.ForeignKeyConstraint(
            ["policy_id", "bill_id", "issued_by"],
            ["bills.policy_id", "bills.id", "bills.issued_by"],
            name="fk_bill_waivers__issuer",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "bill_id"], ["bills.policy_id", "bills.id"], name=op.f("fk_bill_waivers__policy_id_bill_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "dispute_id", "amount"],
            ["bill_disputes.policy_id", "bill_disputes.id", "bill_disputes.taken_off"],
            name="fk_bill_waivers__taken_off",
        ),
        sa.PrimaryKeyConstraint("policy_id", "id", name=op.f("pk_bill_waivers")),
        sa.UniqueConstraint("policy_id", "command_id", name=op.f("uq_bill_waivers__policy_id_command_id")),
        sa.UniqueConstraint("policy_id", "dispute_id", name=op.f("uq_bill_waivers__policy_id_dispute_id")),
    )
    op.create_index("ix_bill_waivers__bill", "bill_waivers", ["policy_id", "bill_id", "at"], unique=False)
    op.create_table(
        "claim_decision_lines",
        sa.Column("asked", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("allowed", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("deductible", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("copay", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("excluded", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("other", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("paid", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("policy_id", sa.UUID(), nullable=False),
        sa.Column("decision_id", sa.UUID(), nullable=False),
        sa.Column("line_id", sa.UUID(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("rule_codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "asked = paid + deductible + copay + excluded + other", name=op.f("ck_claim_decision_lines__balanced")
        ),
        sa.CheckConstraint(
            "excluded + other = 0 or reason is not null", name=op.f("ck_claim_decision_lines__excluded_with_reason")
        ),
        sa.CheckConstraint(
            "least(paid, deductible, copay, excluded, other) >= 0", name=op.f("ck_claim_decision_lines__not_negative")
        ),
        sa.CheckConstraint(
            "paid <= allowed and allowed <= asked - excluded", name=op.f("ck_claim_decision_lines__allowed_possible")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "decision_id"],
            ["claim_decisions.policy_id", "claim_decisions.id"],
            name=op.f("fk_claim_decision_lines__policy_id_decision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "line_id", "asked"],
            ["claim_lines.policy_id", "claim_lines.id", "claim_lines.asked"],
            name=op.f("fk_claim_decision_lines__policy_id_line_id_asked"),
        ),
        sa.PrimaryKeyConstraint("policy_id", "decision_id", "line_id", name=op.f("pk_claim_decision_lines")),
    )
    op.create_index(
        "ix_claim_decision_lines__line", "claim_decision_lines", ["policy_id", "line_id", "decision_id"], unique=False
    )
