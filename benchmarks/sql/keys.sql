create schema bench;

create function bench.id(kind int, n bigint) returns uuid language sql immutable parallel safe as $$
  select (lpad(to_hex(kind), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid
$$;

create table bench.keys (
  n int primary key, number text not null, policy_id uuid not null, product_code text not null, starts_on date not null,
  is_written boolean not null
);
