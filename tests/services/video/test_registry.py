"""The media registry: what it refuses, what it keeps, and that it never tells a secret."""

from __future__ import annotations

import stat
import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.domain.errors import KnownError
from services.domain.media_url import MAX_LENGTH, check_media_url, shown_media_url
from services.video.registry import MediaRegistry

SECRET = "rtsp://admin:hunter2@10.0.0.5:554/Streaming/Channels/101?token=s3cret"
IDS = st.text(string.ascii_letters + string.digits + ":._-", max_size=30).map(lambda end: "0" + end)
PATHS = st.text(string.ascii_letters + string.digits + "/%-._~?=&;,+@!$'()*:[]{}#", max_size=60)
URLS = st.builds(
    "{}://{}/{}".format,
    st.sampled_from(["rtsp", "rtsps", "http", "https"]),
    st.sampled_from(["10.0.0.5", "camera.lan:8554", "[::1]:554", "admin:pa55@10.0.0.5"]),
    PATHS,
)
lean = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "media.toml"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "concat:http://a/1|http://a/2",
        "http://a/1|file:///etc/passwd",
        "subfile,,start,0,end,9,,:/etc/passwd",
        "data:video/mp4;base64,AAAA",
        "udp://239.0.0.1:1234",
        "rtsp:/no-host",
        "rtsp:///no-host",
        "http://host:99999/x",
        "http://host:0/x",
        "http://host:port/x",
        "http://[::1/x",
        "http://host/a b",
        "http://host/a\nb",
        "http://host/\x00",
        "http://host\\@evil/x",
        "http://主机/x",
        "//host/x",
        "rtsp://h/" + "x" * MAX_LENGTH,
    ],
)
def test_what_a_player_may_not_open_is_refused(url: str) -> None:
    with pytest.raises(KnownError) as refusal:
        check_media_url(url)
    assert refusal.value.code == "bad_media_url"


@given(st.text(max_size=80))
def test_a_refusal_never_repeats_the_address(text: str) -> None:
    url = f"gopher://user:hunter2@host/{text}"
    with pytest.raises(KnownError) as refusal:
        check_media_url(url)
    assert "hunter2" not in str(refusal.value)


@given(URLS)
def test_good_addresses_pass_unchanged_and_are_shown_without_secrets(url: str) -> None:
    assert check_media_url(url) == url
    assert "pa55" not in shown_media_url(url)
    assert "?" not in shown_media_url(url)


def test_an_unknown_camera_has_no_media(path: Path) -> None:
    with pytest.raises(KnownError) as refusal:
        MediaRegistry(path).resolve("63010200001320000017")
    assert refusal.value.code == "no_media"
    assert not path.exists()


@lean
@given(st.dictionaries(IDS, URLS, max_size=6), IDS)
def test_what_was_set_is_there_after_a_restart(
    path: Path, cameras: dict[str, str], other: str
) -> None:
    path.unlink(missing_ok=True)
    registry = MediaRegistry(path)
    for camera_id, url in cameras.items():
        registry.set(camera_id, url)
    registry.set_pattern("http://127.0.0.1:9/live/{id}.ts")
    for again in (registry, MediaRegistry(path)):
        assert {camera_id: again.resolve(camera_id) for camera_id in cameras} == cameras
        if other not in cameras:
            assert again.resolve(other).startswith("http://127.0.0.1:9/live/")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.glob(".media*")) == []


def test_an_own_address_comes_before_the_pattern_and_removal_falls_back_to_it(path: Path) -> None:
    registry = MediaRegistry(path)
    registry.set_pattern("http://127.0.0.1:9/live/{id}.ts")
    registry.set("cam:1", SECRET)
    assert registry.resolve("cam:1") == SECRET
    registry.remove("cam:1")
    registry.remove("cam:1")
    assert registry.resolve("cam:1") == "http://127.0.0.1:9/live/cam%3A1.ts"
    registry.set_pattern(None)
    with pytest.raises(KnownError, match="No stream address"):
        MediaRegistry(path).resolve("cam:1")


@pytest.mark.parametrize(
    "pattern",
    [
        "http://127.0.0.1/live.ts",
        "http://{id}/live.ts",
        "http://user:{id}@host/x",
        "http://h/{id}/{id}",
        "file:///tmp/{id}",
        "{id}",
    ],
)
def test_a_pattern_holds_the_id_once_and_never_in_the_host(path: Path, pattern: str) -> None:
    with pytest.raises(KnownError):
        MediaRegistry(path).set_pattern(pattern)


@pytest.mark.parametrize("camera_id", ["", "../x", "a b", "摄像机", "x" * 129, '"', "-x", "a\n"])
def test_an_id_with_other_characters_is_refused(path: Path, camera_id: str) -> None:
    registry = MediaRegistry(path)
    with pytest.raises(KnownError) as refusal:
        registry.set(camera_id, "http://h/x")
    assert refusal.value.code == "bad_camera_id"
    registry.set_pattern("http://h/{id}")
    with pytest.raises(KnownError, match="No stream address"):
        registry.resolve(camera_id)


@pytest.mark.parametrize(
    "text",
    [
        "pattern = ",
        f'[cameras]\n"a" = "{SECRET}',
        '[cameras]\n"a" = 5',
        "cameras = 5",
        "pattern = 5",
        '[cameras]\n"a" = "file:///hunter2"',
        '[cameras]\n"b c" = "http://h/x"',
        "\ufeff\udcff",
    ],
)
def test_a_broken_file_is_refused_by_name_without_its_secrets(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(KnownError) as refusal:
        MediaRegistry(path)
    assert "media.toml" in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


def test_a_failed_write_changes_nothing(path: Path) -> None:
    registry = MediaRegistry(path)
    registry.set("a", "http://h/1")
    path.unlink()
    path.mkdir()  # the rename over it fails, for root as well
    with pytest.raises(KnownError) as refusal:
        registry.set("a", "http://h/2")
    assert refusal.value.code == "media_not_saved"
    assert registry.resolve("a") == "http://h/1"
    assert list(path.parent.glob(".media*")) == []
