/// Collects one stream in bounded memory while it is read.
struct OutputCapture {
    private let headLimit: Int
    private let tailLimit: Int
    private var output = CapturedOutput()
    private var ring: [UInt8] = []
    /// The index of the oldest byte in the full ring, where the next one goes.
    private var oldest = 0
    private var excerpts: ExcerptCollector
    private var file: LogFile?

    init(limit: Int, file: LogFile?) {
        headLimit = (limit + 1) / 2
        tailLimit = limit / 2
        excerpts = ExcerptCollector(skipping: headLimit)
        self.file = file
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        output.totalBytes += bytes.count
        file?.append(bytes)
        excerpts.append(bytes)
        let toHead = min(bytes.count, headLimit - output.head.count)
        if toHead > 0 { output.head.append(contentsOf: bytes.prefix(toHead)) }
        if toHead < bytes.count { keepLast(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(toHead))) }
    }

    mutating func finish() -> CapturedOutput {
        output.tail = Array(ring[oldest...]) + ring[..<oldest]
        (output.excerpts, output.lineCount) = excerpts.finish()
        // Excerpts in the tail are dropped.
        let tailStart = output.totalBytes - output.tail.count
        output.excerpts.removeAll { $0.offset >= tailStart }
        output.file = file?.finish()
        return output
    }

    private mutating func keepLast(_ bytes: UnsafeRawBufferPointer) {
        guard tailLimit > 0 else { return }
        var rest = UnsafeRawBufferPointer(rebasing: bytes.suffix(tailLimit))
        let room = min(rest.count, tailLimit - ring.count)
        if room > 0 {
            ring.append(contentsOf: rest.prefix(room))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(room))
        }
        while !rest.isEmpty {
            let piece = min(rest.count, tailLimit - oldest)
            ring.withUnsafeMutableBytes { ring in
                UnsafeMutableRawBufferPointer(rebasing: ring[oldest..<oldest + piece])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest.prefix(piece)))
            }
            oldest = (oldest + piece) % tailLimit
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece))
        }
    }
}
