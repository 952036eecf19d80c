import Repository
import Session
import Text

/// Finds files that take the place of a module, a package or a program that the check uses.
struct ShadowFinder {
    let repository: GitRepository
    let tip: CommitID
    /// The programs that the command runs.
    let tools: Set<String>

    /// The doubts that a changed file gives by its place and its kind.
    func doubts(in file: FileDiff) throws(RepositoryError) -> [Doubt] {
        guard let path = file.newPath else { return [] }
        var found: [String] = []
        let isAdded = file.oldPath == nil || file.kind == .renamed
        if file.newMode == 0o160000 || file.oldMode == 0o160000 {
            found.append("a submodule is at another commit, whose files are not looked at")
        }
        if isAdded { found += try added(path, file) }
        let names = path.names.map(\.text)
        if let folder = names.dropLast().first(where: Self.dependencies.contains) {
            found.append("a file of the dependencies in \(folder) is in the series")
        } else if names.dropLast().contains(where: Self.testLibraries.contains),
            names.contains(where: {
                ["vendor", "third_party", "third-party", "thirdparty", "deps", "external"].contains($0)
            })
        {
            found.append("the code of a test library is changed")
        }
        return found.map { Doubt(.shortCut, isDecisive: true, message: $0, path: path.text) }
    }

    private func added(_ path: BytePath, _ file: FileDiff) throws(RepositoryError) -> [String] {
        let name = path.name.text
        let folder = path.parents.last ?? ""
        let stem = String(name.split(separator: ".", omittingEmptySubsequences: false).first ?? "")
        var found: [String] = []
        if ["sitecustomize.py", "usercustomize.py"].contains(name) || name.hasSuffix(".pth") {
            found.append("Python runs this file whenever it starts")
        }
        if name.hasSuffix(".pyc") || name.hasSuffix(".pyo") {
            found.append("compiled code takes the place of a source")
        }
        let isProgram = file.newMode == 0o100755 || file.newMode == 0o120000
        if isProgram, tools.contains(name) || Self.programs.contains(name), !["setup.py"].contains(name) {
            found.append("a program of the name of \(name) can take its place")
        }
        if let module = pythonModule(path), Self.pythonModules.contains(module.name) || tools.contains(module.name),
            try !isPackage(module.folder)
        {
            found.append("a module of the name of \(module.name) takes its place where this folder is searched first")
        }
        if names(path, ["org/junit/", "junit/framework/", "org/hamcrest/", "org/testng/", "org/assertj/"]) {
            found.append("a class of a test library has its place taken")
        }
        if ["assert.h", "gtest.h", "catch.hpp", "catch_all.hpp", "doctest.h", "check.h", "unity.h"].contains(name) {
            found.append("a header of the name of \(name) takes its place where this folder is searched first")
        }
        if names(path, ["lib/minitest", "lib/rspec", "lib/test/unit", "lib/Test/More.pm", "lib/Test/Simple.pm"]) {
            found.append("a library of tests has its place taken")
        }
        if let other = try shadowed(stem, name, in: folder, path) { found.append("it takes the place of \(other)") }
        return found
    }

    /// The name by which Python would import a file, and the folder in which it would be looked for.
    private func pythonModule(_ path: BytePath) -> (name: String, folder: BytePath)? {
        let name = path.name.text
        let folder = path.parents.last ?? ""
        if name == "__init__.py" || name == "__main__.py" {
            return folder.bytes.isEmpty ? nil : (folder.name.text, folder.parents.last ?? "")
        }
        guard [".py", ".so", ".pyd"].contains(where: name.hasSuffix) else { return nil }
        return (String(name.prefix { $0 != "." }), folder)
    }

    /// Whether a folder is a package, so that its modules have other names.
    private func isPackage(_ folder: BytePath) throws(RepositoryError) -> Bool {
        guard !folder.bytes.isEmpty else { return false }
        return try (repository.entries(of: folder, in: tip) ?? []).contains { $0.name == "__init__.py" }
    }

    /// The file beside a new one that is not found any more because of it.
    private func shadowed(
        _ stem: String, _ name: String, in folder: BytePath, _ path: BytePath
    ) throws(RepositoryError) -> String? {
        let isPackage = name == "__init__.py" || name == "index.js" || name == "index.ts"
        let place = isPackage ? folder.parents.last ?? "" : folder
        let own = isPackage ? folder.name.text : stem
        guard !own.isEmpty, let entries = try repository.entries(of: place, in: tip) else { return nil }
        let others = Set(entries.filter { $0.kind == .file || $0.kind == .link }.map(\.name.text)).subtracting([name])
        let candidates: [String]
        switch name.split(separator: ".").last.map(String.init) {
        case "py" where name == "__init__.py": candidates = ["\(own).py"]
        case "so", "pyd": candidates = ["\(own).py"]
        case "js" where isPackage: candidates = []
        case "js", "mjs", "cjs", "jsx": candidates = ["\(own).ts", "\(own).tsx", "\(own).mts"]
        default: candidates = []
        }
        return candidates.first(where: others.contains).map { place.appending(BytePath($0)).text }
    }

    private func names(_ path: BytePath, _ parts: [String]) -> Bool {
        let text = "/" + path.text
        return parts.contains { text.contains("/" + $0) }
    }

    private static let dependencies: Set<String> = [
        "node_modules", "site-packages", "dist-packages", ".venv", "venv", "__pycache__", "bower_components", ".tox",
        ".nox", "jspm_packages", ".eggs",
    ]

    private static let testLibraries: Set<String> = [
        "testify", "gtest", "googletest", "gmock", "catch2", "doctest", "junit", "rspec", "phpunit", "mocha", "chai",
        "jest", "minitest", "go-cmp", "gomega", "ginkgo", "bats-core", "unity", "cmocka",
    ]

    private static let programs: Set<String> = [
        "python", "python3", "node", "npm", "npx", "sh", "bash", "env", "make", "git", "gcc", "cc", "g++", "clang",
        "go",
        "cargo", "rustc", "java", "javac", "ruby", "perl", "php", "grep", "diff", "cmp", "test", "true", "false",
        "pytest",
        "jest", "mocha", "vitest", "tsc", "eslint", "ruff", "mypy", "flake8", "swift", "dotnet", "ctest", "cmake",
        "expr",
    ]

    private static let pythonModules: Set<String> = [
        "pytest", "_pytest", "unittest", "doctest", "nose", "nose2", "pluggy", "hypothesis", "mock", "tox", "coverage",
        "abc", "argparse", "array", "ast", "asyncio", "base64", "bisect", "builtins", "calendar", "codecs",
        "collections",
        "configparser", "contextlib", "copy", "csv", "ctypes", "dataclasses", "datetime", "decimal", "difflib", "dis",
        "email", "encodings", "enum", "errno", "faulthandler", "fnmatch", "fractions", "functools", "gc", "getopt",
        "glob",
        "gzip", "hashlib", "heapq", "hmac", "html", "http", "imp", "importlib", "inspect", "io", "itertools", "json",
        "keyword", "linecache", "locale", "logging", "math", "multiprocessing", "numbers", "operator", "optparse", "os",
        "pathlib", "pickle", "pkgutil", "platform", "pprint", "queue", "random", "re", "reprlib", "runpy", "sched",
        "secrets", "select", "shlex", "shutil", "signal", "site", "socket", "sqlite3", "ssl", "stat", "statistics",
        "string", "struct", "subprocess", "sys", "sysconfig", "tempfile", "textwrap", "threading", "time", "timeit",
        "token", "tokenize", "traceback", "types", "typing", "urllib", "uuid", "warnings", "weakref", "xml", "zipfile",
        "zlib", "tomllib", "pdb", "code", "cmd", "numpy", "attr", "attrs", "iniconfig", "packaging",
    ]
}
