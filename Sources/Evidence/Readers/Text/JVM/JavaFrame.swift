/// A line of a Java stack trace, `at org.example.BasketTest.adds(BasketTest.java:20)`.
struct JavaFrame {
    /// The whole name of the class.
    let type: Substring
    /// The name of the file, without its folders.
    let file: Substring
    /// The line, counted from 1.
    let line: Int

    /// Reads a line of a stack trace; nil also where no file is told.
    init?(_ line: Substring) {
        guard line.indentation > 0, let call = line.trimmed.after("at "),
            let (method, place) = call.before(")")?.cutLast("("),
            let (file, number) = place.cut(":"), let line = Int(number), let (type, _) = method.cutLast(".")
        else { return nil }
        // A module or a class loader may stand in front: java.base/java.util.List
        self.type = type.cutLast("/")?.after ?? type
        self.file = file
        self.line = line
    }

    /// Whether a line is of a stack trace, also where no place is told.
    static func isFrame(_ line: Substring) -> Bool {
        guard line.indentation > 0 else { return false }
        let text = line.trimmed
        return text.starts(with: "at ") && text.ends(with: ")") || text.starts(with: "... ")
    }

    /// Whether it is code of Java, Kotlin or a test framework.
    var isForeign: Bool {
        [
            "java.", "javax.", "jdk.", "sun.", "kotlin.", "groovy.", "org.junit.", "junit.", "org.testng.",
            "org.opentest4j.",
            "org.hamcrest.", "org.assertj.", "org.mockito.", "org.apache.maven.", "org.gradle.",
            "com.google.common.truth.",
        ].contains { type.starts(with: $0) }
    }
}
