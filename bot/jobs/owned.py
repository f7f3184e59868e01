"""What procrastinate writes of a job that was done or failed, written only as long as the job is that worker's.

A worker that stood still finds its jobs given to others. Procrastinate's own functions go by the job's number alone: it
would end what waits for another, or is at work there, and nobody would do it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate import sql
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

_MINE = """ FROM (SELECT FROM procrastinate_jobs WHERE id = %(job_id)s AND status = 'doing'
    AND (worker_id = %(worker)s OR worker_id IS NULL) FOR UPDATE) AS mine"""


class OwnedJobs(JobManager):
    """Procrastinate's job manager, minding whose a job is."""

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        await self._if_mine("finish_job", job, status=status.value, delete_job=delete_job)

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        at = retry_at or datetime.now(UTC)
        await self._if_mine("retry_job", job, retry_at=at, new_priority=priority, new_queue_name=queue, new_lock=lock)

    async def _if_mine(self, query: str, job: Job, **values: object) -> None:
        statement = sql.queries[query].rstrip().rstrip(";") + _MINE
        await self.connector.execute_query_async(statement, job_id=job.id, worker=job.worker_id, **values)
