/// The targets, recipes and tasks of what runs tasks: make, just, Task, rake, mage.
enum TaskFiles {
    static func read(_ files: ProposalFiles, _ list: inout CandidateList) {
        if let file = files.first("GNUmakefile", "makefile", "Makefile"), let text = files.text(file) {
            add(makeTargets(text), "make", file, "a target", &list)
        }
        if let file = files.first("justfile", "Justfile", ".justfile"), let text = files.text(file) {
            add(recipes(text), "just", file, "a recipe", &list)
        }
        let taskFiles = ["Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "taskfile.yaml"]
        if let file = taskFiles.first(where: files.has), let text = files.text(file) {
            add(YAMLReader.read(text)["tasks"].entries.map(\.key), "task", file, "a task", &list)
        }
        if let file = files.first("Rakefile", "rakefile", "Rakefile.rb"), let text = files.text(file) {
            let prefix = files.has("Gemfile") ? "bundle exec rake" : "rake"
            add(rakeTasks(text), prefix, file, "a task", &list)
        }
    }

    /// The names under which people look for the tests, and for checks of style.
    private static let names: [(name: String, kind: CommandKind)] = [
        ("test", .test), ("tests", .test), ("check", .test), ("verify", .test), ("unittest", .test),
        ("unit-test", .test),
        ("test-unit", .test), ("spec", .test), ("ci", .test), ("lint", .lint), ("check-format", .lint),
        ("format-check", .lint), ("typecheck", .lint),
    ]

    private static func add(
        _ found: [String], _ program: String, _ file: String, _ noun: String, _ list: inout CandidateList
    ) {
        let found = Set(found)
        for (name, kind) in names where found.contains(name) {
            list.add("\(program) \(name)", kind, reason: "\(file) has \(noun) \(name)")
        }
    }

    /// The names in front of the colons of rules; assignments and recipes have none.
    static func makeTargets(_ text: String) -> [String] {
        var targets: [String] = []
        for line in joined(text) where line.first.map({ !" \t#.$".contains($0) }) ?? false {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let behind = line[line.index(after: colon)...]
            // `:=`, `::=` and `:::=` set variables; `a = b:c` has its sign before the colon.
            if behind.drop(while: { $0 == ":" }).first == "=" || line[..<colon].contains("=") { continue }
            targets += line[..<colon].split { $0 == " " || $0 == "\t" }.map(String.init)
        }
        return targets
    }

    /// The lines of a Makefile, with those that go on.
    private static func joined(_ text: String) -> [Substring] {
        var (lines, isGoingOn) = ([Substring](), false)
        for line in text.split(separator: "\n") {
            if !isGoingOn { lines.append(line) }
            isGoingOn = line.last == "\\"
        }
        return lines
    }

    /// The names of recipes that can be run without arguments.
    static func recipes(_ text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            guard let first = line.first, first.isLetter || first == "@" || first == "_" else { return nil }
            guard let colon = line.firstIndex(of: ":"), line[line.index(after: colon)...].first != "=" else {
                return nil
            }
            let words = line[..<colon].split(separator: " ")
            guard let name = words.first, !["alias", "set", "export", "import", "mod"].contains(name) else {
                return nil
            }
            // A parameter with a value of its own, or for any number of words, need not be given.
            let isFree = words.dropFirst().allSatisfy { $0.contains("=") || $0.first == "*" || $0.first == "$" }
            return isFree ? String(name.drop { $0 == "@" }) : nil
        }
    }

    /// The names behind `task`, and those that test libraries make.
    static func rakeTasks(_ text: String) -> [String] {
        var names: [String] = []
        for line in text.split(separator: "\n") {
            let line = line.drop { $0 == " " }
            if line.hasPrefix("Rake::TestTask.new") || line.hasPrefix("Minitest::TestTask.create") {
                names.append(argument(line) ?? "test")
            } else if line.hasPrefix("RSpec::Core::RakeTask.new") {
                names.append(argument(line) ?? "spec")
            } else if line.hasPrefix("task ") {
                let rest = line.dropFirst(5).drop { " :\"'(".contains($0) }
                names.append(String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }))
            }
        }
        return names
    }

    /// The symbol in brackets, or behind a space.
    private static func argument(_ line: Substring) -> String? {
        guard let colon = line.place(of: "(:") ?? line.place(of: " :") else { return nil }
        let name = line[line.index(colon, offsetBy: 2)...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        return name.isEmpty ? nil : String(name)
    }
}
