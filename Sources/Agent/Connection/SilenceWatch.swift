import Transport

/// Watches how long a response is silent.
struct SilenceWatch {
    private let deadlines: Deadlines
    /// When the silence is too long.
    private var end: ContinuousClock.Instant
    /// When too long nothing has been told of the response, whatever else came.
    private var standstill: ContinuousClock.Instant

    /// Begins with a request that has gone out; the first event has its own deadline.
    init(start: ContinuousClock.Instant, first: Duration, _ deadlines: Deadlines) {
        self.deadlines = deadlines
        end = start + first
        standstill = start + deadlines.standstill
    }

    /// Something has come; progress is what tells of the response.
    mutating func heard(at time: ContinuousClock.Instant, isProgress: Bool) {
        end = time + deadlines.silence
        if isProgress { standstill = time + deadlines.standstill }
    }

    /// How long to wait for what comes next.
    ///
    /// - Throws: `.timedOut` where nothing has been told of the response for too long.
    func patience(at time: ContinuousClock.Instant) throws(TransportError) -> Duration {
        guard time < standstill else {
            throw TransportError(
                .timedOut, "nothing was told of the response in \(deadlines.standstill), only that the server is there")
        }
        return max(min(end, standstill) - time, .zero)
    }
}
