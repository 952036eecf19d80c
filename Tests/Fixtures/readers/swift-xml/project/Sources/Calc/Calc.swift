/// Adds, wrongly for negative numbers.
public func add(_ a: Int, _ b: Int) -> Int { a < 0 ? a - b : a + b }
