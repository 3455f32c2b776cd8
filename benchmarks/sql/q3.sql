-- The newest twenty bookings of a policy, with their hospitals.
select json_build_object('data', json_build_object('policy', (
  select json_build_object('number', p.number, 'bookings', json_build_object('nodes', (
    select coalesce(json_agg(json_build_object(
      'number', b.number, 'service', b.service, 'status', b.state,
      'visitAt', to_char(b.visit_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'plannedMinutes', b.planned_minutes,
      'hospital', (
        select json_build_object('code', h.code, 'name', h.name, 'city', json_build_object('name', c.name))
        from hospitals h join cities c on c.code = h.city_code where h.code = b.hospital_code))
      order by b.created_at desc, b.id desc), '[]')
    from (
      select number, service, state, visit_at, planned_minutes, hospital_code, created_at, id from bookings
      where policy_id = p.policy_id order by created_at desc, id desc limit 20) b)))
  from policies p where p.number = $1)))
