/// The entry point of libFuzzer for pictures: no bytes may trap the reader of their heads, and what it takes has a size
/// within the limits.
///
/// It is compiled together with the reader's sources by scripts/fuzz, never by the package.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // Most inputs are refused; that is an answer.
    guard let picture = try? Picture(Array(UnsafeBufferPointer(start: start, count: count))) else { return 0 }
    guard picture.width > 0, picture.height > 0, picture.width * picture.height <= Picture.pixelLimit else {
        fatalError("taken: \(picture.summary)")
    }
    guard Picture.word(for: picture.dataURL).hasPrefix("[image: \(picture.format.rawValue), ") else {
        fatalError("no word for it: \(Picture.word(for: picture.dataURL))")
    }
    return 0
}
