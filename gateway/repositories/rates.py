"""Buckets that several workers share: one atomic statement takes a piece out."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Grant:
    granted: float  # nothing, or at least what is needed
    level: float  # what is left for everybody


async def take(pool: Any, holder: str, *, need: float, wanted: float, burst: float, per_second: float) -> Grant:
    """As much as is there up to `wanted`, if that is at least `need`. The bucket refills by the database's clock."""
    row = await pool.fetchrow(
        """
        insert into rate_buckets as bucket (holder, level, granted, refilled_at)
        values ($1, $2::float8 - least($2, $4::float8), least($2, $4), clock_timestamp())
        on conflict (holder) do update set (level, granted, refilled_at) = (
            select filled - granted, granted, clock_timestamp()
            from (
                select least($2, bucket.level + $5::float8 * greatest(0, extract(epoch from
                    clock_timestamp() - bucket.refilled_at)::float8)) as filled
            ) refilled, lateral (
                select case when filled >= $3::float8 then least(filled, $4) else 0 end as granted
            ) taken
        )
        returning level, granted
        """,
        holder,
        burst,
        need,
        wanted,
        per_second,
    )
    return Grant(row["granted"], row["level"])
