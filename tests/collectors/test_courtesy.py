import pytest

from collectors.courtesy import Robots, Unhurried, robots_of, unhurried
from collectors.recorder import Recorder
from collectors.source import source_named
from oversight.errors import RefusedError
from tests.collectors.web import FakeTime, Web, reply

RULES = """User-agent: *
Disallow: /search
Crawl-delay: 7

User-agent: childrens-homes-oversight
Disallow: /private
"""
BASE = "https://reports.example"


def test_requests_are_kept_apart(fake_time: FakeTime) -> None:
    pause = Unhurried(2.0, fake_time.seconds, fake_time.sleep)
    pause.wait()
    fake_time.later(seconds=0.5)
    pause.wait()
    fake_time.later(seconds=5)
    pause.wait()
    assert fake_time.slept == [1.5]


def test_a_server_on_this_machine_needs_no_courtesy() -> None:
    assert unhurried("http://127.0.0.1:8000/x", 2.0).seconds == 0
    assert unhurried("https://127.0.0.1.example.org", 2.0).seconds == 2.0


def test_rules_for_all_and_rules_for_us() -> None:
    everybody = Robots("User-agent: *\nDisallow: /search\nCrawl-delay: 7\n", "robots.txt")
    with pytest.raises(RefusedError, match=r"robots\.txt"):
        everybody.check(f"{BASE}/search?q=1")
    everybody.check(f"{BASE}/provider/2/SC1")
    assert everybody.delay == 7
    ours = Robots(RULES, "robots.txt")
    ours.check(f"{BASE}/search")
    with pytest.raises(RefusedError):
        ours.check(f"{BASE}/private/1")


def test_no_rules_allow_everything() -> None:
    Robots(None, "robots.txt").check(f"{BASE}/provider/2/SC1")


def test_the_rules_are_fetched_from_the_root_and_kept(recorder: Recorder, web: Web) -> None:
    web.serve(f"{BASE}/robots.txt", b"User-agent: *\nDisallow: /\n")
    for _ in range(2):
        with pytest.raises(RefusedError):
            robots_of(recorder, source_named("ofsted.robots"), f"{BASE}/some/folder").check(f"{BASE}/provider/2/SC1")
    assert len(web.requests) == 1


def test_a_site_without_rules(recorder: Recorder, web: Web) -> None:
    web.serve(f"{BASE}/robots.txt", lambda _: reply(b"gone", 404))
    robots_of(recorder, source_named("ofsted.robots"), BASE).check(f"{BASE}/provider/2/SC1")
