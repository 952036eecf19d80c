/// Makes V4A diffs of two texts, which may be any bytes.
struct DiffGenerator {
    /// A line with its ending.
    typealias Line = ArraySlice<UInt8>

    /// How many lines of context a hunk has around its changes.
    var context = 3
    /// Whether context grows until the old lines of a hunk stand in one place only.
    var isUnique = true
    /// Whether headers carry line numbers.
    var hasLineNumbers = false

    /// A stretch of lines that changes: which old ones go, which new ones come.
    private struct Change {
        var old: Range<Int>
        var new: Range<Int>
    }

    /// The diff that makes the new text of the old one; empty if they are equal.
    func diff(_ old: String, _ new: String) -> String {
        String(decoding: diff(Array(old.utf8), Array(new.utf8)), as: UTF8.self)
    }

    /// A whole patch of the file `f`, in an envelope or with the headers of git.
    func patch(_ old: [UInt8], _ new: [UInt8], isUnified: Bool) -> [UInt8] {
        let body = diff(old, new)
        if isUnified { return Array("diff --git a/f b/f\n--- a/f\n+++ b/f\n".utf8) + body }
        return Array("*** Begin Patch\n*** Update File: f\n".utf8) + body + Array("*** End Patch\n".utf8)
    }

    /// The diff that makes the new bytes of the old ones; empty if they are equal.
    func diff(_ old: [UInt8], _ new: [UInt8]) -> [UInt8] {
        let old = Self.lines(old)
        let new = Self.lines(new)
        var hunks = Self.changes(old, new).map { [$0] }
        var index = 0
        while index < hunks.count {
            var reach = context
            while true {
                let span = span(of: hunks[index], reach: reach, in: old)
                if index + 1 < hunks.count,
                    span.upperBound > self.span(of: hunks[index + 1], reach: context, in: old).lowerBound
                {
                    hunks[index] += hunks.remove(at: index + 1)
                    continue
                }
                if index > 0, self.span(of: hunks[index - 1], reach: context, in: old).upperBound > span.lowerBound {
                    hunks[index - 1] += hunks.remove(at: index)
                    index -= 1
                    reach = context
                    continue
                }
                if !isUnique || Self.isUnique(span, in: old) { break }
                reach += 1
                if reach > context + 12 {
                    hunks = [hunks.flatMap { $0 }]
                    index = 0
                    reach = old.count
                }
            }
            index += 1
        }
        return hunks.flatMap { text(of: $0, old, new) }
    }

    private func text(of changes: [Change], _ old: [Line], _ new: [Line]) -> [UInt8] {
        var reach = context
        var span = span(of: changes, reach: reach, in: old)
        while isUnique, !Self.isUnique(span, in: old), span != 0..<old.count {
            reach += 1
            span = self.span(of: changes, reach: reach, in: old)
        }
        let shift = changes[0].new.lowerBound - changes[0].old.lowerBound
        let growth = changes.reduce(0) { $0 + $1.new.count - $1.old.count }
        let start = span.isEmpty ? span.lowerBound : span.lowerBound + 1
        let header = "@@ -\(start),\(span.count) +\(start + shift),\(span.count + growth) @@\n"
        var text = Array((hasLineNumbers ? header : "@@\n").utf8)
        func put(_ sign: String, _ line: Line) {
            text += sign.utf8
            text += line
            if line.last != 0x0A { text += "\n\\ No newline at end of file\n".utf8 }
        }
        var next = span.lowerBound
        for change in changes {
            for line in old[next..<change.old.lowerBound] { put(" ", line) }
            for line in old[change.old] { put("-", line) }
            for line in new[change.new] { put("+", line) }
            next = change.old.upperBound
        }
        for line in old[next..<span.upperBound] { put(" ", line) }
        return text
    }

    private func span(of changes: [Change], reach: Int, in old: [Line]) -> Range<Int> {
        let first = changes[0].old.lowerBound
        let last = changes[changes.count - 1].old.upperBound
        return max(0, first - reach)..<min(old.count, last + reach)
    }

    private static func isUnique(_ span: Range<Int>, in old: [Line]) -> Bool {
        if span.count == old.count { return true }
        if span.isEmpty { return false }
        return (0...old.count - span.count).filter { start in
            zip(old[start...], old[span]).allSatisfy { $0.elementsEqual($1) }
        }.count == 1
    }

    private static func lines(_ bytes: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var start = 0
        for index in bytes.indices where bytes[index] == 0x0A {
            lines.append(bytes[start...index])
            start = index + 1
        }
        if start < bytes.count { lines.append(bytes[start...]) }
        return lines
    }

    private static func changes(_ old: [Line], _ new: [Line]) -> [Change] {
        let difference = new.difference(from: old)
        var gone = Set<Int>()
        var come = Set<Int>()
        for change in difference {
            switch change {
            case .remove(let offset, _, _): gone.insert(offset)
            case .insert(let offset, _, _): come.insert(offset)
            }
        }
        var changes: [Change] = []
        var (here, there) = (0, 0)
        while here < old.count || there < new.count {
            if gone.contains(here) || come.contains(there) {
                let start = (here, there)
                while gone.contains(here) { here += 1 }
                while come.contains(there) { there += 1 }
                changes.append(Change(old: start.0..<here, new: start.1..<there))
            } else {
                here += 1
                there += 1
            }
        }
        return changes
    }
}
