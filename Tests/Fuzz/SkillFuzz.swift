/// The entry point of libFuzzer for the heads of skills: no bytes may trap the reader, and what it takes is one line of
/// bounded length under a name of the format.
///
/// It is compiled together with the reader's sources by scripts/fuzz, never by the package.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    _ = SkillHead.isOffered(text)
    // Most inputs are refused; that is an answer.
    guard let head = try? SkillHead(text, folder: "folder") else { return 0 }
    let description = head.description
    guard !description.isEmpty, description.count <= SkillHead.longestDescription,
        !description.contains(where: \.isNewline)
    else { fatalError("not a line: \(description)") }
    guard !head.name.isEmpty, head.name.count <= 64, !head.name.contains(where: { $0 == "/" || $0.isWhitespace }) else {
        fatalError("not a name: \(head.name)")
    }
    return 0
}
