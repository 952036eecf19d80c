extension String {
    /// The word as a shell reads it back.
    public var quotedForShell: String {
        let safe = !isEmpty && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-./=:@%+,".contains($0)) }
        if safe { return self }
        return "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
