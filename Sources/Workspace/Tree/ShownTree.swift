import OS
import Repository
import Sandbox

/// Where commands see a tree that Graft has made: at the path of the user's checkout, which is then not there at all.
///
/// So absolute paths in dependencies and build products lead to the tree, and nothing of the checkout that git does not
/// have can be read.
enum ShownTree {
    /// Why the tree cannot be shown there; nil if it can.
    ///
    /// - Parameters:
    ///   - checkout: The root of the checkout, without links.
    ///   - folder: The session's folder.
    static func obstacle(_ checkout: String, folder: String, home: String) -> String? {
        let folder = FilePath.resolved(folder) ?? folder
        if FilePath.isInside(folder, checkout) { return "Graft's own files lie in it" }
        if FilePath.isInside(checkout, folder) { return "it lies in Graft's own files" }
        if FilePath.resolved(checkout) != checkout { return "a link leads to it" }
        let needed = ["/usr", "/etc", "/bin", "/lib", "/sbin", "/tmp", "/var/tmp", "/run", home]
        if let name = needed.first(where: { FilePath.isInside(FilePath.resolved($0) ?? $0, checkout) }) {
            return "it holds \(name)"
        }
        let made = ["/dev", "/proc", "/sys"].first { FilePath.isInside(checkout, $0) }
        return made.map { "it lies in \($0)" }
    }
}
