import Glibc
import OS
import Responses
import Synchronization

/// The items of a journal whose bytes need not be in memory: they lie in its file.
final class JournalItems: ItemSource {
    /// What is smaller than this takes as much memory to remember where it lies.
    private static let smallest = 512

    private let file: Descriptor
    private let number = Atomic<Int32>(0)

    /// Opens a journal for reading items back; nil if that cannot be done, and items stay in memory then.
    init?(path: String) {
        guard let file = try? Descriptor(opening: path, O_RDONLY | O_NOFOLLOW) else { return nil }
        self.file = file
    }

    /// Why an item could not be read back, if one could not (errno).
    var failure: Int32? {
        let number = number.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    func bytes(at offset: Int, count: Int) -> [UInt8] {
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count, let base = buffer.baseAddress {
                let got = pread(file.raw, base + initialized, count - initialized, off_t(offset + initialized))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else {
                    number.store(got < 0 ? errno : EIO, ordering: .relaxed)
                    break
                }
                initialized += got
            }
        }
        return bytes.count == count ? bytes : []
    }

    /// Where the bytes of a line's item begin in the file; nil for those that are better kept.
    ///
    /// - Parameters:
    ///   - line: The line without its end.
    ///   - offset: Where the line begins.
    static func place(of item: Item, in line: some Collection<UInt8>, at offset: Int) -> Int? {
        // The item is the last member, unless its exact bytes stand beside it.
        guard item.byteCount >= smallest, line.count > item.byteCount else { return nil }
        let rest = line.dropFirst(line.count - item.byteCount - 1)
        guard rest.dropLast().elementsEqual(item.raw) else { return nil }
        return offset + line.count - item.byteCount - 1
    }
}

extension RunEvent {
    /// The item of the conversation that the event brings.
    var item: Item? {
        switch self {
        case .responseItem(let item, _), .inputItem(let item, _): item
        default: nil
        }
    }
}
