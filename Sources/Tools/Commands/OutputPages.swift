import Sandbox

/// Reads ranges of what commands have printed, by handle: a command's name for its output, with `.stderr` behind it
/// for its errors where they were kept apart.
struct OutputPages {
    /// Where the files are.
    let folder: String

    /// One range, below a line that says where it lies and where to go on.
    func page(of handle: String, from offset: Int, limit: Int) throws(ToolRefusal) -> String {
        let name = CommandHandle.shown(handle)
        guard Self.isName(handle), let path = path(handle), let size = OutputFile.size(path) else {
            throw ToolRefusal("nothing is kept as \"\(name)\": no such command, or it printed nothing")
        }
        guard offset <= size, let page = OutputFile.page(path, from: offset, limit: limit) else {
            throw ToolRefusal("\(name) has \(size) bytes, offset \(offset) is behind its end")
        }
        let more = page.range.upperBound < size ? "; go on with offset=\(page.range.upperBound)" : "; this is the end"
        return "\(name): bytes \(page.range.lowerBound) to \(page.range.upperBound) of \(size)\(more)\n\(page.text)"
    }

    /// The file of a handle; errors stand for an output that is empty.
    private func path(_ handle: String) -> String? {
        let names = handle.hasSuffix(".stderr") ? [handle] : ["\(handle).stdout", "\(handle).stderr"]
        return names.map { "\(folder)/\($0)" }.first { OutputFile.size($0) != nil }
    }

    /// Whether a handle can name a file in the folder, and none elsewhere.
    private static func isName(_ handle: String) -> Bool {
        !handle.isEmpty && handle.utf8.count <= 60 && handle.first != "."
            && handle.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
    }
}
