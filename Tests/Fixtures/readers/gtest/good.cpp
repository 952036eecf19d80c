#include <iostream>

#include <gtest/gtest.h>

TEST(Good, Good) { std::cout << "[  FAILED  ] to be sad\nerror: nothing is wrong\n"; }

TEST(Good, AlsoGood) {}
