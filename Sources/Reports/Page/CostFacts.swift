import Basics

/// Alignment and budget as names and texts.
enum CostFacts {
    /// What alignment did.
    static func alignment(_ alignment: ReportInput.Alignment?) -> [ReportInput.Fact] {
        guard let alignment else { return [] }
        var facts = [ReportInput.Fact("Method", alignment.method)]
        if let reference = alignment.reference {
            facts.append(.init("Reference", "network \(reference)"))
        }
        if let sweeps = alignment.sweeps {
            facts.append(.init("Sweeps, at most", NumberText.count(sweeps)))
        }
        if alignment.distanceBefore != nil || alignment.distanceAfter != nil {
            let before = NumberText.significant(alignment.distanceBefore)
            let after = NumberText.significant(alignment.distanceAfter)
            facts.append(.init("Mean distance to the reference", "\(before) → \(after)"))
        }
        if let difference = alignment.largestLogitDifference {
            facts.append(
                .init("Largest difference of a logit, before to after", NumberText.significant(difference, digits: 2)))
        }
        return facts
    }

    /// What was spent, and after how many networks generating pays.
    static func budget(_ budget: ReportInput.Budget?) -> [ReportInput.Fact] {
        guard let budget else { return [] }
        let samples = budget.sampleCount.map { " of \(NumberText.count($0)) networks" } ?? ""
        return [
            .init("Training the zoo", NumberText.seconds(budget.zooTraining)),
            .init("Aligning it", NumberText.seconds(budget.alignment)),
            .init("Training the generator", NumberText.seconds(budget.generator)),
            .init("Sampling" + samples, NumberText.seconds(budget.sampling)),
            .init("Judging", NumberText.seconds(budget.judging)),
            .init("One generated network", NumberText.seconds(budget.oneSample)),
            .init("One freshly trained network", NumberText.seconds(budget.freshNetwork)),
            .init("Generating pays after, all of it counted", breakEven(budget)),
        ]
    }

    /// "1,234 networks", "never", or not available.
    static func breakEven(_ budget: ReportInput.Budget) -> String {
        guard let count = budget.breakEven, (0..<1e15).contains(count) else {
            return budget.breakEven == .infinity ? "never: a sample costs more than training" : "not available"
        }
        return "\(NumberText.count(Int(count))) networks"
    }
}
