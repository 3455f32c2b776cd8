-- The account of the escort on the policy of a number, locked.
select a.policy_id, a.id, a.insured_id, a.product_code, s.vendor_code
from policies p
join entitlement_accounts a on a.policy_id = p.policy_id and a.service = 'OUTPATIENT_ESCORT'
join product_services s on s.product_code = a.product_code and s.kind = a.service
where p.number = $1 limit 1 for update of a
