import CGit

extension WorkingTree {
    /// The folders of the submodules, relative to the root; those whose names are UTF-8.
    public var submodules: [String] {
        (0..<index.count).compactMap { position in
            guard let entry = index.entry(position)?.pointee, entry.mode == 0o160000 else { return nil }
            return String(validatingCString: entry.path)
        }
    }
}
