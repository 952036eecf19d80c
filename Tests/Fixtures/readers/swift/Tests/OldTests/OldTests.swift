import XCTest

@testable import Calc

final class OldTests: XCTestCase {
    func testAdds() {
        XCTAssertEqual(add(2, 2), 4, "two and two")
        XCTAssertTrue(false)
    }

    func testThrows() throws {
        struct Broken: Error {}
        throw Broken()
    }

    func testSkipped() throws {
        throw XCTSkip("not today")
    }

    func testFine() {}
}
