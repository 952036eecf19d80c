import TOML

/// The protected parts of a manifest in TOML: all but some keys.
struct TOMLParts {
    /// Keys from the root, joined by points, whose values are free; a star stands for any one key.
    private let free: Set<String>
    /// Keys below those that are protected all the same.
    private let kept: Set<String>

    static let pyproject = TOMLParts(
        free: [
            "project", "build-system", "dependency-groups", "tool.poetry", "tool.setuptools", "tool.setuptools_scm",
            "tool.hatch.version", "tool.hatch.build", "tool.hatch.metadata", "tool.flit", "tool.pdm", "tool.uv",
            "tool.versioningit", "tool.bumpversion", "tool.bumpver", "tool.commitizen", "tool.towncrier",
            "tool.semantic_release", "tool.maturin", "tool.scikit-build", "tool.rye", "tool.versioneer", "tool.dunamai",
            "tool.poetry-dynamic-versioning", "tool.setuptools-git-versioning", "tool.briefcase", "tool.pyinstaller",
        ],
        kept: [
            "project.entry-points.pytest11", "tool.poetry.plugins.pytest11", "tool.pdm.scripts", "tool.rye.scripts",
            "tool.pdm.options", "tool.uv.workspace",
        ])
    static let cargo = TOMLParts(
        free: [
            "package", "dependencies", "dev-dependencies", "build-dependencies", "features", "lib", "bin", "example",
            "badges", "workspace.package", "workspace.dependencies", "workspace.metadata", "workspace.resolver",
            "target.*.dependencies", "target.*.dev-dependencies", "target.*.build-dependencies", "dev_dependencies",
        ],
        kept: [
            "package.autotests", "package.autoexamples", "package.autobenches", "lib.test", "lib.doctest",
            "lib.harness", "lib.path", "bin.test", "bin.harness", "bin.required-features", "example.test",
            "package.metadata.nextest", "package.workspace",
        ])
    static let pipfile = TOMLParts(free: ["packages", "dev-packages", "source", "requires"], kept: [])

    /// The protected keys with their values, in the order of the keys; nil for a text that cannot be read.
    func of(_ bytes: [UInt8]) -> [String]? {
        // What is no TOML is protected as a whole.
        guard let table = try? TOMLTable(parsing: bytes) else { return nil }
        return parts(of: .table(table), at: [], isFree: false).sorted()
    }

    private func parts(of value: TOMLValue, at keys: [String], isFree: Bool) -> [String] {
        let isFree = (isFree || names(keys, in: free)) && !names(keys, in: kept)
        switch value {
        case .table(let table):
            return table.entries.flatMap { parts(of: $0.value, at: keys + [$0.key], isFree: isFree) }
        case .array(let values) where values.contains { $0.table != nil }:
            return values.enumerated().flatMap { position, value in
                parts(of: value, at: keys, isFree: isFree).map { "\($0) [\(position)]" }
            }
        default:
            return isFree ? [] : ["\(keys.joined(separator: ".")) = \(value)"]
        }
    }

    private func names(_ keys: [String], in set: Set<String>) -> Bool {
        set.contains(keys.joined(separator: "."))
            || keys.count == 3 && set.contains("\(keys[0]).*.\(keys[2])")
    }
}
