-- One use less, where one is left.
update entitlement_accounts set held = held + 1
where policy_id = $1 and id = $2 and (granted is null or held + used + 1 <= granted)
