import Session

/// What a report says of one failure: message, place and excerpt, told from an attribute and a text.
struct FailureText {
    /// The reason in one line; empty where none is given.
    private(set) var message = ""
    /// The place; nil where none is told.
    private(set) var place: ReportPlace?
    /// Some lines of the text.
    private(set) var excerpt = ""

    /// - Parameters:
    ///   - message: What stands in the attribute for the message.
    ///   - kind: The type of the failure, such as the class of an exception.
    ///   - lines: The text.
    ///   - owner: The class of the test, to find its place among those of others.
    init(message attribute: String, kind: String, lines: [String], owner: String) {
        let told = LogDressing.lines(of: attribute.withControls)
        place = ReportPlace.find(in: lines, owner: owner) ?? ReportPlace.find(in: told, owner: owner)
        // pytest marks the lines that tell the error; its attribute may say only that a fixture has failed.
        let marked = lines.first { $0.hasPrefix("E   ") }.map { String($0.dropFirst(4)[...].trimmed) }
        let isBare = told.allSatisfy { Self.isEmpty($0) || Self.saysNothing($0) }
        message =
            marked ?? Self.reason(isBare ? lines : told) ?? (isBare ? kind : told.first { !Self.isEmpty($0) } ?? "")
        var kept = Excerpt()
        for line in Self.window(lines.isEmpty ? told : lines) { kept.add(line[...]) }
        excerpt = kept.take()
    }

    /// What some writers put where the message belongs.
    private static func saysNothing(_ line: String) -> Bool {
        ["Failed", "failure", "No message found"].contains(line)
    }

    private static func isEmpty(_ line: String) -> Bool { line[...].trimmed.isEmpty }

    /// The first line that says why.
    private static func reason(_ lines: [String]) -> String? {
        for line in lines {
            let trimmed = line[...].trimmed
            if trimmed.isEmpty || saysNothing(line) { continue }
            // `=== RUN` and `--- FAIL` of go, the place alone of GoogleTest, the name alone of PHPUnit.
            if trimmed.starts(with: "=== ") || trimmed.starts(with: "--- ") || isPlaceAlone(trimmed)
                || isNameAlone(trimmed)
            {
                continue
            }
            // `calc_test.go:13: got 3`
            if let place = Place(trimmed), !place.rest.isEmpty, place.file.holds(".") { return String(place.rest) }
            return String(trimmed)
        }
        return nil
    }

    private static func isPlaceAlone(_ line: Substring) -> Bool {
        guard let place = Place(line) else { return false }
        return place.rest.isEmpty || place.rest == "Failure"
    }

    /// `Example\CalcTest::testAdds with data set "three" (3)`
    private static func isNameAlone(_ line: Substring) -> Bool {
        guard let (name, rest) = line.cut("::") else { return false }
        return name.holds("\\") && !name.holds(" ") && (!rest.holds(" ") || rest.holds(" with data set "))
    }

    /// The lines to show: from the beginning, or those around the first error where pytest prints much before it.
    private static func window(_ lines: [String]) -> ArraySlice<String> {
        guard let error = lines.firstIndex(where: { $0.hasPrefix("E   ") }), error >= Excerpt.lineLimit / 2 else {
            return lines[...]
        }
        return lines[(error - Excerpt.lineLimit / 2)...]
    }
}
