import CGit

/// The id of an object of one kind, so that a commit is not mistaken for a tree.
public struct ObjectID<Kind>: Hashable, Sendable, CustomStringConvertible {
    /// 40 lower-case hexadecimal digits.
    public let hex: String

    /// Reads 40 hexadecimal digits; nil for anything else.
    public init?(_ hex: String) {
        guard let oid = git_oid(hex: hex) else { return nil }
        self.init(oid)
    }

    init(_ oid: git_oid) {
        hex = oid.hex
    }

    var oid: git_oid { git_oid(hex: hex) ?? git_oid() }

    /// The digits.
    public var description: String { hex }
}

/// The kind of a commit.
public enum CommitObject {}
/// The kind of a tree.
public enum TreeObject {}

/// The id of a commit.
public typealias CommitID = ObjectID<CommitObject>
/// The id of a tree: the files of one state, without history.
public typealias TreeID = ObjectID<TreeObject>

extension git_oid {
    /// Reads 40 hexadecimal digits (git_oid_fromstrn would also accept fewer).
    init?(hex: String) {
        self.init()
        guard hex.utf8.count == 40, git_oid_fromstr(&self, hex) == 0 else { return nil }
    }

    var hex: String {
        withUnsafeBytes(of: self) { bytes in
            let digits = Array("0123456789abcdef".utf8)
            return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        }
    }

    func equals(_ other: git_oid) -> Bool {
        withUnsafeBytes(of: self) { a in withUnsafeBytes(of: other) { a.elementsEqual($0) } }
    }
}
