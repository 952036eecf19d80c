import OS

/// What belongs to a folder of programs: `lib`, `share` and their like beside `bin`.
///
/// An unknown folder beside a `bin` may be anything, so that only names count that installations have.
enum ToolInstallation {
    private static let programFolders: Set<String> = ["bin", "sbin", "condabin", "shims"]

    private static let parts = [
        "bin", "sbin", "condabin", "shims", "lib", "lib32", "lib64", "libexec", "include", "share", "man", "opt", "usr",
        "boot", "jars", "jmods", "jre", "legal", "modules", "plugins", "pkg", "python", "site-packages", "toolchains",
        "versions", "x86_64-linux-gnu", "aarch64-linux-gnu", "release", "VERSION", "version", "go.env", "pyvenv.cfg",
    ]

    /// Files that only the root of a whole, unpacked installation has: conda, a virtual environment, a JDK, Go,
    /// Flutter, Maven, Android's tools, Homebrew.
    private static let marks = [
        "conda-meta", "pyvenv.cfg", "jmods", "lib/modules", "src/runtime", "bin/flutter", "bin/internal/engine.version",
        "boot/plexus-classworlds.license", "platform-tools/adb", "bin/brew",
    ]

    /// The paths to show for a folder of the search path.
    ///
    /// - Parameters:
    ///   - resolver: Tells what is there.
    ///   - isBase: Whether a folder is more than an installation, such as the home folder.
    static func paths(ofPrograms folder: String, in resolver: PathResolver, isBase: (String) -> Bool) -> [String] {
        let names = folder.split(separator: "/")
        guard let last = names.last, names.count > 1 else { return [] }
        let prefix = "/" + names.dropLast().joined(separator: "/")
        // npm puts programs into a folder of all packages.
        if last == ".bin", names.dropLast().last == "node_modules", !isBase(prefix) { return [prefix] }
        guard programFolders.contains(String(last)), !isBase(prefix) else { return [folder] }
        if marks.contains(where: { resolver.found("\(prefix)/\($0)") != nil }) { return [prefix] }
        return [folder] + parts.map { "\(prefix)/\($0)" }.filter { $0 != folder && resolver.found($0) != nil }
    }

    /// The path to show for a program that a link in a folder of the search path leads to.
    static func paths(ofProgram file: String, in resolver: PathResolver, isBase: (String) -> Bool) -> [String] {
        let names = file.split(separator: "/")
        if let packages = names.lastIndex(of: "node_modules") {
            return ["/" + names[...packages].joined(separator: "/")]
        }
        let folder = "/" + names.dropLast().joined(separator: "/")
        guard let last = names.dropLast().last, programFolders.contains(String(last)) else { return [file] }
        return paths(ofPrograms: folder, in: resolver, isBase: isBase)
    }

    /// The folder of programs of the Python that a virtual environment was made from; nil if there is none.
    static func basePrograms(ofEnvironment folder: String) -> String? {
        for line in (FileContent.text(folder + "/pyvenv.cfg") ?? "").split(separator: "\n") {
            let words = line.split(separator: "=", maxSplits: 1)
            guard words.count == 2, words[0].filter({ $0 != " " }) == "home" else { continue }
            let path = words[1].drop { $0 == " " }
            return path.hasPrefix("/") ? String(path) : nil
        }
        return nil
    }
}
