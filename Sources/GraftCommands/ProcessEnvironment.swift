import Glibc

/// The environment Graft was started with.
enum ProcessEnvironment {
    /// The variables by name; `HOME` comes from the user database if it is missing or not absolute.
    static var current: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            entry += 1
        }
        if variables["HOME"]?.hasPrefix("/") != true { variables["HOME"] = homeFolder }
        return variables
    }

    /// The user's home folder (getpwuid(3)); nil for a user that the machine does not know.
    private static var homeFolder: String? {
        guard let entry = getpwuid(getuid()), let path = entry.pointee.pw_dir else { return nil }
        let home = String(cString: path)
        return home.hasPrefix("/") ? home : nil
    }
}
