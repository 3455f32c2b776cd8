-- Cases of every kind beside the bookings and claims of the bench, spread over their states, vendors and days.
create table bench.cases as
select p.i as n, p.policy_id, p.id as insured_id, p.product_code,
       timestamptz '2025-03-01Z' + p.i * interval '7 minutes' as created_at,
       case p.i % 10 when 0 then 'QITAI' when 1 then 'WINDSTONE' end as vendor_code,
       'B' || lpad((1 + p.i * 13 % {hospitals})::text, 6, '0') as hospital_code
from bench.people p where not p.is_written;

insert into preauths (policy_id, id, number, product_code, machine, state, state_seq, insured_id, vendor_code,
  hospital_code, submitter, channel, diagnosis, treatment_on, is_demo, created_at, updated_at)
select policy_id, bench.id(20, n), 'PA-' || md5(n::text), product_code, 'PREAUTH',
       (array['SUBMITTED', 'UNDER_REVIEW', 'APPROVED', 'REFUSED', 'EXPIRED'])[1 + n % 5], 1, insured_id, vendor_code,
       hospital_code, 'CUSTOMER', 'MINI_PROGRAM', 'x', created_at::date + 10, false, created_at, created_at
from bench.cases;

insert into preauth_items (policy_id, id, preauth_id, position, category, name, is_large_exam, is_rental, matched_rules)
select policy_id, bench.id(21, n * 2 + at), bench.id(20, n), at, 'SURGERY', 'x', false, false, '{{}}'
from bench.cases, generate_series(1, 2) at;

insert into preauth_inquiries (policy_id, id, preauth_id, question, asked_by, asked_at)
select policy_id, bench.id(22, n), bench.id(20, n), 'x', 'staff:x', created_at from bench.cases;

insert into preauth_events (policy_id, preauth_id, seq, machine, from_state, command, role, to_state, actor, details,
  rulebook, at)
select policy_id, bench.id(20, n), at, 'PREAUTH', '', 'submit', 'CUSTOMER', 'SUBMITTED', 'x', '{{}}', 'x', created_at
from bench.cases, generate_series(1, 2) at;

insert into guarantee_letters (policy_id, id, preauth_id, number, hospital_code, machine, state, state_seq, ceiling, drawn, carried,
  period, code_hash, issued_by, issued_at)
select policy_id, bench.id(23, n), bench.id(20, n), 'GL-' || n, hospital_code, 'GUARANTEE_LETTER', 'ISSUED', 1, 100, 0, 0,
       daterange(created_at::date, created_at::date + 30), 'x', 'staff:x', created_at
from bench.cases;

insert into emergency_notices (policy_id, id, insured_id, preauth_id, hospital_code, channel, emergency_at, received_at,
  state)
select policy_id, bench.id(24, n), insured_id, bench.id(20, n), hospital_code, 'HOTLINE', created_at, created_at, 'ON_TIME'
from bench.cases;

insert into cards (policy_id, id, number, insured_id, machine, state, state_seq, is_demo, created_at, updated_at)
select policy_id, bench.id(25, n), 'CARD-' || n, insured_id, 'CARD', 'BOUND', 1, false, created_at, created_at
from bench.cases;

insert into card_bindings (policy_id, id, card_id, principal, proof, bound_at)
select policy_id, bench.id(26, n), bench.id(25, n), 'customer:' || n, 'IDENTITY', created_at from bench.cases;

insert into card_suspensions (policy_id, id, card_id, cause_type, cause_id, suspended_at)
select policy_id, bench.id(27, n), bench.id(25, n), 'RESTRICTION', bench.id(27, n), created_at from bench.cases;

insert into advances (policy_id, id, number, product_code, machine, state, state_seq, insured_id, vendor_code,
  hospital_code, admitted_on, cause, diagnosis, cost_type, requested_amount, is_traffic_accident, has_employer_funding,
  has_third_party_funding, has_litigation, can_hand_over_originals, paid_amount, is_demo, created_at, updated_at)
select policy_id, bench.id(30, n), 'AD-' || md5(n::text), product_code, 'ADVANCE',
       (array['REQUESTED', 'UNDER_REVIEW', 'REVIEWED', 'REFUSED', 'CANCELLED'])[1 + n % 5], 1, insured_id,
       coalesce(vendor_code, 'VAS-SERVICE'), hospital_code, created_at::date, 'DISEASE', 'x', 'INPATIENT_TREATMENT', 100,
       false, false, false, false, true, 0, false, created_at, created_at
from bench.cases;

insert into advance_payments (policy_id, id, advance_id, seq, kind, state, requested_amount, requested_at)
select policy_id, bench.id(31, n), bench.id(30, n), 1, 'FIRST', 'REQUESTED', 100, created_at from bench.cases;

insert into advance_reviews (policy_id, id, advance_id, payment_id, stage, outcome, reviewer, reason, at)
select policy_id, bench.id(32, n), bench.id(30, n), bench.id(31, n), 'VENDOR', 'REFUSED', 'x', 'x', created_at
from bench.cases;

insert into advance_events (policy_id, advance_id, seq, machine, from_state, command, role, to_state, actor, details,
  rulebook, at)
select policy_id, bench.id(30, n), at, 'ADVANCE', '', 'request', 'CUSTOMER', 'REQUESTED', 'x', '{{}}', 'x', created_at
from bench.cases, generate_series(1, 2) at;

insert into repayments (policy_id, id, number, insured_id, advance_id, revision, cause, payee, vendor_code, state, amount,
  paid_amount, waived_amount, is_demo, created_at, updated_at)
select policy_id, bench.id(33, n), 'RP-' || n, insured_id, bench.id(30, n), 0, 'ADVANCE_EXCESS', 'VENDOR',
       coalesce(vendor_code, 'VAS-SERVICE'), 'OPEN', 100, 0, 0, false, created_at, created_at
from bench.cases;

insert into repayment_entries (policy_id, id, repayment_id, command_id, kind, amount, actor, at)
select policy_id, bench.id(34, n), bench.id(33, n), bench.id(34, n), 'PAYMENT', 1, 'x', created_at from bench.cases;

insert into bills (policy_id, id, number, product_code, machine, state, state_seq, insured_id, claim_id, vendor_code,
  hospital_code, visit_type, amount, paid_amount, waived_amount, reminder_count, disputed_at, is_demo, created_at,
  updated_at)
select policy_id, bench.id(40, n), 'BL-' || md5(n::text), product_code, 'BILL',
       (array['ISSUED', 'PARTIALLY_PAID', 'PAID', 'WAIVED'])[1 + n % 4], 1, insured_id, bench.id(45, n), vendor_code,
       hospital_code, 'OUTPATIENT', 100, 0, 0, 0, case n % 50 when 0 then created_at end, false, created_at, created_at
from bench.cases;

insert into bill_reminders (policy_id, bill_id, seq, channel, actor, sent_at)
select policy_id, bench.id(40, n), at, 'PHONE', 'x', created_at from bench.cases, generate_series(1, 2) at;

insert into bill_payments (policy_id, id, bill_id, provider, reference, amount, state, principal, created_at)
select policy_id, bench.id(41, n), bench.id(40, n), 'x', 'x' || n, 1, 'PENDING', 'x', created_at from bench.cases;

insert into bill_disputes (policy_id, id, bill_id, state, grounds, opened_by, opened_at)
select policy_id, bench.id(43, n), bench.id(40, n), 'OPEN', 'x', 'x', created_at from bench.cases;

insert into bill_waivers (policy_id, id, bill_id, command_id, amount, reason, waived_by, at)
select policy_id, bench.id(42, n), bench.id(40, n), bench.id(42, n), 1, 'x', 'x', created_at from bench.cases;

insert into bill_events (policy_id, bill_id, seq, machine, from_state, command, role, to_state, actor, details, rulebook, at)
select policy_id, bench.id(40, n), at, 'BILL', '', 'issue', 'STAFF', 'ISSUED', 'x', '{{}}', 'x', created_at
from bench.cases, generate_series(1, 2) at;

-- Claims in every state, some of them of a vendor, each decided, paid, sent by post, questioned and appealed.
update claims c set
  state = (array['SUBMITTED', 'UNDER_REVIEW', 'DECIDED', 'PAID', 'WITHDRAWN'])[1 + asked_amount::int % 5],
  kind = (array['PUBLIC_OUTPATIENT', 'PUBLIC_INPATIENT', 'VACCINE'])[1 + asked_amount::int % 3],
  vendor_code = case asked_amount::int % 10 when 0 then 'WINDSTONE' end,
  number = 'CL-' || md5(number)
where not is_demo;

insert into claim_decisions (policy_id, id, claim_id, revision, outcome, asked, allowed, deductible, copay, excluded,
  other, paid, rule_codes, facts, rulebook, decided_by, decided_at)
select policy_id, bench.id(50, row_number() over ()), id, 1, 'APPROVED', asked_amount, asked_amount, 0, 0, 0, 0,
       asked_amount, '{{}}', '{{}}', 'x', 'x', created_at
from claims where not is_demo;

insert into claim_decision_lines (policy_id, decision_id, line_id, asked, allowed, deductible, copay, excluded, other, paid,
  rule_codes)
select l.policy_id, d.id, l.id, l.asked, l.asked, 0, 0, 0, 0, l.asked, '{{}}'
from claim_lines l join claim_decisions d on d.policy_id = l.policy_id and d.claim_id = l.claim_id and d.revision = 1
join claims c on c.policy_id = l.policy_id and c.id = l.claim_id where not c.is_demo;

insert into claim_payments (policy_id, id, claim_id, decision_id, payee, amount, state, reference, ordered_by, ordered_at)
select policy_id, bench.id(51, row_number() over ()), claim_id, id, 'CUSTOMER', 1, 'ORDERED', 'x' || id, 'x', decided_at
from claim_decisions where rulebook = 'x';

insert into claim_supplements (policy_id, id, claim_id, kinds, state, requested_by, requested_at)
select policy_id, bench.id(52, row_number() over ()), claim_id, array['x'], 'OPEN', 'x', decided_at
from claim_decisions where rulebook = 'x';

insert into claim_signatures (policy_id, claim_id, paper, signed_by, signed_at)
select policy_id, claim_id, 'BILL', 'x', decided_at from claim_decisions where rulebook = 'x';

insert into claim_shipments (policy_id, id, claim_id, tracking_number, is_prepaid, contact_name, id_number_encrypted,
  id_number_hash, id_number_last4, phone_encrypted, phone_last4, registered_at)
select policy_id, bench.id(53, row_number() over ()), claim_id, 'x', true, 'x', 'x', 'x', 'x', 'x', 'x', decided_at
from claim_decisions where rulebook = 'x';

insert into appeals (policy_id, id, number, claim_id, decision_id, decider, level, machine, state, state_seq, grounds,
  created_at, updated_at)
select policy_id, bench.id(54, row_number() over ()), 'AP-' || id, claim_id, id, decided_by, 1, 'APPEAL', 'FILED', 1, 'x',
       decided_at, decided_at
from claim_decisions where rulebook = 'x';

insert into appeal_events (policy_id, appeal_id, seq, machine, from_state, command, role, to_state, actor, details, rulebook,
  at)
select policy_id, id, at, 'APPEAL', '', 'file', 'CUSTOMER', 'FILED', 'x', '{{}}', 'x', created_at
from appeals, generate_series(1, 2) at where number like 'AP-%';

insert into claim_events (policy_id, claim_id, seq, machine, from_state, command, role, to_state, actor, details, rulebook,
  at)
select policy_id, claim_id, at, 'CLAIM', '', 'submit', 'CUSTOMER', 'SUBMITTED', 'x', '{{}}', 'x', decided_at
from claim_decisions, generate_series(1, 2) at where rulebook = 'x';

insert into sla_clocks (policy_id, id, subject_type, subject_id, rule_code, started_at, due_at, is_estimated)
select policy_id, bench.id(60, row_number() over ()), 'BOOKING', id, 'ZYB-ESC-26', created_at, created_at, false
from bookings;

update bookings set waits_for_vendor = true, due_at = created_at + interval '3 days' where state = 'REQUESTED';
update bookings set waits_for_staff = true, due_at = created_at + interval '3 days'
where state = 'ACCEPTED' and right(number, 1) = '0';

insert into booking_ratings (policy_id, booking_id, score, at) select policy_id, id, 5, created_at from bookings;

insert into booking_deductions (policy_id, id, booking_id, state, reason, proposed_by, proposed_at)
select policy_id, bench.id(61, row_number() over ()), id, 'PROPOSED', 'x', 'x', created_at from bookings;

insert into hospital_networks (hospital_code, product_code, plan_code, liability)
select code, 'CY26', plan, liability
from hospitals, unnest(array['NATIONAL', 'BEIJING']) plan, unnest(array['OUTPATIENT_INPATIENT', 'VACCINE']) liability
where source = 'IMPORTED' and substr(code, 7, 1) in ('1', '2', '3');

update hospitals set
  department_classes = case when substr(code, 7, 1) in ('1', '2') then array['GENERAL', 'SPECIAL'] else array['GENERAL'] end,
  items = array['item ' || substr(code, 5, 3)], is_direct_billing = substr(code, 7, 1) = '1',
  opens_at = case when substr(code, 7, 1) < '8' then time '08:00' end,
  closes_at = case when substr(code, 7, 1) < '8' then time '17:30' end,
  latitude = 20 + substr(code, 4, 4)::int % 2500 / 100.0, longitude = 100 + substr(code, 4, 4)::int % 1700 / 100.0
where source = 'IMPORTED';

insert into policy_riders (policy_id, product_code, rider_code)
select k.policy_id, 'CY26', rider from bench.keys k, unnest(array['VACCINE', 'EYE', 'DENTAL']) rider
where k.product_code = 'CY26' or k.n % 3 = 0;

insert into brand_locks (policy_id, id, insured_id, liability, brand_code, locked_at)
select policy_id, bench.id(70, n), insured_id, 'VACCINE', 'x', created_at from bench.cases;

insert into brand_transfer_requests (policy_id, id, lock_id, state, requested_by, requested_at)
select policy_id, bench.id(71, n), bench.id(70, n), 'REQUESTED', 'x', created_at from bench.cases;

insert into complaints (policy_id, id, number, product_code, principal, content, state, created_at, answered_at)
select policy_id, bench.id(72, n), 'CO-' || n, product_code, 'x', 'x', case n % 20 when 0 then 'RECEIVED' else 'ANSWERED' end,
       created_at, case when n % 20 > 0 then created_at end
from bench.cases;

insert into messages (policy_id, id, product_code, principal, content, created_at, answer, answered_at)
select policy_id, bench.id(73, n), product_code, 'x', 'x', created_at, case when n % 20 > 0 then 'x' end,
       case when n % 20 > 0 then created_at end
from bench.cases;

insert into consents (policy_id, id, insured_id, kind, recipient, purpose, data_kinds, given_by, principal, text_version,
  text_sha256, language, granted_at)
select policy_id, bench.id(74, n), insured_id, 'VENDOR_SHARING', coalesce(vendor_code, 'HUANQIU'), 'x', '{{}}', 'INSURED', 'x', 'x',
       repeat('0', 64), 'zh', created_at
from bench.cases;

insert into vaccination_reminders (policy_id, id, insured_id, vaccine, dose, due_on, product_code, vendor_code, planned_by,
  created_at)
select policy_id, bench.id(76, n), insured_id, 'x' || n, 1, date '2026-01-01' + n % 365, product_code,
       coalesce(vendor_code, 'HUANQIU'), 'x', created_at
from bench.cases;

insert into health_records (policy_id, insured_id, product_code, vendor_code, updated_by, created_at, updated_at, basics,
  family_history, habits)
select distinct on (policy_id, insured_id) policy_id, insured_id, product_code, coalesce(vendor_code, 'HUANQIU'), 'x',
       created_at, created_at, '{{}}'::text[], '{{}}'::text[], '{{}}'::text[]
from bench.cases;

insert into health_record_entries (policy_id, id, insured_id, product_code, vendor_code, kind, "on", title, recorded_by, at)
select policy_id, bench.id(78, n), insured_id, product_code, coalesce(vendor_code, 'HUANQIU'), 'VISIT',
       date '2026-01-01' + n % 365, 'x', 'x', created_at
from bench.cases;

insert into growth_assessments (policy_id, id, insured_id, product_code, vendor_code, assessed_on, mode, assessment,
  recorded_by, at)
select policy_id, bench.id(79, n), insured_id, product_code, coalesce(vendor_code, 'HUANQIU'),
       date '2026-01-01' + n % 365, 'PHONE', 'x', 'x', created_at
from bench.cases;

insert into manager_contacts (policy_id, id, insured_id, product_code, vendor_code, policy_number, manager, channel, topic,
  contacted_at, is_reached, content, next_contact_at, recorded_by, at)
select policy_id, bench.id(80, n), insured_id, product_code, coalesce(vendor_code, 'HUANQIU'), 'x', 'x', 'PHONE', 'OTHER',
       created_at, true, 'x', created_at + interval '1 day', 'x', created_at
from bench.cases;

insert into hotline_overrides (policy_id, id, insured_id, rule_code, visit_on, reason, given_by, given_at)
select policy_id, bench.id(77, n), insured_id, 'ZYB-TBL-07', date '2026-01-01' + n % 365, 'x', 'x', created_at
from bench.cases
on conflict do nothing;

insert into policy_grants (policy_id, id, issuer, subject, role, granted_by, created_at)
select policy_id, bench.id(75, n), 'x', 'x' || n, 'HOLDER', 'x', created_at from bench.cases;

insert into visit_restrictions (policy_id, id, insured_id, kind, reason, imposed_by, imposed_at)
select policy_id, bench.id(76, n), insured_id, 'BOOKING', 'x', 'staff:x', created_at from bench.cases;

drop table bench.cases;
