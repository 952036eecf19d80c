import JSON
import Responses
import Testing

@Suite struct `Hints about trying again` {
    private func hints(_ headers: [String: String]) -> RetryHints { RetryHints { headers[$0] } }

    @Test(
        arguments: [
            (["retry-after": "2"], 2), (["retry-after": "0.5"], 0.5), (["retry-after": "-1"], 0),
            (["retry-after-ms": "250"], 0.25), (["retry-after-ms": "250", "retry-after": "9"], 0.25),
            (["retry-after": "Sun, 06 Nov 1994 08:49:37 GMT", "date": "Sun, 06 Nov 1994 08:49:07 GMT"], 30),
            (["retry-after": "Wed, 01 Mar 2000 00:00:05 GMT", "date": "Tue, 29 Feb 2000 23:59:55 GMT"], 10),
            (["retry-after": "Sun, 06 Nov 1994 08:49:37 GMT", "date": "Sun, 06 Nov 1994 08:50:07 GMT"], 0),
            (["x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m2s"], 62),
            (["x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "20ms"], 0.02),
            (
                [
                    "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1s",
                    "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "3s",
                ], 3
            ),
        ] as [([String: String], Double)])
    func `are read in each form`(_ headers: [String: String], _ seconds: Double) {
        #expect(hints(headers).wait == .seconds(seconds))
    }

    @Test(arguments: [
        [:], ["retry-after": ""], ["retry-after": "soon"], ["retry-after": "nan"], ["retry-after": "inf"],
        ["retry-after": "1e30"], ["retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"],
        ["retry-after": "Sun, 41 Nov 1994 08:49:37 GMT", "date": "Sun, 06 Nov 1994 08:49:07 GMT"],
        ["x-ratelimit-remaining-requests": "5", "x-ratelimit-reset-requests": "1s"],
        ["x-ratelimit-reset-requests": "1s"],
        ["x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1 fortnight"],
    ])
    func `that mean nothing are no hints`(_ headers: [String: String]) {
        #expect(hints(headers).wait == nil)
    }

    @Test(arguments: [("true", true), ("False", false), ("perhaps", nil)] as [(String, Bool?)])
    func `say whether to try again`(_ text: String, _ expected: Bool?) {
        #expect(hints(["x-should-retry": text]).shouldRetry == expected)
    }

    @Test func `come with an error event on a socket, nested or not, as text or number`() throws {
        for event in [
            #"{"type":"error","error":{"code":"slow_down","message":"m","headers":{"Retry-After":"3"}}}"#,
            #"{"type":"error","error":{"code":"slow_down","message":"m"},"headers":{"retry-after":3}}"#,
            #"{"type":"error","code":"slow_down","message":"m","headers":{"X-Should-Retry":false,"retry-after":3}}"#,
        ] {
            guard case .failed(let error) = try ServerEvent(Array(event.utf8)) else {
                Issue.record("no failure: \(event)")
                return
            }
            #expect(error.retryAfter == .seconds(3))
            #expect(error.shouldRetry == (event.contains("X-Should") ? false : nil))
        }
    }
}
