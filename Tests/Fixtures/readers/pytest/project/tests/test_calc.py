import logging
import sys
import unittest

import pytest

from calc import add, divide


def test_adds():
    assert add(2, 2) == 4


@pytest.mark.parametrize("text", ["a b", "ü - x", "::"])
def test_texts(text):
    assert text == "a b"


def test_divides():
    print("error: this is only printed")
    print("src/a.c:3:4: error: printed too", file=sys.stderr)
    logging.getLogger("calc").error("FAILED tests/test_x.py::test_y - logged")
    divide(1, 0)


@pytest.fixture
def broken():
    raise RuntimeError("no database\nand a second line")


def test_with_fixture(broken):
    pass


class TestGroup:
    def test_in_group(self):
        assert {"a": 1, "b": 2} == {"a": 1, "b": 3}, "dictionaries differ"

    @pytest.mark.xfail(reason="known")
    def test_expected_failure(self):
        assert False

    @pytest.mark.xfail(reason="works now")
    def test_unexpected_pass(self):
        assert True

    @pytest.mark.xfail(strict=True, reason="must fail")
    def test_strict(self):
        assert True


@pytest.mark.skip(reason="not today")
def test_skipped():
    pass


class OldStyle(unittest.TestCase):
    def test_equal(self):
        self.assertEqual(add(1, 0), 2)
