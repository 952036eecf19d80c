/// What test runners and interpreters generate; committed only if tracked already.
enum ByProducts {
    /// The names, in the form of .gitignore.
    static let patterns = [
        "__pycache__/", "*.pyc", ".pytest_cache/", ".mypy_cache/", ".ruff_cache/", ".hypothesis/", ".coverage",
        "*.egg-info/", ".DS_Store",
    ]
}
