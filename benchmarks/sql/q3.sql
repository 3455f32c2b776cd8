-- The newest twenty bookings of a policy with their hospitals, and its newest twenty claims with lines and documents.
select json_build_object('data', json_build_object('policy', (
  select json_build_object('number', p.number,
    'bookings', json_build_object('nodes', (
      select coalesce(json_agg(json_build_object(
        'number', b.number, 'service', b.service, 'status', b.state,
        'visitAt', to_char(b.visit_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'plannedMinutes', b.planned_minutes,
        'hospital', (
          select json_build_object('code', h.code, 'name', h.name, 'city', json_build_object('name', c.name))
          from hospitals h join cities c on c.code = h.city_code where h.code = b.hospital_code))
        order by b.created_at desc, b.id desc), '[]')
      from (
        select number, service, state, visit_at, planned_minutes, hospital_code, created_at, id from bookings
        where policy_id = p.policy_id order by created_at desc, id desc limit 20) b)),
    'claims', json_build_object('nodes', (
      select coalesce(json_agg(json_build_object(
        'number', m.number, 'kind', m.kind, 'status', m.state,
        'createdAt', to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'askedAmount', json_build_object('amount', m.asked_amount::text, 'currency', 'CNY'),
        'lines', (
          select coalesce(json_agg(json_build_object('position', l.position, 'category', l.category, 'name', l.name,
            'asked', json_build_object('amount', l.asked::text)) order by l.position), '[]')
          from claim_lines l where l.policy_id = m.policy_id and l.claim_id = m.id),
        'documents', (
          select coalesce(json_agg(json_build_object('kind', d.kind, 'isRequired', d.is_required, 'status', d.state)
            order by d.kind, d.id), '[]')
          from claim_documents d where d.policy_id = m.policy_id and d.claim_id = m.id))
        order by m.created_at desc, m.id desc), '[]')
      from (
        select policy_id, id, number, kind, state, created_at, asked_amount from claims
        where policy_id = p.policy_id order by created_at desc, id desc limit 20) m)))
  from policies p where p.number = $1)))
