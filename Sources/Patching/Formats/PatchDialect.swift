/// The two forms of V4A, which one engine applies; these are the rules that differ.
///
/// | | native | envelope |
/// | --- | --- | --- |
/// | a lone anchor that the file does not have | ignored | refused |
/// | lines to add without context and anchor | behind the hunk before, at first the start | the end of the file |
/// | creating or moving over a file | refused | overwrites |
/// | line endings of a new file | as in the diff | LF |
/// | a last `+` line of a new file that is empty | only ends the line before it | is an empty line |
public enum PatchDialect: Sendable, CaseIterable {
    /// The `diff` of one file, as in the operations of an `apply_patch_call`.
    case native
    /// A section of a `*** Begin Patch` text.
    case envelope
}
