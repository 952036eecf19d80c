#ifdef VERSION2
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#else
#include <catch_amalgamated.hpp>
#endif

#include <stdexcept>

static int add(int a, int b) { return a - b; }

TEST_CASE("Adds", "[calc]") {
    INFO("two and two");
    CHECK(add(2, 2) == 4);
    REQUIRE(add(0, 0) == 0);
}

TEST_CASE("A stack") {
    SECTION("is empty at first") { CHECK(true); }
    SECTION("grows") {
        std::printf("error: this is only printed\n");
        SECTION("when pushed") { REQUIRE(1 == 2); }
    }
}

TEST_CASE("Throws") { throw std::runtime_error("thrown"); }

TEST_CASE("Fails") { FAIL("told so"); }

TEST_CASE("May fail", "[!mayfail]") { CHECK(false); }

TEST_CASE("Fine") { CHECK(true); }
