/// The lines a patch looks for in a file, found for all its hunks in one walk over the bytes.
///
/// A line is known by a fingerprint of those of its bytes on which every way of matching agrees: ASCII without white
/// space, dashes and quotes. Whoever asks for a line gets all candidates and compares them.
struct WantedLines {
    /// The numbers of the lines found for each id, in order.
    private(set) var found: [[Int]] = []
    private var slots: [UInt64] = Array(repeating: 0, count: 16)
    private var ids: [Int] = Array(repeating: 0, count: 16)

    /// Asks for a line; the id is where its finds will stand in ``found``.
    mutating func want(_ line: LineBytes) -> Int {
        if found.count * 4 >= slots.count { grow() }
        let fingerprint = Self.fingerprint(line)
        var slot = Int(truncatingIfNeeded: fingerprint) & (slots.count - 1)
        while slots[slot] != 0 {
            if slots[slot] == fingerprint { return ids[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = fingerprint
        ids[slot] = found.count
        found.append([])
        return ids[slot]
    }

    /// How many of a line's bytes count for its fingerprint.
    static func weight(_ line: LineBytes) -> Int {
        line.reduce(0) { $0 + (isTelling[Int($1)] ? 1 : 0) }
    }

    /// Walks over the bytes and gives back where each line starts, and at last where the file ends.
    mutating func scan(_ bytes: [UInt8], from textStart: Int) -> [Int] {
        var starts: [Int] = []
        starts.reserveCapacity(bytes.count / 24 + 2)
        starts.append(textStart)
        let mask = slots.count - 1
        var finds: [(id: Int, line: Int)] = []
        bytes.withUnsafeBufferPointer { bytes in
            Self.isTelling.withUnsafeBufferPointer { isTelling in
                slots.withUnsafeBufferPointer { slots in
                    func look(for state: UInt64, line: Int) {
                        let fingerprint = Self.finish(state)
                        var slot = Int(truncatingIfNeeded: fingerprint) & mask
                        while slots[slot] != 0 {
                            if slots[slot] == fingerprint { finds.append((ids[slot], line)) }
                            slot = (slot + 1) & mask
                        }
                    }
                    var state: UInt64 = 0
                    for index in textStart..<bytes.count {
                        let byte = bytes[index]
                        if byte == 0x0A {
                            look(for: state, line: starts.count - 1)
                            starts.append(index + 1)
                            state = 0
                        } else {
                            state = isTelling[Int(byte)] ? Self.mix(state, byte) : state
                        }
                    }
                    if starts[starts.count - 1] < bytes.count {
                        look(for: state, line: starts.count - 1)
                        starts.append(bytes.count)
                    }
                }
            }
        }
        for find in finds { found[find.id].append(find.line) }
        return starts
    }

    private mutating func grow() {
        let old = zip(slots, ids).filter { $0.0 != 0 }
        slots = Array(repeating: 0, count: slots.count * 4)
        ids = Array(repeating: 0, count: slots.count)
        for (fingerprint, id) in old {
            var slot = Int(truncatingIfNeeded: fingerprint) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = fingerprint
            ids[slot] = id
        }
    }

    private static func fingerprint(_ line: LineBytes) -> UInt64 {
        finish(line.reduce(0) { isTelling[Int($1)] ? mix($0, $1) : $0 })
    }

    @inline(__always)
    private static func mix(_ state: UInt64, _ byte: UInt8) -> UInt64 {
        ((state << 5) | (state >> 59)) ^ UInt64(byte)
    }

    /// Spreads the state over all bits; never 0, which marks a free slot.
    @inline(__always)
    private static func finish(_ state: UInt64) -> UInt64 {
        let product = (state &+ 1) &* 0x9E37_79B9_7F4A_7C15
        return (product ^ (product >> 32)) | 1 << 63
    }

    private static let isTelling: [Bool] = (0..<256).map { byte in
        byte > 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x27 && byte != 0x2D
    }
}
