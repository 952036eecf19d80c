extension GitRepository {
    /// Whether git takes a text for the short name of a branch (git-check-ref-format(1)).
    public static func isBranchName(_ name: String) -> Bool {
        guard !name.isEmpty, !name.hasPrefix("-"), !name.hasSuffix("."), name != "@", name != "HEAD",
            name.utf8.count <= 200, !name.contains(".."), !name.contains("@{")
        else { return false }
        let isPlain = name.unicodeScalars.allSatisfy {
            $0.value > 0x20 && $0.value != 0x7F && !"~^:?*[\\".unicodeScalars.contains($0)
        }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return isPlain && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && !$0.hasSuffix(".lock") }
    }
}
