import Text
import Zip

/// The parts of a saved CI log: one for a plain file, one a file for an archive as GitHub gives them out.
struct SavedLog {
    /// A part with the name that tells it from others; empty for a plain file.
    struct Part {
        let name: String
        let lines: [String]
    }

    /// The parts in their order.
    private(set) var parts: [Part] = []
    /// What could not be read, a sentence each.
    private(set) var notices: [String] = []

    /// The most bytes of an unpacked part, and of all of them.
    private static let (partLimit, totalLimit) = (16 << 20, 128 << 20)

    /// - Throws: `ZipError` for an archive that cannot be read at all.
    init(_ bytes: [UInt8]) throws(ZipError) {
        guard ZipArchive.isArchive(bytes) else {
            parts = [Part(name: "", lines: LogDressing.markedLines(of: Self.text(bytes)))]
            return
        }
        let archive = try ZipArchive(bytes)
        var total = 0
        for entry in archive.entries.sorted(by: { Self.order($0.name, $1.name) }) where Self.isText(entry.name) {
            guard total < Self.totalLimit else {
                let limit = Self.totalLimit.spelledAsBytes
                notices.append("the archive unpacks to more than \(limit); the rest is not read")
                break
            }
            do throws(ZipError) {
                let contents = try archive.contents(of: entry, byteLimit: min(Self.partLimit, Self.totalLimit - total))
                total += contents.count
                if contents.count < entry.size {
                    notices.append("\(entry.name.named) is too large; only its beginning is read")
                }
                parts.append(Part(name: entry.name, lines: LogDressing.markedLines(of: Self.text(contents))))
            } catch {
                notices.append("\(entry.name.named) is not read: \(error)")
            }
        }
    }

    private static func isText(_ name: String) -> Bool {
        let last = name.split(separator: "/").last ?? ""
        return !last.contains(".") || last.hasSuffix(".txt") || last.hasSuffix(".log")
    }

    /// Steps are numbered, and the tenth comes behind the second.
    private static func order(_ one: String, _ other: String) -> Bool {
        func key(_ name: String) -> (String, Int, String) {
            let (folder, last) = name[...].cutLast("/") ?? ("", name[...])
            return (String(folder), last.leadingNumber?.number ?? .max, String(last))
        }
        return key(one) < key(other)
    }

    /// The text of a file: UTF-8, or UTF-16 with its mark, as PowerShell writes it.
    private static func text(_ bytes: [UInt8]) -> String {
        for (mark, isBig) in [([0xFF, 0xFE], false), ([0xFE, 0xFF], true)] as [([UInt8], Bool)]
        where bytes.starts(with: mark) {
            let units = stride(from: 2, to: bytes.count - 1, by: 2).map { place in
                let (one, two) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
                return isBig ? one << 8 | two : two << 8 | one
            }
            return String(decoding: units, as: UTF16.self)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
