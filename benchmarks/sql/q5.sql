-- A page of a vendor's bookings, newest first, after a cursor (microseconds of the epoch, and the id).
with beyond as (
  select number, state, visit_at, created_at, id from bookings
  where vendor_code = $1
    and (created_at, id) < (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3::uuid)
  order by created_at desc, id desc limit $4::int + 1
), page as (
  select * from beyond order by created_at desc, id desc limit $4::int
)
select json_build_object('data', json_build_object('bookings', json_build_object(
  'nodes', (
    select coalesce(json_agg(json_build_object('number', number, 'status', state,
      'visitAt', to_char(visit_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by created_at desc, id desc), '[]')
    from page),
  'pageInfo', json_build_object(
    'hasNextPage', (select count(*) > $4::int from beyond),
    'endCursor', (
      select (extract(epoch from created_at) * 1000000)::bigint || ':' || id from page order by created_at, id limit 1)))))
