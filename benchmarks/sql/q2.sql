-- Twenty hospitals of a city with a department, their departments, and how many there are.
select json_build_object('data', json_build_object('hospitals', json_build_object(
  'totalCount', (
    select count(*) from hospitals h where h.city_code = $1 and exists (
      select from hospital_departments w where w.hospital_code = h.code and w.department_code = $2)),
  'nodes', (
    select coalesce(json_agg(json_build_object(
      'code', h.code, 'name', h.name, 'level', h.level, 'type', h.ownership,
      'departments', (
        select coalesce(json_agg(json_build_object('code', d.department_code, 'name', n.name_en, 'isFeatured', d.is_featured)
          order by d.department_code), '[]')
        from hospital_departments d join departments n on n.code = d.department_code where d.hospital_code = h.code))
      order by h.sort_key, h.id), '[]')
    from (
      select h.code, h.name, h.level, h.ownership, h.sort_key, h.id from hospitals h
      where h.city_code = $1 and exists (
        select from hospital_departments w where w.hospital_code = h.code and w.department_code = $2)
      order by h.sort_key, h.id limit 20) h))))
