/// The entry point of libFuzzer for policies: no bytes may trap what reads them, and a policy that narrows another one
/// never allows more than it.
///
/// It is compiled together with the sources it tries by scripts/fuzz, never by the package.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    let texts = input.split(separator: 0xFF, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
    // Most inputs are refused; that is an answer.
    let profiles = texts.compactMap { try? SandboxProfile(toml: $0, name: "f") }
    for one in profiles {
        for other in profiles { check(one.narrowing(other), of: one, within: other) }
        for host in one.hosts ?? [] {
            guard HostPattern(host.description) == host else { fatalError("\(host) is read otherwise") }
        }
    }
    for profile in profiles {
        guard (try? SandboxProfile(toml: Array(profile.toml.utf8), name: "f")) == profile else {
            fatalError("\(profile) is read otherwise from \(profile.toml)")
        }
    }
    for text in texts { _ = CredentialText.isIn(String(decoding: text, as: UTF8.self)) }
    return 0
}

private func check(_ narrowed: SandboxProfile, of one: SandboxProfile, within other: SandboxProfile) {
    let excess = narrowed.excess(over: other)
    guard excess.isEmpty else { fatalError("\(one) within \(other) allows more: \(excess)") }
    for path in other.hiddenPaths + one.hiddenPaths where !narrowed.hiddenPaths.contains(path) {
        fatalError("\(path) is not hidden any more")
    }
    for limit in [\ResourceLimits.processes, \.addressSpace, \.fileSize, \.openFiles] {
        guard let bound = other.limits[keyPath: limit] else { continue }
        guard let own = narrowed.limits[keyPath: limit], own <= bound else { fatalError("a limit is above \(bound)") }
    }
}
