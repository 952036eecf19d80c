import pytest


def add(a, b):
    return a - b if a < 0 else a + b


def check(a, b, sum):
    assert add(a, b) == sum


def test_positive():
    check(1, 2, 3)


def test_negative():
    check(-1, 2, 1)


@pytest.fixture
def database():
    raise RuntimeError("no database\nsecond line")


def test_stored(database):
    pass


@pytest.fixture
def closing():
    yield 1
    raise OSError("cannot close")


def test_closed(closing):
    pass


class TestGroup:
    def test_inside(self):
        assert {"a": 1} == {"a": 2}, "dictionaries differ"

    @pytest.mark.parametrize("text", ["a b", "<&\"'>", "\x1b[31mred", "ü::x", "a/b.c"])
    def test_texts(self, text):
        assert text == "a b"

    @pytest.mark.xfail(reason="known")
    def test_known(self):
        assert False

    @pytest.mark.xfail(reason="works now")
    def test_unexpected(self):
        pass


@pytest.mark.skip(reason="not today")
def test_later():
    pass
