"""To the cent: each statement finds the sums that do not come out."""

from collections.abc import Mapping

PARTS = "asked, allowed, deductible, copay, excluded, other, paid"
SUMS = ", ".join(f"sum(l.{part})" for part in PARTS.split(", "))

SENT = """select coalesce(sum(amount) filter (where state <> 'FAILED'), 0) as sent,
  coalesce(sum(amount) filter (where state = 'PAID'), 0) as arrived,
  (select coalesce(sum(r.amount), 0) from repayments r
    where r.policy_id = c.policy_id and r.claim_id = c.id) as asked_back
  from claim_payments p where p.policy_id = c.policy_id and p.claim_id = c.id"""
"""What went out for a claim, what of it has arrived, and what was asked back."""

AROUND = """select
  (select coalesce(sum(p.amount), 0) from claims c
    join claim_payments p on p.policy_id = c.policy_id and p.claim_id = c.id and p.payee = 'VENDOR'
    where c.policy_id = a.policy_id and c.advance_id = a.id and p.state = 'PAID') as returned,
  coalesce(sum(r.amount - e.off), 0) as owed, coalesce(sum(r.paid_amount), 0) as repaid,
  coalesce(sum(r.waived_amount - e.off), 0) as waived, coalesce(sum(r.outstanding_amount), 0) as outstanding
  from repayments r cross join lateral (select coalesce(sum(e.amount), 0) as off from repayment_entries e
    where e.policy_id = r.policy_id and e.repayment_id = r.id and e.kind = 'WRITE_OFF') e
  where r.policy_id = a.policy_id and r.advance_id = a.id"""
"""What the insurer and the client have given back to the vendor of an advance, and what the client owes still."""

MONEY: Mapping[str, str] = {
    "a decision does not balance": """
        select id, asked, paid from claim_decisions where asked <> paid + deductible + copay + excluded + other
    """,
    "a line of a decision does not balance": """
        select line_id, asked, paid from claim_decision_lines
        where asked <> paid + deductible + copay + excluded + other
    """,
    "a decision is not the sum of its lines": f"""
        select d.id from claim_decisions d where row({PARTS}) is distinct from
          (select row({SUMS}) from claim_decision_lines l where l.policy_id = d.policy_id and l.decision_id = d.id)
    """,
    "a decision is not about all that was asked": """
        select c.number, c.asked_amount, d.asked from claims c
        join claim_decisions d on d.policy_id = c.policy_id and d.claim_id = c.id where d.asked <> c.asked_amount
    """,
    "lines or visits of a claim are not what it asks": """
        select c.number, c.asked_amount from claims c where c.asked_amount <> all(array[
          (select sum(asked) from claim_lines l where l.policy_id = c.policy_id and l.claim_id = c.id),
          (select sum(amount) from claim_visits v where v.policy_id = c.policy_id and v.claim_id = c.id)])
    """,
    "the decision in force is not the newest": """
        select c.number, c.revision from claims c where c.revision <>
          (select count(*) from claim_decisions d where d.policy_id = c.policy_id and d.claim_id = c.id)
    """,
    "more is paid, or on its way, than a claim's decision grants": f"""
        select c.number, c.state, coalesce(d.paid, 0) as granted, m.sent, m.asked_back from claims c
        left join claim_decisions d on d.policy_id = c.policy_id and d.claim_id = c.id and d.revision = c.revision
        join lateral ({SENT}) m on true where m.sent - m.asked_back > coalesce(d.paid, 0)
    """,
    "a claim is called paid, and is not": f"""
        select c.number, d.paid as granted, m.* from claims c
        join claim_decisions d on d.policy_id = c.policy_id and d.claim_id = c.id and d.revision = c.revision
        join lateral ({SENT}) m on true where c.state = 'PAID' and m.arrived - m.asked_back <> d.paid
    """,
    "a sum that is owed back is not what came of it": """
        select r.number, r.state, r.amount, r.paid_amount, r.waived_amount from repayments r
        left join lateral (select coalesce(sum(amount) filter (where kind = 'PAYMENT'), 0) as paid,
            coalesce(sum(amount) filter (where kind <> 'PAYMENT'), 0) as waived
          from repayment_entries e where e.policy_id = r.policy_id and e.repayment_id = r.id) e on true
        where (r.paid_amount, r.waived_amount) <> (e.paid, e.waived) or r.paid_amount + r.waived_amount > r.amount
          or r.outstanding_amount <> r.amount - e.paid - e.waived
          or (r.state in ('SETTLED', 'WAIVED')) <> (r.outstanding_amount = 0)
    """,
    "a bill is not what came of it": """
        select b.number, b.state, b.amount, b.paid_amount, b.waived_amount, came.paid, gone.waived from bills b
        left join lateral (select coalesce(sum(amount), 0) as paid from bill_payments p
          where p.policy_id = b.policy_id and p.bill_id = b.id and p.state = 'PAID') came on true
        left join lateral (select coalesce(sum(amount), 0) as waived from bill_waivers w
          where w.policy_id = b.policy_id and w.bill_id = b.id) gone on true
        where (b.paid_amount, b.waived_amount) <> (came.paid, gone.waived) or came.paid + gone.waived > b.amount
          or (b.state in ('PAID', 'WAIVED')) <> (b.outstanding_amount = 0)
    """,
    "an advance is not what was paid for it": """
        select a.number, a.paid_amount, p.paid from advances a
        left join lateral (select coalesce(sum(approved_amount), 0) as paid from advance_payments p
          where p.policy_id = a.policy_id and p.advance_id = a.id and p.state = 'PAID') p on true
        where a.paid_amount <> p.paid
    """,
    "a settled advance is not what its claim covers and what is owed back": f"""
        select a.number, a.paid_amount, a.adjudicated_amount, a.covered_amount, a.repayable_amount, v.*
        from advances a join lateral ({AROUND}) v on true
        where a.settled_at is null and v.owed <> 0 or a.settled_at is not null
          and (a.paid_amount <> a.covered_amount + a.repayable_amount
            or a.covered_amount <> least(a.paid_amount, a.adjudicated_amount)
            or v.owed <> greatest(a.paid_amount - greatest(a.covered_amount, v.returned), v.repaid + v.waived))
    """,
    "a settled advance is not settled by its claim's decision in force": """
        select a.number, a.adjudicated_amount, d.paid from advances a
        join claims c on c.policy_id = a.policy_id and c.advance_id = a.id
        join claim_decisions d on d.policy_id = c.policy_id and d.claim_id = c.id and d.revision = c.revision
        where a.settled_at is not null and a.adjudicated_amount <> d.paid
    """,
    "a vendor gets more than it has advanced, or less": f"""
        select a.number, a.state, a.paid_amount, a.covered_amount, a.repayable_amount, v.*
        from advances a join lateral ({AROUND}) v on true
        cross join lateral (select greatest(
          a.covered_amount - v.returned - greatest(v.repaid - a.repayable_amount, 0), 0) as due) d
        where v.returned + v.repaid > a.paid_amount or a.settled_at is not null and (
          v.returned + d.due + v.repaid + v.outstanding > a.paid_amount
          or v.returned + d.due + v.repaid + v.outstanding + v.waived < a.paid_amount)
    """,
    "a vendor was paid before it was known what it gets": """
        select a.number from advances a
        join claims c on c.policy_id = a.policy_id and c.advance_id = a.id
        join claim_payments p on p.policy_id = c.policy_id and p.claim_id = c.id where a.settled_at is null
    """,
    "a bill is not paid, let go, taken off after a dispute, and owed": """
        select b.number, b.amount, b.paid_amount, b.outstanding_amount, w.let_go, d.taken_off from bills b
        cross join lateral (select coalesce(sum(w.amount), 0) as let_go from bill_waivers w
          where w.policy_id = b.policy_id and w.bill_id = b.id and w.dispute_id is null) w
        cross join lateral (select coalesce(sum(d.taken_off), 0) as taken_off from bill_disputes d
          where d.policy_id = b.policy_id and d.bill_id = b.id) d
        where b.amount <> b.paid_amount + w.let_go + d.taken_off + b.outstanding_amount
    """,
    "a bill is called disputed, and nobody disputes it, or the other way round": """
        select b.number, b.state, b.disputed_at from bills b where (b.disputed_at is not null) <> exists (
          select from bill_disputes d where d.policy_id = b.policy_id and d.bill_id = b.id and d.state = 'OPEN')
    """,
    "the last letter has not drawn what its ledger says": """
        select l.number, l.state, l.ceiling, l.drawn, e.drawn as entered
        from (select distinct on (policy_id, preauth_id) * from guarantee_letters
              order by policy_id, preauth_id, id desc) l
        cross join lateral (select coalesce(sum(case d.kind when 'DRAW' then d.amount else -d.amount end), 0) as drawn
          from guarantee_letters o join guarantee_draws d on d.policy_id = o.policy_id and d.letter_id = o.id
          where o.policy_id = l.policy_id and o.preauth_id = l.preauth_id) e
        where l.drawn <> e.drawn or l.drawn > l.ceiling
    """,
    "a claim that ended without a cent keeps what it has drawn": """
        select c.number, c.state, e.drawn from claims c
        left join claim_decisions v on v.policy_id = c.policy_id and v.claim_id = c.id and v.revision = c.revision
        cross join lateral (select sum(case d.kind when 'DRAW' then d.amount else -d.amount end) as drawn
          from guarantee_draws d where d.policy_id = c.policy_id and d.claim_id = c.id) e
        where (c.state in ('WITHDRAWN', 'CLOSED_INCOMPLETE') or v.paid = 0) and e.drawn <> 0
    """,
}
