import JSON

/// The protected parts of manifests in JSON.
enum JSONParts {
    /// What `package.json` says of a package besides how it is checked.
    static let packageFacts: Set<String> = [
        "name", "version", "description", "keywords", "homepage", "bugs", "license", "licenses", "author",
        "contributors", "maintainers", "funding", "files", "main", "module", "browser", "types", "typings",
        "typesVersions", "exports", "imports", "bin", "man", "directories", "repository", "dependencies",
        "devDependencies", "peerDependencies", "peerDependenciesMeta", "optionalDependencies", "bundleDependencies",
        "bundledDependencies", "engines", "os", "cpu", "private", "publishConfig", "sideEffects", "unpkg", "jsdelivr",
        "type", "source", "icon", "displayName", "categories", "contributes", "activationEvents",
    ]

    /// What `composer.json` says of a package besides how it is checked.
    static let composerFacts: Set<String> = [
        "name", "description", "type", "keywords", "license", "authors", "require", "require-dev", "autoload",
        "suggest", "homepage", "support", "version", "minimum-stability", "prefer-stable", "replace", "provide",
        "conflict", "bin", "extra", "funding", "time", "readme",
    ]

    /// The members of an object without some, in the order of their names; nil for no object.
    ///
    /// A name that stands there twice counts twice: tools take the last, and readers may take the first.
    static func of(_ bytes: [UInt8], without facts: Set<String>) -> [String]? {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        // What is no JSON is protected as a whole.
        guard let json = try? JSON(bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes), json.kind == .object
        else { return nil }
        let members = json.members.filter { !facts.contains($0.key) }
        return members.map { "\($0.key): \(plain($0.value))" }.sorted()
            // A dependency that is a folder or an archive of the repository may stand for any program.
            + ["dependencies", "devDependencies", "optionalDependencies"].flatMap { name in
                (json[name].map { Array($0.members) } ?? []).filter { isLocal($0.value.string ?? "") }
                    .map { "\(name).\($0.key): \(plain($0.value))" }.sorted()
            }
    }

    private static func isLocal(_ version: String) -> Bool {
        ["file:", "link:", "portal:", "./", "../", "npm:"].contains { version.hasPrefix($0) }
    }

    /// A value in one spelling, so that white space and the order of members make no difference.
    private static func plain(_ json: JSON) -> String {
        switch json.kind {
        case .object: "{" + json.members.map { "\($0.key): \(plain($0.value))" }.sorted().joined(separator: ", ") + "}"
        case .array: "[" + json.elements.map(plain).joined(separator: ", ") + "]"
        case .string: "\"\(json.string ?? "")\""
        case .null, .bool, .number: json.rawText
        }
    }
}
