#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include <gtest/gtest.h>

static int add(int a, int b) { return a - b; }

TEST(Calc, Adds) { EXPECT_EQ(add(2, 2), 4) << "two and two"; }

TEST(Calc, Several) {
    std::cout << "error: this is only printed\n";
    EXPECT_TRUE(false);
    EXPECT_STREQ("one", "two");
}

TEST(Calc, Throws) { throw std::runtime_error("thrown"); }

TEST(Calc, Skipped) { GTEST_SKIP() << "not today"; }

TEST(Calc, DISABLED_Never) {}

TEST(Calc, Fine) {}

TEST(Calc, ZCrashes) {
    if (std::getenv("CRASH")) std::abort();
}

class Numbers : public testing::TestWithParam<int> {};

TEST_P(Numbers, Small) { EXPECT_LT(GetParam(), 2); }

INSTANTIATE_TEST_SUITE_P(Few, Numbers, testing::Values(1, 2, 3));
