import Glibc
import OS
import Session
import Synchronization

/// A number that this process alone adds to a cache key while it lives, so that runs which go on at once do not share
/// one: a server answers about 15 requests a minute from one cache, and sends what is more elsewhere (Responses API,
/// "Prompt caching").
///
/// The numbers are ranges of a small file, locked by whoever uses them. Each holds the times of its last requests, so
/// that a number that has just been busy rests, while a run that follows a short one finds the cache warm.
final class CacheShard: Sendable {
    /// So many requests of the last minute leave enough for another run.
    private static let mostBefore = 5
    /// So many are remembered; more do not matter.
    private static let mostRemembered = 15
    private static let byteCount = 256
    private static let shardCount = 1024

    /// The number.
    let number: Int
    private let descriptor: Descriptor?
    private let lock: RangeLock?
    private let times: Mutex<[Int]>
    private let now: @Sendable () -> Int

    /// Takes the lowest number that is free.
    ///
    /// - Parameters:
    ///   - name: What the numbers are counted for.
    ///   - folder: Holds the file; a number is drawn where it cannot be written.
    ///   - now: Seconds since 1970.
    init(of name: String, in folder: String, now: @escaping @Sendable () -> Int) {
        self.now = now
        let taken = Self.take(name, in: folder, at: now())
        number = taken?.number ?? Self.shardCount + .random(in: 0..<Self.shardCount)
        (descriptor, lock) = (taken?.file, taken?.lock)
        times = Mutex(taken?.recent ?? [])
    }

    private static func take(
        _ name: String, in folder: String, at now: Int
    ) -> (number: Int, file: Descriptor, lock: RangeLock, recent: [Int])? {
        mkdir(folder, 0o700)
        // Without the file a number is drawn.
        guard let file = try? Descriptor(opening: "\(folder)/\(name)", O_RDWR | O_CREAT | O_NOFOLLOW) else {
            return nil
        }
        for number in 0..<shardCount {
            let start = number * byteCount
            guard let lock = RangeLock(start..<start + byteCount, of: file) else { continue }
            let recent = read(file, at: start).filter { $0 > now - 60 && $0 <= now }
            if recent.count <= mostBefore { return (number, file, lock, recent) }
        }
        return nil
    }

    /// Takes note of a request with the number.
    func note() {
        guard let descriptor else { return }
        let text = times.withLock { times in
            times = (times + [now()]).suffix(Self.mostRemembered)
            return times.map(String.init).joined(separator: " ")
        }
        let line = Array((text + String(repeating: " ", count: Self.byteCount - 1 - text.count) + "\n").utf8)
        // What is not written lets the number be taken a little early.
        _ = pwrite(descriptor.raw, line, line.count, off_t(number * Self.byteCount))
    }

    private static func read(_ file: Descriptor, at position: Int) -> [Int] {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        let count = max(pread(file.raw, &bytes, byteCount, off_t(position)), 0)
        return bytes[..<count].split { $0 <= 0x20 }.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    }
}
