import Foundation
import Testing

@testable import Calc

@Suite struct CalcTests {
    @Test func adds() {
        #expect(add(2, 2) == 4)
    }

    @Test("has a name of its own") func named() throws {
        print("error: this is only printed")
        struct Broken: Error {}
        throw Broken()
    }

    @Test(arguments: [1, 2, 3]) func `counts up`(_ number: Int) {
        #expect(add(number, 0) == number - (number == 2 ? 1 : 0), "number \(number)")
    }

    @Test(.disabled("not today")) func skipped() {}

    @Test func known() {
        withKnownIssue { #expect(Bool(false)) }
    }

    @Test func severalLines() {
        #expect("one\ntwo" == "three")
        Issue.record("and this too")
    }

    @Test func crashes() {
        if ProcessInfo.processInfo.environment["CRASH"] != nil { fatalError("crashed on purpose") }
    }
}

@Suite struct GoodTests {
    @Test func good() { print("error: nothing is wrong") }
    @Test func alsoGood() {}
}

@Test func free() throws {
    let value: Int? = nil
    _ = try #require(value)
}
