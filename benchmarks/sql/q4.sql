-- All 102 drugs in two pages: the first, and the one after a cursor.
select json_build_object('data', json_build_object(
  'one', json_build_object('nodes', (
    select coalesce(json_agg(json_build_object('seq', d.seq, 'brand', d.brand, 'generic', d.generic,
      'manufacturer', d.manufacturer) order by d.seq, d.id), '[]')
    from (select * from drugs order by seq, id limit 51) d)),
  'two', json_build_object('nodes', (
    select coalesce(json_agg(json_build_object('seq', d.seq, 'brand', d.brand, 'generic', d.generic,
      'manufacturer', d.manufacturer) order by d.seq, d.id), '[]')
    from (select * from drugs where (seq, id) > ($1, $2::uuid) order by seq, id limit 51) d))))
