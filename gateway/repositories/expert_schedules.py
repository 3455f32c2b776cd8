"""Experts of vendors, and the times of their schedules, as files bring them."""

from collections.abc import Sequence
from typing import Any

from models.base import derived_id


async def vendors(connection: Any) -> list[str]:
    return [row["code"] for row in await connection.fetch("select code from vendors order by code")]


async def departments(connection: Any) -> dict[str, str]:
    """Code or name in small letters → code."""
    rows = await connection.fetch("select code, name_zh, name_en from departments")
    return {word.lower(): row["code"] for row in rows for word in (row["code"], row["name_zh"], row["name_en"])}


async def experts(connection: Any) -> list[str]:
    return [row["code"] for row in await connection.fetch("select code from experts order by code")]


async def upsert(connection: Any, rows: Sequence[dict[str, Any]], *, is_demo: bool) -> None:
    await connection.executemany(
        """
        insert into experts
          (code, id, vendor_code, department_code, name, title, hospital, hospital_rank, is_in_service, is_demo)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (code) do update set vendor_code = excluded.vendor_code,
          department_code = excluded.department_code, name = excluded.name, title = excluded.title,
          hospital = excluded.hospital, hospital_rank = excluded.hospital_rank,
          is_in_service = excluded.is_in_service, is_demo = excluded.is_demo
        """,
        [
            (
                row["code"],
                derived_id("expert", row["code"]),
                row["vendor"],
                row["department"],
                row["name"],
                row["title"],
                row["hospital"],
                row["rank"],
                row["in_service"],
                is_demo,
            )
            for row in rows
        ],
    )


async def replace_slots(connection: Any, rows: Sequence[dict[str, Any]]) -> None:
    """What nobody has taken of the days that are named goes; what somebody has stays as it is."""
    columns = [[row[name] for row in rows] for name in ("expert", "starts_at", "ends_at", "is_visit_hours")]
    await connection.execute(
        """
        delete from expert_slots s
        using (select distinct expert, timezone('Asia/Shanghai', starts_at)::date as day
               from unnest($1::text[], $2::timestamptz[]) given (expert, starts_at)) named
        where s.expert_code = named.expert and timezone('Asia/Shanghai', s.starts_at)::date = named.day
          and s.booking_id is null
        """,
        *columns[:2],
    )
    await connection.execute(
        """
        insert into expert_slots (expert_code, starts_at, ends_at, is_visit_hours)
        select * from unnest($1::text[], $2::timestamptz[], $3::timestamptz[], $4::boolean[])
        on conflict (expert_code, starts_at) do nothing
        """,
        *columns,
    )
