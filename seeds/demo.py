"""Demo data, marked as such: invented hospitals, experts, pharmacies, policies, cases and announcements."""

import datetime as dt
import hashlib
from typing import Any

from gateway.auth.personal import PersonalVault
from seeds import demo_cases, demo_hospitals, demo_lists, demo_notices, demo_policies
from seeds.demo_cases import load_demo_cases
from seeds.demo_hospitals import load_demo_hospitals
from seeds.demo_lists import load_demo_lists
from seeds.demo_notices import load_demo_notices
from seeds.demo_policies import load_demo_policies

NAME = "demo"


async def load_demo(connection: Any, vault: PersonalVault) -> bool:
    """Whether anything was loaded: unchanged files are not read again."""
    digest = _digest()
    if await connection.fetchval("select sha256 from seed_states where name = $1", NAME) == digest:
        return False
    now = dt.datetime.now(dt.UTC)
    await load_demo_hospitals(connection)
    await load_demo_lists(connection)
    await load_demo_policies(connection, vault, now)
    await load_demo_cases(connection, vault)
    await load_demo_notices(connection)
    await connection.execute(
        """
        insert into seed_states (name, sha256, applied_at) values ($1, $2, $3)
        on conflict (name) do update set sha256 = excluded.sha256, applied_at = excluded.applied_at
        """,
        NAME,
        digest,
        now,
    )
    return True


def _digest() -> str:
    lists = (demo_hospitals.FILE, demo_lists.EXPERTS, demo_lists.PHARMACIES)
    files = (*lists, demo_policies.FILE, demo_cases.FILE, demo_notices.FILE)
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
