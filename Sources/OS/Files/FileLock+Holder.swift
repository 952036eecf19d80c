import Glibc

extension FileLock {
    /// The process that holds a lock on the file, as far as the system tells (proc_locks(5)).
    ///
    /// Nil also where it lives in another pid namespace.
    public static func holder(of descriptor: Descriptor) -> Int32? {
        var status = stat()
        guard fstat(descriptor.raw, &status) == 0, let bytes = FileContent.bytes("/proc/locks") else { return nil }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            // Such as `1: FLOCK  ADVISORY  WRITE 708 fe:00:9896 0 EOF`; one that waits has `->` behind the number.
            let words = line.split(separator: " ")
            guard words.count > 5, words[1] == "FLOCK", let process = Int32(words[4]), process > 0,
                words[5].split(separator: ":").last.flatMap({ UInt($0) }) == UInt(status.st_ino)
            else { continue }
            return process
        }
        return nil
    }
}
