/// Waits for `operation`, and calls `expire` if `limit` passes first.
///
/// `expire` must make `operation` return.
func withDeadline<Value: Sendable>(
    _ limit: Duration, expire: @escaping @Sendable () -> Void, _ operation: @escaping @Sendable () async -> Value
) async -> Value {
    // Leaving the scope cancels the sleep and waits for it.
    async let _: Void = {
        // A cancelled sleep means that the value came first.
        guard (try? await Task.sleep(for: limit)) != nil else { return }
        expire()
    }()
    return await operation()
}
