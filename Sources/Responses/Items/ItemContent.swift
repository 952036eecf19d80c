import Synchronization

/// Where the bytes of items lie that are not in memory.
public protocol ItemSource: Sendable {
    /// Reads bytes of an item; what cannot be read comes out empty, and the source tells of it in its own way.
    func bytes(at offset: Int, count: Int) -> [UInt8]
}

/// The bytes of an item, in memory or where they can be read again.
///
/// All copies of an item share it: what one of them gives up takes no memory in any.
final class ItemContent: Sendable {
    private enum Place {
        case memory([UInt8])
        case source(any ItemSource, offset: Int)
    }

    /// How many bytes there are.
    let count: Int
    private let place: Mutex<Place>

    init(_ bytes: [UInt8]) {
        count = bytes.count
        place = Mutex(.memory(bytes))
    }

    var bytes: [UInt8] {
        let (source, offset): (any ItemSource, Int)
        switch place.withLock({ $0 }) {
        case .memory(let bytes): return bytes
        case .source(let kept, let position): (source, offset) = (kept, position)
        }
        return source.bytes(at: offset, count: count)
    }

    /// Gives the bytes in memory up.
    func release(to source: any ItemSource, at offset: Int) {
        place.withLock { place in
            if case .memory = place { place = .source(source, offset: offset) }
        }
    }
}
