import CBeneath
import CGit
import Glibc
import OS
import Synchronization

/// Checks the tracked files of a tree on several threads, and lists the folders whose names may have changed.
///
/// No file is read and no rule is applied: a file gets a verdict, an untracked name becomes a candidate.
final class FolderPass: @unchecked Sendable {  // Threads share the table, and each writes to positions of its own.
    /// The verdict on a tracked file.
    enum Verdict: UInt8 {
        /// It is certainly the one in the index, or is not compared.
        case same
        /// Its content must be compared.
        case suspect
        /// It does not exist.
        case gone
    }

    /// An untracked name in a folder.
    struct Candidate {
        let folder: Int
        let name: [CChar]
        /// As in readdir(3).
        let type: UInt8
    }

    let table: FolderTable
    /// One verdict for each entry.
    private(set) var verdicts: [Verdict]
    /// One mark for each folder; nil if it was not listed or must not be cached.
    private(set) var marks: [FileMark?]
    private(set) var candidates: [Candidate] = []
    /// Unreadable folders.
    private(set) var unreadable: Set<Int> = []
    /// Folders with another owner, group or file system, or with such files.
    private(set) var foreign: Set<Int> = []

    private let root: RootedFolder
    private let known: [FileMark?]
    private let trustsMode: Bool
    private let verified: timespec
    private let device: dev_t
    private let owner = (user: geteuid(), group: getegid())
    private let items: [Item]
    private let next = Atomic<Int>(0)
    private let found = Mutex<(candidates: [Candidate], unreadable: Set<Int>, foreign: Set<Int>)>(([], [], []))

    /// A piece of work: some files of one folder; the first piece also lists it.
    private struct Item {
        let folder: Int
        let files: Range<Int>
        let isFirst: Bool
    }

    private static let pieceSize = 512
    private static let filesWorthAThread = 1024

    init(
        _ table: FolderTable, root: RootedFolder, known: [FileMark?], trustsMode: Bool, verified: timespec
    ) {
        self.table = table
        self.root = root
        self.known = known
        self.trustsMode = trustsMode
        self.verified = verified
        var state = stat()
        device = fstat(root.descriptor, &state) == 0 ? state.st_dev : 0
        verdicts = Array(repeating: .same, count: table.entries.count)
        marks = Array(repeating: nil, count: table.folders.count)
        var items: [Item] = []
        for (position, folder) in table.folders.enumerated() {
            var start = folder.files.lowerBound
            repeat {
                let end = min(start + Self.pieceSize, folder.files.upperBound)
                items.append(
                    Item(folder: position, files: start..<end, isFirst: start == folder.files.lowerBound))
                start = end
            } while start < folder.files.upperBound
        }
        self.items = items
    }

    /// Runs the pass, which fills verdicts, marks, candidates and unreadable folders.
    func run() {
        let processors = min(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1), 4)
        let threads = min(processors, table.entries.count / Self.filesWorthAThread + 1)
        verdicts.withUnsafeMutableBufferPointer { verdicts in
            marks.withUnsafeMutableBufferPointer { marks in
                let sheet = Sheet(pass: self, verdicts: verdicts, marks: marks)
                sheet.fill(threads: threads)
            }
        }
        (candidates, unreadable, foreign) = found.withLock { $0 }
    }

    /// The results of the threads; each item has its own positions.
    private final class Sheet: @unchecked Sendable {  // No two threads write to the same position.
        let pass: FolderPass
        let verdicts: UnsafeMutableBufferPointer<Verdict>
        let marks: UnsafeMutableBufferPointer<FileMark?>

        init(
            pass: FolderPass, verdicts: UnsafeMutableBufferPointer<Verdict>,
            marks: UnsafeMutableBufferPointer<FileMark?>
        ) {
            self.pass = pass
            self.verdicts = verdicts
            self.marks = marks
        }

        func fill(threads: Int) {
            // Without further threads this one does all the work.
            let others = (1..<max(threads, 1)).compactMap { _ in try? ServiceThread { self.work() } }
            work()
            for thread in others { thread.join() }
        }

        private func work() {
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 8)
            defer { buffer.deallocate() }
            var candidates: [Candidate] = []
            var (unreadable, foreign): (Set<Int>, Set<Int>) = ([], [])
            while case let item = pass.next.wrappingAdd(1, ordering: .relaxed).oldValue, item < pass.items.count {
                if !pass.visit(pass.items[item], verdicts, marks, buffer, &candidates, &foreign) {
                    unreadable.insert(pass.items[item].folder)
                }
            }
            pass.found.withLock {
                $0.candidates += candidates
                $0.unreadable.formUnion(unreadable)
                $0.foreign.formUnion(foreign)
            }
        }
    }

    /// Returns false for an unreadable folder; its files keep the verdict `same`, because they may still exist.
    private func visit(
        _ item: Item, _ verdicts: UnsafeMutableBufferPointer<Verdict>, _ marks: UnsafeMutableBufferPointer<FileMark?>,
        _ buffer: UnsafeMutableRawBufferPointer, _ candidates: inout [Candidate], _ foreign: inout Set<Int>
    ) -> Bool {
        let folder = table.folders[item.folder]
        var isForeign = false
        defer { if isForeign { foreign.insert(item.folder) } }
        let descriptor = root.open(folder.cString, O_RDONLY | O_DIRECTORY, links: .none)
        guard descriptor >= 0 else {
            guard Self.isGone(errno) else { return false }
            for position in table.files[item.files].lazy.map({ Int($0) })
            where !table.entries[position].pointee.isLeftAlone { verdicts[position] = .gone }
            return true
        }
        defer { close(descriptor) }
        var isReadable = true
        var state = stat()
        if item.isFirst {
            guard fstat(descriptor, &state) == 0 else { return false }
            isForeign = isOthers(state)
            let mark = FileMark(state)
            if known[item.folder] != mark {
                isReadable = list(descriptor, item.folder, folder, buffer, &candidates)
            }
            let mayRemember = isReadable && state.st_dev == device && !state.isRecent(at: verified)
            marks[item.folder] = mayRemember ? mark : nil
        }
        for file in item.files {
            let position = Int(table.files[file])
            let entry = table.entries[position]
            if entry.pointee.isLeftAlone { continue }
            if fstatat(descriptor, entry.pointee.path + folder.length, &state, AT_SYMLINK_NOFOLLOW) == 0 {
                verdicts[position] = verdict(entry.pointee, state)
                if isOthers(state) { isForeign = true }
            } else if Self.isGone(errno) {
                verdicts[position] = .gone
            } else {
                isReadable = false
            }
        }
        return isReadable
    }

    private func isOthers(_ state: stat) -> Bool {
        state.st_uid != owner.user || state.st_gid != owner.group || state.st_dev != device
    }

    private func verdict(_ entry: git_index_entry, _ state: stat) -> Verdict {
        guard state.type == S_IFREG || state.type == S_IFLNK else { return .gone }
        let isSame = entry.matches(state) && state.gitMode(besides: entry.mode, isTrusted: trustsMode) == entry.mode
        return isSame ? .same : .suspect
    }

    private func list(
        _ descriptor: Int32, _ position: Int, _ folder: FolderTable.Folder, _ buffer: UnsafeMutableRawBufferPointer,
        _ candidates: inout [Candidate]
    ) -> Bool {
        while true {
            let count = beneath_list(descriptor, buffer.baseAddress, buffer.count)
            guard count > 0, var entry = UnsafeRawPointer(buffer.baseAddress) else { return count == 0 }
            let end = entry + count
            while entry < end {
                defer { entry += Int(beneath_entry_length(entry)) }
                guard let name = beneath_entry_name(entry) else { continue }
                if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, ".git") == 0 { continue }
                var type = beneath_entry_type(entry)
                var state = stat()
                if Int(type) == Int(DT_UNKNOWN), fstatat(descriptor, name, &state, AT_SYMLINK_NOFOLLOW) == 0 {
                    type = UInt8(state.type >> 12)
                }
                let tracked = table.entry(named: name, in: folder)
                switch Int(type) {
                case Int(DT_DIR):
                    if table.hasFolder(named: name, in: folder) || tracked?.pointee.mode == 0o160000 { continue }
                case Int(DT_REG), Int(DT_LNK):
                    if tracked != nil { continue }
                case Int(DT_FIFO), Int(DT_SOCK), Int(DT_CHR), Int(DT_BLK):
                    // Neither is stored; the caller says so.
                    break
                default:
                    continue
                }
                let bytes = Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1))
                candidates.append(Candidate(folder: position, name: bytes, type: type))
            }
        }
    }

    /// Whether an error means that there is no such file.
    private static func isGone(_ number: Int32) -> Bool { [ENOENT, ENOTDIR, ELOOP, EXDEV].contains(number) }
}

extension git_index_entry {
    /// Whether the file is not compared: a submodule, assumed unchanged, or outside a sparse checkout.
    var isLeftAlone: Bool {
        isSubmodule || flags & UInt16(GIT_INDEX_ENTRY_VALID.rawValue) != 0
            || flags_extended & UInt16(GIT_INDEX_ENTRY_SKIP_WORKTREE.rawValue) != 0
    }
}
