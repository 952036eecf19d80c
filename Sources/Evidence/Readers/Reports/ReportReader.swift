import Text

/// Reads report files whose bytes are there.
public enum ReportReader {
    /// What files tell together, and a sentence for each that could not be read, or not to its end.
    ///
    /// - Parameters:
    ///   - files: The files with the paths by which messages name them.
    ///   - output: What the output of the same run tells.
    public static func read(
        _ files: [(path: String, bytes: [UInt8])], beside output: TestReading = TestReading()
    ) -> (reading: TestReading, notices: [String]) {
        var collection = ReportCollection()
        var notices: [String] = []
        for (path, bytes) in files {
            let file = ReportFile(path: path)
            file.read(bytes)
            collection.add(file, telling: &notices)
        }
        return (output.merged(after: collection), notices)
    }
}

extension ReportCollection {
    /// Ends a file and takes what was read of it.
    mutating func add(_ file: ReportFile, telling notices: inout [String]) {
        let (results, format) = file.finish()
        if let format { add(results, format: format) }
        if let trouble = file.trouble { notices.append("the report \(file.path.named) \(trouble)") }
    }
}
