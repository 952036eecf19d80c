import OS

/// Starts a thread for a library's loop; fails with `connectFailed`.
func startServiceThread(_ body: @escaping @Sendable () -> Void) throws(TransportError) {
    do throws(SystemError) { try ServiceThread(body) } catch {
        throw TransportError(.connectFailed, error.description, underlying: error)
    }
}
