#include <gtest/gtest.h>

int Add(int a, int b) { return a < 0 ? a - b : a + b; }

TEST(Add, Positive) { EXPECT_EQ(Add(1, 2), 3); }

TEST(Add, Negative) {
    EXPECT_EQ(Add(-1, 2), 1);
    EXPECT_EQ(Add(-2, 2), 0) << "second";
}

TEST(Add, DISABLED_Later) { FAIL(); }

TEST(Add, Skipped) { GTEST_SKIP() << "no time"; }

class Values : public testing::TestWithParam<int> {};

TEST_P(Values, Fits) { ASSERT_GE(Add(GetParam(), 1), 0); }

INSTANTIATE_TEST_SUITE_P(Some, Values, testing::Values(1, -3));
