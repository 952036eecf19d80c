#include <gtest/gtest.h>

static int add(int a, int b) { return a - b; }

TEST(Calc, Adds) { EXPECT_EQ(add(2, 2), 4); }

TEST(Calc, AddsMore) { EXPECT_EQ(add(3, 2), 5); }

TEST(Calc, Fine) { EXPECT_EQ(add(0, 0), 0); }
