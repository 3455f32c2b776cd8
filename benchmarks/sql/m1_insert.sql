-- The booking, and what is answered about it.
insert into bookings (policy_id, id, number, product_code, service, machine, state, state_seq, insured_id, vendor_code,
  hospital_code, department_code, visit_at, visit_on, planned_minutes, is_demo, created_at, updated_at)
values ($1, gen_random_uuid(), 'ESC-' || gen_random_uuid(), $2, 'OUTPATIENT_ESCORT', 'ESCORT', 'REQUESTED', 1, $3, $4, $5, $6,
  $7::timestamptz, ($7::timestamptz at time zone 'Asia/Shanghai')::date, 240, false, now(), now())
returning json_build_object('data', json_build_object('escortBook', json_build_object('booking', json_build_object(
  'service', service, 'status', state,
  'visitAt', to_char(visit_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'plannedMinutes', planned_minutes,
  'hospital', (select json_build_object('code', h.code, 'name', h.name) from hospitals h where h.code = hospital_code)))))
