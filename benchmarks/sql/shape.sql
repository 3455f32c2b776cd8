-- The tables as PostGraphile shall show them: names, formats and relations of the answers that all contenders give.
drop schema if exists shape cascade;
create schema shape;

create view shape.product as select code, name_en as name from products;
comment on view shape.product is E'@primaryKey code';

create view shape.policy as
select policy_id, number, status, product_code,
       to_char(effective_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as effective_at,
       lower(cover) as starts_on, upper(cover) - 1 as ends_on
from policies;
comment on view shape.policy is
  E'@primaryKey policy_id\n@unique number\n@foreignKey (product_code) references shape.product (code)|@fieldName product';

create view shape.insured as
select policy_id, id, position, name, gender, birth_on from policy_members where role = 'INSURED';
comment on view shape.insured is
  E'@primaryKey policy_id,id\n@foreignKey (policy_id) references shape.policy (policy_id)|@foreignFieldName insured';

create view shape.entitlement as
select policy_id, id, insured_id, position, service, granted, held as reserved, used, remaining, usable_from,
       upper(period) - 1 as expires_on
from entitlement_accounts;
comment on view shape.entitlement is
  E'@primaryKey policy_id,id\n@foreignKey (policy_id) references shape.policy (policy_id)|@foreignFieldName entitlements';

create view shape.city as select code, name from cities;
comment on view shape.city is E'@primaryKey code';

create view shape.hospital as
select code, id, name, level, ownership as type, city_code, sort_key from hospitals;
comment on view shape.hospital is
  E'@primaryKey code\n@foreignKey (city_code) references shape.city (code)|@fieldName city';

create view shape.department as
select d.hospital_code, d.department_code as code, n.name_en as name, d.is_featured
from hospital_departments d join departments n on n.code = d.department_code;
comment on view shape.department is
  E'@primaryKey hospital_code,code\n@foreignKey (hospital_code) references shape.hospital (code)|@foreignFieldName departments';

create view shape.booking as
select policy_id, id, number, service, state as status, vendor_code, hospital_code, planned_minutes, created_at,
       to_char(visit_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as visit_at
from bookings;
comment on view shape.booking is
  E'@primaryKey id\n@foreignKey (policy_id) references shape.policy (policy_id)|@foreignFieldName bookings\n@foreignKey (hospital_code) references shape.hospital (code)|@fieldName hospital';

create type shape.money as (amount text, currency text);

create view shape.claim as
select policy_id, id, number, kind, state as status, created_at as submitted_at,
       to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at,
       row(asked_amount::text, 'CNY')::shape.money as asked_amount
from claims;
comment on view shape.claim is
  E'@primaryKey policy_id,id\n@foreignKey (policy_id) references shape.policy (policy_id)|@foreignFieldName claims';

create view shape.claim_line as
select policy_id, id, claim_id, position, category, name, row(asked::text, 'CNY')::shape.money as asked from claim_lines;
comment on view shape.claim_line is
  E'@primaryKey policy_id,id\n@foreignKey (policy_id, claim_id) references shape.claim (policy_id, id)|@foreignFieldName lines';

create view shape.claim_document as
select policy_id, id, claim_id, kind, is_required, state as status from claim_documents;
comment on view shape.claim_document is
  E'@primaryKey policy_id,id\n@foreignKey (policy_id, claim_id) references shape.claim (policy_id, id)|@foreignFieldName documents';

create view shape.drug as select id, seq, brand, generic, manufacturer from drugs;
comment on view shape.drug is E'@primaryKey id';

create function shape.hospitals_with(city text, department text) returns setof shape.hospital
language sql stable as $$
  select h.code, h.id, h.name, h.level, h.ownership as type, h.city_code, h.sort_key from hospitals h
  where h.city_code = hospitals_with.city and exists (
    select from hospital_departments d where d.hospital_code = h.code and d.department_code = hospitals_with.department)
  order by h.sort_key, h.id
$$;

create function shape.book_escort(policy_number text, hospital text, department text, visit_at timestamptz)
returns shape.booking language plpgsql volatile as $$
declare
  account record;
  booked shape.booking;
  made uuid := gen_random_uuid();
begin
  select a.policy_id, a.id, a.insured_id, a.product_code, s.vendor_code into strict account
  from policies p
  join entitlement_accounts a on a.policy_id = p.policy_id and a.service = 'OUTPATIENT_ESCORT'
  join product_services s on s.product_code = a.product_code and s.kind = a.service
  where p.number = book_escort.policy_number limit 1 for update of a;
  insert into bookings (policy_id, id, number, product_code, service, machine, state, state_seq, insured_id, vendor_code,
    hospital_code, department_code, visit_at, visit_on, planned_minutes, is_demo, created_at, updated_at)
  values (account.policy_id, made, 'ESC-' || made, account.product_code, 'OUTPATIENT_ESCORT', 'ESCORT', 'REQUESTED', 1,
    account.insured_id, account.vendor_code, book_escort.hospital, book_escort.department, book_escort.visit_at,
    (book_escort.visit_at at time zone 'Asia/Shanghai')::date, 240, false, now(), now());
  update entitlement_accounts set held = held + 1
  where policy_id = account.policy_id and id = account.id and (granted is null or held + used + 1 <= granted);
  if not found then
    raise exception 'no use is left';
  end if;
  select * into booked from shape.booking b where b.policy_id = account.policy_id and b.id = made;
  return booked;
end
$$;

grant usage on schema shape to gateway;
grant select on all tables in schema shape to gateway;
