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
        guard let line = error.line, let column = error.column, lines.indices.contains(line - 1),
            1...(lines[line - 1].count + 1) ~= column
        else {
            fatalError("no such place: \(error)")
        }
        return 0
    }
    let text = table.description
    do {
        // Texts are compared, because not-a-number is not like itself.
        guard try TOMLTable(parsing: text).description == text else { fatalError("read otherwise: \(text)") }
    } catch { fatalError("refused: \(error) in \(text)") }
    return 0
}
