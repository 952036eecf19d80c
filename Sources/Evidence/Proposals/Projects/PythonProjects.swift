/// What the files of a Python project say about its tests.
enum PythonProjects {
    static func read(_ files: ProposalFiles, _ list: inout CandidateList) {
        let project = headers(files.text("pyproject.toml"))
        let setup = headers(files.text("setup.cfg"))
        let prefix = runner(files, project)
        if files.has("tox.ini") {
            list.add(prefix + "tox", .test, reason: "tox.ini is there")
        } else if project.contains(where: { $0 == "tool.tox" || $0.hasPrefix("tool.tox.") }) {
            list.add(prefix + "tox", .test, reason: "pyproject.toml has a table for tox")
        }
        if files.has("noxfile.py") { list.add(prefix + "nox", .test, reason: "noxfile.py is there") }
        if let reason = pytest(files, project, setup) {
            list.add(prefix.isEmpty ? "python3 -m pytest" : prefix + "pytest", .test, reason: reason)
        }
        if files.has("manage.py") {
            list.add("\(prefix)python3 manage.py test", .test, reason: "manage.py is there")
        }
        if list.candidates.allSatisfy({ $0.kind != .test }), let folder = unittestFolder(files) {
            list.add(
                folder.isEmpty ? "python3 -m unittest" : "python3 -m unittest discover -s \(folder) -t .", .test,
                reason: "\(folder.isEmpty ? "the root" : folder) has files test_*.py")
        }
        if project.contains(where: { $0 == "tool.ruff" || $0.hasPrefix("tool.ruff.") }) || files.has("ruff.toml") {
            list.add("\(prefix)ruff check .", .lint, reason: "ruff is configured")
        }
        if project.contains("tool.mypy") || setup.contains("mypy") || files.has("mypy.ini") {
            list.add("\(prefix)mypy .", .lint, reason: "mypy is configured")
        }
        if files.has(".pre-commit-config.yaml") {
            list.add("pre-commit run --all-files", .lint, reason: ".pre-commit-config.yaml is there")
        }
    }

    /// What programs of the project's environment are started with.
    private static func runner(_ files: ProposalFiles, _ project: Set<String>) -> String {
        if files.has("uv.lock") { return "uv run " }
        if files.has("poetry.lock") || project.contains("tool.poetry") { return "poetry run " }
        if files.has("pdm.lock") { return "pdm run " }
        return files.has("Pipfile") ? "pipenv run " : ""
    }

    private static func pytest(_ files: ProposalFiles, _ project: Set<String>, _ setup: Set<String>) -> String? {
        if let file = files.first("pytest.ini", "conftest.py", "tests/conftest.py", "test/conftest.py") {
            return "\(file) is there"
        }
        if project.contains(where: { $0.hasPrefix("tool.pytest") }) { return "pyproject.toml has a table for pytest" }
        if setup.contains("tool:pytest") { return "setup.cfg has a section for pytest" }
        for file in [
            "pyproject.toml", "requirements-dev.txt", "requirements-test.txt", "dev-requirements.txt", "setup.cfg",
        ]
        where files.text(file)?.has("pytest") == true {
            return "\(file) names pytest"
        }
        return nil
    }

    private static func unittestFolder(_ files: ProposalFiles) -> String? {
        ["", "tests", "test"].first { folder in
            files.names(in: folder).contains { $0.hasPrefix("test_") && $0.hasSuffix(".py") }
        }
    }

    /// The names of the tables or sections of a file, such as `tool.ruff`.
    private static func headers(_ text: String?) -> Set<String> {
        let lines = (text ?? "").split(separator: "\n").filter { $0.first == "[" }
        return Set(lines.map { line in String(line.drop { $0 == "[" }.prefix { $0 != "]" }.filter { $0 != " " }) })
    }
}
