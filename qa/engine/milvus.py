"""A Milvus that holds the passages of an archive; the only module that knows pymilvus.

Three collections: passages, with a dense and a sparse vector each; their sentences, with a dense
one; and issues, which tells what is in the others. Their names end in a digest of all that the
vectors depend on, so that another model fills collections of its own and never mixes with these.

The same calls reach an embedded file, a server and a cluster. Nothing here depends on the engine's
own idea of words or of BM25, in which Milvus Lite and the server differ (`qa.engine.sparse`).
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

from corpus.errors import EngineError, MissingExtraError
from corpus.filters import Filed, Filters

log = logging.getLogger(__name__)

T = TypeVar("T")
Kind = Literal["passages", "sentences", "issues"]
KINDS: tuple[Kind, ...] = ("issues", "passages", "sentences")
NAME, TIMEOUT_S = "bulletin", 5.0
"""What collections' names begin with, and the seconds that a call may take, by default."""
MOST = 16_384
"""Rows that one search or query of Milvus gives."""

_EXTRA = "milvus"
_ID_BYTES = 512
_SECTION_BYTES = 1024
_TOLD_BYTES = 65_535
_NO_VECTOR = [0.0, 0.0]  # every collection must have vectors, that of issues too
_SEARCH_PARAMS: dict[
    str, Callable[[int], dict[str, int]]
] = {  # by index type; whoever makes another index than ours has its defaults
    "HNSW": lambda k: {"ef": max(64, 2 * k)},
    "IVF_FLAT": lambda k: {"nprobe": 64},
    "IVF_SQ8": lambda k: {"nprobe": 64},
    "DISKANN": lambda k: {"search_list": 2 * k},
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a Milvus is, and how to get in.

    Attributes:
        uri: http://host:19530, https://…, or the path of a file that ends in .db (Milvus Lite).
        token: user:password or a key; empty for none.
        ca: The certificate that the server's is signed by, where https is not enough.
        name: What the names of collections begin with: one for each archive.
        timeout_s: Seconds that one call may take.
    """

    uri: str = field(repr=False)  # it may hold a password
    token: str = field(default="", repr=False)
    ca: Path | None = None
    name: str = NAME
    timeout_s: float = TIMEOUT_S

    @property
    def shown(self) -> str:
        """The address as it may be shown: without a password."""
        scheme, mark, rest = self.uri.rpartition("://")
        return f"{scheme}{mark}{rest.rpartition('@')[2]}"


@dataclass(frozen=True, slots=True)
class Layout:
    """How collections are made, once.

    Attributes:
        dim: Of the dense vectors.
        shards: Channels that writes go through.
        replicas: Copies in memory that answer searches.
    """

    dim: int
    shards: int = 1
    replicas: int = 1


class Connection:
    """A way to a Milvus, made anew when it was lost. May be used by several threads."""

    def __init__(self, address: Address) -> None:
        """Keep the address; the first call connects."""
        self.address = address
        self._client: Any = None
        self._epoch = 0
        self._lock = threading.Lock()

    def run(self, work: Callable[[Any], T], *, begin: Callable[[Any, int], None]) -> T:
        """Return what some work with the client gives; once it is lost, it is tried again.

        Args:
            work: Is given the client.
            begin: Is called before, with the client and a number that changes with it.

        Raises:
            EngineError: If the engine cannot be reached, or refuses.
        """
        client, is_fresh = self._connected()
        try:
            return self._try(client, work, begin)
        except EngineError:
            if is_fresh:
                raise
        return self._try(self._connected()[0], work, begin)

    def _try(self, client: Any, work: Callable[[Any], T], begin: Callable[[Any, int], None]) -> T:
        try:
            begin(client, self._epoch)
            return work(client)
        except _failures() as exc:
            with self._lock:
                if self._client is client:
                    self._client = None
            raise self._error(exc) from exc

    def _connected(self) -> tuple[Any, bool]:
        """Return the client, and whether it was made just now."""
        with self._lock:
            if self._client is not None:
                return self._client, False
            self._client = self._connect()
            self._epoch += 1
            return self._client, True

    def _connect(self) -> Any:
        try:
            from pymilvus import MilvusClient
        except ImportError as exc:
            raise MissingExtraError(_EXTRA) from exc
        # it logs a traceback for whatever is raised; what is raised is told by us
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        one = self.address
        told = {"server_pem_path": str(one.ca), "secure": True} if one.ca else {}
        try:
            return MilvusClient(
                one.uri, token=one.token, timeout=one.timeout_s, dedicated=True, **told
            )
        except _failures() as exc:
            raise self._error(exc) from exc

    def _error(self, exc: BaseException) -> EngineError:
        if _is_refused(exc):
            hint = "BULLETIN_ENGINE_TOKEN is not what the engine takes."
            return EngineError(self.address.shown, "refuses the login", hint)
        told = str(getattr(exc, "message", "") or exc).strip() or type(exc).__name__
        return EngineError(self.address.shown, told.splitlines()[0])


def _is_refused(exc: BaseException) -> bool:
    """Tell whether a login was refused, which pymilvus tells as a server that is not there."""
    import grpc

    refusals = (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED)
    seen: list[BaseException] = []
    cause: BaseException | None = exc
    while cause and cause not in seen:  # its errors can be their own causes
        if isinstance(cause, grpc.RpcError) and cause.code() in refusals:
            return True
        seen.append(cause)
        cause = cause.__cause__ or cause.__context__
    return False


def _failures() -> tuple[type[BaseException], ...]:
    import grpc
    from pymilvus.exceptions import MilvusException

    return MilvusException, grpc.RpcError, grpc.FutureTimeoutError, OSError


class Milvus:
    """The collections of one archive and one model."""

    def __init__(self, connection: Connection, *, made_from: Mapping[str, str]) -> None:
        """Keep the connection, and what all rows are made from."""
        digest = hashlib.sha256(repr(sorted(made_from.items())).encode()).hexdigest()[:10]
        self.connection = connection
        self._prefix = f"{connection.address.name}_{digest}"
        self._epoch = -1
        self._index_types: dict[tuple[Kind, str], str] = {}

    @property
    def epoch(self) -> int:
        """A number that changes whenever the engine was lost and found again."""
        return self._epoch

    def collection(self, kind: Kind) -> str:
        """Return the name of a collection."""
        return f"{self._prefix}_{kind}"

    def run(self, work: Callable[[Any], T]) -> T:
        """Return what some work with the client gives, the collections being loaded.

        Raises:
            EngineError: If the engine cannot be reached or refuses, or has no such collections.
        """
        return self.connection.run(work, begin=self._begin)

    def _begin(self, client: Any, epoch: int) -> None:
        """Load the collections of an engine that was started again."""
        if epoch == self._epoch:
            return
        for kind in KINDS:
            name = self.collection(kind)
            if not client.has_collection(name, timeout=self._timeout_s):
                raise EngineError(
                    self.connection.address.shown,
                    f"has no collection {name!r}",
                    "Fill it with `bulletin engine sync`.",
                )
            if str(client.get_load_state(name, timeout=self._timeout_s)["state"]) == "NotLoad":
                client.load_collection(name, timeout=self._timeout_s)
        self._epoch = epoch

    @property
    def _timeout_s(self) -> float:
        return self.connection.address.timeout_s

    def make(self, layout: Layout) -> None:
        """Make and load the collections that are not there.

        Raises:
            EngineError: If the engine cannot be reached, or refuses.
        """

        def work(client: Any) -> None:
            for kind in KINDS:
                if not client.has_collection(self.collection(kind), timeout=self._timeout_s):
                    self._make_one(client, kind, layout)

        self.connection.run(work, begin=lambda client, epoch: None)

    def _make_one(self, client: Any, kind: Kind, layout: Layout) -> None:
        schema, indexes = _schema_of(kind, layout.dim)
        name = self.collection(kind)
        client.create_collection(
            name,
            schema=schema,
            num_shards=layout.shards,
            consistency_level="Strong",  # what `sync` wrote is found by the next question
            timeout=self._timeout_s,
        )
        client.create_index(name, indexes, sync=False, timeout=self._timeout_s)
        client.load_collection(name, replica_number=layout.replicas, timeout=self._timeout_s)

    def upsert(self, kind: Kind, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write rows; one with the same id is replaced."""
        if rows:
            self.run(
                lambda client: client.upsert(
                    self.collection(kind), [dict(row) for row in rows], timeout=self._timeout_s
                )
            )

    def delete(self, kind: Kind, condition: str) -> None:
        """Delete the rows that meet a condition."""
        self.run(
            lambda client: client.delete(
                self.collection(kind), filter=condition, timeout=self._timeout_s
            )
        )

    def flush(self) -> None:
        """Have what was written sealed and indexed."""
        for kind in KINDS:
            name = self.collection(kind)
            self.run(partial(_flush, name=name, timeout_s=self._timeout_s))

    def count(self, kind: Kind) -> int:
        """Return how many rows there are."""
        found = self.query(kind, "", ["count(*)"])
        return int(found[0]["count(*)"])

    def query(self, kind: Kind, condition: str, fields: Sequence[str]) -> list[dict[str, Any]]:
        """Return the rows that meet a condition, up to MOST."""
        limit = {} if "count(*)" in fields else {"limit": MOST}
        return self.run(
            lambda client: list(
                client.query(
                    self.collection(kind),
                    filter=condition,
                    output_fields=list(fields),
                    timeout=self._timeout_s,
                    **limit,
                )
            )
        )

    def iterate(
        self, kind: Kind, condition: str, fields: Sequence[str]
    ) -> Iterator[dict[str, Any]]:
        """Yield all rows that meet a condition."""
        going = self.run(
            lambda client: client.query_iterator(
                self.collection(kind),
                batch_size=1000,
                filter=condition,
                output_fields=list(fields),
                timeout=self._timeout_s,
            )
        )
        try:
            while rows := self.run(lambda client: going.next()):
                yield from rows
        finally:
            going.close()

    def search(
        self,
        kind: Kind,
        vector: object,
        *,
        over: Literal["vector", "terms"],
        k: int,
        condition: str,
        fields: Sequence[str] = ("id",),
    ) -> list[dict[str, Any]]:
        """Return the k rows with the largest inner product, best first.

        Each has its `id`, its product as `distance`, and the fields asked for as `entity`; where
        none are asked for, Milvus Lite sends all.
        """

        def work(client: Any) -> list[dict[str, Any]]:
            found = client.search(
                self.collection(kind),
                data=[vector],
                anns_field=over,
                limit=k,
                filter=condition,
                output_fields=list(fields),
                search_params={"params": self._params(client, kind, over, k)},
                timeout=self._timeout_s,
            )
            return list(found[0])

        return self.run(work)

    def _params(self, client: Any, kind: Kind, over: str, k: int) -> dict[str, int]:
        known = self._index_types.get((kind, over))
        if known is None:
            told = client.describe_index(self.collection(kind), over, timeout=self._timeout_s)
            known = self._index_types[kind, over] = str(told.get("index_type", ""))
        params = _SEARCH_PARAMS.get(known)
        return params(k) if params else {}


def _flush(client: Any, *, name: str, timeout_s: float) -> None:
    client.flush(name, timeout=timeout_s)


def _schema_of(kind: Kind, dim: int) -> tuple[Any, Any]:
    """Return the fields of a collection and their indexes, as pymilvus wants them."""
    from pymilvus import DataType, MilvusClient

    text = DataType.VARCHAR
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    indexes = MilvusClient.prepare_index_params()
    schema.add_field("id", text, is_primary=True, max_length=_ID_BYTES)
    schema.add_field("issue", text, max_length=_ID_BYTES)
    schema.add_field("version", text, max_length=_ID_BYTES)
    indexes.add_index("issue", index_type="INVERTED")
    if kind == "issues":
        schema.add_field("told", text, max_length=_TOLD_BYTES)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=len(_NO_VECTOR))
        indexes.add_index("vector", index_type="FLAT", metric_type="IP")
        return schema, indexes
    schema.add_field("section", text, max_length=_SECTION_BYTES)
    for name in ("day", "since", "until"):  # the article's own, and its issue's first and last
        schema.add_field(name, DataType.INT64)
    schema.add_field("year", DataType.INT64, is_partition_key=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dim)
    indexes.add_index(
        "vector", index_type="HNSW", metric_type="IP", params={"M": 32, "efConstruction": 200}
    )
    if kind == "passages":
        schema.add_field("terms", DataType.SPARSE_FLOAT_VECTOR)
        indexes.add_index("terms", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    else:
        schema.add_field("passage", text, max_length=_ID_BYTES)
        indexes.add_index("passage", index_type="INVERTED")
    return schema, indexes


def issue_row(row_id: str, *, issue: str, version: str, told: str) -> dict[str, Any]:
    """Return a row of the collection of issues."""
    return {
        "id": row_id,
        "issue": issue,
        "version": version,
        "told": told,
        "vector": _NO_VECTOR,
    }


def condition(filters: Filters | None) -> str:
    """Return filters as Milvus wants them.

    >>> condition(Filters(first=date(2021, 10, 1), last=date(2021, 10, 8)))  # doctest: +ELLIPSIS
    '((day >= 20211001 and day <= 20211008) or (since >= 20211001 and until <= 20211008)) and ...'
    >>> condition(Filters(issues=("2021-10",), sections=("A01",)))
    'issue in ["2021-10"] and section in ["A01"]'
    """
    if filters is None:
        return ""
    parts = []
    if filters.issues:
        parts.append(one_of("issue", filters.issues))
    if filters.sections:
        parts.append(one_of("section", filters.sections))
    if filters.has_days:
        low, high = (day_number(day) for day in filters.days)  # what bears no day has 0
        of_article = f"day >= {low} and day <= {high}"
        of_issue = f"since >= {low} and until <= {high}"
        parts.append(f"(({of_article}) or ({of_issue}))")
    if filters.first and filters.last:  # the partition key, so that others are not looked at
        years = range(filters.first.year, filters.last.year + 2)
        parts.append(f"year in {[0, *years]}")
    return " and ".join(parts)


def one_of(field_name: str, values: Sequence[str]) -> str:
    r"""Return the condition that a field has one of these values.

    >>> one_of("issue", ["2021-10", 'a"b'])
    'issue in ["2021-10", "a\\"b"]'
    """
    return f"{field_name} in {json.dumps(list(values), ensure_ascii=False)}"


def days_of(filed: Filed) -> dict[str, int]:
    """Return the days of an article as the fields of its rows.

    Its year is its issue's, of which its own is the same or the one before; else it has 0.
    """
    first, last = filed.issued or (None, None)
    years = {day.year for day in (first, filed.day) if day}
    return {
        "day": day_number(filed.day),
        "since": day_number(first),
        "until": day_number(last),
        "year": max(years) if years and _is_usual(filed.day, first) else 0,
    }


def _is_usual(day: date | None, first: date | None) -> bool:
    return day is None or first is None or 0 <= first.year - day.year <= 1


def day_number(day: date | None) -> int:
    """Return a day as a number that sorts as it does, and 0 for none.

    >>> day_number(date(2021, 10, 8))
    20211008
    """
    return day.year * 10_000 + day.month * 100 + day.day if day else 0
