"""The clockwork: what happens when, and the workers that see to it. Any number may run; each tick is taken by one."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import structlog
from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.core.applications import PgQueuer
from pgqueuer.domain.models import Job, Schedule
from pgqueuer.domain.types import QueueExecutionMode

from gateway.context import Services
from gateway.jobs import bills, cards, corrections, deadlines, delivery, expiries, papers, queue, tidying, vaccinations
from gateway.jobs.house import House
from gateway.jobs.senders import Routes

POLL = dt.timedelta(seconds=2)
DRAINING_POLL = dt.timedelta(milliseconds=50)
"""How soon it is seen that the last job is done, where nothing else will come."""

LOST_AFTER = dt.timedelta(seconds=30)
"""A worker that has not been heard of for so long has died; its jobs go to the others."""

GRACE = 5.0
PAUSE = 5.0

log = structlog.get_logger("gateway.jobs")


@dataclass(frozen=True, slots=True)
class Timer:
    name: str
    every: str  # minute hour day month weekday second
    run: Callable[[House], Awaitable[int]]

    async def work(self, house: House) -> int:
        """How many rows it has moved. Those that it could not move are noted under its name."""
        return await self.run(replace(house, timer=self.name))


RELAY = Timer("relay", "* * * * * */2", delivery.relay)
TIMERS = (
    RELAY,
    Timer("expire bookings", "* * * * * 5", expiries.expire_bookings),
    Timer("expire authorizations", "*/10 * * * * 10", expiries.expire_authorizations),
    Timer("correct deadlines", "* * * * * 12", corrections.correct_deadlines),
    Timer("late clocks", "* * * * * 15", deadlines.tell_late_clocks),
    Timer("unrecorded visits", "*/10 * * * * 25", deadlines.tell_unrecorded_visits),
    Timer("forfeit uses", "10 * * * * 35", expiries.forfeit_uses),
    Timer("remind of vaccinations", "*/10 * * * * 30", vaccinations.remind),
    Timer("grey cards", "* * * * * 40", cards.suspend_cards),
    Timer("restore cards", "* * * * * 50", cards.lift_suspensions),
    Timer("end payments", "* * * * * 55", bills.end_payments),
    Timer("check papers", "*/5 * * * * 20", papers.recheck),
    Timer("forget uploads", "20 * * * * 25", papers.expire),
    Timer("remove papers", "10 4 * * * 30", papers.remove),
    Timer("tidy", "40 3 * * * 45", tidying.tidy),
)


@dataclass(frozen=True, slots=True)
class Clockwork:
    services: Services
    routes: Routes
    pool: Any
    """Of its own: the queue's statements speak JSON as text, and one connection listens for wake-ups."""

    lost_after: dt.timedelta = LOST_AFTER

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Runs beside whatever happens in the block, and ends with it."""
        ending = asyncio.Event()
        task = asyncio.create_task(self.run(ending))
        try:
            yield
        finally:
            ending.set()
            await asyncio.wait({task}, timeout=GRACE)
            task.cancel()
            await asyncio.wait({task})

    async def run(self, ending: asyncio.Event) -> None:
        """Until the end; a database that went away is waited for."""
        while not ending.is_set():
            try:
                await self._run_until(ending)
            except Exception as error:
                log.error("the clockwork has stopped and begins anew", kind=type(error).__name__)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(ending.wait(), PAUSE)

    async def _run_until(self, ending: asyncio.Event) -> None:
        queuer = self._queuer(lambda: House(self.services, dt.datetime.now(dt.UTC)))
        for timer in TIMERS:
            queuer.schedule(timer.name, timer.every)(_ticking(self.services, timer))
        running = asyncio.create_task(queuer.run(dequeue_timeout=POLL, heartbeat_timeout=self.lost_after))
        awaited = asyncio.create_task(ending.wait())
        try:
            await asyncio.wait({running, awaited}, return_when=asyncio.FIRST_COMPLETED)
            queuer.shutdown.set()
            await running
        finally:
            awaited.cancel()
            running.cancel()

    async def once(self, now: dt.datetime, *, with_rehearsals: bool = False) -> dict[str, int]:
        """Every timer once, as if it were that hour, and everything that is to be sent by then."""
        house = House(self.services, now, with_rehearsals)
        done = await run_timers(house)
        done[RELAY.name] = await RELAY.work(house)
        queuer = self._queuer(lambda: house)
        drain = QueueExecutionMode.drain
        await queuer.qm.run(mode=drain, dequeue_timeout=DRAINING_POLL, heartbeat_timeout=self.lost_after)
        return done

    def _queuer(self, house: Callable[[], House]) -> PgQueuer:
        driver = AsyncpgPoolDriver(self.pool)
        queuer = PgQueuer(driver, queries=queue.queries(driver))

        async def deliver(job: Job) -> None:
            await delivery.deliver(house(), self.routes, job)

        queuer.entrypoint(queue.DELIVER, on_failure="hold", accepts_context=False)(deliver)
        return queuer


async def run_timers(house: House) -> dict[str, int]:
    """Every timer once, and nothing sent: how much each has done."""
    return {timer.name: await timer.work(house) for timer in TIMERS if timer is not RELAY}


def _ticking(services: Services, timer: Timer) -> Callable[[Schedule], Awaitable[None]]:
    async def tick(schedule: Schedule) -> None:
        count = await timer.work(House(services, dt.datetime.now(dt.UTC)))
        if count:
            log.info("timer", name=timer.name, count=count)

    return tick


@contextlib.asynccontextmanager
async def clockwork(
    dsn: str, services: Services, routes: Routes, *, lost_after: dt.timedelta = LOST_AFTER
) -> AsyncGenerator[Clockwork]:
    pool = await asyncpg.create_pool(dsn, min_size=1, max_size=4, server_settings={"application_name": "gateway jobs"})
    try:
        yield Clockwork(services, routes, pool, lost_after)
    finally:
        pool.terminate()
