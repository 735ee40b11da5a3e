import Testing

@testable import ShiftDetection

@Suite("Peeling off what is contradicted")
struct PeelingTests {
    @Test("rows leave for good, and a classifier that peels off none is counted")
    func byHand() {
        var peeling = Peeling(rows: 4, patience: 2)
        #expect(peeling.left == 4 && peeling.peeled == 0 && !peeling.isDone)
        peeling.peel(contradicted: [true, false, false, false])
        #expect(peeling.isLeft == [false, true, true, true] && peeling.peeled == 0.25)
        // A row that has left is no progress.
        peeling.peel(contradicted: [true, false, false, false])
        #expect(peeling.left == 3 && !peeling.isDone)
        // Progress starts the count of idle classifiers anew.
        peeling.peel(contradicted: [false, false, true, false])
        #expect(peeling.isLeft == [false, true, false, true])
        peeling.peel(contradicted: [false, false, false, false])
        #expect(!peeling.isDone)
        peeling.peel(contradicted: [false, false, false, false])
        #expect(peeling.isDone && peeling.peeled == 0.5)
    }

    @Test("a sample without rows left is done")
    func untilNoneIsLeft() {
        var peeling = Peeling(rows: 2, patience: 3)
        peeling.peel(contradicted: [true, true])
        #expect(peeling.isDone && peeling.peeled == 1)
        #expect(Peeling(rows: 0, patience: 1).isDone && Peeling(rows: 0, patience: 1).peeled == 0)
    }
}
