"""Whatever engine finds the candidates, answers are the same: built in, Milvus Lite, over gRPC."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.http.settings import ServiceSettings
from corpus.archive import Archive
from corpus.errors import EngineError
from corpus.filters import Filters
from corpus.types import Issue
from embeddings.encoder import shipped_encoder
from embeddings.vectors import DenseHit
from qa.answer import Answerer
from qa.engine.milvus import Address, Kind, Layout, Milvus
from qa.engine.remote import RemoteEngine
from qa.engine.sync import Report, filling
from qa.native import Answer
from qa.query import parse
from qa.rank import Finder
from qa.search.terms import cut
from tests.conftest import DATA, issue_of, serving
from tests.milvus_server import LiteServer, lite_server
from tests.served import wait_until

pytest.importorskip("pymilvus", reason="the extra milvus is not installed")
pytest.importorskip("milvus_lite", reason="milvus-lite is not installed")

DEV = Path(__file__).parents[2] / "shared" / "eval" / "bulletin_questions_dev.jsonl"
_THEN = datetime(2020, 1, 1, tzinfo=UTC)
DECLINED = ("明天天气怎么样？", "who won the 1998 world cup?", "“99887”是什么？")
ENGLISH = ("How many key projects are there?", "what is the 25311 goal", "Who is He Mingshu?")


def asked(file: Path) -> list[str]:
    return [json.loads(line)["question"] for line in file.read_text(encoding="utf-8").splitlines()]


def fill(engine: RemoteEngine, archive: Archive) -> Report:
    encoder = shipped_encoder()
    milvus = engine.milvus(encoder, patient=True)
    with filling(archive, encoder=encoder, milvus=milvus, layout=Layout(encoder.dim)) as work:
        return work.run()


def told(answer: Answer) -> Answer:
    """Return an answer without what differs from one call to the next."""
    return replace(
        answer, id="", created=_THEN, timings_ms={}, confidence=round(answer.confidence, 5)
    )


ONE = issue_of("公交线路新增站点。", "公交线路延长三里。", issue_id="a")
OTHER = issue_of("医院床位增加三百。", issue_id="b")


def found(engine: RemoteEngine, archive: Archive, text: str) -> list[str]:
    finder = Finder.open(archive, engine=engine)
    return sorted(hit.passage_id for hit in finder.lexical.search(cut(text), k=10))


def alike(hit: DenseHit) -> DenseHit:
    """Return a hit that is equal to any whose cosines differ by no more than rounding."""
    return hit._replace(passage=approx(hit.passage), sentence=approx(hit.sentence))


def approx(value: float) -> float:
    near: Any = pytest.approx(value, abs=2e-7)
    return near  # type: ignore[no-any-return]  # it is compared, no more


def stop_after(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Have a run stop as by Ctrl-C when it has first written rows of a kind."""
    upsert = Milvus.upsert

    def stopping(milvus: Milvus, to: Kind, rows: Sequence[Mapping[str, Any]]) -> None:
        upsert(milvus, to, rows)
        if to == kind:
            raise KeyboardInterrupt

    monkeypatch.setattr(Milvus, "upsert", stopping)


def again(server: LiteServer) -> Callable[[], None]:
    def kill_and_start() -> None:
        server.kill()
        server.start()

    return kill_and_start


def ask(address: str, question: str) -> tuple[int, dict[str, Any]]:
    headers = {"Accept-Language": "zh"}
    reply = httpx2.get(f"{address}/api/v1/ask", params={"q": question}, headers=headers, timeout=30)
    return reply.status_code, reply.json()


@contextmanager
def refusing() -> Iterator[str]:
    """Give the address of a server that lets nobody in, as Milvus does with a wrong token."""
    import grpc

    class Refusing(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpc has no types
        def service(self, details: object) -> Any:  # noqa: ANN401
            def refuse(request: bytes, context: Any) -> None:  # noqa: ANN401
                context.abort(grpc.StatusCode.UNAUTHENTICATED, "auth check failure")

            return grpc.unary_unary_rpc_method_handler(refuse)

    server = grpc.server(ThreadPoolExecutor(2), handlers=[Refusing()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop(None)


@pytest.fixture(scope="module")
def archive(sample: Issue, invented: list[Issue]) -> Iterator[Archive]:
    with Archive.in_memory([sample, *invented]) as kept:
        yield kept


@pytest.fixture(scope="module")
def built_in(archive: Archive) -> Finder:
    return Finder.open(archive)


@pytest.fixture(scope="module")
def served(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finder]:
    with lite_server(tmp_path_factory.mktemp("served")) as server:
        engine = RemoteEngine(Address(server.uri, timeout_s=30))
        fill(engine, archive)
        yield Finder.open(archive, engine=engine)


@pytest.fixture(scope="module")
def lite_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("lite") / "lite.db")


@pytest.fixture
def lite(lite_file: str, request: pytest.FixtureRequest) -> RemoteEngine:
    """Give an engine that nothing was written to yet."""
    digest = sha256(request.node.name.encode()).hexdigest()[:8]
    return RemoteEngine(Address(lite_file, name=f"t{digest}", timeout_s=30))


@pytest.fixture(scope="module", params=["built in", "Milvus Lite", "Milvus Lite over gRPC"])
def finder(request: pytest.FixtureRequest, archive: Archive) -> Finder:
    if request.param == "built in":
        return Finder.open(archive)
    if request.param == "Milvus Lite over gRPC":
        finder: Finder = request.getfixturevalue("served")
        return finder
    engine = RemoteEngine(Address(request.getfixturevalue("lite_file"), timeout_s=30))
    fill(engine, archive)
    return Finder.open(archive, engine=engine)


class TestAnyEngine:
    def test_each_of_its_functions_gives_what_the_built_in_one_gives(
        self, finder: Finder, built_in: Finder
    ) -> None:
        for question in (*ENGLISH, "全区疫苗接种率达到多少？"):
            query = built_in.read(question)
            vector = built_in.encoder.encode_queries([query.text])[0]
            for k in (1, 20):
                near = [one.vectors.search(vector, k=k) for one in (finder, built_in)]
                assert near[0] == [alike(hit) for hit in near[1]]
                some, others = (one.lexical.search(query.terms, k=k) for one in (finder, built_in))
                assert [hit.passage_id for hit in some] == [hit.passage_id for hit in others]
                assert [h.score for h in some] == pytest.approx([h.score for h in others], rel=1e-5)
                for name, given in (
                    ("search_expanded", query.expansions),
                    ("holding", query.required),
                ):
                    found = [getattr(one.lexical, name)(given, k=k) for one in (finder, built_in)]
                    assert found[0] == found[1]
            pairs = [("ming-shu", 0.9), ("he-ming", 0.5)]
            assert finder.lexical.sounding(pairs, k=5) == built_in.lexical.sounding(pairs, k=5)

    def test_what_is_left_out_of_a_large_archive_is_left_out_by_all(
        self, finder: Finder, archive: Archive, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        small = finder.lexical
        monkeypatch.setattr("qa.search.telling._MANY", 5)
        large = [Finder.open(archive, engine=one).lexical for one in (finder.engine, None)]
        assert [one.is_large for one in (small, *large)] == [False, True, True]
        changed = False
        for question in (*ENGLISH, *asked(DATA / "questions.jsonl")[::6]):
            query = finder.read(question)
            some, others = (one.search(query.terms, k=20) for one in large)
            assert [hit.passage_id for hit in some] == [hit.passage_id for hit in others]
            assert [h.score for h in some] == pytest.approx([h.score for h in others], rel=1e-5)
            given = query.expansions
            some_ids, other_ids = (one.search_expanded(given, k=20) for one in large)
            assert some_ids == other_ids
            changed |= others != small.search(query.terms, k=20)
        assert changed

    @pytest.mark.parametrize(
        "filters",
        [
            Filters(issues=("2023-05",)),
            Filters(issues=("2023-05", "2019-11"), last=date(2020, 1, 1)),
            Filters(first=date(2021, 10, 3), last=date(2023, 5, 1)),
            Filters(last=date(2021, 9, 30)),
            Filters(first=date(2021, 10, 1), last=date(2021, 10, 31)),
            Filters(sections=("要闻", 'a"b\\c')),
            Filters(sections=("no such page",)),
            Filters(sections=("民生",), first=date(2022, 1, 1)),
            Filters(issues=("no such issue",)),
        ],
        ids=str,
    )
    def test_filters_leave_the_same(
        self, finder: Finder, built_in: Finder, filters: Filters
    ) -> None:
        query = built_in.read("一共有多少个重点项目？")
        ids = [
            [hit.passage_id for hit in one.search(query, k=50, filters=filters)]
            for one in (finder, built_in)
        ]
        assert ids[0] == ids[1]

    def test_questions_are_answered_and_declined_alike(
        self, finder: Finder, built_in: Finder
    ) -> None:
        questions = (*asked(DATA / "questions.jsonl")[::6], *DECLINED, *ENGLISH)
        for question in questions:
            assert told(Answerer(finder).answer(question)) == told(
                Answerer(built_in).answer(question)
            )

    def test_a_blank_question_finds_nothing(self, finder: Finder) -> None:
        assert finder.search(finder.read("？？？"), k=5) == []


@pytest.mark.slow
def test_all_questions_are_answered_alike_over_the_network(
    served: Finder, built_in: Finder
) -> None:
    questions = asked(DATA / "questions.jsonl") + (asked(DEV) if DEV.exists() else [])
    for question in questions:
        assert told(Answerer(served).answer(question)) == told(Answerer(built_in).answer(question))


class TestFilling:
    def test_the_same_archive_twice_changes_nothing(self, lite: RemoteEngine) -> None:
        with Archive.in_memory([ONE, OTHER]) as archive:
            assert fill(lite, archive) == Report(2, 0, 3)
            assert fill(lite, archive) == Report(0, 0, 3)

    def test_only_what_is_new_is_written_and_what_is_gone_taken_out(
        self, lite: RemoteEngine
    ) -> None:
        with Archive.in_memory([ONE, OTHER]) as archive:
            fill(lite, archive)
            archive.add(issue_of("公交线路增加班次。", "公交线路缩短三里。", issue_id="c"))
            archive.remove("b")
            assert fill(lite, archive) == Report(1, 1, 4)
            assert found(lite, archive, "公交") == [
                "a/a01/p01",
                "a/a01/p02",
                "c/a01/p01",
                "c/a01/p02",
            ]

    def test_a_corrected_issue_replaces_the_old_one_everywhere(self, lite: RemoteEngine) -> None:
        with Archive.in_memory([ONE, OTHER]) as archive:
            fill(lite, archive)
            archive.add(issue_of("医院诊室增加三百。", issue_id="b"), replace=True)
            assert fill(lite, archive) == Report(1, 1, 3)
            assert found(lite, archive, "床位") == []
            assert found(lite, archive, "诊室") == ["b/a01/p01"]

    def test_a_run_that_was_stopped_is_made_good(
        self, lite: RemoteEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with Archive.in_memory([ONE, OTHER]) as archive:
            stop_after(monkeypatch, "sentences")
            with pytest.raises(KeyboardInterrupt):
                fill(lite, archive)
            monkeypatch.undo()
            with pytest.raises(EngineError, match="has not what the archive has"):
                Finder.open(archive, engine=lite)
            assert fill(lite, archive) == Report(2, 0, 3)
            assert found(lite, archive, "公交") == ["a/a01/p01", "a/a01/p02"]

    def test_what_a_stopped_run_left_of_an_old_version_is_taken_out(
        self, lite: RemoteEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with Archive.in_memory([ONE, OTHER]) as archive:
            stop_after(monkeypatch, "sentences")
            with pytest.raises(KeyboardInterrupt):
                fill(lite, archive)
            monkeypatch.undo()
            archive.remove("a")
            assert fill(lite, archive).n_passages == 1

    def test_rows_of_another_version_are_never_given(self, lite: RemoteEngine) -> None:
        with Archive.in_memory([ONE, OTHER]) as archive:
            fill(lite, archive)
            finder = Finder.open(archive, engine=lite)
            with Archive.in_memory([ONE, issue_of("医院床位增加五百。", issue_id="b")]) as newer:
                fill(lite, newer)
            hits = finder.search(parse("医院床位增加多少？"), k=5)
            assert [hit.passage_id for hit in hits] == ["a/a01/p01", "a/a01/p02"]

    def test_all_is_written_anew_where_passages_became_longer(self, lite: RemoteEngine) -> None:
        with Archive.in_memory([ONE, OTHER]) as archive:
            fill(lite, archive)
            archive.add(issue_of("医院床位增加三百。" * 9, issue_id="c"))
            assert fill(lite, archive) == Report(3, 2, 4)
            fresh = Finder.open(archive).lexical.search(cut("公交线路"), k=5)
            finder = Finder.open(archive, engine=lite)
            scores = [hit.score for hit in finder.lexical.search(cut("公交线路"), k=5)]
            assert scores == pytest.approx([hit.score for hit in fresh], rel=1e-5)

    def test_an_engine_that_was_not_filled_is_told_of(self, lite: RemoteEngine) -> None:
        with (
            Archive.in_memory([ONE]) as archive,
            pytest.raises(EngineError, match="has no collection") as told,
        ):
            Finder.open(archive, engine=lite)
        assert "bulletin engine sync" in told.value.hint

    def test_a_stale_engine_is_told_of(self, lite: RemoteEngine) -> None:
        with Archive.in_memory([ONE]) as archive:
            fill(lite, archive)
            archive.add(OTHER)
            with pytest.raises(EngineError, match="has not what the archive has"):
                Finder.open(archive, engine=lite)

    def test_an_empty_archive_can_be_filled_in(self, lite: RemoteEngine) -> None:
        with Archive.in_memory() as archive:
            assert fill(lite, archive) == Report(0, 0, 0)
            assert found(lite, archive, "公交") == []

    def test_passages_without_words_are_kept_too(self, lite: RemoteEngine) -> None:
        with Archive.in_memory([issue_of("※※※", "公交线路延长。", issue_id="a")]) as archive:
            n = archive.n_passages()
            assert fill(lite, archive).n_passages == n


class TestLoss:
    def test_writing_goes_on_when_the_engine_is_back(
        self, tmp_path: Path, archive: Archive
    ) -> None:
        with lite_server(tmp_path / "data") as server:
            engine = RemoteEngine(Address(server.uri))
            killed = threading.Timer(3.0, again(server))
            killed.start()
            report = fill(engine, archive)
            killed.join()
            assert report.n_passages == archive.n_passages()
            finder, here = Finder.open(archive, engine=engine), Finder.open(archive)
            for question in asked(DATA / "questions.jsonl")[:5]:
                assert told(Answerer(finder).answer(question)) == told(
                    Answerer(here).answer(question)
                )

    def test_a_service_says_so_and_answers_again_without_a_restart(
        self, tmp_path: Path, sample: Issue
    ) -> None:
        folder = tmp_path / "archive"
        with Archive.open(folder, create=True) as kept, lite_server(tmp_path / "data") as server:
            kept.add(sample)
            fill(RemoteEngine(Address(server.uri)), kept)
            settings = ServiceSettings(
                archive=folder, engine="milvus", engine_uri=server.uri, engine_timeout_s=2
            )
            with serving(settings) as address:
                assert ask(address, "全区疫苗接种率达到多少？")[1]["status"] == "answered"
                server.kill()
                status, body = ask(address, "谁主持召开了党政联席会议？")
                assert status == 503
                assert body["error"]["code"] == "engine_unavailable"
                assert body["detail"].startswith("检索引擎暂时没有回应")
                assert server.uri not in json.dumps(body)
                assert (
                    ask(address, "全区疫苗接种率达到多少？")[1]["status"] == "answered"
                )  # by heart
                server.start()
                wait_until(lambda: ask(address, "谁主持召开了党政联席会议？")[0] == 200)
                assert ask(address, "谁主持召开了党政联席会议？")[1]["status"] == "answered"

    def test_what_an_engine_lost_is_noticed_when_it_is_back(
        self, tmp_path: Path, sample: Issue
    ) -> None:
        with Archive.in_memory([ONE, OTHER]) as kept, lite_server(tmp_path / "data") as server:
            engine = RemoteEngine(Address(server.uri, timeout_s=2))
            fill(engine, kept)
            finder = Finder.open(kept, engine=engine)
            server.kill()
            shutil.rmtree(tmp_path / "data")
            server.start()
            with pytest.raises(EngineError, match="has no collection"):
                finder.search(parse("公交线路"), k=5)

    def test_no_engine_at_the_address_is_told_of_at_once(self) -> None:
        engine = RemoteEngine(Address("http://user:secret@127.0.0.1:1", timeout_s=2))
        with Archive.in_memory([ONE]) as kept, pytest.raises(EngineError) as caught:
            Finder.open(kept, engine=engine)
        assert str(caught.value).startswith("engine http://127.0.0.1:1: ")

    def test_a_refused_login_is_told_of(self) -> None:
        with refusing() as uri, Archive.in_memory([ONE]) as kept:
            engine = RemoteEngine(Address(uri, token="nobody:wrong", timeout_s=2))
            with pytest.raises(EngineError, match="refuses the login") as caught:
                Finder.open(kept, engine=engine)
        assert "BULLETIN_ENGINE_TOKEN" in caught.value.hint
