import JSON

/// The scripts of packages: npm and its kin, deno, composer.
enum PackageScripts {
    static func read(_ files: ProposalFiles, _ list: inout CandidateList) {
        if let package = json(files, "package.json") {
            let manager = manager(files, package)
            add(package["scripts"], "package.json", &list) { name in
                name == "test" && manager != "bun" ? "\(manager) test" : "\(manager) run \(name)"
            }
        }
        for file in ["deno.json", "deno.jsonc"] {
            add(json(files, file)?["tasks"], file, &list) { "deno task \($0)" }
        }
        if let composer = json(files, "composer.json") {
            add(composer["scripts"], "composer.json", &list) { "composer run-script \($0)" }
        }
        if let file = files.first("phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml") {
            list.add("vendor/bin/phpunit", .test, reason: "\(file) is there")
        }
    }

    private static let names: [(name: String, kind: CommandKind)] = [
        ("test", .test), ("tests", .test), ("test:unit", .test), ("unit", .test), ("check", .test), ("verify", .test),
        ("ci", .test), ("phpunit", .test), ("lint", .lint), ("typecheck", .lint), ("type-check", .lint),
        ("check-types", .lint), ("phpstan", .lint), ("cs", .lint), ("build", .build),
    ]

    private static func add(
        _ scripts: JSON?, _ file: String, _ list: inout CandidateList, line: (String) -> String
    ) {
        guard let scripts else { return }
        for (name, kind) in names {
            guard let script = scripts[name], script.string != nil || !Array(script.elements).isEmpty else { continue }
            // What npm writes into a new file only fails.
            if script.string?.has("no test specified") == true { continue }
            list.add(line(name), kind, reason: "\(file) has a script \(name)")
        }
    }

    private static func manager(_ files: ProposalFiles, _ package: JSON) -> String {
        let named = package["packageManager"]?.string.map { String($0.prefix { $0 != "@" }) }
        if let named, ["npm", "pnpm", "yarn", "bun"].contains(named) { return named }
        if files.has("pnpm-lock.yaml") { return "pnpm" }
        if files.has("yarn.lock") { return "yarn" }
        return files.first("bun.lockb", "bun.lock") != nil ? "bun" : "npm"
    }

    /// The file as JSON; one that is none, such as with comments in it, says nothing.
    private static func json(_ files: ProposalFiles, _ path: String) -> JSON? {
        files.bytes(path).flatMap { try? JSON($0) }
    }
}
