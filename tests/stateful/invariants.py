"""What must hold for all bookings, accounts and locks after every step: each a statement that finds what breaks it."""

from collections.abc import Mapping

from tests.stateful.looking import Eyes
from tests.support.races import ACCOUNTS_THAT_DISAGREE, BOOKINGS_WHOSE_HISTORY_DISAGREES, SUBJECTS_WITH_TWO_LIVE_HOLDS

ENDED = """(state like 'CANCELLED%' or state like 'TERMINATED%' or state in ('COMPLETED', 'DECLINED',
  'VENDOR_CANCELLED', 'NO_SHOW', 'EXPIRED', 'DEDUCTED', 'SERVICE_REFUSED', 'PRESCRIPTION_REJECTED'))"""
"""States in which a booking is over. Named here and not read from the table of steps, which might be wrong itself."""

HOLD_OF_BOOKING = "join entitlement_holds h on h.policy_id = b.policy_id and h.subject_id = b.id"

BOOKINGS: Mapping[str, str] = {
    "an account's counters are not the sums of its ledger and its holds": ACCOUNTS_THAT_DISAGREE,
    "a subject has two live holds": SUBJECTS_WITH_TWO_LIVE_HOLDS,
    "a booking stands where its history does not": BOOKINGS_WHOSE_HISTORY_DISAGREES,
    "an account is overspent": (
        "select id, granted, held, used from entitlement_accounts where held < 0 or used < 0 or held + used > granted"
    ),
    "a hold is not what the ledger says of it": """
        select h.id, h.state, h.quantity, sum(e.held_change) as held, sum(e.used_change) as used
        from entitlement_holds h left join entitlement_entries e on e.policy_id = h.policy_id and e.hold_id = h.id
        group by h.policy_id, h.id
        having (coalesce(sum(e.held_change), 0), coalesce(sum(e.used_change), 0)) <>
          (case h.state when 'HELD' then h.quantity else 0 end, case h.state when 'CONSUMED' then h.quantity else 0 end)
    """,
    "history leaps": """
        select booking_id, seq, from_state, came_from from (
          select *, lag(to_state, 1, '') over steps as came_from, row_number() over steps as place
          from booking_events window steps as (partition by policy_id, booking_id order by seq)) e
        where from_state <> came_from or seq <> place
    """,
    "a step was taken after the end": f"""
        select booking_id, seq, from_state, command from (select *, from_state as state from booking_events) e
        where {ENDED} and (command not in ('rate', 'share') or to_state <> from_state)
    """,
    "an ended booking still sets a use aside": f"""
        select b.number, b.state from (select * from bookings where {ENDED}) b {HOLD_OF_BOOKING} where h.state = 'HELD'
    """,
    "a booking that was free for the client has cost a use": f"""
        select b.number, b.state from bookings b {HOLD_OF_BOOKING} where h.state = 'CONSUMED'
        and b.state in ('CANCELLED_FREE', 'DECLINED', 'VENDOR_CANCELLED', 'EXPIRED', 'PRESCRIPTION_REJECTED')
    """,
    "a booking that was served has not cost its use": f"""
        select b.number, b.service, b.state from bookings b {HOLD_OF_BOOKING}
        where b.state in ('COMPLETED', 'DEDUCTED', 'CANCELLED_LATE')
        group by b.policy_id, b.id having not bool_or(h.state = 'CONSUMED')
    """,
    "a booking under way has lost its use": f"""
        select b.number, b.service, b.state from (select * from bookings where not {ENDED}) b {HOLD_OF_BOOKING}
        group by b.policy_id, b.id, b.number, b.service, b.state having not bool_or(h.state in ('HELD', 'CONSUMED'))
    """,
    "two uses in one calendar month of a service that allows one": """
        select h.account_id, date_trunc('month', b.created_at at time zone 'Asia/Shanghai') as month
        from bookings b join entitlement_holds h on h.policy_id = b.policy_id and h.subject_id = b.id
        where b.service = 'RESPIRATORY_TEST' and h.state in ('HELD', 'CONSUMED')
        group by h.policy_id, h.account_id, month having count(*) > 1
    """,
    "a series of vaccinations was begun at two brands": """
        select b.insured_id from bookings b
        join booking_events e on e.policy_id = b.policy_id and e.booking_id = b.id and e.command = 'checkIn'
        join hospitals p on p.code = b.hospital_code
        where b.service = 'VACCINATION' group by b.policy_id, b.insured_id having count(distinct p.brand_code) > 1
    """,
    "a visited brand is not the one that is locked": """
        select b.number, p.brand_code, l.brand_code as locked from bookings b
        join booking_events e on e.policy_id = b.policy_id and e.booking_id = b.id and e.command = 'checkIn'
        join hospitals p on p.code = b.hospital_code
        left join brand_locks l on l.policy_id = b.policy_id and l.insured_id = b.insured_id and l.released_at is null
          and l.liability = 'VACCINE'
        where b.service = 'VACCINATION' and l.brand_code is distinct from p.brand_code
    """,
    "a step was not audited": """
        select e.booking_id, count(*) as steps, (select count(*) from audit_entries a
          where a.policy_id = e.policy_id and a.subject_id = e.booking_id) as audited
        from booking_events e join bookings b on b.policy_id = e.policy_id and b.id = e.booking_id
        where e.actor not like 'system:%' and b.number not like 'B00%'
        group by e.policy_id, e.booking_id having count(*) > (select count(*) from audit_entries a
          where a.policy_id = e.policy_id and a.subject_id = e.booking_id)
    """,
}


def broken(eyes: Eyes, truths: Mapping[str, str]) -> set[str]:
    """All statements in one, since this is asked after every step."""
    parts = [f"select {at} as at, to_jsonb(t)::text as row from ({sql}) t" for at, sql in enumerate(truths.values())]
    return {f"{list(truths)[row['at']]}: {row['row']}" for row in eyes.rows(" union all ".join(parts))}
