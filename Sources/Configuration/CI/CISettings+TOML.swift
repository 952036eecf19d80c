import TOML

extension CISettings {
    /// The keys of `[ci]`; what is not read does not compile.
    enum Key: String, CaseIterable {
        case attempts, skip, label, keep
        case protectedBranches = "protected_branches"
        case stopIfMoved = "stop_if_moved"
    }

    /// Reads the table.
    init(_ section: TOMLSection) throws(TOMLError) {
        for field in section.fields {
            switch try field.key() as Key {
            case .attempts: attempts = try field.count()
            case .skip: skips = try field.list("\"forks\", \"drafts\" and \"label\"", Skip.init(rawValue:))
            case .label:
                label = try field.text("the name of a label") { name in
                    name.contains { !$0.isWhitespace } ? name : nil
                }
            case .protectedBranches:
                protectedBranches = try field.list(
                    "names of branches such as \"main\" or \"release/*\"", BranchPattern.init)
            case .stopIfMoved: stopsIfMoved = try field.flag()
            case .keep:
                let expected = "how many sessions stay, or an age, such as 20 or \"14d\""
                if let count = field.value.integer {
                    guard count > 0 else { throw field.mismatch(expected) }
                    keep = .newest(count)
                } else {
                    keep = try field.text(expected, KeepRule.init(spelled:))
                }
            }
        }
    }
}
