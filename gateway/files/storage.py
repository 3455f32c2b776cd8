"""Where bytes lie: by names that the gateway makes, on the local disk or in a bucket."""

import asyncio
import io
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from gateway.mendable import Mendable

if TYPE_CHECKING:
    pass

T = TypeVar("T")
CHUNK = 256 * 1024


class Storage(Protocol):
    """Names are made of ids and hashes, with `/` between their parts."""

    async def keep(self, name: str, file: Path) -> None:
        """The file's bytes under the name, whole or not at all. The file stays where it is."""
        ...

    def read(self, name: str) -> AsyncIterator[bytes]: ...

    async def delete(self, name: str) -> None:
        """Also where there is nothing."""
        ...

    async def clear(self, prefix: str) -> None:
        """Everything whose name begins with these parts."""
        ...


class StorageFault(Exception):
    """The storage cannot do it now: it is full, away, or refuses."""


def storage_at(url: str, folder: Path) -> Storage:
    return Bucket(url) if url else Disk(folder)


class Disk:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, name: str, file: Path) -> None:
        await _in_thread(self._keep, name, file)

    def _keep(self, name: str, file: Path) -> None:
        place = self._folder / name
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = place.with_name(f".{file.name}")
        try:
            shutil.copyfile(file, draft)
            draft.chmod(0o600)
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)

    async def read(self, name: str) -> AsyncIterator[bytes]:
        opened = await _in_thread(io.FileIO, self._folder / name)
        with opened:
            while part := await asyncio.to_thread(opened.read, CHUNK):
                yield part

    async def delete(self, name: str) -> None:
        await _in_thread(self._delete, self._folder / name)

    def _delete(self, place: Path) -> None:
        place.unlink(missing_ok=True)

    async def clear(self, prefix: str) -> None:
        await _in_thread(self._clear, self._folder / prefix)

    def _clear(self, place: Path) -> None:
        if place.is_dir():
            shutil.rmtree(place)


class Bucket:
    """S3 and what speaks like it. Keys, region and endpoint come from the usual `AWS_…` variables."""

    def __init__(self, url: str) -> None:
        try:
            from obstore.store import S3Store
        except ImportError:
            raise Mendable("GATEWAY_STORAGE names a bucket: install the extra, health-insurance-gateway[s3]") from None
        self._store: S3Store = S3Store.from_url(url, client_options={"allow_http": True, "timeout": "60s"})

    async def keep(self, name: str, file: Path) -> None:
        await self._ask(lambda: self._store.put_async(name, file))

    async def read(self, name: str) -> AsyncIterator[bytes]:
        found = await self._ask(lambda: self._store.get_async(name))
        async for part in found.stream(min_chunk_size=CHUNK):
            yield bytes(part)

    async def delete(self, name: str) -> None:
        await self._ask(lambda: self._store.delete_async(name))

    async def clear(self, prefix: str) -> None:
        found = await self._ask(lambda: self._store.list(f"{prefix}/").collect_async())
        for each in found:
            await self.delete(each["path"])

    async def _ask(self, request: Callable[[], Any]) -> Any:
        from obstore.exceptions import BaseError

        try:
            return await request()
        except FileNotFoundError as error:
            raise StorageFault("there is nothing under this name") from error
        except (BaseError, OSError) as error:
            raise StorageFault(type(error).__name__) from error


async def _in_thread(work: Callable[..., T], *arguments: Any) -> T:
    try:
        return await asyncio.to_thread(work, *arguments)
    except OSError as error:
        raise StorageFault(error.strerror or type(error).__name__) from error
