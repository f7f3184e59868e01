"""A compressed body -> its bytes, never more of them than allowed: a few kilobytes can unpack to gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import brotli

from digests.errors import FetchError

ENCODINGS = "gzip, deflate, br"
"""What is asked for; anything else that comes is refused."""
_STEP = 65_536

Unpack = Callable[[bytes], Iterator[bytes]]


class Inflater:
    """``feed`` it the body as it arrives; it keeps what came out and raises ``FetchError`` beyond ``most`` bytes."""

    def __init__(self, encoding: str, *, most: int, shown: str) -> None:
        self._most = most
        self._shown = shown
        self._out = bytearray()
        names = [name.strip().lower() for name in encoding.split(",") if name.strip().lower() not in ("", "identity")]
        if len(names) > 1:
            raise FetchError(f"{shown} is packed {len(names)} times over: it is not read", again=False)
        self._unpack = _unpacker(names[0] if names else "", shown)

    def feed(self, data: bytes) -> None:
        try:
            for piece in self._unpack(data):
                self._out += piece
                if len(self._out) > self._most:
                    raise FetchError(f"{self._shown} sends more than {self._most / 1e6:.0f} MB", again=False)
        except (zlib.error, brotli.error) as error:
            raise FetchError(f"{self._shown}: its compression is damaged", again=True) from error

    def finished(self) -> bytes:
        """All that came out; a body that was cut short counts as far as it goes."""
        return bytes(self._out)


def _unpacker(name: str, shown: str) -> Unpack:
    match name:
        case "":
            return lambda data: iter((data,))
        case "gzip" | "x-gzip":
            return _Zlib(zlib.MAX_WBITS | 16)
        case "deflate":
            return _Zlib(zlib.MAX_WBITS)
        case "br":
            return _brotli(brotli.Decompressor())
    raise FetchError(f"{shown} is packed as {name[:20]!r}, which was not asked for: it is not read", again=False)


class _Zlib:
    """gzip or deflate, in steps; "deflate" without its header, as some servers send it, is understood too."""

    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._inner = zlib.decompressobj(bits)
        self._begun = False

    def __call__(self, data: bytes) -> Iterator[bytes]:
        while data and not self._inner.eof:
            yield self._step(data)
            data = self._inner.unconsumed_tail

    def _step(self, data: bytes) -> bytes:
        try:
            out = self._inner.decompress(data, _STEP)
        except zlib.error:
            if self._begun or self._bits != zlib.MAX_WBITS:
                raise
            self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
            out = self._inner.decompress(data, _STEP)
        self._begun = True
        return out


def _brotli(inner: brotli.Decompressor) -> Unpack:
    def unpack(data: bytes) -> Iterator[bytes]:
        yield inner.process(data, output_buffer_limit=_STEP)
        while not inner.can_accept_more_data():
            yield inner.process(b"", output_buffer_limit=_STEP)

    return unpack
