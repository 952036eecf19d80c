import Sandbox

/// Reads ranges of output by handle: a command's handle for its output, with the suffix `.stderr` for separate errors.
struct OutputPages {
    /// The folder of the files.
    let folder: String

    /// One range, after a line with its position and the next offset.
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

    /// The file of a handle; the file of errors if the output is empty.
    private func path(_ handle: String) -> String? {
        let names = handle.hasSuffix(".stderr") ? [handle] : ["\(handle).stdout", "\(handle).stderr"]
        return names.map { "\(folder)/\($0)" }.first { OutputFile.size($0) != nil }
    }

    /// Whether a handle is a file name without a path.
    private static func isName(_ handle: String) -> Bool {
        !handle.isEmpty && handle.utf8.count <= 60 && handle.first != "."
            && handle.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
    }
}
