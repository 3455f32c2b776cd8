-- A policy by its number, with product, insured and entitlements.
select json_build_object('data', json_build_object('policy', (
  select json_build_object(
    'number', p.number, 'status', p.status,
    'effectiveAt', to_char(p.effective_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'startsOn', lower(p.cover), 'endsOn', upper(p.cover) - 1,
    'product', (select json_build_object('code', d.code, 'name', d.name_en) from products d where d.code = p.product_code),
    'insured', (
      select coalesce(json_agg(json_build_object('name', m.name, 'gender', m.gender, 'birthOn', m.birth_on)
        order by m.position, m.id), '[]')
      from policy_members m where m.policy_id = p.policy_id and m.role = 'INSURED'),
    'entitlements', (
      select coalesce(json_agg(json_build_object('service', a.service, 'granted', a.granted, 'reserved', a.held,
        'used', a.used, 'remaining', a.remaining, 'usableFrom', a.usable_from, 'expiresOn', upper(a.period) - 1)
        order by a.position, a.insured_id, a.id), '[]')
      from entitlement_accounts a where a.policy_id = p.policy_id))
  from policies p where p.number = $1)))
