/// The entry point of libFuzzer for TOML: no bytes may trap the reader, and what it has read is read again the same from
/// a text that is written another way.
///
/// It is compiled together with the reader's sources by scripts/fuzz, never by the package.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    let table: TOMLTable
    // Most inputs are refused; that is an answer, with a place in the text.
    do { table = try TOMLTable(parsing: input) } catch {
        let lines = input.split(separator: 10, omittingEmptySubsequences: false)
        guard lines.indices.contains(error.line - 1), 1...(lines[error.line - 1].count + 1) ~= error.column else {
            fatalError("no such place: \(error)")
        }
        return 0
    }
    let text = table.entries.map { "\($0.key.written) = \($0.value.written)\n" }.joined()
    do {
        guard try TOMLTable(parsing: text).written == table.written else { fatalError("read otherwise: \(text)") }
    } catch { fatalError("refused: \(error) in \(text)") }
    return 0
}

extension TOMLTable {
    var written: String { "{" + entries.map { "\($0.key.written)=\($0.value.written)" }.joined(separator: ",") + "}" }
}

extension TOMLValue {
    /// The value on one line; not-a-number is like itself that way.
    var written: String {
        switch self {
        case .string(let text): text.written
        case .integer(let number): "\(number)"
        case .float(let number): "\(number)"
        case .boolean(let flag): "\(flag)"
        case .dateTime(let dateTime): dateTime.description
        case .array(let values): "[" + values.map(\.written).joined(separator: ",") + "]"
        case .table(let table): table.written
        }
    }
}

extension String {
    var written: String {
        "\""
            + unicodeScalars.map { scalar in
                let digits = String(scalar.value, radix: 16)
                return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }.joined() + "\""
    }
}
