import unittest

from calc import add, divide


class Group(unittest.TestCase):
    def test_adds(self):
        self.assertEqual(add(2, 2), 4, "two and two")

    def test_divides(self):
        """Dividing by zero is caught."""
        print("error: this is only printed")
        try:
            divide(1, 0)
        except ZeroDivisionError as error:
            raise ValueError("cannot divide\nby nothing") from error

    def test_parts(self):
        for number in range(3):
            with self.subTest("part", number=number):
                self.assertEqual(number, 1)

    def test_lists(self):
        self.assertEqual([1, 2, 3], [1, 2, 4])

    @unittest.skip("not today")
    def test_skipped(self):
        pass

    @unittest.expectedFailure
    def test_expected_failure(self):
        self.fail()

    @unittest.expectedFailure
    def test_unexpected_success(self):
        pass

    def test_zero(self):
        self.assertEqual(add(0, 0), 0)


class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise OSError("no database")

    def test_never(self):
        pass
