extension TestFailure {
    /// File and line, `src/a.c:3`, or the file alone; nil where none is named.
    public var place: String? { file.map { file in line.map { "\(file):\($0)" } ?? file } }

    /// Name, place and message in one line, `tests/test_a.py::test_b (tests/test_a.py:12): assert 1 == 2`.
    ///
    /// A place that the name tells is left out. The text is as the tool printed it, and safe for no terminal.
    public var spelled: String {
        let place = place.flatMap { name.hasPrefix($0) ? nil : " (\($0))" } ?? ""
        return name + place + (message.isEmpty ? "" : ": \(message)")
    }
}

extension TestTally {
    /// The counts in a few words: `3 of 41 tests failed, 2 skipped`.
    public var spelled: String {
        let tests = run == 1 ? "1 test" : "\(run) tests"
        let ended = failed > 0 ? "\(failed) of \(tests) failed" : "\(tests) passed"
        return ended + (skipped > 0 ? ", \(skipped) skipped" : "")
    }
}
