public import Responses

extension Browser {
    private static let mostPlaces = 1000

    /// Does one thing with mouse or keyboard, and waits until the page has taken it.
    ///
    /// - Throws: `.refused` for what cannot be done, `.late` for a page that does not react, `.ended`, `.interrupted`.
    public func perform(_ action: ComputerAction) async throws(BrowserError) {
        if let ending { throw ending }
        watch.change { $0.beginStep() }
        isSettled = false
        switch action {
        case .click, .doubleClick, .drag, .move, .scroll:
            addressLine = nil
            try await pointAt(action)
        case .keypress(let names): try await press(try KeyChord(names))
        case .type(let text): try await type(text)
        case .screenshot: break
        case .wait:
            // Cancelling ends the wait.
            do { try await Task.sleep(for: limits.wait) } catch { throw BrowserError(.interrupted, "interrupted") }
        }
        // The next action is meant for what this one has brought.
        if action != .screenshot {
            await settle()
            isSettled = true
        }
    }

    private func pointAt(_ action: ComputerAction) async throws(BrowserError) {
        switch action {
        case .click(let button, let point, let keys):
            try await holding(keys) { modifiers throws(BrowserError) in
                try await self.click(button, at: point, count: 1, modifiers)
            }
        case .doubleClick(let point, let keys):
            try await holding(keys) { modifiers throws(BrowserError) in
                try await self.click(.left, at: point, count: 1, modifiers)
                try await self.click(.left, at: point, count: 2, modifiers)
            }
        case .move(let point, let keys):
            try check(point)
            try await holding(keys) { modifiers throws(BrowserError) in
                try await self.send(.mouse(.moved, at: point, modifiers: modifiers))
            }
        case .scroll(let point, let x, let y, let keys):
            try check(point)
            try await holding(keys) { modifiers throws(BrowserError) in
                try await self.send(.mouse(.moved, at: point, modifiers: modifiers))
                try await self.send(.wheel(at: point, x: x, y: y, modifiers: modifiers))
            }
        case .drag(let path, let keys):
            guard path.count <= Self.mostPlaces else {
                throw BrowserError(.refused, "\(Self.mostPlaces) places on the way of a drag are the most")
            }
            for point in path { try check(point) }
            try await holding(keys) { modifiers throws(BrowserError) in try await self.drag(along: path, modifiers) }
        case .keypress, .type, .screenshot, .wait: break
        }
    }

    private func check(_ point: Point) throws(BrowserError) {
        guard viewport.holds(point) else {
            throw BrowserError(
                .refused,
                "\(point.x), \(point.y) is outside of the page, which is \(viewport.width) by \(viewport.height)")
        }
    }

    private func click(
        _ button: ComputerAction.Button, at point: Point, count: Int, _ modifiers: Modifiers
    ) async throws(BrowserError) {
        try check(point)
        try await send(.mouse(.moved, at: point, modifiers: modifiers))
        try await send(.mouse(.pressed, at: point, button: button, count: count, modifiers: modifiers))
        try await send(.mouse(.released, at: point, button: button, count: count, modifiers: modifiers))
    }

    /// Does something while keys are held.
    private func holding(
        _ names: [String], _ body: (Modifiers) async throws(BrowserError) -> Void
    ) async throws(BrowserError) {
        guard !names.isEmpty else { return try await body([]) }
        let chord = try KeyChord(names)
        // What is held with a click on a Mac is control elsewhere.
        let held = chord.held.map { $0 == .meta ? .control : $0 }
        var modifiers: Modifiers = []
        for key in held {
            modifiers.formUnion(key.modifier ?? [])
            try await send(.key(key, isDown: true, modifiers: modifiers))
        }
        let session = watch.book.active
        defer {
            // Also on the page that was there before.
            for key in held.reversed() {
                modifiers.subtract(key.modifier ?? [])
                link.post(.key(key, isDown: false, modifiers: modifiers), to: session)
            }
        }
        try await body(modifiers)
    }

    /// Moves the mouse along a path with its left button down; what the page offers to be dragged is dropped at the
    /// end.
    private func drag(along path: [Point], _ modifiers: Modifiers) async throws(BrowserError) {
        guard let first = path.first, let last = path.last else { return }
        let session = watch.book.active
        watch.change { $0.update(session) { $0.dragged = nil } }
        try await send(.interceptDrags(true))
        defer { link.post(.interceptDrags(false), to: session) }
        try await send(.mouse(.moved, at: first, modifiers: modifiers))
        try await send(.mouse(.pressed, at: first, button: .left, count: 1, modifiers: modifiers))
        var rest = Self.steps(along: path)[...]
        // A page begins to drag after a few pixels.
        for point in rest.prefix(3) {
            try await send(.mouse(.moved, at: point, button: .left, modifiers: modifiers))
        }
        rest = rest.dropFirst(3)
        await settle()
        if let data = watch.book.tab?.dragged {
            try await send(.drag("dragEnter", at: rest.first ?? last, data: data, modifiers: modifiers))
            for point in rest { try await send(.drag("dragOver", at: point, data: data, modifiers: modifiers)) }
            try await send(.drag("dragOver", at: last, data: data, modifiers: modifiers))
            try await send(.drag("drop", at: last, data: data, modifiers: modifiers))
        } else {
            for point in rest { try await send(.mouse(.moved, at: point, button: .left, modifiers: modifiers)) }
        }
        try await send(.mouse(.released, at: last, button: .left, count: 1, modifiers: modifiers))
    }

    /// The places on the way, the end of each piece included.
    private static func steps(along path: [Point]) -> [Point] {
        let count = max(1, min(8, 64 / path.count))
        var steps: [Point] = []
        for (from, to) in zip(path, path.dropFirst()) {
            for step in 1...count {
                steps.append(
                    Point(x: from.x + (to.x - from.x) * step / count, y: from.y + (to.y - from.y) * step / count))
            }
        }
        return steps
    }
}
