import TestSupport

@testable import Agent

extension RecordedEvents: RunJournal {}
