-- What the measured mutation has written, on the policies that are kept for it alone.
with kept as (select policy_id from bench.keys where is_written),
     a as (delete from escort_details using kept where escort_details.policy_id = kept.policy_id),
     b as (delete from booking_events using kept where booking_events.policy_id = kept.policy_id),
     c as (delete from sla_clocks using kept where sla_clocks.policy_id = kept.policy_id),
     d as (delete from entitlement_holds using kept where entitlement_holds.policy_id = kept.policy_id),
     e as (delete from entitlement_entries using kept
           where entitlement_entries.policy_id = kept.policy_id and entitlement_entries.kind <> 'GRANT'),
     f as (delete from outbox_messages using kept where outbox_messages.policy_id = kept.policy_id),
     g as (delete from audit_entries using kept where audit_entries.policy_id = kept.policy_id),
     h as (delete from idempotency_keys using kept where idempotency_keys.policy_id = kept.policy_id),
     i as (delete from bookings using kept where bookings.policy_id = kept.policy_id)
update entitlement_accounts set held = 0 from kept where entitlement_accounts.policy_id = kept.policy_id and held > 0;
