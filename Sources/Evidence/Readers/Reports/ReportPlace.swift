/// A place in a file that the text of a failure tells: a frame of a stack, or a line that begins with it.
struct ReportPlace: Equatable {
    /// The file as printed.
    let file: String
    /// The line, counted from 1.
    let line: Int

    /// Finds the place that is most likely in the test's own code.
    ///
    /// - Parameter owner: The class of the test; its frames come first.
    static func find(in lines: [String], owner: String) -> ReportPlace? {
        var first: ReportPlace?
        var python: ReportPlace?
        for line in lines {
            let trimmed = line[...].trimmed
            if let (place, function) = javaFrame(trimmed) {
                if function.starts(with: owner.outerClass), !owner.isEmpty { return place }
                if first == nil, !isLibrary(function: function) { first = place }
            } else if let place = dotNetFrame(trimmed) ?? scriptFrame(trimmed) {
                if first == nil, !isLibrary(file: place.file) { first = place }
            } else if let place = pythonFrame(trimmed) {
                // The last of its own frames is where it broke off.
                if !isLibrary(file: place.file) { python = place }
            } else if let place = plain(line[...]) {
                if place.file.hasSuffix(".py") {
                    if !isLibrary(file: place.file) { python = place }
                } else if first == nil, !isLibrary(file: place.file) {
                    first = place
                }
            }
        }
        return first ?? python
    }

    /// `at com.example.CalcTest.adds(CalcTest.java:12)`
    private static func javaFrame(_ line: Substring) -> (ReportPlace, function: Substring)? {
        guard let rest = line.after("at "), let (function, place) = rest.cut("("), let (file, after) = place.cut(":"),
            let (number, end) = after.leadingNumber, end.starts(with: ")"),
            [".java", ".kt", ".scala", ".groovy"].contains(where: { file.ends(with: $0) })
        else { return nil }
        // A module may stand before the class, as in `java.base/java.util.List.of`.
        let name = function.cutLast("/")?.after ?? function
        return (ReportPlace(file: String(file), line: number), name)
    }

    /// `at Example.Calc.Adds() in /src/CalcTests.cs:line 12`
    private static func dotNetFrame(_ line: Substring) -> ReportPlace? {
        guard line.starts(with: "at "), let (_, place) = line.cutLast(") in "),
            let (file, after) = place.cutLast(":line "),
            let (number, _) = after.leadingNumber
        else { return nil }
        return ReportPlace(file: String(file), line: number)
    }

    /// `at add (/src/calc.js:12:5)`, `at file:///src/calc.js:12:5`, `❯ src/calc.test.ts:12:5`
    private static func scriptFrame(_ line: Substring) -> ReportPlace? {
        guard let rest = line.after("at ") ?? line.after("❯ ") else { return nil }
        let inner = rest.before(")").flatMap { $0.cutLast("(")?.after } ?? rest.words.last ?? rest
        let path = inner.after("async ") ?? inner
        guard let place = Place(path.after("file://") ?? path), place.column != nil else { return nil }
        return ReportPlace(file: String(place.file), line: place.line)
    }

    /// `File "calc.py", line 12, in add`
    private static func pythonFrame(_ line: Substring) -> ReportPlace? {
        guard let rest = line.after("File \""), let (file, after) = rest.cut("\", line "),
            let (number, _) = after.leadingNumber
        else { return nil }
        return ReportPlace(file: String(file), line: number)
    }

    /// `tests/test_calc.py:12: AssertionError`, `calc_test.go:12: got 3`, `/src/CalcTest.php:12`, `calc.cc:8: Failure`
    private static func plain(_ line: Substring) -> ReportPlace? {
        guard let place = Place(line.trimmed), place.file.holds("."), !place.file.holds(" "), !place.file.holds("//")
        else { return nil }
        return ReportPlace(file: String(place.file), line: place.line)
    }

    private static func isLibrary(file: String) -> Bool {
        let path = file[...]
        return path.holds("node_modules/") || path.starts(with: "node:") || path.starts(with: "internal/")
            || path.holds("site-packages/") || path.holds("/lib/python") || path.starts(with: "<")
            || path.starts(with: "/usr/") || path.holds("/vendor/phpunit/")
    }

    private static func isLibrary(function: Substring) -> Bool {
        [
            "java.", "javax.", "jdk.", "sun.", "com.sun.", "kotlin.", "scala.", "groovy.", "org.junit.", "junit.",
            "org.hamcrest.", "org.assertj.", "org.opentest4j.", "org.testng.", "org.mockito.", "org.gradle.",
            "org.apache.maven.", "org.codehaus.groovy.",
        ].contains { function.starts(with: $0) }
    }
}

extension String {
    /// The class around an inner one, which its source file is named after.
    fileprivate var outerClass: String { String(prefix { $0 != "$" }) }
}
