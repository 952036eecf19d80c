import Calc
import XCTest

final class OldTests: XCTestCase {
    func testPositive() { XCTAssertEqual(add(1, 2), 3) }

    func testNegative() {
        XCTAssertEqual(add(-1, 2), 1)
        XCTAssertEqual(add(-2, 2), 0, "second")
    }

    func testLater() throws { throw XCTSkip("not yet") }
}
