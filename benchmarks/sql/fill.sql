-- step: policies
insert into policies (policy_id, number, product_code, plan_code, channel, status, effective_at, cover, waiting_days,
  holder_id, is_demo, created_at)
select k.policy_id, k.number, k.product_code,
       case k.product_code when 'CY23' then 'STANDARD' when 'CY26' then 'NATIONAL' end,
       'ONLINE', 'IN_FORCE', k.starts_on::timestamp at time zone 'Asia/Shanghai',
       daterange(k.starts_on, (k.starts_on + interval '10 years')::date), 30,
       bench.id(1, k.n), false, timestamptz '2025-01-01Z' + k.n * interval '1 minute'
from bench.keys k order by k.n;

-- step: people
insert into policy_members (policy_id, id, role, position, name, gender, birth_on, id_type,
  id_number_encrypted, id_number_hash, id_number_last4)
select k.policy_id, bench.id(1, k.n), 'HOLDER', 0, '投保' || k.n, 'FEMALE', date '1960-01-01' + k.n % 12000, 'PASSPORT',
       'bench'::bytea, decode(lpad(to_hex(k.n), 64, '0'), 'hex'), lpad((k.n % 10000)::text, 4, '0')
from bench.keys k order by k.n;

create table bench.people as
select i, k.n, k.policy_id, bench.id(2, i) as id, 1 + (i - 1) / {policies} as position, k.product_code, k.starts_on,
       k.is_written
from generate_series(1, {insured}) i join bench.keys k on k.n = 1 + (i - 1) % {policies};

insert into policy_members (policy_id, id, role, position, name, gender, birth_on, id_type,
  id_number_encrypted, id_number_hash, id_number_last4)
select policy_id, id, 'INSURED', position, '被保' || i, case i % 2 when 0 then 'FEMALE' else 'MALE' end,
       case when is_written then date '1990-05-05' else date '1950-01-01' + i * 37 % 22000 end, 'PASSPORT',
       'bench'::bytea, decode(lpad(to_hex(i), 64, '0'), 'hex'), lpad((i % 10000)::text, 4, '0')
from bench.people order by i;

insert into coverages (policy_id, insured_id, cover)
select policy_id, id, daterange(starts_on, (starts_on + interval '10 years')::date) from bench.people order by i;

-- step: entitlements
insert into entitlement_accounts (policy_id, id, insured_id, product_code, service, position, period, granted, held,
  used, cancellations, usable_from, created_at)
select p.policy_id, bench.id(3, p.i * 8 + s.position), p.id, p.product_code, s.kind, s.position,
       daterange(p.starts_on, (p.starts_on + interval '10 years')::date),
       case when p.is_written then 1000000 else s.quota end, 0, 0, 0, p.starts_on + coalesce(s.waiting_days, 30),
       timestamptz '2025-01-01Z' + p.n * interval '1 minute'
from bench.people p
join product_services s on s.product_code = p.product_code and s.position <= 3 + (p.i % 4 = 0)::int
order by p.i, s.position;

insert into entitlement_entries (policy_id, id, account_id, command_id, kind, granted_change, held_change,
  used_change, actor, at)
select a.policy_id, bench.id(4, number), a.id, bench.id(5, number), 'GRANT', coalesce(a.granted, 0), 0, 0, 'system:bench',
       a.created_at
from (select *, row_number() over (order by id) as number from entitlement_accounts) a;

-- step: bookings
create table bench.booked as
select row_number() over (order by p.i) as r, p.policy_id, p.id as insured_id, p.product_code, s.vendor_code
from bench.people p
join product_services s on s.product_code = p.product_code and s.kind = 'OUTPATIENT_ESCORT'
where p.position = 1 and not p.is_written;
alter table bench.booked add primary key (r);

create table bench.cases as
select k, b.*, (array['REQUESTED', 'ACCEPTED', 'CANCELLED_FREE'])[1 + k % 3] as state,
       timestamptz '2025-01-01Z' + k * interval '1 minute' as created_at,
       timestamptz '2025-02-01 01:30Z' + k * 17 % 500 * interval '1 day' + k % 16 * interval '30 minutes' as visit_at
from generate_series(1, {bookings}) k
join bench.booked b on b.r = case when k <= {busy} * 40 then 1 + k % {busy}
  else {busy} + 1 + k % ((select count(*) from bench.booked) - {busy}) end;

insert into bookings (policy_id, id, number, product_code, service, machine, state, state_seq, insured_id, vendor_code,
  hospital_code, department_code, visit_at, visit_on, planned_minutes, is_demo, created_at, updated_at)
select policy_id, bench.id(6, k), 'ESC-B' || lpad(k::text, 8, '0'), product_code, 'OUTPATIENT_ESCORT', 'ESCORT', state,
       case state when 'REQUESTED' then 1 else 2 end, insured_id, vendor_code,
       'B' || lpad((1 + k * 31 % {hospitals})::text, 6, '0'), 'PEDIATRICS', visit_at,
       (visit_at at time zone 'Asia/Shanghai')::date, 240, false, created_at, created_at
from bench.cases order by k;

insert into escort_details (policy_id, booking_id, patient_name, patient_gender, patient_birth_on, registration, symptom,
  need, conditions, checklist)
select policy_id, bench.id(6, k), '被保' || k, 'MALE', date '1990-05-05', '儿科 上午 12 号', '咳嗽', '首次就诊，需要引导',
       '{{}}', '{{}}'
from bench.cases order by k;

insert into booking_events (policy_id, booking_id, seq, machine, from_state, command, role, to_state, actor, details,
  rulebook, at)
select policy_id, bench.id(6, k), 1, 'ESCORT', '', 'request', 'CUSTOMER', 'REQUESTED', 'customer:bench', '{{}}', 'bench',
       created_at
from bench.cases order by k;

insert into booking_events (policy_id, booking_id, seq, machine, from_state, command, role, to_state, actor, details,
  rulebook, at)
select policy_id, bench.id(6, k), 2, 'ESCORT', 'REQUESTED', case state when 'ACCEPTED' then 'accept' else 'cancel' end,
       case state when 'ACCEPTED' then 'VENDOR' else 'CUSTOMER' end, state, 'system:bench', '{{}}', 'bench',
       created_at + interval '1 hour'
from bench.cases where state <> 'REQUESTED' order by k;

-- step: claims
create table bench.claimed as
select c, b.policy_id, b.insured_id, b.product_code, timestamptz '2025-03-01Z' + c * interval '1 minute' as created_at,
       'B' || lpad((1 + c * 13 % {hospitals})::text, 6, '0') as hospital_code
from generate_series(1, {claims}) c
join bench.booked b on b.r = case when c <= {busy} * 40 then 1 + c % {busy}
  else {busy} + 1 + c % ((select count(*) from bench.booked) - {busy}) end;

insert into claims (policy_id, id, number, product_code, kind, channel, machine, state, state_seq, insured_id,
  asked_amount, is_emergency, has_surgery, third_party_settled, is_preauth_missing, revision, is_demo, created_at,
  updated_at)
select policy_id, bench.id(7, c), 'CLM-B' || lpad(c::text, 8, '0'), product_code, 'PUBLIC_OUTPATIENT', 'ONLINE', 'CLAIM',
       'SUBMITTED', 1, insured_id, 300 + c % 900, false, false, false, false, 0, false, created_at, created_at
from bench.claimed order by c;

insert into claim_visits (policy_id, id, claim_id, position, hospital_code, visited_on, amount)
select policy_id, bench.id(8, c), bench.id(7, c), 1, hospital_code, created_at::date - 3, 300 + c % 900
from bench.claimed order by c;

insert into claim_invoices (policy_id, id, claim_id, visit_id, code, number, amount, is_marked)
select policy_id, bench.id(9, c), bench.id(7, c), bench.id(8, c), '', 'INV-B' || c, 300 + c % 900, false
from bench.claimed order by c;

insert into claim_lines (policy_id, id, claim_id, visit_id, position, category, name, asked)
select policy_id, bench.id(10, c * 2 + line), bench.id(7, c), bench.id(8, c), line, 'DRUG', '药品' || line,
       case line when 1 then 200 else 100 + c % 900 end
from bench.claimed, generate_series(1, 2) line order by c, line;

insert into documents (policy_id, id, kind, state, media_type, size, sha256, subject_id, created_at, uploaded_at)
select policy_id, bench.id(11, c * 2 + paper), (array['INVOICE', 'MEDICAL_RECORD'])[paper], 'CLEAN', 'application/pdf',
       100000 + c % 1000, repeat(md5(c::text), 2), bench.id(7, c), created_at, created_at
from bench.claimed, generate_series(1, 2) paper order by c, paper;

insert into claim_documents (policy_id, id, claim_id, kind, is_required, document_id, state)
select policy_id, bench.id(12, c * 2 + paper), bench.id(7, c), (array['INVOICE', 'MEDICAL_RECORD'])[paper], true,
       bench.id(11, c * 2 + paper), 'PROVIDED'
from bench.claimed, generate_series(1, 2) paper order by c, paper;

-- step: clearing away
drop table bench.cases, bench.claimed, bench.booked;
