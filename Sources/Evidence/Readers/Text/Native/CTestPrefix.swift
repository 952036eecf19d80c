/// The number of the test that `ctest -V` puts in front of each line that it prints.
struct CTestPrefix {
    private var isCTest = false

    /// The line as the test printed it.
    mutating func removed(from line: Substring) -> Substring {
        if line.starts(with: "Test project ") { isCTest = true }
        guard isCTest, let (_, rest) = line.leadingNumber, let text = rest.after(": ") else { return line }
        return text
    }
}
